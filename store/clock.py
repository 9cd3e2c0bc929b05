"""Which day it is, in UTC: the only measure of time that is stored."""

from collections.abc import Callable
from datetime import UTC, date, datetime

Today = Callable[[], date]


def utc_today() -> date:
    """Give today's date in UTC."""
    return datetime.now(UTC).date()
