"""Places in the words in which people typed them: which spellings are one, and what of them is a name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from desk.connections.mention import Kind, Mention
from desk.connections.streets import HOUSES, KIND_OF
from desk.connections.towns import AREA_OF
from desk.connections.wordlists import words
from payload import FollowUp, Report

_STREETS = {**KIND_OF, "rw": "row"}
_JOINING = frozenset({"and", "&", "of", "the", "n", "ltd", "limited", "plc", "llp"})
_ASKED_NAME = ("organisation.name", "money.shops")
_ASKED_PLACE = (("places", "address"), ("people", "address"), ("organisation", "reached"))
_ACCOUNT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})-([0-9]{8})")
_NEAR = re.compile(r"^(?:nr|near|outside|in|by|close to)\.?\s+(?=[A-Z])")
_BEFORE = (
    r"(?:in|at|near|nr|from|to|around|round|outside|towards?|through|leaving|across|into|for|via)\.? "
    r"(?:(?:central|north|south|east|west|greater|upper|lower) )?"
)
_NO_NAME = words(
    """
    closed closed-down old empty former derelict disused abandoned corner local new big small little shut
    next nearby this that another same hand
    """
)


def address_key(value: str) -> str:
    """Give the normal form that spellings of one address have in common: "12|cutlers rw|" is in a row."""
    number, bar, rest = value.partition("|")
    street, _, kind = rest.partition("|")
    name, _, last = street.rpartition(" ")
    if bar and not kind and name and last in _STREETS:
        return f"{number}|{name}|{_STREETS[last]}"
    return value


def joined(kind: str, value: str) -> str:
    """Give what stands for a value and for all that are but other spellings of it."""
    return address_key(value) if kind == Kind.ADDRESS else value


def tidy(typed: str) -> str:
    """Give words as they were typed, without what is around them."""
    return " ".join(typed.split()).strip(" ,.;:")


def commonest(typed: Iterable[str]) -> str:
    """Give the spelling that most have; of several the longest, and of these the first in order."""
    counts = Counter(typed)
    return min(counts, key=lambda one: (-counts[one], -len(one), one))


def readable(kind: str, value: str) -> str:
    """Give a value for people where nobody's own words are at hand: "4/12|cutlers|row", or "4/12 cutlers row"
    as links have it, as "Flat 4, 12 Cutlers Row", an account as "00-14-92 12340987"."""
    if kind == Kind.ACCOUNT and (account := _ACCOUNT.fullmatch(value)):
        return f"{account[1]}-{account[2]}-{account[3]} {account[4]}"
    if kind != Kind.ADDRESS:
        return value
    first, *rest = address_key(value).replace("|", " ").split() or [""]
    flat, _, house = first.rpartition("/")
    shown = [house.upper() if any(map(str.isdigit, house)) else house.capitalize()]
    shown += [word.capitalize() for word in rest]
    return f"{f'Flat {flat.upper()}, ' if flat else ''}{' '.join(shown)}"


def names_address(mention: Mention) -> bool:
    """Whether an address is a number in a street, or a house by its name: no firm and no slipway."""
    said = tidy(mention.as_typed).casefold().split()
    return "|" in mention.value or (bool(said) and (said[0] == "the" or said[-1] in HOUSES))


def names_premises(mention: Mention) -> bool:
    """Whether somebody named premises there, and did not only describe them: "the closed-down bakery"."""
    if mention.more.get("unsure"):
        return False
    said = [word for word in tidy(mention.as_typed).split() if word.casefold() not in _JOINING]
    if not said or said[0].casefold() in _NO_NAME:
        return False
    called = len(said) == len(mention.more.get("core", "").split()) and mention.more.get("class") != "company"
    named = sum(not word[0].islower() for word in said)
    return named >= 2 or called or mention.where.endswith(_ASKED_NAME)


def towns(contents: Sequence[Report | FollowUp], mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Give the towns that a case names for certain: where an answer asks for a place, or known ones that
    stand behind "in", "near" and the like; as they were typed, each once."""
    # Here alone: what reads telephone numbers would be loaded by every command.
    from desk.connections.pieces import pieces

    named = {
        town.casefold(): town
        for content in contents
        if isinstance(content, Report)
        for section, field in _ASKED_PLACE
        for entry in content.answers.entries(section)
        if (town := _last_part(entry.get(field)))
    }
    known = {
        mention.value: tidy(mention.as_typed)
        for mention in mentions
        if mention.kind is Kind.PLACE and mention.more.get("as") == "town" and mention.value not in named
    }
    if known:
        text = "\n".join(piece.text for piece in pieces(contents))
        named |= {town: typed for town, typed in known.items() if _stands_behind(text, town)}
    return tuple(sorted(named.values()))


def _last_part(answer: object) -> str:
    """Give the last part of an address that is a name, and no street."""
    parts = re.split(r"[,\n]", answer)[1:] if isinstance(answer, str) else []
    for part in reversed(parts):
        name = _NEAR.sub("", tidy(part))
        said = name.split()
        if (
            0 < len(said) <= 3
            and len(name) > 2
            and not any(map(str.isdigit, name))
            and all(word[0].isupper() or word in ("on", "upon", "le", "under", "by", "the") for word in said)
            and (name.casefold() in AREA_OF or said[-1].casefold() not in _STREETS)
        ):
            return name
    return ""


def _stands_behind(text: str, town: str) -> bool:
    spelt = re.escape(town).replace(r"\ ", "[ -]")
    return re.search(rf"\b{_BEFORE}{spelt}\b", text, re.IGNORECASE) is not None


def unread_postcodes(
    contents: Iterable[Report | FollowUp], mentions: Iterable[Mention]
) -> Iterator[tuple[str, str]]:
    """Give what was typed where the form asks for a postcode and is in no area that the desk knows: in
    capitals without blanks, and as typed."""
    read = {
        mention.value.replace(" ", "")
        for mention in mentions
        if mention.kind in (Kind.POSTCODE, Kind.PLACE) and mention.where.endswith(".postcode")
    }
    for content in contents:
        for entry in content.answers.entries("places") if isinstance(content, Report) else ():
            answer = entry.get("postcode")
            key = "".join(answer.split()).upper() if isinstance(answer, str) else ""
            if (
                key
                and key not in read
                and not any(key.startswith(one) or one.startswith(key) for one in read)
            ):
                yield key, tidy(str(answer))
