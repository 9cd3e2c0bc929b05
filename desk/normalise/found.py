"""What is found in a report's words, and its normal forms."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What something is that has a normal form."""

    TELEPHONE = "telephone"
    REGISTRATION = "registration"
    POSTCODE = "postcode"
    WHAT3WORDS = "what3words"
    DAY = "day"


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """One way to read it.

    ``value`` is the normal form, with ``?`` for each sign that was not seen; ``forms`` say of which kind or
    layout it is ("mobile", "current"), several where it could be of each; ``valid`` is False for what keeps
    no rule known here: a telephone number of no range in use, a plate of no layout that is issued.
    """

    value: str
    forms: tuple[str, ...]
    valid: bool = True

    def __repr__(self) -> str:
        return "<Reading>"

    def as_json(self) -> dict[str, object]:
        """Give the object that `show --json` prints."""
        return {"value": self.value, "forms": list(self.forms), "valid": self.valid}


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Something found: its kind, the place in the payload ("report.people[0].telephone"), the piece of text
    as it was typed, and its readings, at least one, the likeliest first.
    """

    kind: Kind
    where: str
    as_typed: str
    readings: tuple[Reading, ...]

    def __repr__(self) -> str:
        return f"<Found {self.kind}>"

    @property
    def values(self) -> tuple[str, ...]:
        """Give the normal forms, the likeliest first."""
        return tuple(reading.value for reading in self.readings)

    def as_json(self) -> dict[str, object]:
        """Give the object that `show --json` prints."""
        return {
            "where": self.where,
            "as_typed": self.as_typed,
            "readings": [reading.as_json() for reading in self.readings],
        }


def gathered(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Put readings of one value together, in the order in which the values come first."""
    forms: dict[tuple[str, bool], list[str]] = {}
    for reading in readings:
        known = forms.setdefault((reading.value, reading.valid), [])
        known += [form for form in reading.forms if form not in known]
    return tuple(Reading(value, tuple(known), valid) for (value, valid), known in forms.items())
