"""Telephone numbers, whole or in part ("ends in 0123", "07700 900 1??")."""

import re
from collections.abc import Iterator

from desk.connections import common
from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.normalise import telephones
from desk.normalise.found import Found
from desk.normalise.signs import folded

UNSEEN = "?"
_WORDS = {
    "zero": "0", "oh": "0", "nought": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPELT = re.compile(
    rf"(?<![a-z])(?:(?:(?:double|treble|triple) )?(?:{'|'.join(_WORDS)}|\d{{1,6}})"
    rf"[ ,.\-]{{1,2}}){{3,13}}(?:(?:double|treble|triple) )?(?:{'|'.join(_WORDS)}|\d{{1,6}})"
    rf"(?![a-z0-9])",
    re.IGNORECASE,
)
_SPELT_ONE = re.compile(r"\b(?:(double|treble|triple) )?([a-z]+|\d+)", re.IGNORECASE)
_SIGN_O = re.compile(r"[O0o](?<![\w@].)[\dOoIl][\dOoIl \-]{8,13}[\dOoIl](?![\w@])")
_LAST = re.compile(
    r"\b(?:(?:phone|number|mobile|mob|tel|burner|num|no)\b[^.\n]{0,40}?)?"
    r"\b(?:end(?:s|ed|ing)?(?: in| with)?|last (?:few |three |four |five |six |3 |4 |5 |"
    r"6 )?(?:digits?|numbers?)(?: of (?:the|his|her|their|that) (?:phone |mobile )?(?:number|"
    r"mobile|phone))?(?: (?:is|are|was|were))?)"
    r"[ :]{1,3}((?:\d[ -]?){3,9})(?![\w])",
    re.IGNORECASE,
)
_ABOUT_PHONE = re.compile(
    r"\b(?:phone|number|mobile|mob|tel|burner|num|call(?:s|ed)?|text(?:s|ed)?|rang|whatsapp)\b", re.IGNORECASE
)
_ABOUT_OTHER = re.compile(
    r"\b(?:plate|reg|registration|account|acc|card|sort|wallet|van|car)\b", re.IGNORECASE
)
_PART = re.compile(
    r"((?:\+(?<![\w@+].)44|0(?<![\w@+].)044|0(?<![\w@+].))"
    r"[ ]?(?:\(0\))?[ ]?[1-9?*xX_\d](?:[ \-]{0,2}[\d?*xX_]){7,10}|"
    r"(?:\+(?<![\w@+].)44|0(?<![\w@+].))[ ]?7\d{2,3}(?:[ \-]?\d){0,6}(?= ?(?:\.{2,}|\u2026)))(?![\w])"
)
_ASKED_FOR_HELP = re.compile(
    r"\b(?:helpline|crimestoppers|childline|police|council|hotline|nspcc|samaritans|gmb|unseen|charity|agency|hmrc|glaa"
    r"|acas|citizens advice|social services|reported (?:it|this|them) to|rang|ring|advice line|"
    r"action fraud)\b[^.\n]{0,40}$",
    re.IGNORECASE,
)
_FREE = ("+44800", "+44808", "+443", "+44500", "+44116")
_LINK = re.compile(
    r"(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=|whatsapp://send/?\?phone=|viber://\w+\?number=)"
    r"(?:\+|%2B|00)?(\d{9,15})(?!\d)[^\s,;)]*",
    re.IGNORECASE,
)
# Of these, signs that tell come first, and what may not stand before them after: such are few places.
# Written in ways that the library does not read: without the 0, sign by sign, with strokes.
_BARE = re.compile(
    r"(?:4(?<![\w@#\u00a3$\u20ac+.,/\-].)4[ -]?7|7(?<![\w@#\u00a3$\u20ac+.,/\-].))"
    r"[1-9]\d{2}[ -]?(?:\d{6}|\d{3}[ -]\d{3})"
    r"(?![\w@%/])(?![.,\-]\d)"
)
_SIGN_BY_SIGN = re.compile(
    r"(?:\+(?<![\w+].) ?4[ .\-]4|0(?<![\w+].))(?:[ .\-]{1,3}\d){9,10}(?![\w])(?![ .\-]\d\b)"
)
_STROKES = re.compile(r"(?<![\w/])0\d{2,4}/\d{3,4}/?\d{3,4}(?![\w/])")
_AND_ALSO = re.compile(r"(?<![\w+])(0\d{4} ?\d{3} ?\d{3})/(\d{1,4})(?![\w/])")
_OTHER_NUMBER = re.compile(
    r"\b(?:order|ref(?:erence)?|account|acc|item|tracking|crime|case|ticket|booking|card|imei|id)\b[^.\n]{0,20}$",
    re.IGNORECASE,
)
_THREE = re.compile(r"\d\D{0,2}\d\D{0,2}\d")
_MIXED = re.compile(r"[OoIl](?:[0-9]|(?<=[0-9].))")
_ENDS = frozenset({"end", "ends", "ended", "ending", "last"})
_LONGEST_NATIONAL = 10
_FEWEST = 6  # digits seen of a number with gaps


def from_links(piece: Piece) -> Iterator[Hit]:
    """Find numbers in links that open a chat with them."""
    for match in _LINK.finditer(piece.text) if "/" in piece.text else ():
        digits = match[1]
        typed = digits if digits.startswith("0") else f"+{digits}"
        for one in telephones.in_text(typed, ""):
            if one.values[0] not in common.numbers():
                more = {"form": one.readings[0].forms[0]}
                yield Hit(Kind.TELEPHONE, one.values[0], match.start(), match.end(), more)


def found_in(piece: Piece, *, asked: bool = False) -> Iterator[Hit]:
    """Find numbers; in an answer that was ``asked`` for them they need no sign of being one."""
    text = piece.text
    spoken = len(_WORDS.keys() & piece.known) > 2
    if not spoken and not _THREE.search(text):
        return
    taken: list[tuple[int, int]] = []
    at = 0
    for one in (telephones.in_field if asked else telephones.in_text)(text, ""):
        start = text.find(one.as_typed, at)
        at = start + len(one.as_typed)
        taken.append((start, at))
        if (hit := _whole(text, one, start)) is not None:
            yield hit
    yield from _mended(text, taken, spoken=spoken)
    yield from _parts(piece, taken, asked=asked)


def _whole(text: str, one: Found, start: int) -> Hit | None:
    reading = one.readings[0]
    if reading.value in common.numbers():
        return None
    free = reading.value.startswith(_FREE)
    if free and _ASKED_FOR_HELP.search(text, max(0, start - 80), start):
        return None
    more = {"form": reading.forms[0], **({} if reading.valid else {"valid": "no"})}
    return Hit(Kind.TELEPHONE, reading.value, start, start + len(one.as_typed), more)


def _mended(text: str, taken: list[tuple[int, int]], *, spoken: bool) -> Iterator[Hit]:
    """Find what is a number once its letters are digits: "O77OO 9OO123", "oh seven seven double oh"."""
    for match in _SIGN_O.finditer(text) if _MIXED.search(text) else ():
        if not _free(match.start(), match.end(), taken) or match[0].isdigit():
            continue
        plain = match[0].translate(str.maketrans("OoIl", "0011"))
        for one in telephones.in_text(plain, ""):
            taken.append(match.span())
            yield Hit(
                Kind.TELEPHONE, one.values[0], match.start(), match.end(), {"form": one.readings[0].forms[0]}
            )
    yield from _rewritten(text, taken)
    for match in _SPELT.finditer(text) if spoken else ():
        if not _free(match.start(), match.end(), taken):
            continue
        digits = _spoken(match[0])
        for one in telephones.in_text(digits, ""):
            taken.append(match.span())
            yield Hit(
                Kind.TELEPHONE, one.values[0], match.start(), match.end(), {"form": one.readings[0].forms[0]}
            )


def _rewritten(text: str, taken: list[tuple[int, int]]) -> Iterator[Hit]:
    """Find numbers without their 0, told sign by sign, parted by strokes, and a second one cut short."""
    found: list[tuple[str, int, int]] = []
    for match in _AND_ALSO.finditer(text) if "/" in text else ():
        first = re.sub(r"\D", "", match[1])
        found.append((first[: -len(match[2])] + match[2], match.start(2), match.end(2)))
    plain = (*(_STROKES.finditer(text) if "/" in text else ()), *_SIGN_BY_SIGN.finditer(text))
    found += [(re.sub(r"[^\d+]", "", match[0]), *match.span()) for match in plain]
    for match in _BARE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not _OTHER_NUMBER.search(text, max(0, match.start() - 30), match.start()):
            found.append((f"+{digits}" if digits.startswith("44") else f"0{digits}", *match.span()))
    for digits, start, end in found:
        for one in telephones.in_text(digits, "") if _free(start, end, taken) else ():
            if one.values[0] in common.numbers():
                continue
            taken.append((start, end))
            yield Hit(Kind.TELEPHONE, one.values[0], start, end, {"form": one.readings[0].forms[0]})


def _spoken(text: str) -> str:
    digits = ""
    for times, word in _SPELT_ONE.findall(text):
        plain = _WORDS.get(word.lower(), word if word.isdigit() else "")
        digits += plain * {"double": 2, "treble": 3, "triple": 3}.get(times.lower(), 1)
    return digits


def _parts(piece: Piece, taken: list[tuple[int, int]], *, asked: bool) -> Iterator[Hit]:
    text = piece.text
    plain = folded(text)
    for match in _PART.finditer(plain):
        if not _free(match.start(), match.end(), taken):
            continue
        value = _pattern(match[1])
        if value is not None:
            taken.append(match.span())
            yield Hit(Kind.TELEPHONE, value, match.start(), match.end(), {"part": "yes"})
    for match in _LAST.finditer(text) if _ENDS & piece.known else ():
        before = text[max(0, match.start() - 50) : match.start(1)]
        if not asked and (not _ABOUT_PHONE.search(before) or _ABOUT_OTHER.search(before)):
            continue
        digits = re.sub(r"\D", "", match[1])
        if _free(match.start(1), match.end(1), taken):
            value = "+44" + digits.rjust(_LONGEST_NATIONAL, UNSEEN)
            yield Hit(Kind.TELEPHONE, value, match.start(), match.end(), {"part": "yes"})


def _pattern(typed: str) -> str | None:
    """Give a number with ``?`` for what was not seen, as E.164, or None."""
    signs = re.sub(r"[*X_]", UNSEEN, re.sub(r"[\s\-]|\(0\)", "", typed))
    for start in ("+44", "0044", "0"):
        if signs.startswith(start):
            signs = signs.removeprefix(start)
            break
    signs = signs.removeprefix("0")
    if len(signs) < _LONGEST_NATIONAL:
        signs = signs + UNSEEN * (_LONGEST_NATIONAL - len(signs))
    seen = sum(map(str.isdigit, signs))
    if len(signs) != _LONGEST_NATIONAL or seen == _LONGEST_NATIONAL or seen < _FEWEST:
        return None
    return "+44" + signs


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return not any(start < last and first < end for first, last in taken)
