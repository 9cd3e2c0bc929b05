"""Ask the disk to hold what was written, and name its failures."""

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path

import peewee

from store.errors import Busy, DiskFailed, NoRoom

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# macOS answers fsync before the drive holds the bytes; F_FULLFSYNC waits for the drive.
_FULL_FSYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)


def sync_file(fd: int) -> None:
    """Return once the disk holds all that was written to ``fd``.

    :raises OSError: when it does not
    """
    if _FULL_FSYNC is not None:
        # Not every file system there knows it; what follows then is the best there is.
        with suppress(OSError):
            fcntl.fcntl(fd, _FULL_FSYNC)
    os.fsync(fd)


def sync_folder(folder: Path) -> None:
    """Return once the disk holds the names in ``folder``.

    :raises OSError: when it does not
    """
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Make ``folder`` (0700) unless it is there, and let nobody else into it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)


def set_day(file: int | Path, day: date) -> None:
    """Set the times of a file (open, or by its path) to the start of ``day``: only the day is to be read."""
    start = datetime.combine(day, time(), UTC).timestamp()
    os.utime(file, (start, start))


@contextmanager
def failures_named() -> Iterator[None]:
    """Turn the errors of the disk and of SQLite into this room's own.

    :raises NoRoom: the disk is full
    :raises Busy: another process held a lock for too long
    :raises DiskFailed: anything else
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom("the disk is full") from error
        raise DiskFailed(f"the disk failed: {error.strerror}") from error
    except (peewee.DatabaseError, sqlite3.Error) as error:
        raise _named(error) from error


def _named(error: peewee.DatabaseError | sqlite3.Error) -> NoRoom | Busy | DiskFailed:
    # SQLite ends the transaction itself when the disk is full, and the rollback that follows fails again:
    # what came first counts.
    cause: BaseException | None = error
    first: BaseException = error
    while isinstance(cause, sqlite3.Error | peewee.DatabaseError):
        if isinstance(cause, sqlite3.Error):
            first = cause
        cause = cause.__context__
    code = getattr(first, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return NoRoom("the disk is full")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Busy("the database is locked by another process")
    return DiskFailed(f"the database failed: {getattr(first, 'sqlite_errorname', type(first).__name__)}")
