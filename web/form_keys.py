"""The form keys of today, read again when the day changes."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from crypto.secret import FormKey
from crypto.tokens import FormKeys


def _today() -> date:
    return datetime.now(UTC).date()


class LivingKeys:
    """Gives the keys under which hidden fields are sealed.

    ``fetch`` reads them, making today's when it is missing: the newest key's number, and 32 bytes for each
    number that still lives. Called, this gives them as crypto wants them; yesterday's are never served on.
    """

    def __init__(
        self, fetch: Callable[[], tuple[int, Mapping[int, bytes]]], today: Callable[[], date] = _today
    ) -> None:
        self._fetch = fetch
        self._today = today
        self._lock = threading.Lock()
        self._day: date | None = None
        self._keys: FormKeys | None = None

    def __call__(self) -> FormKeys:
        """Give the keys of today.

        :raises: what ``fetch`` raises.
        """
        today = self._today()
        keys = self._keys
        if keys is not None and self._day == today:
            return keys
        with self._lock:
            if self._keys is None or self._day != today:
                newest, living = self._fetch()
                self._keys = FormKeys(newest, {number: FormKey(key) for number, key in living.items()})
                self._day = today
            return self._keys
