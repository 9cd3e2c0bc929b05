"""What stands behind a place: its postcode, its street, its town, whether anybody knows that or not."""

import re
from collections.abc import Iterator, Mapping

from desk.connections.streets import KIND_OF
from desk.connections.towns import AREA_OF
from desk.connections.wordlists import words
from desk.normalise import postcodes
from desk.normalise.found import Found
from desk.normalise.found import Kind as Normal
from desk.normalise.signs import UNSEEN, folded

TYPES = "|".join(sorted(KIND_OF, key=len, reverse=True))
_DIGIT = re.compile(r"[0-9]")
_LAST_WORD = re.compile(r"[A-Za-z]+$")
_LONGEST_KIND = 12  # letters
_ON_STREET = re.compile(
    rf"[ ,]{{1,2}}(?:on |at |in |off |along |down )?(?:the )?"
    rf"(?P<street>[a-z][a-z'\u2019.\-]{{2,20}}(?: [a-z][a-z'\u2019\-]{{1,20}}){{0,2}}?)"
    rf" (?P<type>{TYPES})(?![\w'])",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\.?(?:[ ,]{1,2}|,? (?:in|near|at) )((?:[A-Z][a-z'\u2019\-]{2,20})(?:[ \-][A-Z][a-z'\u2019]{2,20}){0,2})"
)
_WIDE = words(
    """
    yorkshire lancashire lancs yorks west east north south midlands county kent essex sussex surrey
    norfolk suffolk lincolnshire lincs cambridgeshire cambs cheshire derbyshire nottinghamshire
    notts staffordshire staffs uk england scotland wales devon cornwall somerset dorset hampshire
    hants berkshire berks bucks greater manchester london merseyside cumbria northumberland durham
    wiltshire wilts oxfordshire gloucestershire worcestershire shropshire
    """
)
NO_STREET = words(
    """
    the a an of in on at to and men people girls boys women cars vans times hours days weeks months
    years minutes pm am or from by with for mile miles lads guys more other others big young old man k
    quid pounds grand per was is were had bedroom bed door doors floor story storey foot feet inch metre
    metres different every th nd rd
    """
)
NO_TOWN = words(
    """
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday english polish romanian albanian vietnamese british
    chinese russian arabic asian african european eastern england scotland wales britain ireland romania
    albania poland vietnam china europe africa nigeria bulgaria lithuania ukraine turkey pakistan india
    bangladesh instagram facebook snapchat telegram whatsapp tesco asda lidl aldi sainsbury sainsburys
    mcdonalds costa greggs the this that there then his her their our they police christmas easter god
    new street road lane avenue high church station mill house hall school court flat about what which
    when where some any every each one two three four five black white red blue green silver grey ford
    bmw audi mercedes vauxhall transit google heaven romanians albanians google internet university
    hospital gmail
    """
)
_SMALL = re.compile(
    r"[a-zA-Z](?<![\w?@#./\-].)[a-zA-Z]?[0-9OI][0-9a-zA-Z]?[ \u00a0]{0,2}[0-9O][a-zA-Z]{2}"
    r"(?![\w@])(?![./\-]\w)"
)


def small_postcodes(text: str, where: str) -> Iterator[Found]:
    """Find postcodes in running words, also in small letters."""
    for match in _SMALL.finditer(text):
        plain = re.sub(r"\s", "", match[0].upper())
        # "NOBODY" is laid out as one.
        if _DIGIT.search(plain) and (read := postcodes.readings(plain)):
            yield Found(Normal.POSTCODE, where, match[0], read)


def around(text: str, end: int, entry: Mapping[str, object]) -> dict[str, str]:
    """Give what is told right behind a name of a place: postcode, town, what may be one, and the street."""
    found = behind(text, end, entry)
    if (match := _ON_STREET.match(text, end)) is not None and not NO_STREET & set(
        match["street"].lower().split()
    ):
        found["street"] = f"{match['street'].lower()} {KIND_OF[match['type'].lower()]}"
        for key, value in behind(text, match.end(), entry).items():
            found.setdefault(key, value)
    return found


def behind(text: str, end: int, entry: Mapping[str, object]) -> dict[str, str]:
    """Give the postcode and the town that stand right behind an address, or beside it in the same entry."""
    found: dict[str, str] = {}
    near = re.split(r"[;\n]|\. ", text[end : end + 70])[0]
    asked = str(entry.get("postcode", ""))
    for one in (*small_postcodes(near, ""), *postcodes.in_field(asked, "")):
        if one.readings[0].forms[0] == postcodes.WHOLE and UNSEEN not in one.values[0]:
            found.setdefault("postcode", one.values[0])
        found.setdefault("district", one.values[0].split()[0])
    for part in re.split(r"[,]| in ", folded(near)):
        name = re.sub(r"[^a-z' ]", "", part.lower().replace("-", " ")).strip()
        for known in (name, *name.split()):
            if known in AREA_OF:
                found.setdefault("town", known)
    if stated := _stated(text, end):
        found["stated"] = stated
    return found


def _stated(text: str, end: int) -> str:
    """Give the words of the places that stand right behind, known or not."""
    found: list[str] = []
    if text[end : end + 1] == ".":
        # "Terr. Hartlepool", but not "Car Wash. Six lads"
        last = _LAST_WORD.search(text, max(0, end - _LONGEST_KIND), end)
        if last is None or KIND_OF.get(last[0].lower(), last[0].lower()) == last[0].lower():
            return ""
    while (match := _STATED.match(text, end)) is not None:
        end = match.end()
        parts = match[1].lower().replace("-", " ").replace("\u2019", "'").split()
        if parts[-1] not in KIND_OF:
            found += [word for word in parts if not (word in _WIDE or word in NO_STREET or word in NO_TOWN)]
    return " ".join(found)
