"""What one member of a note's change may hold: how it is checked, written, read, and said in a JSON Schema.

Each shape stands beside one field of `payload.changes`; all four follow from it, so that they cannot differ.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from payload.errors import BadPayload
from payload.strict_json import DAY, Fields, check_text

JSON = dict[str, Any]

PART_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
# What makes a text more than blanks: one character outside of these, which are all that `str.strip` takes
# off. They stand for themselves, since not all engines know escapes, or agree on what a blank is.
SAID = "[^\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


class Shape(Protocol):
    """What a member holds."""

    def check(self, value: Any, where: str) -> None:
        """Check a value.

        :raises BadPayload: it is none of this shape.
        """

    def as_json(self, value: Any) -> object:
        """Give the value as it stands in the JSON, or None where it is left out."""

    def take(self, fields: Fields, name: str) -> Any:
        """Take the value out of an object, not yet checked.

        :raises BadPayload: it is missing, or not even of the right type.
        """

    def schema(self) -> JSON:
        """Give its JSON Schema."""


@dataclass(frozen=True)
class Words:
    """A text of at most ``most`` characters; ``said``: more than blanks."""

    most: int
    said: bool = False

    def check(self, value: Any, where: str) -> None:
        """See that it is such a text."""
        if not isinstance(value, str):
            raise BadPayload("must be text", where)
        check_text(value, self.most, where)
        if self.said and not value.strip():
            raise BadPayload("is empty", where)

    def as_json(self, value: Any) -> object:
        """Give it as it is."""
        return value

    def take(self, fields: Fields, name: str) -> Any:
        """Take a text."""
        return fields.text(name, self.most)

    def schema(self) -> JSON:
        """Give its schema."""
        found: JSON = {"type": "string", "maxLength": self.most}
        return {**found, "pattern": SAID} if self.said else found


@dataclass(frozen=True)
class Like:
    """A text that fits ``pattern`` as a whole."""

    pattern: str
    most: int
    why: str

    def check(self, value: Any, where: str) -> None:
        """See that it fits."""
        if not isinstance(value, str) or len(value) > self.most or not re.fullmatch(self.pattern, value):
            raise BadPayload(self.why, where)

    def as_json(self, value: Any) -> object:
        """Give it as it is."""
        return value

    def take(self, fields: Fields, name: str) -> Any:
        """Take a text."""
        return fields.text(name, self.most)

    def schema(self) -> JSON:
        """Give its schema."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "not": {"pattern": "\n"}}


@dataclass(frozen=True)
class PartDay:
    """A day of the calendar, a month or a year: YYYY-MM-DD, YYYY-MM or YYYY."""

    def check(self, value: Any, where: str) -> None:
        """See that there is such a day."""
        if isinstance(value, str) and PART_DAY.fullmatch(value):
            with suppress(ValueError):
                date.fromisoformat(value + "-01-01"[len(value) - 4 :])
                return
        raise BadPayload("must be a day, a month or a year of the calendar", where)

    def as_json(self, value: Any) -> object:
        """Give it as it is."""
        return value

    def take(self, fields: Fields, name: str) -> Any:
        """Take a text."""
        return fields.text(name, 10)

    def schema(self) -> JSON:
        """Give its schema, which does not know the calendar."""
        return {"type": "string", "pattern": f"^(?:{PART_DAY.pattern})$", "not": {"pattern": "\n"}}


@dataclass(frozen=True)
class MaybeDay:
    """A day, or None, which is left out."""

    def check(self, value: Any, where: str) -> None:
        """See that it is either."""
        if value is not None and type(value) is not date:
            raise BadPayload("must be a day, or nothing", where)

    def as_json(self, value: Any) -> object:
        """Give it as YYYY-MM-DD."""
        return None if value is None else value.isoformat()

    def take(self, fields: Fields, name: str) -> Any:
        """Take a day, where there is one."""
        return fields.day(name) if fields.holds(name) else None

    def schema(self) -> JSON:
        """Give its schema."""
        return {"type": "string", "pattern": f"^{DAY.pattern}$", "not": {"pattern": "\n"}, "format": "date"}


@dataclass(frozen=True)
class OneOf:
    """One of a few texts."""

    values: Collection[str]

    def check(self, value: Any, where: str) -> None:
        """See that it is one of them."""
        if value not in self.values:
            raise BadPayload("is nothing that this schema knows", where)

    def as_json(self, value: Any) -> object:
        """Give it as it is."""
        return value

    def take(self, fields: Fields, name: str) -> Any:
        """Take a text."""
        return fields.text(name, 100)

    def schema(self) -> JSON:
        """Give its schema."""
        return {"enum": list(self.values)}


@dataclass(frozen=True)
class Number:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int

    def check(self, value: Any, where: str) -> None:
        """See that it is one."""
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise BadPayload(f"must be from {self.least} to {self.most}", where)

    def as_json(self, value: Any) -> object:
        """Give it as it is."""
        return value

    def take(self, fields: Fields, name: str) -> Any:
        """Take a number."""
        return fields.number(name, self.most)

    def schema(self) -> JSON:
        """Give its schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def check(self, value: Any, where: str) -> None:
        """See that it is either."""
        if not isinstance(value, bool):
            raise BadPayload("must be true or false", where)

    def as_json(self, value: Any) -> object:
        """Give it as it is."""
        return value

    def take(self, fields: Fields, name: str) -> Any:
        """Take true or false."""
        return fields.flag(name)

    def schema(self) -> JSON:
        """Give its schema."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Raw:
    """``length`` bytes, in hex."""

    length: int

    def check(self, value: Any, where: str) -> None:
        """See that they are as many."""
        if not isinstance(value, bytes) or len(value) != self.length:
            raise BadPayload(f"must be {self.length} bytes", where)

    def as_json(self, value: Any) -> object:
        """Give the hex."""
        return value.hex()

    def take(self, fields: Fields, name: str) -> Any:
        """Take the bytes."""
        return fields.raw(name, self.length)

    def schema(self) -> JSON:
        """Give its schema."""
        return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * self.length}}}$", "not": {"pattern": "\n"}}


@dataclass(frozen=True)
class Several:
    """A tuple of at most ``count`` texts of one shape, each once."""

    one: Words | Like
    count: int

    def check(self, value: Any, where: str) -> None:
        """See that all are of that shape."""
        if not isinstance(value, tuple) or len(value) > self.count:
            raise BadPayload(f"holds more than {self.count}", where)
        for item in value:
            self.one.check(item, where)
        if len(set(value)) < len(value):
            raise BadPayload("holds one twice", where)

    def as_json(self, value: Any) -> object:
        """Give a list."""
        return list(value)

    def take(self, fields: Fields, name: str) -> Any:
        """Take the texts."""
        return tuple(fields.texts(name, self.count, self.one.most))

    def schema(self) -> JSON:
        """Give its schema."""
        return {"type": "array", "items": self.one.schema(), "maxItems": self.count, "uniqueItems": True}
