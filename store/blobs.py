"""One sealed file while it arrives: straight into its final file, on disk before it counts."""

import os
from contextlib import ExitStack

from store.clock import Today
from store.database import Database
from store.disk import failures_named, sync_file, sync_folder
from store.errors import Closed, NoRoom
from store.folder import BlobFolder, set_day
from store.models import Blob
from store.room import Room

# After so many bytes a writer looks at the disk's free space, and at the quota of what is pending.
SPACE_EVERY = 256 * 1024
QUOTA_EVERY = 8 * 1024 * 1024
LARGEST = "too many files are waiting for a report, and this was the largest"


class PendingBlob:
    """A blob that no report has claimed yet; for one thread at a time.

    Either `finish` returns, and the blob is on disk and has its row, or nothing of it remains.
    """

    def __init__(self, database: Database, folder: BlobFolder, room: Room, today: Today) -> None:
        self._database = database
        self._folder = folder
        self._room = room
        self._today = today
        self._finished = False
        self._looked_at_space = 0
        self._looked_at_quota = 0
        self.size = 0
        with failures_named():
            self.id, self._file = folder.create()

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
                self._room.make_room()
                today = self._today()
                set_day(self._file.fileno(), today)
                sync_file(self._file.fileno())
                sync_folder(self._folder.path)
                with self._database.writing():
                    # Seen under the write lock, under which others evict.
                    self._check_still_there()
                    Blob.insert(id=self.id, size=self.size, day=today, kept=False, settled=False).execute(
                        self._database
                    )
                self._folder.note(self.id).unlink(missing_ok=True)
            undo.pop_all()
        self._finished = True
        self._file.close()

    def abandon(self) -> None:
        """Leave nothing of it, finished or not, unless a report has claimed it. Any number of times."""
        if self._finished:
            self._room.drop(self.id)
        elif not self._file.closed:
            # Unlinked before the lock goes with the file handle.
            with failures_named():
                self._folder.remove(self.id)
            self._file.close()

    def _look_round(self) -> None:
        if self.size - self._looked_at_space >= SPACE_EVERY:
            self._looked_at_space = self.size
            self._room.check_file()
        if self.size - self._looked_at_quota >= QUOTA_EVERY:
            self._looked_at_quota = self.size
            # Others are not evicted here: that takes a lock, and a write must not hold up its thread.
            if self._room.goes_first(self.id):
                raise NoRoom(LARGEST)
            self._check_still_there()

    def _check_still_there(self) -> None:
        if not os.fstat(self._file.fileno()).st_nlink:
            raise NoRoom(LARGEST)
