"""Connections to a published site.db: read-only, few, and replaced when the file is.

The file never changes, it is replaced by another: so no lock is ever taken on it, and a connection that
was opened before goes on reading the site as it was. Connections lie in a deque, whose pop and append are
one step each: that holds for threads, for greenlets and between them, where a lock of either kind would not.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from publishing.errors import NotPublished
from publishing.schema import SCHEMA

KEPT = 4
CACHE_KIB = 1024
ATTEMPTS = 20

# What SQLite says of a damaged file. All else would be a mistake of ours, which must not look like one.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)

Stamp = tuple[int, int, int, int]


class Connections:
    """The connections of one process to the file ``path``, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._stamp: Stamp | None = None

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to the file as it is now.

        :raises NotPublished: there is no such file, or it is not a published site of this version
        """
        stamp = self.now()
        if stamp != self._stamp:
            # Those in use are closed when they come back and find another stamp.
            old, self._idle = self._idle, deque()
            self._stamp = stamp
            _close(old)
        idle = self._idle
        try:
            connection = idle.pop()
        except IndexError:
            connection, stamp = self._open(stamp)
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            connection.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
                raise
            raise NotPublished(f"{self._path} cannot be read: {error}") from None
        except BaseException:
            connection.close()
            raise
        if idle is self._idle and stamp == self._stamp and len(idle) < KEPT:
            idle.append(connection)
        else:
            connection.close()

    def now(self) -> Stamp:
        """Say which file it is, by a stat; another file, and another process, have another stamp.

        :raises NotPublished: there is none
        """
        try:
            found = self._path.stat()
        except OSError as error:
            raise NotPublished(f"{self._path}: {error.strerror}") from None
        # The process is part of it: a connection must not be used by the parent and its child.
        return found.st_ino, found.st_mtime_ns, found.st_size, os.getpid()

    def _open(self, stamp: Stamp) -> tuple[sqlite3.Connection, Stamp]:
        uri = f"file:{quote(str(self._path.absolute()))}?mode=ro&immutable=1"
        for _ in range(ATTEMPTS):
            connection = None
            try:
                connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
                schema = connection.execute("PRAGMA user_version").fetchone()[0]
                connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                connection.execute("PRAGMA mmap_size = 0")
                connection.execute("PRAGMA query_only = 1")
                # Else what is sorted, with the searched words marked in it, spills into files in /var/tmp.
                connection.execute("PRAGMA temp_store = 2")
                connection.execute("PRAGMA trusted_schema = 0")
            except sqlite3.DatabaseError as error:
                if connection is not None:
                    connection.close()
                raise NotPublished(f"{self._path} cannot be read: {error}") from None
            opened = self.now()
            if opened == stamp and schema == SCHEMA:
                return connection, stamp
            connection.close()
            if opened == stamp:
                raise NotPublished(f"{self._path} was published by another version: publish again")
            stamp = opened
        raise NotPublished(f"{self._path} is being replaced faster than it can be opened")


def _close(idle: deque[sqlite3.Connection]) -> None:
    # Left to Python, a connection would keep the replaced file, and its room on the disk, for long.
    while True:
        try:
            idle.pop().close()
        except IndexError:
            return
