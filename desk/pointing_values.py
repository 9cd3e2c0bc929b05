"""What must not be found in a referral: telephone numbers, addresses, handles and names by which a source can
be reached, and the words by which they told who they are.

Read from the part about the source, with a wide net: a word too many costs staff a decision, a word too few
can cost the source their safety.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desk.pointing_common import COMMON, NEVER_NAMES, PROVIDERS
from desk.pointing_fold import digits, fold

_ADDRESS = re.compile(r"[\w.+\-]+\s*@\s*[\w\-]+(?:\s*\.\s*[\w\-]+)+")
_SPOKEN_ADDRESS = re.compile(
    r"[\w.+\-]+\s*[(\[{<]?\s*\bat\b\s*[)\]}>]?\s*[\w\-]+(?:\s*[(\[{<]?\s*(?:\bdot\b|\.)\s*[)\]}>]?\s*[\w\-]+)+",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:https?://)?(?:[\w\-]+\.)+[a-z]{2,}(?:/[\w./?=&%#+\-]*)?", re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"@?\w(?:[\w.'’\-]*\w)?")
_OWNED = re.compile(r"['’]s?$")
_PREFIX = re.compile(r"(?:00)?440?(?=[1-9]\d{8})|0(?=[1-9])")
_FEWEST_DIGITS = 6  # of a number that is looked for with other digits around it
_TAIL = 6  # digits: "my number ends in 900123"
_LAST = 5  # digits: "the last five are"
_FUZZY_DIGITS = 9
_TELEPHONE = range(9, 16)  # digits
_FUZZY_LETTERS = 5
_LOOSE = 7  # folded signs of a handle that is found within longer words too
_LONG_WORD = 6  # letters of a word that is worth a look where it recurs


class Sort(StrEnum):
    """How a value is looked for: among digits, among letters, or as an address that may be spelt out."""

    DIGITS = "digits"
    LETTERS = "letters"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """One value, folded. ``whole``: it counts only where a word begins and ends with it; ``edits``: how many
    signs may be wrong; ``reaches``: it is a way to reach the source and not only a word of theirs;
    ``capital``: a name that is a common word too, such as Will, so it counts only where it has a capital.
    """

    sort: Sort
    signs: str
    whole: bool
    edits: int
    reaches: bool = True
    capital: bool = False

    def __repr__(self) -> str:
        return f"<Value {self.sort}>"


@dataclass(frozen=True, slots=True, repr=False)
class Guarded:
    """What of the source must not go out: how to reach them as they wrote it, and what else they told of
    themselves and of how they know. Of ``numbers``, texts that are not passed on, only telephone numbers and
    addresses count.
    """

    reach: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "<Guarded>"


def values(guarded: Guarded) -> tuple[Value, ...]:
    """Give all that is to be looked for, each once."""
    found: dict[tuple[Sort, str], Value] = {}
    for value in _all(guarded):
        # What reaches them counts before a mere word of theirs.
        known = found.get((value.sort, value.signs))
        if value.signs and (known is None or (value.reaches and not known.reaches)):
            found[value.sort, value.signs] = value
    return tuple(found.values())


def _all(guarded: Guarded) -> Iterator[Value]:
    for text in guarded.reach:
        yield from _reaching(text)
        yield from _names(text)
    for text in guarded.told:
        # A number or an address reaches somebody wherever it stands; a name may be a suspect's.
        yield from _reaching(text)
        yield from _recurring(text)
    for text in guarded.numbers:
        yield from _numbers(text)


def _numbers(text: str) -> Iterator[Value]:
    for run in digits(text):
        if len(run.signs) in _TELEPHONE:
            yield from _number(run.signs)
    for match in _ADDRESS.finditer(unicodedata.normalize("NFKC", text)):
        yield from _address(match[0])


def _reaching(text: str) -> Iterator[Value]:
    plain = unicodedata.normalize("NFKC", text)
    for run in digits(text):
        yield from _number(run.signs)
    for pattern in (_ADDRESS, _SPOKEN_ADDRESS):
        for match in pattern.finditer(plain):
            yield from _address(match[0])
    for match in _SITE.finditer(plain):
        yield from _handle(match[0].partition("://")[2] or match[0], Sort.ADDRESS)
    for match in _WORD.finditer(plain):
        if _is_handle(match[0]):
            yield from _handle(match[0], Sort.LETTERS)


def _number(signs: str) -> Iterator[Value]:
    bare = _PREFIX.sub("", signs, count=1) if _PREFIX.match(signs) else signs
    if len(bare) < _FEWEST_DIGITS:
        return
    yield Value(Sort.DIGITS, bare, whole=False, edits=int(len(bare) >= _FUZZY_DIGITS))
    if len(bare) > _FUZZY_DIGITS:
        # Without the country's number, of however many digits that is.
        yield Value(Sort.DIGITS, bare[-_FUZZY_DIGITS:], whole=False, edits=1)
    yield Value(Sort.DIGITS, bare[-_TAIL:], whole=False, edits=0)
    yield Value(Sort.DIGITS, bare[-_LAST:], whole=False, edits=0, reaches=False)


def _address(text: str) -> Iterator[Value]:
    name, _, host = re.sub(r"(?i)[\s(\[{<]+at[\s)\]}>]+", "@", text, count=1).partition("@")
    spelt = fold(re.sub(r"(?i)\bdot\b", ".", f"{name}{host}"))
    yield Value(Sort.ADDRESS, spelt, whole=False, edits=1 if len(spelt) >= _FUZZY_LETTERS else 0)
    yield from _handle(name, Sort.LETTERS)
    own = re.split(r"(?i)[.\s]|\bdot\b", host.strip(" ([{<"))[0]
    if fold(own) not in PROVIDERS:
        yield from _handle(own, Sort.LETTERS)


def _handle(text: str, sort: Sort) -> Iterator[Value]:
    signs = fold(text)
    if len(signs) < 3 or text.casefold() in COMMON:
        return
    loose = len(signs) >= _LOOSE
    yield Value(sort, signs, whole=not loose, edits=int(len(signs) > _FUZZY_LETTERS))


def _is_handle(word: str) -> bool:
    has_letter = any(char.isalpha() for char in word)
    has_digit = any(unicodedata.digit(char, None) is not None for char in word)
    return word.startswith("@") or (has_letter and (has_digit or "_" in word or "." in word))


def _names(text: str) -> Iterator[Value]:
    """Give words that are no common ones, and each two that stand side by side."""
    before = ""
    for word, begins in _words(text):
        signs = fold(word)
        if len(signs) < 2 or signs.isdecimal():
            before = ""
        elif _is_common(word):
            before = ""
            if not begins and word[0].isupper() and word.casefold() not in NEVER_NAMES:
                yield Value(Sort.LETTERS, signs, whole=True, edits=0, capital=True)
        else:
            yield Value(Sort.LETTERS, signs, whole=_has_spaces(word), edits=_slips(signs))
            if before:
                yield Value(Sort.LETTERS, before + signs, whole=False, edits=_slips(before + signs))
                # Their initials.
                first = before[0] + signs[0]
                yield Value(Sort.LETTERS, first, whole=True, edits=0, reaches=False, capital=True)
            before = signs


def _recurring(text: str) -> Iterator[Value]:
    for word, begins in _words(text):
        named = word[0].isupper() and not begins and len(word) > 1
        if (named or len(word) >= _LONG_WORD) and not _is_common(word):
            signs = fold(word)
            yield Value(Sort.LETTERS, signs, whole=_has_spaces(word), edits=_slips(signs), reaches=False)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Give each word, and whether a sentence begins with it."""
    plain = unicodedata.normalize("NFKC", text)
    for match in _WORD.finditer(plain):
        before = plain[: match.start()].rstrip()
        word = _OWNED.sub("", match[0].lstrip("@"))
        if word:
            yield word, not before or before[-1] in ".!?:"


def _is_common(word: str) -> bool:
    return word.casefold().replace("’", "'") in COMMON


def _slips(signs: str) -> int:
    return int(len(signs) >= _FUZZY_LETTERS)


def _has_spaces(word: str) -> bool:
    """Whether a word is of a script that puts spaces between words: in others it is looked for everywhere."""
    return not _UNSPACED.search(word)
