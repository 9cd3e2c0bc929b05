"""The form keys of today, read again when the day changes, or another process has changed them."""

import threading
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime

from crypto.secret import FormKey
from crypto.tokens import FormKeys


def _today() -> date:
    return datetime.now(UTC).date()


def _cannot_tell() -> None:
    """Say nothing of what they are kept in."""


class LivingKeys:
    """Gives the keys under which hidden fields are sealed.

    ``fetch`` reads them, making today's when it is missing: the newest key's number, and 32 bytes for each
    number that still lives. Called, this gives them as crypto wants them; yesterday's are never served on.
    ``stamp`` tells whether what they are kept in is still the same, or None where it cannot: a clock that
    was wrong for a while may have had another process make today's anew.
    """

    def __init__(
        self,
        fetch: Callable[[], tuple[int, Mapping[int, bytes]]],
        today: Callable[[], date] = _today,
        stamp: Callable[[], Hashable] = _cannot_tell,
    ) -> None:
        self._fetch = fetch
        self._today = today
        self._stamp = stamp
        self._lock = threading.Lock()
        self._day: date | None = None
        self._seen: Hashable = None
        self._keys: FormKeys | None = None

    def __call__(self) -> FormKeys:
        """Give the keys of today.

        :raises: what ``fetch`` raises.
        """
        today, stamp = self._today(), self._stamp()
        keys = self._keys
        if keys is not None and self._are_of(today, stamp):
            return keys
        with self._lock:
            if self._keys is None or not self._are_of(today, stamp):
                newest, living = self._fetch()
                self._keys = FormKeys(newest, {number: FormKey(key) for number, key in living.items()})
                # Taken before: what is read after it is never older.
                self._day, self._seen = today, stamp
            return self._keys

    def _are_of(self, today: date, stamp: Hashable) -> bool:
        return self._day == today and (stamp is None or stamp == self._seen)
