"""Named premises and companies: "sunny nails", however its kind of business is put ("Sunny's Nail Bar")."""

import re
from collections.abc import Iterator

from desk.connections.firstnames import FIRST
from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.connections.premises_words import (
    BRANDED,
    BRANDS,
    CLASS_OF,
    COMPANY,
    ONLY_CAPITAL,
    STOP,
    TYPE_WORDS,
    is_generic,
)
from desk.connections.standing import around
from desk.connections.streets import HOUSES, KIND_OF
from desk.connections.towns import AREA_OF
from desk.connections.wordlists import words

_TAIL = r"(?:[ ,]{1,2}(?:ltd|limited|llp|plc|uk ltd|\(uk\) ltd)\b)?(?![\w@]|\.\w|-\w)"


def _by_word() -> dict[str, re.Pattern[str]]:
    """Give for the first word of each kind of business what finds those that begin so, the longest first."""
    kinds: dict[str, list[str]] = {}
    for kind in sorted(CLASS_OF, key=len, reverse=True):
        kinds.setdefault(re.findall(r"[^\W_]+", kind)[0], []).append(re.escape(kind))
    return {
        word: re.compile(rf"(?<![\w@./\-])(?:{'|'.join(those)}){_TAIL}", re.IGNORECASE)
        for word, those in kinds.items()
    }


_KINDS = _by_word()
_LTD = re.compile(r"[ ,]+(?:\(uk\) |uk )?(?:ltd|limited|llp|plc)\.?$", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?P<kind>company|firm|shop|salon|bar|place|car ?wash|restaurant|takeaway|cafe|pub|club|"
    r"business|agency|farm|factory|warehouse"
    r"|hotel|nail bar|garage|barbers?|outfit|nail shop|massage parlour|recruiters?|"
    r"umbrella company|gym|hostel|kebab shop)"
    r"(?: (?:is|was|it's|its|thats|that's|which is))? (?:called|named|known as|by the name of|"
    r"trading as|under the name(?: of)?|name is|with the name)"
    r" ?[:'\"\u2018\u201c]?(?: ?the )? ?(?P<name>[A-Z0-9][\w'\u2019&\-]*(?: (?:[A-Z0-9&][\w'\u2019&\-]*|"
    r"and|of|n)){0,3})"
)
_CALLED_WORDS = frozenset({"called", "named", "known", "trading", "name"})
_TURNED = re.compile(
    r"(?<![\w'] )(?<![\w'])(?P<kind>Hotel|Cafe|Caf\u00e9|Restaurant|Pizzeria|Club|"
    r"Salon|Bar|Hostel|Garage|Pub)"
    r" (?P<name>[A-Z][a-z'\u2019]{2,20}(?: [A-Z][a-z'\u2019]{2,20})?)(?![\w'])(?! [A-Z])"
)
_TURNED_WORDS = words("hotel cafe caf\u00e9 restaurant pizzeria club salon bar hostel garage pub")
_WHERE = re.compile(
    r"\b(?:[Aa]t|[Oo]utside|[Bb]ehind|[Oo]pposite|[Aa]bove|[Ii]nside|[Ii]nto|[Ff]rom|[Nn]ear|[Ii]n|[Tt]o|[Cc]alled|[Rr]uns|[Oo]wns)"
    r" (?:[Tt]he )?((?:[A-Z][a-z'\u2019]{2,20} ){1,2}[A-Z][a-z'\u2019]{2,20})(?! [A-Z])(?![\w'])"
)
_TOKEN = re.compile(r"[^\W_][\w'\u2019&\-]*|&|[.,;:\n!?()\"\u201c\u201d|/]")
_FIELDS = frozenset({"organisation.name", "money.shops"})
_PLACE = frozenset({"town", "stated"})
_NOTHING = frozenset({"unknown", "dont", "don't", "know", "sure", "not", "no", "none"})
_SPLIT = re.compile(r"[,;/\n(]| (?:and then|or|aka|trading as|t/a) ", re.IGNORECASE)
_MOST = 4  # words of a name
_BEFORE_OF = frozenset(
    {"house", "taste", "world", "land", "king", "palace", "city", "art", "flavour", "flavours"}
)
_OF_LAND = frozenset(
    {
        "chinese",
        "turkish",
        "thai",
        "indian",
        "polish",
        "romanian",
        "vietnamese",
        "albanian",
        "kurdish",
        "hand",
        "the",
    }
)


def found_in(piece: Piece) -> Iterator[Hit]:
    """Find names with a kind of business behind them; in answers that ask for a name, any."""
    taken: list[tuple[int, int]] = []
    text = piece.text
    for hit in (
        *_typed(piece, sure=piece.asked in _FIELDS),
        *(_turned(text) if _TURNED_WORDS & piece.known else ()),
        *_capitals(text),
        *(_called(text) if _CALLED_WORDS & piece.known else ()),
        *(_field(text) if piece.asked in _FIELDS else ()),
    ):
        if not any(hit.start < last and first < hit.end for first, last in taken):
            taken.append((hit.start, hit.end))
            told = around(text, hit.end, piece.entry)
            yield hit._replace(more={**hit.more, **{key: told[key] for key in _PLACE & told.keys()}})


def _kinds(piece: Piece) -> list[re.Match[str]]:
    """Find the kinds of business that a text names, of those that begin alike the longest."""
    found = [match for word in _KINDS.keys() & piece.known for match in _KINDS[word].finditer(piece.text)]
    found.sort(key=lambda match: (match.start(), -match.end()))
    end = 0
    kept = []
    for match in found:
        if match.start() >= end:
            kept.append(match)
            end = match.end()
    return kept


def _typed(piece: Piece, *, sure: bool) -> Iterator[Hit]:
    text = piece.text
    shouted = text.upper() == text
    for match in _kinds(piece):
        before = text[max(0, match.start() - 70) : match.start()]
        found = [(token[0], token.start()) for token in _TOKEN.finditer(before)]
        if not found or match.start() - len(before) + found[-1][1] + len(found[-1][0]) < match.start() - 2:
            continue
        kind = _LTD.sub("", match[0].lower())
        loud = shouted or (len(match[0]) > 3 and match[0].isupper() and found[-1][0].isupper())
        capital = found[-1][0][0].isupper() and not loud
        words = _walk(found, capital=capital)
        if not words:
            continue
        named = sure or _LTD.search(match[0]) is not None
        if not capital and not named and (kind in ONLY_CAPITAL or len(words) > 2):
            continue
        start = match.start() - len(before) + words[0][1]
        more = {} if capital or named else {"unsure": "yes"}
        if (
            not text[start : match.end()].lower().startswith(BRANDED)
            and (
                hit := _hit(
                    [word for word, _ in words], CLASS_OF.get(kind, COMPANY), start, match.end(), more
                )
            )
            is not None
        ):
            yield hit


def _walk(found: list[tuple[str, int]], *, capital: bool) -> list[tuple[str, int]]:
    """Give the words of the name that ends with the last of ``found``."""
    words: list[tuple[str, int]] = []
    for word, at in reversed(found):
        if len(words) == _MOST or not (word[0].isalnum() or word == "&"):
            break
        joins = word.lower() in ("and", "&", "n") or (word.lower() == "of" and words != [])
        if capital and not (word[0].isupper() or joins or word.isdigit()):
            break
        if not capital and (word.lower() in STOP or word.lower() in TYPE_WORDS):
            break
        words.append((word, at))
    words.reverse()
    for at, (word, _) in enumerate(words):
        # "Wilczek of Pinewood Labour", "Hull and Lotus Nails": the name begins behind it.
        before = words[at - 1][0].lower() if at else ""
        if (
            word.lower() in ("of", "and")
            and before not in _BEFORE_OF
            and (word.lower() == "of" or before in AREA_OF or before in FIRST)
        ):
            return _walk_on(words[at + 1 :])
    return _walk_on(words)


def _walk_on(words: list[tuple[str, int]]) -> list[tuple[str, int]]:
    while words and (
        words[0][0].lower() in STOP or words[0][0].lower() in ("and", "&", "of", "n") or words[0][0].isdigit()
    ):
        words.pop(0)
    return words


def _called(text: str) -> Iterator[Hit]:
    for match in _CALLED.finditer(text):
        kind = CLASS_OF.get(match["kind"].lower(), "")
        name = match["name"]
        if (
            not TYPE_WORDS & set(name.lower().split())
            and (hit := _hit(name.split(), kind or COMPANY, match.start("name"), match.end(), {})) is not None
        ):
            yield hit


def _turned(text: str) -> Iterator[Hit]:
    """Find names behind their kind: "Hotel Bellavista"."""
    for match in _TURNED.finditer(text):
        kind = CLASS_OF[match["kind"].lower()]
        if (hit := _hit(match["name"].split(), kind, match.start(), match.end(), {})) is not None:
            yield hit


def _capitals(text: str) -> Iterator[Hit]:
    """Find what may be a name of premises: words in capitals where one goes to."""
    for match in _WHERE.finditer(text):
        words = match[1].split()
        plain = [word.lower() for word in words]
        if (
            STOP.intersection(plain)
            or plain[-1] in HOUSES
            or plain[0] in AREA_OF
            or plain[0] in FIRST
            or plain[-1] in KIND_OF
            or " ".join(plain) in AREA_OF
        ):
            continue
        if (hit := _hit(words, COMPANY, match.start(1), match.end(1), {"unsure": "very"})) is not None:
            yield hit


def _field(text: str) -> Iterator[Hit]:
    at = 0
    for part in _SPLIT.split(text):
        start = text.find(part, at)
        at = start + len(part)
        typed = _LTD.sub("", part.strip())
        words = typed.split()
        if not 1 <= len(words) <= _MOST or _NOTHING & {word.lower() for word in words}:
            continue
        if start and " ".join(words).lower() in AREA_OF:
            continue  # "Lotus Nails, Paisley"
        if (hit := _hit(words, COMPANY, start, at, {})) is not None:
            yield hit


def _hit(words: list[str], kind: str, start: int, end: int, more: dict[str, str]) -> Hit | None:
    core = [
        plain for word in words if (plain := core_word(word)) and plain not in ("and", "&", "n", "of", "the")
    ]
    telling = [word for word in core if word not in STOP and len(word) > 1]
    core = [word for word in core if word not in _OF_LAND] or core
    if (
        not telling
        or telling[0] in BRANDS
        or (
            all(word in AREA_OF for word in telling)
            and kind in ("hotel", "pub", "storage", "church", "property")
        )
    ):
        return None
    if is_generic(core) or " ".join(words).lower().startswith(BRANDED):
        return None
    name = " ".join(core)
    return Hit(
        Kind.PREMISES,
        name if kind == COMPANY else f"{name} {kind}",
        start,
        end,
        {"core": name, "class": kind, **more},
    )


def core_word(word: str) -> str:
    """Give a word of a name without what people put or leave: capitals, "'s", a plural."""
    plain = word.lower().replace("\u2019", "'").removesuffix("'s").strip("'-.")
    return plain[:-1] if len(plain) > 4 and plain.endswith("s") and plain[-2] not in "suoia" else plain
