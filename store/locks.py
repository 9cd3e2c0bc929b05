"""Locks between processes, by flock: the kernel lets go of them when a process dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import Busy


def take(fd: int) -> bool:
    """Lock ``fd`` for this process unless another has it; say whether it is ours now."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path, seconds: float = 60.0) -> Iterator[None]:
    """Hold the lock file ``path`` (made when absent, 0600, never removed) meanwhile.

    :raises Busy: another process, or another thread, still holds it after ``seconds``
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + seconds
        while not take(fd):
            if time.monotonic() >= until:
                raise Busy(f"another process holds {path.name}")
            time.sleep(0.01)
        yield
    finally:
        os.close(fd)
