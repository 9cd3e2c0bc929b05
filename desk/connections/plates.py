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
_CUE = r"(?:number ?plates?|licen[cs]e plates?|reg(?:istration)?(?: ?plate| ?number| mark| ?no\.?)?|plates?|vrm|vrn|index)"
_CUED = re.compile(rf"\b{_CUE}\b[^.\n]{{0,40}}", re.IGNORECASE)
_FILL = r"(?:something|sumthing|smth|\.{2,6}|\u2026|\*{1,3}|_{1,3}|-{2,4}|\?{1,3}|xxx|XXX|blah|can'?t remember|dont know|don't know)"
_GO = r"(?:is|was|are|number|plate|reg|with|the|letters?|in|of|like|maybe|possibly|i think|three|four|first|last|part|bit|half|=|:)"
_SKIP = rf"(?:[ :'\"\u2018\u201c(]|\b{_GO}\b){{0,8}}"
_STARTS = re.compile(
    rf"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|began|first (?:part|half|bit|four|4|two|2|few|letters?))\b{_SKIP}"
    r"([A-Z]{2}[ -]?[0-9OI]{2}|[A-Z]{2})(?: ?([A-Z]{1,2}))?(?![\w])",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b(?:end(?:s|ed|ing)?|finish(?:es|ed|ing)?|last (?:part|half|bit|three|3|two|2|few|letters?))\b{_SKIP}"
    r"((?:[0-9OI]{1,2}[ -]?)?[A-Z]{3}|[A-Z]{2})(?![\w'])",
    re.IGNORECASE,
)
_FIRST_SEEN = re.compile(rf"(?<![\w@#])([A-Z]{{2}}[0-9OI]{{2}})(?: ?([A-Z]{{1,2}}))? ?{_FILL}", re.IGNORECASE)
_LAST_SEEN = re.compile(rf"{_FILL} ?((?:[0-9OI]{{2}} ?)?[A-Z]{{3}})(?![\w@])")
_SPACED = re.compile(
    r"(?<![\w@#.\-])([A-Z?*_])[ .\-]{0,3}([A-Z?*_])[ .\-]{0,3}([0-9OIS?*_])[ .\-]{0,3}([0-9OIS?*_])[ .\-]{0,3}([A-Z?*_])[ .\-]{0,3}"
    r"([A-Z0?*_])[ .\-]{0,3}([A-Z0?*_])(?![\w@])(?![.\-]\w)"
)
_UNSEEN_TOO = str.maketrans("*_", UNSEEN * 2)
_NATO = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec"
    " romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu"
)
_DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_SAID = {word: word[0].upper() for word in _NATO.split()} | {
    word: str(n) for n, word in enumerate(_DIGIT_WORDS)
}
_SPOKEN = re.compile(
    rf"(?<![a-z])(?:(?:{'|'.join(_SAID)}|\d{{1,3}})[ ,\-]{{1,2}}){{3,6}}(?:{'|'.join(_SAID)}|\d{{1,3}})(?![a-z0-9])",
    re.IGNORECASE,
)
# Letters read as digits on a dirty plate and the other way, beside O and I.
_AS_DIGIT = str.maketrans("SBGZLTQD", "58621700")
_AS_LETTER = str.maketrans("58621047", "SBGZIOAT")
_CURRENT = re.compile(r"[A-Z?]{2}[0-9?]{2}[A-Z?]{3}")
_WORDS = words(
    """
    THE AND WAS FOR BUT HIS HER HAS HAD NOT ARE YOU ALL CAN ONE OUT GOT VAN CAR MAN MEN WHO SEE HIM SHE
    ANY NOW LOT WAY OFF TWO THAT IN ON AT IT IS OR SO UP TO NO MY WE HE OF AS BY IF DO GO ME AN AM BE US
    LKE YES
    """
)
_AROUND = 90  # characters in which a vehicle is described


def found_in(piece: Piece) -> Iterator[Hit]:
    """Find the marks in a piece of text or in an answer about vehicles."""
    asked = piece.asked == "vehicles.registration"
    described = _entry(piece) if piece.asked.startswith("vehicles.") else None
    for value, start, end, form in _values(piece.text, asked=asked):
        about = described if described is not None else _around(piece.text, start, end)
        more = {"form": form, **about}
        yield Hit(Kind.REGISTRATION, value, start, end, more)


def _values(text: str, *, asked: bool) -> Iterator[tuple[str, int, int, str]]:
    if not asked and not _maybe(text):
        return
    taken: list[tuple[int, int]] = []
    for value, start, end in _partials(text, asked=asked):
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            yield value, start, end, "part"
    at = 0
    for one in (registrations.in_field if asked else registrations.in_text)(text, ""):
        start = text.find(one.as_typed, at)
        end = start + len(one.as_typed)
        at = end
        if any(start < last and first < end for first, last in taken):
            continue
        taken.append((start, end))
        value, form = _best(one.values[0], one.readings[0].forms[0], valid=one.readings[0].valid)
        if value:
            yield value, start, end, form
    for value, start, end, form in (*_cued(text, asked=asked), *_spoken(text)):
        if not any(start < last and first < end for first, last in taken):
            taken.append((start, end))
            yield value, start, end, form


def _maybe(text: str) -> bool:
    return (
        any(char.isdigit() for char in text)
        or "plate" in text
        or "reg" in text.lower()
        or _SPOKEN.search(text) is not None
    )


def _best(value: str, form: str, *, valid: bool) -> tuple[str, str]:
    """Give what an answer that was read means: a short one is a part, a strange one may be misread."""
    if valid and len(value) >= 5 and form not in ("dateless",):
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
    return plain if _CURRENT.fullmatch(plain) else ""


def _partials(text: str, *, asked: bool) -> Iterator[tuple[str, int, int]]:
    plain = folded(text)
    for pattern, side in ((_STARTS, "start"), (_ENDS, "end"), (_FIRST_SEEN, "start"), (_LAST_SEEN, "end")):
        where = plain if pattern is _LAST_SEEN and asked else text
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
                yield value, match.start(), match.end()


def _near_cue(text: str, at: int) -> bool:
    return re.search(_CUE, text[max(0, at - 70) : at + 30], re.IGNORECASE) is not None


def _laid_out(signs: str, side: str) -> str | None:
    if side == "start":
        value = (signs[:2] + signs[2:4].translate(str.maketrans("OI", "01")) + signs[4:]).ljust(LONG, UNSEEN)
    else:
        head, tail = signs[:-3], signs[-3:]
        value = (head.translate(str.maketrans("OI", "01")) + tail).rjust(LONG, UNSEEN)
    return value if _CURRENT.fullmatch(value) else None


def _cued(text: str, *, asked: bool) -> Iterator[tuple[str, int, int, str]]:
    """Find marks that are written in a way that only a cue makes sure: small, spaced out, with unseen signs."""
    plain = folded(text)
    for match in _SPACED.finditer(plain):
        raw = text[match.start() : match.end()]
        cued = asked or _near_cue(text, match.start())
        if not cued and (raw != raw.upper() or plain == text):
            continue
        signs = "".join(match.groups()).translate(_UNSEEN_TOO)
        if sum(sign != UNSEEN for sign in signs) < 4 or not re.search(r"[0-9]", signs):
            continue
        value = _mended(signs)
        if value:
            yield value, match.start(), match.end(), "current"
    for cue in _CUED.finditer(text) if not asked else ():
        for match in re.finditer(r"(?<![\w@])[A-Z0-9?*]{2,4}[ \-]?[A-Z0-9?*]{2,4}(?![\w@])", folded(cue[0])):
            signs = re.sub(r"[ -]", "", match[0]).translate(_UNSEEN_TOO)
            start, end = cue.start() + match.start(), cue.start() + match.end()
            read = (
                registrations.readings(signs)
                if re.search(r"[0-9]", signs) and re.search("[A-Z]", signs)
                else ()
            )
            if read and len(signs) >= 5 and read[0].valid:
                yield read[0].value, start, end, read[0].forms[0]
            elif len(signs) == LONG and (mended := _mended(signs)) and sum(map(str.isdigit, signs)) >= 1:
                yield mended, start, end, "current"
            elif re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z]{2}", signs):
                yield signs + UNSEEN, start, end, "part"
            elif re.fullmatch(r"[A-Z]{2}[0-9]{2}", signs):
                yield signs.ljust(LONG, UNSEEN), start, end, "part"


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
    return _described(
        vehicles.make(f"{told['make']} {told['model']}", asked=True),
        vehicles.colour(told["colour"], asked=True),
    )


def _around(text: str, start: int, end: int) -> Mapping[str, str]:
    """Read what stands around a mark: up to the end of its sentence, or to another mark before it."""
    before = re.split(r"[.;\n] ", text[max(0, start - _AROUND) : start])[-1]
    after = re.split(r"[.;\n] ", text[end : end + 40])[0]
    make = vehicles.make(before) or vehicles.make(after)
    colour = vehicles.colour(_last_colour(before)) or vehicles.colour(after)
    return _described(make, colour)


def _last_colour(before: str) -> str:
    # "black jacket got out of the silver Golf": the colour nearest to the plate.
    words = before.split()
    found = [word for word in words if vehicles.colour(word)]
    return found[-1] if found else ""


def _described(make: str, colour: str) -> dict[str, str]:
    return {**({"make": make} if make else {}), **({"colour": colour} if colour else {})}
