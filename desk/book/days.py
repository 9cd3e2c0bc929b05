"""A day as people write it here: 2026-11-21, 21/11/2026, 21.11.2026, 21 November 2026."""

import re
from datetime import date

from desk.errors import DeskError
from desk.harmless import harmless

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_NUMBERS = re.compile(r"(?:(?:([0-9]{1,2})[/. -])?([0-9]{1,2})[/. -])([0-9]{4})")
_NAMED = re.compile(r"(?:(?:([0-9]{1,2})(?:st|nd|rd|th)?)[ ,.-]*(?:of )?)?([a-z]{3,9})[ ,.-]*([0-9]{4})")
_LONGEST = 40
HINT = "write it as 21/11/2026, the day first, or as 21 November 2026 or 2026-11-21"
_PART_HINT = f"{HINT}; a month as 11/2026, a year as 2026"


def day(text: str) -> date:
    """Read a day.

    :raises DeskError: it is none.
    """
    read = _read(text)
    if read is None or len(read) < len("2026-11-21"):
        raise DeskError(f"{harmless(text.strip()[:_LONGEST])!r} is no day", HINT)
    return date.fromisoformat(read)


def part_day(text: str) -> str:
    """Read a day, a month or a year; give it as YYYY-MM-DD, YYYY-MM or YYYY.

    :raises DeskError: it is none.
    """
    read = _read(text)
    if read is None:
        raise DeskError(f"{harmless(text.strip()[:_LONGEST])!r} is no day, month or year", _PART_HINT)
    return read


def _read(text: str) -> str | None:
    typed = " ".join(text[: 2 * _LONGEST].casefold().split())
    if match := _ISO.fullmatch(typed):
        year, month, number = match.groups()
    elif match := _NUMBERS.fullmatch(typed):
        number, month, year = match.groups()
    elif (match := _NAMED.fullmatch(typed)) and (named := _month(match[2])):
        number, month, year = match[1], named, match[3]
    else:
        return None
    try:
        found = date(int(year), int(month or 1), int(number or 1)).isoformat()
    except ValueError:
        return None
    return found if number else found[:7] if month else found[:4]


def _month(word: str) -> str:
    fitting = [
        place for place, name in enumerate(_MONTHS, 1) if name.startswith(word) or word == f"{name[:3]}t"
    ]
    return str(fitting[0]) if len(fitting) == 1 else ""
