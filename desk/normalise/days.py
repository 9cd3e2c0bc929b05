"""Days, months and years that are certain: YYYY-MM-DD, YYYY-MM or YYYY.

Only an answer that is nothing else is read, with its month in words or in the order of ISO 8601: "3/5/2026"
is two days, and "last Friday" none that the desk could know.
"""

import re
from collections.abc import Iterator
from datetime import date

from desk.normalise.found import Found, Kind, Reading

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ISO = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_WORDS = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? (?:of )?)?(?P<month>[a-z]{3,9}),? (?P<year>(?:19|20)[0-9]{2})"
)
_LONGEST = 40  # characters


def in_field(text: str, where: str) -> Iterator[Found]:
    """Read an answer that is a day, a month or a year."""
    typed = text.strip()
    if len(typed) > _LONGEST:
        return
    plain = " ".join(typed.lower().split())
    match = _ISO.fullmatch(plain) or _WORDS.fullmatch(plain)
    if match and (value := _value(match["year"], match["month"], match["day"])):
        form = ("year", "month", "day")[value.count("-")]
        yield Found(Kind.DAY, where, typed, (Reading(value, (form,)),))


def _value(year: str, month: str | None, day: str | None) -> str:
    if month is None:
        return year
    number = int(month) if month.isdigit() else _number(month)
    try:
        known = date(int(year), number, int(day or 1))
    except ValueError:
        return ""
    return known.isoformat() if day else known.isoformat()[:7]


def _number(month: str) -> int:
    fitting = [
        place
        for place, name in enumerate(_MONTHS, 1)
        if month in (name, name[:3]) or month == "sept" == name[:4]
    ]
    return fitting[0] if fitting else 0
