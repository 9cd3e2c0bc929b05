"""How much may be stored: what the disk has left, and what of it files may take that no report claimed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from peewee import fn

from store.engine import Database, Files
from store.errors import NoRoom
from store.models import CLAIMED, OF_REPORTS, UNCLAIMED, Blob

MB = 1_000_000
EVICTED_AT_ONCE = 100


@dataclass(frozen=True)
class Limits:
    """How far the disk may be filled, in bytes.

    Files are refused once less than ``file_reserve`` is free, texts once less than ``text_reserve`` is.
    ``pending_quota`` bounds what is uploaded and not yet claimed by a report; without it, that may take
    half of what files can have, but not less than ``floor``. So may what reports have claimed of one day's
    files, before no more are taken that day: nobody is to fill the disk for good within an hour.

    On a disk of 10 GB some 6 are free at first: 2.7 GB for what waits, and as much for a day, of which two
    files of the usual largest size are the least. What is between the reserves is for texts alone.
    """

    file_reserve: int = 512 * MB
    text_reserve: int = 64 * MB
    pending_quota: int | None = None
    floor: int = 1_000 * MB


class Room:
    """The bounds of one store, the same for all its processes."""

    def __init__(self, database: Database, files: Files, limits: Limits, free: Callable[[], int]) -> None:
        self._database = database
        self._files = files
        self._limits = limits
        self._free = free

    def check_file(self, more: int = 0) -> None:
        """Make sure that ``more`` bytes of a file can be written.

        :raises NoRoom: they cannot
        """
        if self._free() - more < self._limits.file_reserve:
            raise NoRoom("the disk has no room for more files")

    def check_day(self, today: date) -> None:
        """Make sure that reports have not claimed too much of the files of ``today`` yet.

        What waits for a report does not count, but may be claimed later: with it, one day's files take three
        quarters of the room at the most.

        :raises NoRoom: they have; words are still taken, and files again tomorrow
        """
        with self._database.reading():
            query = Blob.select(fn.SUM(Blob.size)).where(CLAIMED, OF_REPORTS, Blob.day == today)
            claimed = int(query.scalar(self._database) or 0)
        if claimed >= self._limits.floor and claimed >= self._half(claimed + self._sum_of_rows()):
            raise NoRoom("today's files have taken the room that one day may take")

    def check_text(self, more: int) -> None:
        """Make sure that ``more`` bytes of an envelope can be written.

        :raises NoRoom: they cannot
        """
        if self._free() - more < self._limits.text_reserve:
            raise NoRoom("the disk has no room for more reports")

    def has_room_to_copy(self, size: int) -> bool:
        """Say whether a sweep may write ``size`` bytes for a while."""
        return self._free() >= self.needed_to_copy(size)

    def needed_to_copy(self, size: int) -> int:
        """Give how many bytes have to be free before a sweep may write ``size`` bytes for a while."""
        return size + self._limits.text_reserve

    def pending(self) -> dict[bytes, int]:
        """Give the sizes of all blobs that no report has claimed, those being written included."""
        sizes = self._files.being_written()
        with self._database.reading():
            rows = Blob.select(Blob.id, Blob.size).where(UNCLAIMED)
            sizes.update(rows.tuples().execute(self._database))
        return sizes

    def make_room(self) -> list[bytes]:
        """Bring what is pending under its quota, the largest going first; give the ids of what went.

        A blob that is being written is unlinked too; its writer notices.
        """
        evicted: list[bytes] = []
        while (excess := self._excess()) > 0:
            gone = 0
            for blob, size in self._largest(EVICTED_AT_ONCE):
                if gone >= excess:
                    break
                if self.drop(blob):
                    gone += size
                    evicted.append(blob)
            if not gone:
                # All of the largest were claimed meanwhile: the next file to end looks again.
                break
        return evicted

    def goes_first(self, blob: bytes) -> bool:
        """Say whether too much is pending, and this blob the largest of it. Only reads, and does not wait."""
        return self._excess() > 0 and [first for first, _ in self._largest(1)] == [blob]

    def _excess(self) -> int:
        """Give by how many bytes the quota is exceeded; 0 or less where it is not."""
        written = self._files.being_written()
        rough = self._sum_of_rows() + sum(written.values())
        if rough <= self._quota(rough):
            return 0
        # A blob may count twice while its writer finishes.
        with self._database.reading():
            rows = Blob.select(Blob.id).where(UNCLAIMED, Blob.id.in_(list(written)))
            total = rough - sum(written[row] for (row,) in rows.tuples().execute(self._database))
        return total - self._quota(total)

    def _largest(self, most: int) -> list[tuple[bytes, int]]:
        """Give the largest that are pending, at most so many of them, with their sizes.

        A flood of small files leaves a hundred thousand rows: never all of them are read for this.
        """
        sizes = self._files.being_written()
        with self._database.reading():
            rows = Blob.select(Blob.id, Blob.size).where(UNCLAIMED)
            rows = rows.order_by(Blob.size.desc(), Blob.id.desc()).limit(most)
            sizes.update(rows.tuples().execute(self._database))
        return sorted(sizes.items(), key=lambda one: (one[1], one[0]), reverse=True)[:most]

    def _sum_of_rows(self) -> int:
        with self._database.reading():
            query = Blob.select(fn.SUM(Blob.size)).where(UNCLAIMED)
            return int(query.scalar(self._database) or 0)

    def drop(self, blob: bytes) -> bool:
        """Forget a blob, row and file, unless a report has claimed it; say whether it is gone."""
        return self._database.again(lambda: self._files.drop(blob))

    def _quota(self, pending: int) -> int:
        if self._limits.pending_quota is not None:
            return self._limits.pending_quota
        return self._half(pending)

    def _half(self, taken: int) -> int:
        """Give half of what files could have if ``taken`` bytes of them were not there, or the floor."""
        for_files = self._free() - self._limits.file_reserve + taken
        return max(self._limits.floor, for_files // 2)
