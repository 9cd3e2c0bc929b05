"""Postcodes, addresses and towns.

An address in normal form is "14|mill|road": the number, the street, what kind of street, and before them the
flat where one is told: "3/14|mill|road". A house that has a name instead is "rose cottage".
"""

import re
from collections.abc import Iterator

from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.connections.premises_words import CLASS_OF, TYPE_WORDS
from desk.connections.standing import NO_STREET, NO_TOWN, TYPES, around, behind, small_postcodes
from desk.connections.streets import HOUSES, KIND_OF
from desk.connections.towns import AREA_OF
from desk.connections.wordlists import words
from desk.normalise import postcodes
from desk.normalise.signs import UNSEEN, folded

_FLAT = re.compile(
    r"\b(?:flat|apartment|apt|unit|room|rm|plot|suite|studio)\.? ?(?:no\.? ?)?(\d{1,4}[a-z]?|[a-z])"
    r"[ ,]{1,3}(?:at )?(?:(?:no|num|number|house|#)\.? ?)?$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9]")
_LATER_WORDS = frozenset({"no", "num", "number"})
_LATER = re.compile(r"[oOmMrR#]\.? ?\d")
# The number comes first, and what may not stand before it after: so it is looked for at few places.
_ADDRESS = re.compile(
    rf"(?P<number>\d(?<![\w/.\-\u00a3].)\d{{0,3}} ?[a-h]?(?:[/\-]\d{{1,4}}[a-h]?)?)[ ,]{{1,2}}"
    rf"(?P<street>(?:(?:st\.?|saint|the|old|new|upper|lower|great|little|north|south|east|west)"
    rf" )?[a-z][a-z'\u2019.\-]{{1,20}}(?: [a-z][a-z'\u2019\-]{{1,20}}){{0,2}}?)"
    rf" (?P<type>{TYPES})(?![\w'])",
    re.IGNORECASE,
)
_THE_STREET = re.compile(
    r"(?P<number>\d(?<![\w/.\-].)\d{0,3} ?[a-h]?)[ ,]{1,2}(?:on )?(?P<street>the [a-z]{4,20}|"
    r"broadway|promenade|esplanade|seafront|quayside|cheapside|eastgate|westgate|northgate|southgate|kirkgate|briggate|piccadilly|"
    r"haymarket|cornmarket|whitechapel|strand)(?P<type>)(?![\w'])",
    re.IGNORECASE,
)
_NUMBER_LATER = re.compile(
    rf"(?<![\w])(?P<street>[A-Z][a-z'\u2019]{{2,20}}(?: [A-Z][a-z'\u2019]{{2,20}})?)"
    rf" (?P<type>{TYPES})[ ,]{{1,2}}(?:at |house |door )?(?:no|num|number|#)"
    rf"\.? ?(?P<number>\d{{1,4}}[a-h]?)(?![\w])",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?<![\w'])((?:[A-Z][a-z'\u2019]{2,20} ){1,3}(?:Cottage|Lodge|House|Villa|Villas|Grange|"
    r"Manor|Barn|Hall|Tower|Towers|Court|Mansions|Heights|Point|Croft|Bungalow|Piggery|Rectory|Vicarage|"
    r"Stables|Forge|Farmhouse)|[Tt]he [Bb]ungalow)(?![\w'])"
)
# "Flat 12 Keir Hardie House", "Keir Hardie House, flat 12": a number in a building that has a name.
_BUILDINGS = "house|tower|towers|mansions|heights|point|lodge|villas|buildings|apartments"
_IN_HOUSE = re.compile(
    rf"(?<![\w/.\-])(?:(?P<number>\d{{1,4}}[a-h]?)[ ,]{{1,2}}"
    rf"|(?:flat|apartment|apt\.?|room) (?P<flat>\d{{1,4}}[a-h]?),? (?:at|in) )"
    rf"(?P<street>(?:[a-z][a-z'\u2019]{{1,20}} ){{0,2}}[a-z][a-z'\u2019]{{2,20}})"
    rf" (?P<type>{_BUILDINGS})(?![\w'])",
    re.IGNORECASE,
)
_HOUSE_THEN = re.compile(
    rf"(?<![\w'])(?P<street>(?:[A-Z][a-z'\u2019]{{1,20}} ){{0,2}}[A-Z][a-z'\u2019]{{2,20}})"
    rf" (?P<type>(?i:{_BUILDINGS}))"
    r"[ ,]{1,2}(?i:at |door |room |flat |apt\.? |apartment |number |no\.? ){1,2}"
    r"(?P<number>\d{1,4}[a-h]?)(?!\w)"
)
_SPOKEN_NUMBER = re.compile(
    rf"\b(?:number|no\.?|house|at) (?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[ \-]?"
    rf"(?P<ones>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    rf"|seventeen|eighteen|nineteen)?,?"
    rf" (?P<street>[a-z][a-z'\u2019.\-]{{2,20}}(?: [a-z][a-z'\u2019\-]{{1,20}}){{0,2}}?)"
    rf" (?P<type>{TYPES})(?![\w'])",
    re.IGNORECASE,
)
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_COUNTED = {word: number for number, word in enumerate(_ONES)} | {
    word: (at + 2) * 10 for at, word in enumerate(_TENS)
}
_FIRST_PART = re.compile(r"\s*([^\W\d_][^\d,\n|]{3,40}?)(?=,| (?:on|at|near|off|in) )")
_HOUSES = HOUSES | words("bungalow piggery rectory vicarage stables forge farmhouse")
_ADDRESS_FIELDS = frozenset({"places.address", "people.address"})
_ALONE = re.compile(
    r"\s*(?:(?:no|num|number|house)\.? ?)?(?P<number>\d{1,4} ?[a-h]?)"
    r"[ ,]{1,2}(?P<street>[A-Za-z][A-Za-z' ]{3,30})(?P<type>)(?=,|\n|$)"
)
_FLAT_BEFORE = 26  # characters
_BUILDING_WORDS = frozenset(_BUILDINGS.split("|"))
_BEFORE_HOUSE = words("the at in near from outside behind")
_NOT_HOUSE = words(
    """
    the public open safe full care town guest council coffee ware custom council opera crack trap whole
    this that his her their our big old white drug stash brick empty council halfway safe
    """
)
_NUMBERED = re.compile(r"[^a-z0-9 ]")
_DISTRICT = re.compile(
    r"(?<![\w@#./\-])((?:[A-Z]{1,2})\d{1,2}[A-Z]?)(?= ?(?:[,.;)\n]|$|area\b|postcode\b|way\b))"
)
_SMALL_AREA = re.compile(r"\b([a-z]{1,2}\d{1,2}[a-z]?) (?:area|postcode)\b")
_ASKED_AREA = re.compile(
    r"\b(?:postcode|post code|area)(?: is| starts| starting| begins| beginning|"
    r":)?(?: with)? ([A-Z]{1,2}\d{1,2}[A-Z]?)\b"
)
_AREA_WORDS = frozenset({"area", "postcode", "code"})
_AFTER = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Ff]rom|[Tt]o|[Aa]round|[Oo]utside|[Aa]t|[Tt]owards|[Rr]ound|[Tt]hrough|[Ll]eaving|[Cc]entral|[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est|IN|FROM|NEAR)"
    r" ((?:[A-Z][a-z'\u2019\-]{2,20}|[A-Z]{4,20})(?:(?:[ \-](?:on|upon|le|under|in|by)"
    r"[ \-])?[ \-]?[A-Z][a-z]{2,20}){0,2})(?![\w'])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_TOWN_WORDS = frozenset(town.split()[0] for town in AREA_OF)
_LONGEST_TOWN = max(map(len, AREA_OF))


def postcodes_in(piece: Piece, *, asked: bool = False) -> Iterator[Hit]:
    """Find whole postcodes; of each its first half is a place. First halves alone are places too."""
    text = piece.text
    if not asked and not _DIGIT.search(text):
        return
    at = 0
    for one in (postcodes.in_field if asked else small_postcodes)(text, ""):
        start = text.lower().find(one.as_typed.lower(), at)
        at = end = start + len(one.as_typed)
        value = one.values[0]
        if one.readings[0].forms[0] == postcodes.WHOLE:
            seen = UNSEEN not in value
            yield Hit(Kind.POSTCODE, value, start, end, {} if seen else {"part": "yes"})
            yield Hit(Kind.PLACE, value.split()[0], start, end, {"as": "district"})
        elif UNSEEN not in value:
            yield Hit(Kind.PLACE, value, start, end, {"as": "district"})
    if not asked:
        told = not _AREA_WORDS.isdisjoint(piece.known)
        areas = (*_ASKED_AREA.finditer(text), *_SMALL_AREA.finditer(text)) if told else ()
        for match in (*_DISTRICT.finditer(text), *areas):
            read = postcodes.readings(match[1].upper())
            if read and not re.fullmatch(r"[ABM]\d{1,4}", match[1]):
                yield Hit(Kind.PLACE, read[0].value, match.start(1), match.end(1), {"as": "district"})


def addresses_in(piece: Piece) -> Iterator[Hit]:
    """Find a number and a street, in it."""
    text = piece.text
    taken: list[tuple[int, int]] = []
    yield from _houses_numbered(piece, taken)
    for match in _numbered(piece):
        start = match.start()
        flat = _FLAT.search(text, max(0, start - _FLAT_BEFORE), start)
        value = _address(match, "" if flat is None else flat[1].lower())
        start = start if flat is None else flat.start()
        if value is not None and not any(start < last and first < match.end() for first, last in taken):
            taken.append((start, match.end()))
            yield Hit(Kind.ADDRESS, value, start, match.end(), behind(text, match.end(), piece.entry))


def _houses_numbered(piece: Piece, taken: list[tuple[int, int]]) -> Iterator[Hit]:
    """Find numbers in buildings with a name, and numbers of houses that are words."""
    text = piece.text
    known = _DIGIT.search(text) and not _BUILDING_WORDS.isdisjoint(piece.known)
    for match in (*_IN_HOUSE.finditer(text), *_HOUSE_THEN.finditer(text)) if known else ():
        name = match["street"].lower().replace("\u2019", "'").split()
        asked = piece.asked in _ADDRESS_FIELDS
        if _NOT_HOUSE.intersection(name) or NO_STREET.intersection(name):
            continue
        if not (asked or match["street"][0].isupper()) or any(word in KIND_OF for word in name):
            continue
        taken.append(match.span())
        number = match["number"] or match["flat"]
        value = f"{number.lower()}|{' '.join(name)}|{match['type'].lower()}"
        yield Hit(Kind.ADDRESS, value, *match.span(), behind(text, match.end(), piece.entry))
    for match in _SPOKEN_NUMBER.finditer(text) if not _COUNTED.keys().isdisjoint(piece.known) else ():
        if not (match["tens"] or match["ones"]):
            continue
        number = sum(_COUNTED[part.lower()] for part in (match["tens"], match["ones"]) if part)
        told = _address(match, "", str(number))
        if told is not None:
            taken.append(match.span())
            yield Hit(Kind.ADDRESS, told, *match.span(), behind(text, match.end(), piece.entry))


def houses_in(piece: Piece) -> Iterator[Hit]:
    """Find the names of houses."""
    text = piece.text
    for match in _HOUSE.finditer(text) if _HOUSES & piece.known else ():
        words_ = match[1].lower().replace("\u2019", "'").split()
        while words_ and words_[0] in _BEFORE_HOUSE:
            words_ = words_[1:]
        if len(words_) < 2 or words_[0] in _NOT_HOUSE:
            continue
        more = {**around(text, match.end(), piece.entry), "named": "yes"}
        yield Hit(Kind.ADDRESS, " ".join(words_), match.start(), match.end(), more)


def first_parts_in(piece: Piece) -> Iterator[Hit]:
    """Take the first part of an address that has no number: "Holly Farm, Station Road, Surfleet"."""
    match = _FIRST_PART.match(piece.text) if piece.asked in _ADDRESS_FIELDS else None
    if match is None:
        return
    name = folded(match[1]).lower().replace("\u2019", "'").split()
    if name[0] == "the":
        name = name[1:]
    if not name or name[-1] in KIND_OF or " ".join(name) in AREA_OF:
        return
    farm = CLASS_OF.get(name[-1]) == "farm"
    if name[-1] in TYPE_WORDS and not farm:
        return  # premises
    more = {**around(piece.text, match.end(), piece.entry), "named": "yes"}
    # What does not end like a house may be premises: a house has a street.
    in_town = (farm or name[-1] in _HOUSES) and (more.get("stated") or more.get("town"))
    if more.get("street") or in_town:
        yield Hit(Kind.ADDRESS, " ".join(name), match.start(1), match.end(1), more)


def _numbered(piece: Piece) -> Iterator[re.Match[str]]:
    if not _DIGIT.search(piece.text):
        return
    yield from _ADDRESS.finditer(piece.text)
    yield from _THE_STREET.finditer(piece.text)
    if _LATER_WORDS & piece.known and _LATER.search(piece.text):
        yield from _NUMBER_LATER.finditer(piece.text)
    if piece.asked in _ADDRESS_FIELDS and (match := _ALONE.match(piece.text)) is not None:
        yield match


def towns_in(piece: Piece) -> Iterator[Hit]:
    """Find towns: known ones, the ends of addresses, and what stands after "in", "near" and so on."""
    text = piece.text
    for match in _WORD.finditer(text) if _TOWN_WORDS & piece.known else ():
        first = match[0].lower()
        if first not in _TOWN_WORDS:
            continue
        name = _town(text, match.start(), first)
        if name and (match[0][0].isupper() or name not in _WORDS_TOO):
            yield Hit(Kind.PLACE, name, match.start(), match.start() + len(name), {"as": "town"})
    for match in _AFTER.finditer(text):
        name = match[1].lower().replace("-", " ").replace("\u2019", "'")
        if set(name.split()) & TYPE_WORDS:
            continue
        if name.split()[0] not in NO_TOWN and name not in AREA_OF and name.split()[-1] not in KIND_OF:
            yield Hit(Kind.PLACE, name, match.start(1), match.end(1), {"as": "perhaps"})
    if piece.asked in ("places.address", "people.address", "organisation.reached"):
        for part in re.split(r"[,\n]", text)[1:]:
            name = re.sub(r"[^a-z' \-]", "", part.lower()).replace("-", " ").strip()
            if (
                3 <= len(name) <= 25
                and len(name.split()) <= 3
                and name not in AREA_OF
                and name.split()[-1] not in KIND_OF
                and name.split()[0] not in NO_TOWN
            ):
                at = text.find(part)
                yield Hit(Kind.PLACE, name, at, at + len(part), {"as": "perhaps"})


def _town(text: str, start: int, first: str) -> str:
    """Give the longest name of a town that begins there, or nothing."""
    behind = text[start : start + _LONGEST_TOWN + 1].lower().replace("-", " ")
    parts = behind.split(" ")
    for count in (4, 3, 2):
        if " ".join(parts[:count]).strip(",.;:!?)'") in AREA_OF:
            return " ".join(parts[:count]).strip(",.;:!?)'")
    return first if first in AREA_OF else ""


_WORDS_TOO = words(
    """
    bath reading sale bury derby barking hyde rugby lincoln bow deal hove poole hull barry ely stoke leek
    crewe preston nelson
    sudbury dover boston corby stamford chester newport richmond hamilton hayes acton eccles soho leigh
    sutton ashford
    slough margate grays barrow redcar selby ripon louth frome hatfield harrow epsom lewes truro perth
    stone easton knowle
    aston kingston warwick windsor goole rhyl neath sidcup dudley stafford
    """
)


def _address(match: re.Match[str], flat: str, number: str = "") -> str | None:
    words = _NUMBERED.sub(
        "", match["street"].lower().replace("\u2019", "'").replace("'", "").replace("-", " ")
    ).split()
    while len(words) > 1 and words[0] in NO_STREET and words[0] != "the":
        words = words[1:]
    kind = KIND_OF.get(match["type"].lower(), "")
    if (
        not words
        or words[0] in NO_STREET - {"the", "old"}
        or words[-1] in NO_STREET
        or len(" ".join(words)) < 3
    ):
        return None
    if words[0] == "saint":
        words[0] = "st"
    if words[0] == "the" and len(words) > 1 and kind:
        words = words[1:]
    number = number or match["number"].lower().replace(" ", "").lstrip("0")
    if not number:
        return None
    flat = f"{flat}/" if flat else ""
    return f"{flat}{number}|{' '.join(words)}|{kind}"
