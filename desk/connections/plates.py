"""Registration marks in a case, whole or in part, with what is said of the vehicle.

A part of a plate is written out to the seven signs of a current one: "starts KX61" is KX61???, "ends in LKM"
????LKM.
"""

import re
from collections.abc import Iterator, Mapping

from desk.connections import vehicles
from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.connections.wordlists import words
from desk.normalise import registrations
from desk.normalise.signs import UNSEEN, folded

LONG = 7  # signs of a current plate
_CUE = (
    r"(?:number ?plates?|licen[cs]e plates?|reg(?:istration)?(?: ?plate| ?number| mark|"
    r" ?no\.?)?|plates?|vrm|vrn|index)"
)
_CUED = re.compile(rf"\b{_CUE}\b", re.IGNORECASE)
_CUE_BEFORE, _CUE_AFTER, _NEAR, _RIGHT_BEFORE = 45, 28, 70, 26  # characters
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}(?!\w)")
# Looked for at every word: "reg FJ2" is no beginning of a mark.
_CANDIDATE = re.compile(
    r"(?<![\w@#./-])(?=([A-Z0-9?*]{1,4}[ \-]?[A-Z0-9?*]{2,4})(?![\w@])(?![/-]\w)"
    r"(?!\.(?:\w{1,2}\b|\d|COM\b|NET\b|ORG\b)))"
)
_FOREIGN = re.compile(
    r"(?<![\w@#./-])(?:[A-Z]{1,3}[ -]\d{2,5}[ -][A-Z]{1,3}|\d{2,3}-[A-Z]{1,2}-\d{1,6}"
    r"|[A-Z]{2,3} ?\d{4,5} ?[A-Z]{0,2})(?![\w@])(?![/-]\w)"
)
_EXAMPLE = re.compile(r"AB1[0-9?]C[A-Z?]E")  # what the form shows: nobody saw it
_FILL = (
    r"(?:something|sumthing|smth|\.{2,6}|\u2026|\*{1,3}|_{1,3}|-{2,4}|\?{1,3}|xxx|XXX|blah|"
    r"can'?t remember|dont know|don't know)"
)
# In small letters, one is in each of these, and in few texts else.
_FILLS = ("omet", "mth", "..", "\u2026", "*", "_", "--", "?", "xxx", "blah", "member", "t know")
_GO = (
    r"(?:is|was|are|number|plate|reg|with|the|letters?|in|of|were|like|digits?|maybe|possibly|"
    r"i think|three|four|first|last|part|bit|half|=|:)"
)
_SKIP = rf"(?:[ :,'\"\u2018\u201c(]|\b{_GO}\b){{0,14}}"
_STARTS = re.compile(
    rf"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|began|first (?:part|half|bit|four|4|two|2|few|"
    rf"letters?))\b{_SKIP}"
    r"([A-Z]{2}[ -]?[0-9OI]{2}|[A-Z]{2})(?: ?([A-Z]{1,2}))?(?![\w])",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b(?:end(?:s|ed|ing)?|finish(?:es|ed|ing)?|last (?:part|half|bit|three|3|two|2|few|letters?))\b{_SKIP}"
    r"((?:[0-9OI]{1,2}[ -]?)?[A-Z]{3}|[A-Z]{2})(?![\w'])",
    re.IGNORECASE,
)
_FIRST_SEEN = re.compile(
    rf"(?<![\w@#])([A-Z]{{2}}[0-9OI]{{2}})(?: ?([A-Z]{{1,2}}))? ?{_FILL}(?![\\w?])", re.IGNORECASE
)
_LAST_SEEN = re.compile(rf"{_FILL} ?((?:[0-9OI]{{2}} ?)?[A-Z]{{3}})(?![\w@])")
_SPACED = re.compile(
    r"(?<![\w@#.\-])([A-Z?*_])[ .\-]{0,3}([A-Z?*_])[ .\-]{0,3}([0-9OISLZBG?*_])"
    r"[ .\-]{0,3}([0-9OISLZBG?*_])[ .\-]{0,3}([A-Z?*_])[ .\-]{0,3}"
    r"([A-Z0?*_])[ .\-]{0,3}([A-Z0?*_])(?![\w@])(?![.\-]\w)"
)
_PATTERNS = ((_STARTS, "start"), (_ENDS, "end"), (_FIRST_SEEN, "start"), (_LAST_SEEN, "end"))
_SIDE_WORDS = words(
    """
    start starts started starting begin begins beginning began first end ends ended ending finish finishes
    finished finishing last
    """
)
_CUE_WORDS = words(
    "plate plates numberplate numberplates reg regs registration regplate vrm vrn index licence license"
)
_HIDDEN = re.compile(r"[?*_]")
_DIGIT = re.compile(r"[0-9]")
_LAST_ALONE = re.compile(r"[\s.?*_-]*([A-Za-z]{3})\s*")
_VEHICLE = re.compile(r"(?i)\b(?:car|van|lorry|truck|taxi|minibus|vehicle|driv(?:es|ing))\b[^.\n]*$")
_NAMED_BEFORE = 28  # characters
_MOST_MENDED = 2  # signs
_UNSEEN_TOO = str.maketrans("*_", UNSEEN * 2)
_NATO = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november"
    " oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu"
)
_DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_SAID = {word: word[0].upper() for word in _NATO.split()} | {
    word: str(n) for n, word in enumerate(_DIGIT_WORDS)
}
_SPOKEN = re.compile(
    rf"(?<![a-z])(?:(?:{'|'.join(_SAID)}|\d{{1,3}})[ ,\-]{{1,2}}){{3,6}}(?:{'|'.join(_SAID)}|"
    rf"\d{{1,3}})(?![a-z0-9])",
    re.IGNORECASE,
)
_SAID_WORDS = frozenset(_SAID)
_TELLING = _CUE_WORDS | _SAID_WORDS
# Letters read as digits on a dirty plate and the other way, beside O and I.
_AS_DIGIT = str.maketrans("SBGZLTQD", "58621700")
_AS_LETTER = str.maketrans("58621047", "SBGZIOAT")
_CURRENT = re.compile(r"[A-Z?]{2}[0-9?]{2}[A-Z?]{3}")
_WORDS = words(
    """
    THE AND WAS FOR BUT HIS HER HAS HAD NOT ARE YOU ALL CAN ONE OUT GOT VAN CAR MAN MEN WHO SEE HIM SHE
    ANY NOW LOT WAY OFF TWO THAT IN ON AT IT IS OR SO UP TO NO MY WE HE OF AS BY IF DO GO ME AN AM BE US
    LKE YES BUS
    """
)


def found_in(piece: Piece) -> Iterator[Hit]:
    """Find the marks in a piece of text or in an answer about vehicles."""
    asked = piece.asked == "vehicles.registration"
    described = _entry(piece) if piece.asked.startswith("vehicles.") else None
    for value, start, end, form in _values(piece, asked=asked):
        if _EXAMPLE.fullmatch(value):
            continue
        about = described if described is not None else vehicles.around(piece.text, start, end)
        more = {"form": form, **about}
        yield Hit(Kind.REGISTRATION, value, start, end, more)


def _values(piece: Piece, *, asked: bool) -> Iterator[tuple[str, int, int, str]]:
    text = piece.text
    if not asked and _TELLING.isdisjoint(piece.known) and not _DIGIT.search(text):
        return
    taken: list[tuple[int, int]] = []
    if asked and (match := _LAST_ALONE.fullmatch(text)) is not None:
        yield match[1].upper().rjust(LONG, UNSEEN), match.start(1), match.end(1), "part"
        return
    at = 0
    for one in (registrations.in_field if asked else registrations.in_text)(text, ""):
        start = text.find(one.as_typed, at)
        end = start + len(one.as_typed)
        at = end
        if any(start < last and first < end for first, last in taken):
            continue
        taken.append((start, end))
        if vehicles.is_model(one.values[0]):
            continue
        value, form = _best(one.values[0], one.readings[0].forms[0], valid=one.readings[0].valid)
        if value:
            yield value, start, end, form
    digit = _DIGIT.search(folded(text)) is not None
    for value, start, end, form in (
        *(_old(piece) if _HIDDEN.search(text) else ()),
        *_partials(piece, asked=asked),
        *(_cued(piece, asked=asked) if digit else ()),
        *(_spoken(text) if len(_SAID_WORDS & piece.known) > 2 else ()),
    ):
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            yield value, start, end, form


def _best(value: str, form: str, *, valid: bool) -> tuple[str, str]:
    """Give what an answer that was read means: a short one is a part, a strange one may be misread."""
    if valid and len(value) >= 5 and form != "dateless":
        return value, form
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z]{0,2}", value):
        return value.ljust(LONG, UNSEEN), "part"
    if re.fullmatch(r"[0-9]{0,2}[A-Z]{3}", value):
        return value.rjust(LONG, UNSEEN), "part"
    if form == "other" and len(value) == LONG and (mended := _mended(value)):
        return mended, "current"
    return value, form


def _mended(value: str) -> str:
    plain = (
        value[:2].translate(_AS_LETTER) + value[2:4].translate(_AS_DIGIT) + value[4:].translate(_AS_LETTER)
    )
    changed = sum(mine != theirs for mine, theirs in zip(plain, value, strict=True))
    return plain if changed <= _MOST_MENDED and _CURRENT.fullmatch(plain) else ""


_OLD = re.compile(
    r"(?<![\w@#./-])(?:[A-Z?*_][0-9?*_]{1,3}[ -]?[A-Z?*_]{3}|[A-Z?*_]{3}[ -]?[0-9?*_]{1,3}[A-Z?*_]"
    r"|[A-Z?*_]{2}[ZI?*_][ -]?[0-9?*_]{3,4})(?![\w@*])(?![./-]\w)"
)


def _old(piece: Piece) -> Iterator[tuple[str, int, int, str]]:
    """Find marks of older layouts with signs that were not seen: these make it no word."""
    for match in _OLD.finditer(folded(piece.text)):
        signs = re.sub(r"[ -]", "", match[0]).translate(_UNSEEN_TOO)
        unseen = signs.count(UNSEEN)
        if not unseen or len(signs) - unseen < 4 or not re.search(r"[0-9]", signs):
            continue
        if read := registrations.readings(signs):
            yield read[0].value, match.start(), match.end(), read[0].forms[0]


def _partials(piece: Piece, *, asked: bool) -> Iterator[tuple[str, int, int, str]]:
    text = piece.text
    small = text.lower()
    patterns = () if _SIDE_WORDS.isdisjoint(piece.known) else _PATTERNS[:2]
    if any(map(small.__contains__, _FILLS)):
        patterns = (*patterns, *_PATTERNS[2:])
    for pattern, side in patterns:
        where = folded(text) if pattern is _LAST_SEEN and asked else text
        for match in pattern.finditer(where):
            cued = asked or pattern is _FIRST_SEEN or _near_cue(text, match.start())
            if not cued:
                continue
            signs = re.sub(r"[ -]", "", "".join(filter(None, match.groups()))).upper()
            if signs in _WORDS or (
                not asked and signs[:2] in _WORDS and pattern is _FIRST_SEEN and match[1].islower()
            ):
                continue
            if (value := _laid_out(signs, side)) is not None:
                yield value, match.start(), match.end(), "part"


def _near_cue(text: str, at: int) -> bool:
    return _CUED.search(text, max(0, at - _NEAR), at + _NEAR) is not None


def _laid_out(signs: str, side: str) -> str | None:
    if side == "start":
        value = (signs[:2] + signs[2:4].translate(str.maketrans("OI", "01")) + signs[4:]).ljust(LONG, UNSEEN)
    else:
        head, tail = signs[:-3], signs[-3:]
        value = (head.translate(str.maketrans("OI", "01")) + tail).rjust(LONG, UNSEEN)
    return value if _CURRENT.fullmatch(value) else None


def _cued(piece: Piece, *, asked: bool) -> Iterator[tuple[str, int, int, str]]:
    """Find marks that only a cue makes sure: small, spaced out, with unseen signs."""
    text = piece.text
    plain = folded(text)
    for match in _SPACED.finditer(plain):
        raw = text[match.start() : match.end()]
        if not asked and _beside_postcode(match, raw, plain):
            continue
        cued = asked or _near_cue(text, match.start()) or _of_vehicle(text, match.start(), raw)
        if not cued and (raw != raw.upper() or not _looks_sure(raw)):
            continue
        signs = "".join(match.groups()).translate(_UNSEEN_TOO)
        if sum(sign != UNSEEN for sign in signs) < 4 or not re.search(r"[0-9]", signs):
            continue
        value = _mended(signs)
        if value:
            yield value, match.start(), match.end(), "current"
    if asked or not _CUE_WORDS & piece.known:
        return
    yield from _by_cue(text, plain)


def _beside_postcode(match: re.Match[str], raw: str, plain: str) -> bool:
    """Tell whether signs are a postcode and a lone word behind it: "LS9 7QN. A"."""
    one = _POSTCODE.match(plain, match.start())
    if one is not None and one.end() < match.end():
        return True
    ends = re.findall(r"[.?] ", raw)
    return 0 < len(ends) < len(re.findall(r"[ .\-]+", raw))


def _by_cue(text: str, plain: str) -> Iterator[tuple[str, int, int, str]]:
    taken: list[tuple[int, int]] = []
    for match in _FOREIGN.finditer(text):
        before = text[max(0, match.start() - _RIGHT_BEFORE) : match.start()]
        if _CUED.search(before) and not _WORDS & set(re.findall("[A-Z]+", match[0])):
            signs = re.sub(r"[ -]", "", match[0])
            read = registrations.readings(signs)
            taken.append(match.span())
            yield read[0].value if read else signs, *match.span(), read[0].forms[0] if read else "other"
    for match in _CANDIDATE.finditer(plain):
        first, last = match.span(1)
        if any(first < end and start < last for start, end in taken) or not _DIGIT.search(match[1]):
            continue
        if _is_cued(text, first, last) and (found := _sure_by_cue(_joined(match[1]))) is not None:
            taken.append((first, last))
            yield found[0], first, last, found[1]


def _is_cued(text: str, first: int, last: int) -> bool:
    before = text[max(0, first - _CUE_BEFORE) : first]
    return _CUED.search(before) is not None or _CUED.search(text, last, last + _CUE_AFTER) is not None


def _joined(typed: str) -> str:
    first, *after = re.split(r"[ -]", typed)
    parts = after if after and first in _WORDS else [first, *after]
    return "".join(parts[:-1] if parts[-1] in _WORDS else parts).translate(_UNSEEN_TOO)


def _of_vehicle(text: str, start: int, raw: str) -> bool:
    """Tell whether a vehicle is spoken of right before signs that hold no word."""
    letters = set(re.findall(r"[A-Z]+", raw.upper()))
    before = text[max(0, start - _NAMED_BEFORE) : start]
    return not _WORDS & letters and (_VEHICLE.search(before) is not None or vehicles.make(before) != "")


def _looks_sure(raw: str) -> bool:
    """Tell whether signs that nobody called a plate are none of the words that people shout."""
    parts = re.findall(r"[A-Z]+", raw)
    return re.search(r"[0-9?*_][ .-]*[0-9?*_]", raw) is not None and not _WORDS.intersection(parts)


def _sure_by_cue(signs: str) -> tuple[str, str] | None:
    if not re.search(r"[A-Z]", signs) or not _DIGIT.search(signs):
        return None
    read = registrations.readings(signs)
    if read and len(signs) >= 5 and read[0].valid and not vehicles.is_model(signs):
        return read[0].value, read[0].forms[0]
    if len(signs) == LONG and (mended := _mended(signs)):
        return mended, "current"
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z]{0,2}", signs):
        return signs.ljust(LONG, UNSEEN), "part"
    return None


def _spoken(text: str) -> Iterator[tuple[str, int, int, str]]:
    for match in _SPOKEN.finditer(text):
        signs = "".join(
            _SAID.get(word, word) for word in re.split(r"[ ,\-]+", match[0].lower().replace("x-ray", "xray"))
        )
        read = registrations.readings(signs)
        if read and len(signs) >= 6 and any(char.isalpha() for char in signs):
            yield read[0].value, match.start(), match.end(), read[0].forms[0]


def _entry(piece: Piece) -> Mapping[str, str]:
    told = {name: str(piece.entry.get(name, "")) for name in ("make", "model", "colour", "marks")}
    return vehicles.described(
        vehicles.make(f"{told['make']} {told['model']}", asked=True),
        vehicles.colour(told["colour"], asked=True) or vehicles.colour(f"{told['make']} {told['model']}"),
    )
