"""How long things stay. Each row has a last day of its own, blurred: rows of one day go on several."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Retention:
    """Whole days: how long a report's state stays once it is collected, how long a reply stays.

    Each row stays up to ``blur_days`` longer, drawn for it alone. What came with a reply stays ``blur_days``
    more than the reply may at the longest: no reply names a file that went before it.

    :raises ValueError: a number of days is negative
    """

    collected_days: int = 30
    reply_days: int = 90
    blur_days: int = 7

    def __post_init__(self) -> None:
        if min(self.collected_days, self.reply_days, self.blur_days) < 0:
            raise ValueError("a number of days cannot be negative")

    def of_collected(self, today: date) -> date:
        """Give the last day of a report's row that is collected today."""
        return self._blurred(today + timedelta(days=self.collected_days))

    def of_reply(self, today: date, earliest: date | None = None) -> date:
        """Give the last day of a reply that comes today: ``earliest``, or the usual one, and the blur."""
        return self._blurred(earliest or today + timedelta(days=self.reply_days))

    def of_reply_blob(self, today: date, earliest: date | None = None) -> date:
        """Give the last day of a file of a reply that comes today."""
        return self.of_reply(today, earliest) + timedelta(days=self.blur_days)

    def _blurred(self, day: date) -> date:
        return day + timedelta(days=secrets.randbelow(self.blur_days + 1))
