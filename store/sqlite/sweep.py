"""The nightly sweep: what nobody claimed goes, and the order in which things were written is lost."""

import os
import secrets
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from store.disk import failures_named, set_day, sync_file, sync_folder
from store.errors import Busy, NoRoom
from store.locks import locked
from store.models import CLAIMED, UNCLAIMED, UNSETTLED, Blob, Failure, Reply, Slot, State
from store.room import Room
from store.sqlite.database import Database
from store.sqlite.erasing import Eraser
from store.sqlite.folder import ASIDE, COPY, BlobFolder, open_untouched
from store.sqlite.rebuild import Rebuilder
from store.sqlite.scrub import Scrubber
from store.sweep import DAYS_OF_FAILURES, DAYS_PENDING, SweepReport

LOCK = "sweep.lock"
# Seconds to wait for another sweep to end.
PATIENCE = 5.0
PIECE = 1024 * 1024


class Sweep:
    """One store's sweep; only one runs at a time, whichever process began it."""

    def __init__(
        self,
        data: Path,
        database: Database,
        folder: BlobFolder,
        room: Room,
        scrubber: Scrubber,
        rebuilder: Rebuilder,
        eraser: Eraser,
    ) -> None:
        self._data = data
        self._database = database
        self._folder = folder
        self._room = room
        self._scrubber = scrubber
        self._rebuilder = rebuilder
        self._eraser = eraser

    def run(self, today: date) -> SweepReport:
        """Sweep. A sweep that is killed leaves everything in place for the next; one that fails, no log.

        :raises Busy: another sweep is running, or others keep the database busy
        :raises StoreError: the disk failed
        """
        with locked(self._data / LOCK, PATIENCE), failures_named():
            try:
                self._finish_exchanges()
                slots, replies, reply_blobs = self._drop_expired(today)
                unclaimed = self._drop_unclaimed(today)
                partial = self._drop_partial()
                lost = self._count_lost()
                moved, left = self._shuffle_files()
                self._forget_failures(today)
                wanted = self._rebuilder.rebuild()
            finally:
                self._scrubber.insist()
        return SweepReport(unclaimed, partial, moved, left, lost, wanted, slots, replies, reply_blobs)

    def tidy(self) -> None:
        """Remove what killed processes left. Beside a running sweep, that one does it."""
        with suppress(Busy), locked(self._data / LOCK, seconds=0.0), failures_named():
            self._finish_exchanges()
            self._drop_partial()

    def _finish_exchanges(self) -> None:
        """End what a killed sweep began: every blob has one file, under its own name."""
        with self._eraser.no_exchange():
            for aside in self._folder.path.glob(f"*{ASIDE}"):
                name = aside.with_suffix("")
                if name.exists():
                    aside.unlink()
                else:
                    aside.rename(name)
            for copy in self._folder.path.glob(f"*{COPY}"):
                copy.unlink()
        # SQLite unlinks these as soon as it has opened them, unless it is killed in between.
        for unnamed in self._data.glob("etilqs_*"):
            unnamed.unlink(missing_ok=True)
        sync_folder(self._folder.path)

    def _drop_expired(self, today: date) -> tuple[int, int, int]:
        """Delete what has outlived its last day. What waits for the desk has none, be the clock wrong."""
        old = Blob.select(Blob.id).where(Blob.expires < today)
        with self._database.writing():
            over = (Slot.state == State.COLLECTED) & (Slot.expires < today)
            slots = Slot.delete().where(over).execute(self._database)
            replies = Reply.delete().where(Reply.expires < today).execute(self._database)
            blobs = [blob for (blob,) in old.tuples().execute(self._database)]
            self._eraser.forget_blobs(blobs)
        self._eraser.unlink(blobs)
        return slots, replies, len(blobs)

    def _drop_unclaimed(self, today: date) -> int:
        old = Blob.select(Blob.id).where(UNCLAIMED, Blob.day < today - timedelta(days=DAYS_PENDING))
        with self._database.reading():
            ids = [blob for (blob,) in old.tuples().execute(self._database)]
        return sum(self._room.drop(blob) for blob in ids)

    def _drop_partial(self) -> int:
        with self._database.reading():
            rows = {blob for (blob,) in Blob.select(Blob.id).tuples().execute(self._database)}
        stray = [blob for blob in self._folder.stored() if blob not in rows]
        gone = sum(self._drop_leftover(blob) for blob in stray)
        # And rows whose file went just before a kill.
        for blob in self._room.pending():
            if not self._folder.holds(blob):
                self._room.drop(blob)
        for blob in self._folder.noted():
            with self._folder.unless_written(blob) as ours:
                if ours:
                    self._folder.note(blob).unlink(missing_ok=True)
        return gone

    def _drop_leftover(self, blob: bytes) -> bool:
        with self._folder.unless_written(blob) as ours, self._database.reading():
            # A writer keeps its lock until its row is committed: so no row now means never.
            if not ours or Blob.select().where(Blob.id == blob).exists(self._database):
                return False
            self._folder.remove(blob)
        return True

    def _count_lost(self) -> int:
        with self._database.reading():
            rows = Blob.select(Blob.id).where(CLAIMED).tuples().execute(self._database)
            ids = [blob for (blob,) in rows]
            # Deleted meanwhile is not lost.
            lost = [blob for blob in ids if not self._folder.holds(blob)]
            return sum(Blob.select().where(Blob.id == blob).exists(self._database) for blob in lost)

    def _shuffle_files(self) -> tuple[int, int]:
        query = Blob.select(Blob.id, Blob.size, Blob.day).where(UNSETTLED, CLAIMED)
        with self._database.reading():
            blobs = list(query.tuples().execute(self._database))
        secrets.SystemRandom().shuffle(blobs)
        moved = []
        for blob, size, day in blobs:
            with self._eraser.no_exchange():
                if self._is_here(blob) and self._room.has_room_to_copy(size) and self._exchange(blob, day):
                    moved.append(blob)
        sync_folder(self._folder.path)
        with self._database.writing():
            for blob in moved:
                Blob.update(settled=True).where(Blob.id == blob).execute(self._database)
        return len(moved), len(blobs) - len(moved)

    def _is_here(self, blob: bytes) -> bool:
        """Say whether the blob is still wanted: once nobody can unlink it, a copy would bring it back."""
        with self._database.reading():
            wanted = Blob.select().where(Blob.id == blob).exists(self._database)
        return wanted and self._folder.holds(blob)

    def _exchange(self, blob: bytes, day: date) -> bool:
        """Put a copy, on a new inode and at a new place in the folder, in the place of a blob's file.

        Say whether it is done: others may fill the disk meanwhile.
        """
        name, aside = self._folder.file(blob), self._folder.aside(blob)
        copy = name.with_suffix(COPY)
        try:
            with failures_named():
                _copy(name, copy, day)
        except NoRoom:
            copy.unlink(missing_ok=True)
            return False
        # Renamed over the old name, the copy would take its place in the folder. With the old file aside,
        # at no moment is the blob without a file.
        name.rename(aside)
        copy.rename(name)
        aside.unlink()
        return True

    def _forget_failures(self, today: date) -> None:
        with self._database.writing():
            old = Failure.day < today - timedelta(days=DAYS_OF_FAILURES)
            Failure.delete().where(old).execute(self._database)


def _copy(source: Path, target: Path, day: date) -> None:
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb", buffering=0) as out, open_untouched(source) as file:
        while piece := file.read(PIECE):
            rest = memoryview(piece)
            while rest:
                rest = rest[out.write(rest) :]
        set_day(out.fileno(), day)
        sync_file(out.fileno())
