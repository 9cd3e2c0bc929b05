"""Read JSON so that two readers cannot see two things in it.

Refused: bytes that are not UTF-8, duplicate keys, NaN and Infinity, fractions, half surrogates, unknown
and missing keys, and nesting or numbers large enough to exhaust the reader.

Python's own errors hold the text that they are about, also as the hidden context of the error that follows.
So they are suppressed first, and ours is raised after that.
"""

import binascii
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, NoReturn

from payload.errors import BadPayload
from payload.limits import MAX_BODY

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_ENDS = ("", "[AQgw]==", "[AEIMQUYcgkosw048]=")  # by how many bytes are left for the last four characters
_HALF = re.compile("[\ud800-\udfff]")


def loads(data: bytes) -> object:
    """Parse ``data`` (UTF-8 JSON of at most ``MAX_BODY`` bytes).

    :raises BadPayload: it is too long, or not JSON as this module wants it.
    """
    if len(data) > MAX_BODY:
        raise BadPayload(f"longer than {MAX_BODY:,} bytes")
    text = _decoded(data)
    with suppress(ValueError, RecursionError):
        return json.loads(
            text, object_pairs_hook=_distinct, parse_constant=_no_constant, parse_float=_no_fraction
        )
    raise BadPayload("not JSON")


def dumps(value: object) -> bytes:
    """Give ``value`` as compact UTF-8 JSON.

    :raises BadPayload: a text in it has half a surrogate pair, which UTF-8 cannot hold.
    """
    with suppress(UnicodeEncodeError):
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
    raise BadPayload("text with half a surrogate pair")


def _decoded(data: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8")
    raise BadPayload("not UTF-8")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadPayload("a key stands twice in one object")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise BadPayload("a number that is no number")


def _no_fraction(_digits: str) -> NoReturn:
    raise BadPayload("a fraction where only whole numbers stand")


class Fields:
    """One JSON object, taken field by field; ``done`` refuses what nobody took."""

    def __init__(self, value: object, where: str = "") -> None:
        if not isinstance(value, dict):
            raise BadPayload("must be an object", where)
        self._left = dict(value)
        self._where = where

    def holds(self, name: str) -> bool:
        """Say whether a member stands there and was not taken yet: the way to one that may be missing."""
        return name in self._left

    def text(self, name: str, most: int) -> str:
        """Give a text of at most ``most`` characters."""
        value = self._take(name)
        if not isinstance(value, str):
            raise BadPayload("must be text", self.path(name))
        check_text(value, most, self.path(name))
        return value

    def texts(self, name: str, count: int, most: int) -> list[str]:
        """Give a list of at most ``count`` texts of at most ``most`` characters."""
        value = self._list(name, count)
        for text in value:
            if not isinstance(text, str):
                raise BadPayload("must be a list of texts", self.path(name))
            check_text(text, most, self.path(name))
        return value

    def number(self, name: str, most: int) -> int:
        """Give a whole number from 0 to ``most``."""
        value = self._take(name)
        # A bool is an int to Python, not to JSON.
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadPayload("must be a whole number", self.path(name))
        if not 0 <= value <= most:
            raise BadPayload(f"must be from 0 to {most}", self.path(name))
        return value

    def flag(self, name: str) -> bool:
        """Give true or false."""
        value = self._take(name)
        if not isinstance(value, bool):
            raise BadPayload("must be true or false", self.path(name))
        return value

    def raw(self, name: str, length: int) -> bytes:
        """Give ``length`` bytes, written as lower-case hex."""
        value = self._take(name)
        if not isinstance(value, str) or len(value) != 2 * length or not _HEX.fullmatch(value):
            raise BadPayload(f"must be {length} bytes in lower-case hex", self.path(name))
        return bytes.fromhex(value)

    def base64(self, name: str, length: int) -> bytes:
        """Give ``length`` bytes, written as base64 in its one spelling."""
        value = self._take(name)
        if not isinstance(value, str) or not re.fullmatch(base64_pattern(length), value):
            raise BadPayload(f"must be {length} bytes in base64", self.path(name))
        return binascii.a2b_base64(value)

    def day(self, name: str) -> date:
        """Give a day, written as YYYY-MM-DD."""
        value = self._take(name)
        if not isinstance(value, str) or not DAY.fullmatch(value):
            raise BadPayload("must be a day as YYYY-MM-DD", self.path(name))
        with suppress(ValueError):
            return date.fromisoformat(value)
        raise BadPayload("is not a day of the calendar", self.path(name))

    def fields(self, name: str) -> "Fields":
        """Give the object that stands in this one."""
        return Fields(self._take(name), self.path(name))

    def each(self, name: str, most: int) -> Iterator["Fields"]:
        """Give the objects of a list of at most ``most``."""
        return (
            Fields(item, f"{self.path(name)}[{index}]") for index, item in enumerate(self._list(name, most))
        )

    def done(self) -> None:
        """Refuse keys that were not taken; their names are not told, for they could be anything."""
        if self._left:
            raise BadPayload("holds a key that this schema does not know", self._where)

    def path(self, name: str) -> str:
        """Give the place of a member, as errors name it."""
        return f"{self._where}.{name}" if self._where else name

    def _list(self, name: str, most: int) -> list[Any]:
        value = self._take(name)
        if not isinstance(value, list):
            raise BadPayload("must be a list", self.path(name))
        if len(value) > most:
            raise BadPayload(f"holds more than {most}", self.path(name))
        return value

    def _take(self, name: str) -> object:
        if name not in self._left:
            raise BadPayload("is missing", self.path(name))
        return self._left.pop(name)


def base64_pattern(length: int) -> str:
    """Give the pattern of ``length`` bytes in base64, with no stray bits in the last character."""
    whole, rest = divmod(length, 3)
    return f"[A-Za-z0-9+/]{{{4 * whole + rest}}}{_ENDS[rest]}"


def base64_text(value: bytes) -> str:
    """Give bytes as base64, with its padding."""
    return binascii.b2a_base64(value, newline=False).decode("ascii")


def check_text(value: str, most: int, where: str) -> None:
    """Refuse text over ``most`` characters, or with half a surrogate pair, which JSON escapes can smuggle in.

    :raises BadPayload: it is so.
    """
    if len(value) > most:
        raise BadPayload(f"is longer than {most:,} characters", where)
    if _HALF.search(value):
        raise BadPayload("holds half a surrogate pair", where)
