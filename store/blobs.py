"""One sealed file while it arrives: on disk before it counts, and bounded while nobody has claimed it."""

from abc import ABC, abstractmethod
from contextlib import ExitStack
from datetime import date

from store.clock import Today
from store.engine import Files, NewFile
from store.errors import Closed, NoRoom
from store.room import Room

# After so many bytes a writer looks at the quota of what is pending.
QUOTA_EVERY = 8 * 1024 * 1024
LARGEST = "too many files are waiting for a report, and this was the largest"


class ArrivingFile(ABC):
    """A sealed file while it is written; for one thread at a time.

    Either `finish` returns, and the file is on disk and has its row, or nothing of it remains.
    """

    def __init__(self, file: NewFile, room: Room, today: Today) -> None:
        self._file = file
        self._room = room
        self._today = today
        self._finished = False
        self._looked_at_quota = 0
        self.size = 0
        self.id = file.id

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
            # Before each piece: of a thousand writers none takes a byte of what is kept for texts.
            self._room.check_file(len(data))
            self._file.write(data)
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
            self._before_it_counts()
            row = {"size": self.size, "day": self._today(), "settled": False}
            if not self._file.keep(row | self._of_whom()):
                raise NoRoom(LARGEST)
            undo.pop_all()
        self._finished = True

    def abandon(self) -> None:
        """Leave nothing of it, finished or not, unless something has claimed it. Any number of times."""
        if self._finished:
            self._room.drop(self.id)
        else:
            self._file.remove()

    @abstractmethod
    def _before_it_counts(self) -> None:
        """Do what has to be done before the file is on disk for good."""

    @abstractmethod
    def _of_whom(self) -> dict[str, object]:
        """Give the columns of the row that say whose file it is."""

    @abstractmethod
    def _look_round(self) -> None:
        """Look now and then whether it may go on, after a piece has been written."""


class PendingBlob(ArrivingFile):
    """A file of a report that has not claimed it yet; what is pending in all is bounded."""

    def __init__(self, files: Files, room: Room, today: Today) -> None:
        super().__init__(files.new(), room, today)

    def _before_it_counts(self) -> None:
        self._room.make_room()

    def _of_whom(self) -> dict[str, object]:
        return {"kept": False, "expires": None}

    def _look_round(self) -> None:
        if self.size - self._looked_at_quota >= QUOTA_EVERY:
            self._looked_at_quota = self.size
            # Others are not evicted here: that takes a lock, and a write must not hold up its thread.
            if self._room.goes_first(self.id) or not self._file.is_there():
                raise NoRoom(LARGEST)


class ReplyBlob(ArrivingFile):
    """A file of a reply, under an id that its desk drew; kept as soon as it is finished, until its last day.

    It counts to no bound of what sources send. What a killed process left of it is written over.
    """

    def __init__(self, files: Files, room: Room, today: Today, blob: bytes, expires: date) -> None:
        self._expires = expires
        super().__init__(files.new_as(blob), room, today)

    def _before_it_counts(self) -> None:
        """Do nothing: it counts to no bound."""

    def _look_round(self) -> None:
        """Do nothing: nobody takes its place."""

    def _of_whom(self) -> dict[str, object]:
        return {"kept": True, "expires": self._expires}
