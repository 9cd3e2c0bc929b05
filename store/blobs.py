"""One sealed file while it arrives: straight into its final file, on disk before it counts."""

import os
from abc import ABC, abstractmethod
from contextlib import ExitStack
from datetime import date
from io import FileIO

from store.clock import Today
from store.database import Database
from store.disk import failures_named, sync_file, sync_folder
from store.errors import Busy, Closed, NoRoom
from store.folder import BlobFolder, set_day
from store.models import Blob
from store.room import Room

# After so many bytes a writer looks at the quota of what is pending.
QUOTA_EVERY = 8 * 1024 * 1024
LARGEST = "too many files are waiting for a report, and this was the largest"


class ArrivingFile(ABC):
    """A sealed file while it is written; for one thread at a time.

    Either `finish` returns, and the file is on disk and has its row, or nothing of it remains.
    """

    def __init__(
        self, database: Database, folder: BlobFolder, room: Room, today: Today, blob: bytes, file: FileIO
    ) -> None:
        self._database = database
        self._folder = folder
        self._room = room
        self._today = today
        self._finished = False
        self._looked_at_quota = 0
        self.size = 0
        self.id, self._file = blob, file

    def write(self, data: bytes) -> None:
        """Append sealed bytes.

        :raises NoRoom: the disk is full, or this is the largest of too many pending files; it is gone then
        :raises DiskFailed: the disk did not take it; it is gone then
        :raises Closed: it was finished or abandoned before
        """
        if self._file.closed:
            raise Closed
        with ExitStack() as undo:
            undo.callback(self.abandon)
            with failures_named():
                # Before each piece: of a thousand writers none takes a byte of what is kept for texts.
                self._room.check_file(len(data))
                rest = memoryview(data)
                while rest:
                    rest = rest[self._file.write(rest) :]
                self.size += len(data)
                self._look_round()
            undo.pop_all()

    def finish(self) -> None:
        """Return once the bytes, the file's name and the row are on disk, in that order.

        :raises NoRoom: the disk is full, or this is the largest of too many pending files; it is gone then
        :raises DiskFailed: the disk did not take it; it is gone then
        :raises Closed: it was abandoned before
        """
        if self._finished:
            return
        if self._file.closed:
            raise Closed
        with ExitStack() as undo:
            undo.callback(self.abandon)
            with failures_named():
                self._before_it_counts()
                today = self._today()
                set_day(self._file.fileno(), today)
                sync_file(self._file.fileno())
                sync_folder(self._folder.path)
                with self._database.writing():
                    # Seen under the write lock, under which others evict.
                    self._check_still_there()
                    row = {"id": self.id, "size": self.size, "day": today, "settled": False}
                    Blob.insert(**row, **self._of_whom()).execute(self._database)
                self._folder.note(self.id).unlink(missing_ok=True)
            undo.pop_all()
        self._finished = True
        self._file.close()

    def abandon(self) -> None:
        """Leave nothing of it, finished or not, unless something has claimed it. Any number of times."""
        if self._finished:
            self._room.drop(self.id)
        elif not self._file.closed:
            # Unlinked before the lock goes with the file handle.
            with failures_named():
                self._folder.remove(self.id)
            self._file.close()

    @abstractmethod
    def _before_it_counts(self) -> None:
        """Do what has to be done before the file is on disk for good."""

    @abstractmethod
    def _of_whom(self) -> dict[str, object]:
        """Give the columns of the row that say whose file it is."""

    @abstractmethod
    def _look_round(self) -> None:
        """Look now and then whether it may go on, after a piece has been written."""

    def _check_still_there(self) -> None:
        if not os.fstat(self._file.fileno()).st_nlink:
            raise NoRoom(LARGEST)


class PendingBlob(ArrivingFile):
    """A file of a report that has not claimed it yet; what is pending in all is bounded."""

    def __init__(self, database: Database, folder: BlobFolder, room: Room, today: Today) -> None:
        with failures_named():
            blob, file = folder.create()
        super().__init__(database, folder, room, today, blob, file)

    def _before_it_counts(self) -> None:
        self._room.make_room()

    def _of_whom(self) -> dict[str, object]:
        return {"kept": False, "expires": None}

    def _look_round(self) -> None:
        if self.size - self._looked_at_quota >= QUOTA_EVERY:
            self._looked_at_quota = self.size
            # Others are not evicted here: that takes a lock, and a write must not hold up its thread.
            if self._room.goes_first(self.id):
                raise NoRoom(LARGEST)
            self._check_still_there()


class ReplyBlob(ArrivingFile):
    """A file of a reply, under an id that its desk drew; kept as soon as it is finished, until its last day.

    It counts to no bound of what sources send. What a killed process left of it is written over.
    """

    def __init__(
        self,
        database: Database,
        folder: BlobFolder,
        room: Room,
        today: Today,
        blob: bytes,
        expires: date,
    ) -> None:
        self._expires = expires
        with failures_named():
            file = _made_anew(database, folder, blob)
        super().__init__(database, folder, room, today, blob, file)

    def _before_it_counts(self) -> None:
        """Do nothing: it counts to no bound."""

    def _look_round(self) -> None:
        """Do nothing: nobody takes its place."""

    def _of_whom(self) -> dict[str, object]:
        return {"kept": True, "expires": self._expires}


def _made_anew(database: Database, folder: BlobFolder, blob: bytes) -> FileIO:
    """Make the file; whatever is here without both a row and a file is what a killed process left."""
    while True:
        # Under the write lock nobody else begins or finishes it.
        with database.writing(), folder.unless_written(blob) as ours:
            here = Blob.select().where(Blob.id == blob).exists(database)
            if not ours or (here and folder.holds(blob)):
                raise Busy("another process is writing this file")
            Blob.delete().where(Blob.id == blob).execute(database)
            folder.erase(blob)
            file = folder.create_as(blob)
        if file is not None:
            return file
