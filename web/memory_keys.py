"""The key under which a page carries a mailbox's root: in memory that the workers share, and nowhere else.

Made before the workers are forked, in an anonymous mapping: no file holds it, no core dump, and a restart
forgets it. After half an hour a new key takes its place, and the one before it is kept for as long again, so
that a page is good for half an hour at least. A key that nobody asks for any more is wiped after an hour.
"""

import fcntl
import mmap
import os
import secrets
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crypto import tokens
from crypto.secret import FormKey, MailboxRoot
from crypto.tokens import MailboxKeys

HALF_HOUR = 1800.0  # seconds

# When the newest key was made (0 for no key), it, whether there is one before it, and that one.
_KEPT = struct.Struct(">d32s?32s")
_NOTHING = bytes(_KEPT.size)


class MemoryKeys:
    """Gives the newest key and, while it lives, the one before it; the same to every process of one machine.

    ``now`` counts seconds, in all processes alike, and never goes back. ``machine`` is this web machine's
    name: where there are several, what one of them has sealed no other can open, and says so.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, machine: str = "web") -> None:
        self._now = now
        self._tag = tokens.machine_tag(machine)
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        if hasattr(mmap, "MADV_DONTDUMP"):
            self._memory.madvise(mmap.MADV_DONTDUMP)
        # A lock on a file goes with the process that holds it: no worker that is killed leaves it locked.
        self._lock_file = _empty_file()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._timer_of = 0

    def __call__(self) -> MailboxKeys:
        """Give the keys of this half hour, making them where their time has come."""
        with self._alone():
            made, newest, has_previous, previous = self._living()
            if not made or self._now() - made >= HALF_HOUR:
                has_previous, previous = bool(made), newest
                made, newest = self._now(), secrets.token_bytes(FormKey.SIZE)
                self._memory[: _KEPT.size] = _KEPT.pack(made, newest, has_previous, previous)
        self._wipe_later()
        return MailboxKeys(self._tag, FormKey(newest), FormKey(previous) if has_previous else None)

    def seal(self, root: MailboxRoot) -> str:
        """Give the token that an open mailbox's page carries."""
        return tokens.seal_root(self(), root)

    def open(self, token: str) -> MailboxRoot:
        """Give the root of a page's mailbox.

        :raises OtherMachine: another machine has made it, and has its key.
        :raises BadToken: it is not ours, is damaged, or its key is gone.
        """
        return tokens.open_root(self(), token)

    def wipe(self) -> bool:
        """Overwrite the keys whose time is over; say whether one is left."""
        with self._alone():
            made, *_ = self._living()
        return made > 0

    def close(self) -> None:
        """Forget every key; a call makes new ones."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        with self._alone():
            self._memory[: _KEPT.size] = _NOTHING

    def _living(self) -> tuple[float, bytes, bool, bytes]:
        """Give what is kept, after wiping the newest after an hour, the one before it after half an hour."""
        made, newest, has_previous, previous = _KEPT.unpack(self._memory[: _KEPT.size])
        age = self._now() - made
        if made and age >= 2 * HALF_HOUR:
            self._memory[: _KEPT.size] = _NOTHING
            return 0.0, b"", False, b""
        if has_previous and age >= HALF_HOUR:
            has_previous, previous = False, bytes(FormKey.SIZE)
            self._memory[: _KEPT.size] = _KEPT.pack(made, newest, False, previous)
        return made, newest, has_previous, previous

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads out, and other processes; what is done here waits for nothing."""
        with self._lock:
            fcntl.lockf(self._lock_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._lock_file, fcntl.LOCK_UN)

    def _wipe_later(self) -> None:
        """See to it that this process looks at the keys again once the newest of them is too old."""
        with self._lock:
            # A timer of the process that this one was forked from does not run here.
            if self._timer_of == os.getpid() and self._timer is not None and self._timer.is_alive():
                return
            self._timer_of = os.getpid()
            self._timer = threading.Timer(2 * HALF_HOUR, self._due)
            self._timer.daemon = True
            self._timer.start()

    def _due(self) -> None:
        left = self.wipe()
        with self._lock:
            self._timer = None
        if left:
            self._wipe_later()


def _empty_file() -> int:
    """Give a file without a name and without content, for locking."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("vigil-lock", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
