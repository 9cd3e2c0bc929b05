"""Where reports say that it happens, as a table and without a map: an offline desk has none to look at.

Each place is told by as much as the reports say: the postcode area and district, the whole postcode, the
address, the town, the kind of place. It is headed by the words in which most typed it; what only describes a
place ("the closed-down bakery") names none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from desk.connections.mention import Kind, Mention
from desk.connections.written import address_key, commonest, names_address, names_premises, tidy
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
    "unread": "Postcodes not known",
})  # fmt: skip
# What to say where none is named so.
NONE: Mapping[str, str] = MappingProxyType({
    "area": "No report names a postcode or a town that the desk can put into a postcode area.",
    "district": "No report names a postcode of the United Kingdom, or the first half of one.",
    "postcode": "No report names a whole postcode of the United Kingdom.",
    "unread": "Whatever was typed where the form asks for a postcode could be read.",
    "address": "No report names a house number and a street, or a house by its name.",
    "place": "No report names a town where the form asks for a place, or a known town behind “in” or “near”.",
    "premises": "No report names a place or a firm by a name that could be told from a description.",
    "kind": "No report says what kind of place it is.",
    "what3words": "No report names a what3words address.",
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
    """A place that is named ``by`` something of `BY`: its value for data, as most typed it (``written``), the
    cases that name it, and the days when the first and the last of them were received."""

    by: str
    value: str
    written: str
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
            "written": self.written,
            "cases": list(self.cases),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }


def places(facts: Iterable[Facts], mentions: Mapping[str, Iterable[Mention]]) -> list[Place]:
    """Gather the places of all cases; ``mentions`` are by case. In the order of `BY`, most cases first."""
    facts = list(facts)
    told: dict[tuple[str, str], dict[str, date]] = {}
    typed: dict[tuple[str, str], list[str]] = {}
    sure = {("place", town.casefold()) for one in facts for town in one.towns}
    for one in facts:
        for by, value, words in _certain(one):
            told.setdefault((by, value), {})[one.case] = one.received_on
            typed.setdefault((by, value), []).append(words)
        for mention in mentions.get(one.case, ()):
            if (key := _key(mention)) is None:
                continue
            told.setdefault(key, {})[one.case] = one.received_on
            typed.setdefault(key, []).append(tidy(mention.as_typed))
            if key[0] != "place" and (key[0] != "premises" or names_premises(mention)):
                sure.add(key)
    order = {by: at for at, by in enumerate(BY)}
    found = [
        Place(*key, _headed(key, typed[key]), tuple(cases), min(cases.values()), max(cases.values()))
        for key, cases in told.items()
        if key in sure or key[0] not in ("place", "premises")
    ]
    return sorted(found, key=lambda place: (order[place.by], -len(place.cases), place.value))


def first_with_rows(found: Iterable[Place]) -> str:
    """Give the first key of `BY` by which any of these is named, or the first of all."""
    named = {place.by for place in found}
    return next((by for by in BY if by in named), next(iter(BY)))


def _certain(one: Facts) -> Iterator[tuple[str, str, str]]:
    """Give what is counted of a case: by what it is named, its value, and how to head it."""
    yield from (("area", area, area) for area in one.areas)
    yield from (("district", district, district) for district in one.districts)
    yield from (("kind", _KINDS[kind], _KINDS[kind]) for kind in one.premises)
    yield from (("place", town.casefold(), town) for town in one.towns)
    yield from (("unread", value, words) for value, words in one.unread)


def _key(mention: Mention) -> tuple[str, str] | None:
    """Give by what a mention names a place, and what joins it with others of that place."""
    value, by = mention.value, _MENTIONED.get(mention.kind)
    if by is None or "?" in value or mention.more.get("as") == "district":
        return None
    if by == "address" and not names_address(mention):
        return None
    return by, address_key(value) if by == "address" else value


def _headed(key: tuple[str, str], typed: list[str]) -> str:
    by, value = key
    return value if by in ("postcode", "what3words") else commonest(typed)
