"""site.db as a file: written under another name, and put in place by one rename when all of it is on disk.

Whoever reads the site meanwhile has the one before, whole; a process that is killed leaves it there.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from publishing.errors import NotWritten
from publishing.schema import INDEXES, SCHEMA, TABLES

# Web workers may run as another user of the same group: they read, nobody writes.
MODE = 0o640
CACHE_KIB = 16_384


@contextmanager
def replacing(target: Path) -> Iterator[sqlite3.Connection]:
    """Give an empty site.db to fill, and put it in the place of ``target`` when the block has ended well.

    :raises NotWritten: the disk is full, the folder is not to be written to, ...
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(target):
            new = target.with_name(f".{target.name}.new")
            _remove(new)
            try:
                with _filled(new) as connection:
                    yield connection
                new.chmod(MODE)
                _sync(new, os.O_RDWR)
                new.replace(target)
                _sync(target.parent, os.O_RDONLY | os.O_DIRECTORY)
            finally:
                _remove(new)
    except OSError as error:
        if error.errno is None:
            # Not the system's: it says nothing of the disk.
            raise
        reason = (error.strerror or "no reason given").lower()
        raise NotWritten(
            f"{target} cannot be written: {reason}", "check that the folder is writable and the disk has room"
        ) from None
    except sqlite3.OperationalError as error:
        raise NotWritten(f"{target} cannot be written: {error}", "check that the disk has room") from None


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let one process at a time publish; another one waits. The lock ends with the process that holds it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    lock = os.open(target.with_name(f".{target.name}.lock"), flags, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _filled(new: Path) -> Iterator[sqlite3.Connection]:
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        # Nobody reads it before the rename, and half of it is thrown away: no journal, one fsync at the end.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.executescript(TABLES)
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
        connection.executescript(INDEXES)
        connection.execute("INSERT INTO search(search) VALUES ('optimize')")
        connection.execute("ANALYZE")
    finally:
        connection.close()


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(new: Path) -> None:
    with suppress(FileNotFoundError):
        new.unlink()
