"""Work of a second, done beside what else goes on: who asks waits a moment, and else asks again."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from desk.errors import DeskError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Later(Generic[K, V]):
    """Keeps what was made last for up to ``most`` keys. May be called from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._made: dict[K, V] = {}
        self._making: dict[K, threading.Thread] = {}
        self._failed: set[K] = set()

    def __repr__(self) -> str:
        return f"<Later {len(self._made)}>"

    def get(self, key: K, make: Callable[[], V], wait: float) -> V | None:
        """Give what ``make`` makes for a key, or None where that takes longer than ``wait`` seconds.

        :raises DeskError: making it failed; the next time it is tried again.
        """
        with self._guard:
            if key in self._made:
                return self._made[key]
            thread = self._making.get(key)
            if thread is None and key not in self._failed:
                thread = threading.Thread(target=self._make, args=(key, make), daemon=True)
                self._making[key] = thread
                thread.start()
        if thread is not None:
            thread.join(wait)
        with self._guard:
            if key in self._failed:
                self._failed.discard(key)
                raise DeskError(
                    "this could not be worked out", "load the page again; else ask who looks after it"
                )
            return self._made.get(key)

    def _make(self, key: K, make: Callable[[], V]) -> None:
        made: list[V] = []
        try:
            made.append(make())
        finally:
            # What was raised is told by the thread itself; who asked is told that it failed.
            with self._guard:
                del self._making[key]
                if made:
                    self._made[key] = made[0]
                else:
                    self._failed.add(key)
                while len(self._made) > self._most:
                    del self._made[next(iter(self._made))]
