"""Leave no trace of transactions: the log, and its index, tell which pages were written together.

SQLite's write-ahead log holds each transaction's pages one after another, and the index beside it (-shm)
their numbers in that order. Both stay after a checkpoint: the log is to be cut to nothing, the index filled
with zeros. And the times of all these files, and of the folders in which blobs come and go, would say at what
moment somebody last wrote: they are set to the day.
"""

import os
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from store.clock import Today
from store.disk import failures_named, set_day
from store.errors import Busy
from store.sqlite.database import BUSY_SECONDS, Database

# The index begins with two equal headers and what checkpoints note; behind them lie page numbers and their
# hashes (walformat, "The WAL-Index File Format"). The number of pages in the log is a native u32 in each
# header.
INDEX_HEADERS = 136
HEADER = 48
PAGES_AT = 16
ZEROS = bytes(64 * 1024)


def _nothing() -> None:
    """Do nothing more."""


class Scrubber:
    """Cuts the log, blanks its index, and leaves no time of day on them; safe beside other processes."""

    def __init__(self, database: Database, folders: Sequence[Path], today: Today) -> None:
        self._database = database
        self._folders = folders
        self._today = today
        self._log = Path(f"{database.database}-wal")
        self._index = Path(f"{database.database}-shm")
        self._index_fd: int | None = None

    def try_once(self, seconds: float = 1.0, *, then: Callable[[], None] = _nothing) -> bool:
        """Scrub unless others read or write for ``seconds``; say whether it is done.

        ``then`` is called while all is in the database's file and nobody can write.

        :raises StoreError: the disk failed
        """
        try:
            with self._database.reading():
                self._wait(seconds)
                try:
                    done = self._cut_log() and self._blank_index(then)
                finally:
                    self._wait(BUSY_SECONDS)
        except Busy:
            return False
        if done:
            self._forget_times()
        return done

    def insist(self, seconds: float = 60.0, *, then: Callable[[], None] = _nothing) -> None:
        """Scrub, or say that it could not be done; ``then`` as with `try_once`.

        :raises Busy: others read or wrote for ``seconds``
        """
        until = time.monotonic() + seconds
        while not self.try_once(then=then):
            if time.monotonic() >= until:
                raise Busy("others keep the database busy: its log could not be cut")
            time.sleep(0.05)

    def close(self) -> None:
        """Let go of the index, once every connection of this process is closed."""
        if self._index_fd is not None:
            os.close(self._index_fd)
            self._index_fd = None

    def _wait(self, seconds: float) -> None:
        self._database.run(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _cut_log(self) -> bool:
        busy, _, _ = self._database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    def _blank_index(self, then: Callable[[], None]) -> bool:
        # Under the write lock nobody can add to the log. While it is empty nobody looks behind the headers
        # of its index, and whoever writes next blanks the part they use by themselves.
        with self._database.atomic("IMMEDIATE"):
            if self._log.stat().st_size:
                return False
            fd = self._open_index()
            headers = os.pread(fd, INDEX_HEADERS, 0)
            if len(headers) < INDEX_HEADERS:
                return False
            if any(struct.unpack_from("=I", headers, start + PAGES_AT)[0] for start in (0, HEADER)):
                return False
            self._blank(fd)
            then()
        return True

    def _forget_times(self) -> None:
        # By their paths, which opens nothing: to close a handle of the database's drops SQLite's locks on it.
        today = self._today()
        with failures_named():
            for path in (Path(self._database.database), self._log, self._index, *self._folders):
                with suppress(FileNotFoundError):
                    set_day(path, today)

    @staticmethod
    def _blank(fd: int) -> None:
        position, end = INDEX_HEADERS, os.fstat(fd).st_size
        while position < end:
            position += os.pwrite(fd, ZEROS[: end - position], position)

    def _open_index(self) -> int:
        # Kept open: to close any handle of a file drops all locks that this process has on it, SQLite's
        # included. A file that was replaced meanwhile has no lock of ours any more.
        now = self._index.stat()
        if self._index_fd is not None:
            then = os.fstat(self._index_fd)
            if (then.st_dev, then.st_ino) == (now.st_dev, now.st_ino):
                return self._index_fd
            self.close()
        self._index_fd = os.open(self._index, os.O_RDWR | os.O_CLOEXEC)
        return self._index_fd
