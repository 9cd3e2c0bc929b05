"""Something found in a case that can link it to others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """What a mention is. A PLACE (a town, half a postcode) links nothing: it bears others out. WORDS are
    what a source wrote freely: names that others give are looked for in them.
    """

    REGISTRATION = "registration"
    TELEPHONE = "telephone"
    POSTCODE = "postcode"
    ADDRESS = "address"
    ACCOUNT = "account"
    WALLET = "wallet"
    EMAIL = "email"
    WEB = "web"
    SOCIAL = "social"
    NAME = "name"
    PREMISES = "premises"
    WHAT3WORDS = "what3words"
    PLACE = "place"
    WORDS = "words"


# The kinds of a link.
LINKING = tuple(kind for kind in Kind if kind not in (Kind.PLACE, Kind.WORDS))


@dataclass(frozen=True, slots=True, repr=False)
class Mention:
    """Something found in the case ``case``.

    ``value`` is its normal form, ``where`` the place in the payload ("report.people[0].telephone"),
    ``as_typed`` the piece of text, and ``more`` what the matching of its kind wants to know besides.
    """

    case: str
    kind: Kind
    value: str
    where: str
    as_typed: str
    more: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def __repr__(self) -> str:
        return f"<Mention {self.kind}>"


class Hit(NamedTuple):
    """What a finder found in a piece of text: ``start`` and ``end`` are its place there."""

    kind: Kind
    value: str
    start: int
    end: int
    more: Mapping[str, str] = NOTHING

    def __repr__(self) -> str:
        return f"<Hit {self.kind}>"
