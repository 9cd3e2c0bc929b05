"""Whether this store still takes things in: not while it hands over to PostgreSQL, and never afterwards.

A move makes `moving/closed` and holds a lock beside it. Every transaction that writes looks for that file
when it has SQLite's write lock: so whoever comes after is refused, and whoever was before has ended when the
move gets the write lock itself. Should the move be killed, its lock goes with it, and the store takes things
in again, unless `moving/moved` says that all of it is there.
"""

import fcntl
import os
from pathlib import Path

from store.errors import Busy, StoreUnusable

FOLDER = "moving"
LOCK = "moving.lock"
CLOSED = "closed"
MOVED = "moved"


class Gate:
    """The gate of one store; open but for a minute, and once."""

    def __init__(self, data: Path) -> None:
        # Looked for at each write: as text it is quicker.
        self._closed = str(data / FOLDER / CLOSED)
        self._lock = data / LOCK
        self._data = data

    def check(self) -> None:
        """Make sure that it is open; call it under the write lock.

        :raises Busy: it is not
        :raises OSError: it cannot be seen
        """
        try:
            os.stat(self._closed)  # noqa: PTH116 - as above
        except FileNotFoundError:
            return
        if was_moved(self._data) or self._is_at_work():
            raise Busy("this site is moving to another database")

    def _is_at_work(self) -> bool:
        """Say whether the move that has closed it is still running."""
        try:
            fd = os.open(self._lock, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False


def was_moved(data: Path) -> bool:
    """Say whether all that the store in this folder keeps is in another database, and counts there."""
    return (data / FOLDER / MOVED).exists()


def check_not_moved(data: Path) -> None:
    """Make sure that a store may be opened.

    :raises StoreUnusable: it was moved
    """
    if was_moved(data):
        raise StoreUnusable(
            f"this site was moved to PostgreSQL: {data / 'vigil.db'} is what it was then",
            "set VIGIL_DATABASE_URL to that database, as `flask --app app move` said, and start again",
        )
