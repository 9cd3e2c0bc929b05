"""Where reports say that it happens, as a table and without a map: an offline desk has none to look at.

Each place is told by as much as the reports say: the postcode area and district, the whole postcode, the
address, the town, the kind of place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from desk.connections.mention import Kind, Mention
from desk.patterns.facts import Facts
from payload.choices import PREMISES

# What a place can be told by, in the order of the page.
BY: Mapping[str, str] = MappingProxyType({
    "area": "Postcode areas",
    "district": "Postcode districts",
    "postcode": "Postcodes",
    "address": "Addresses",
    "place": "Towns and other places",
    "premises": "Places and firms by name",
    "kind": "Kinds of place",
    "what3words": "what3words addresses",
})  # fmt: skip
_MENTIONED = {
    Kind.POSTCODE: "postcode",
    Kind.ADDRESS: "address",
    Kind.PLACE: "place",
    Kind.PREMISES: "premises",
    Kind.WHAT3WORDS: "what3words",
}
_KINDS = {choice.value: choice.label for choice in PREMISES}


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A place that is named ``by`` something of `BY`: its value, the cases that name it, and the days when
    the first and the last of them were received."""

    by: str
    value: str
    cases: tuple[str, ...]
    first: date
    last: date

    def __repr__(self) -> str:
        return "<Place>"

    def as_json(self) -> dict[str, object]:
        """Give the JSON object of it."""
        return {
            "by": self.by,
            "value": self.value,
            "cases": list(self.cases),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }


def places(facts: Iterable[Facts], mentions: Mapping[str, Iterable[Mention]]) -> list[Place]:
    """Gather the places of all cases; ``mentions`` are by case. In the order of `BY`, most cases first."""
    told: dict[tuple[str, str], dict[str, date]] = {}
    for one in facts:
        for key in _named(one, mentions.get(one.case, ())):
            told.setdefault(key, {})[one.case] = one.received_on
    order = {by: at for at, by in enumerate(BY)}
    found = [
        Place(by, value, tuple(cases), min(cases.values()), max(cases.values()))
        for (by, value), cases in told.items()
    ]
    return sorted(found, key=lambda place: (order[place.by], -len(place.cases), place.value))


def _named(one: Facts, mentions: Iterable[Mention]) -> Iterable[tuple[str, str]]:
    for area in one.areas:
        yield "area", area
    for district in one.districts:
        yield "district", district
    for kind in one.premises:
        yield "kind", _KINDS[kind]
    for mention in mentions:
        by = _MENTIONED.get(mention.kind)
        if by and mention.value not in one.districts and "?" not in mention.value:
            yield by, mention.value
