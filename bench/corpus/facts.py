"""A fact as one report tells it, and what a careful reader of two reports says of a pair of facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType


class Verdict(IntEnum):
    """What somebody who reads both reports says: not the same; cannot tell; probably the same."""

    DIFFERENT = 0
    UNSURE = 1
    SAME = 2


class Clarity(IntEnum):
    """How much of a thing a report tells: too little, enough with other signs, or all of it.

    All of it may still be misspelt, spaced and shortened, as long as a reader sees through that.
    """

    HINT = 0
    PART = 1
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """What a report tells of a thing.

    ``thing`` is the same number for the same thing in the world. ``text`` is as typed; ``norm`` what a reader
    makes of it, with ? for each sign that is not told; ``signs`` what else the report says of it: its town,
    a vehicle's make and colour.
    """

    kind: str
    thing: int
    text: str
    norm: str
    clarity: Clarity = Clarity.WHOLE
    signs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def agrees(self, other: "Fact", *names: str) -> bool:
        """Say whether both tell the same of all these signs."""
        return all(self.signs.get(name) and self.signs.get(name) == other.signs.get(name) for name in names)

    def differs(self, other: "Fact", name: str) -> bool:
        """Say whether both tell a sign, and not the same."""
        mine, theirs = self.signs.get(name), other.signs.get(name)
        return bool(mine and theirs and mine != theirs)


def fits(one: str, other: str) -> bool:
    """Say whether two norms can be of one thing: alike but for what one of them does not tell."""
    return len(one) == len(other) and all(a == b or "?" in (a, b) for a, b in zip(one, other, strict=True))


def apart(one: str, other: str) -> int:
    """Count the signs in which two norms of one length differ for certain; a large number for two lengths."""
    if len(one) != len(other):
        return 99
    return sum(a != b and "?" not in (a, b) for a, b in zip(one, other, strict=True))
