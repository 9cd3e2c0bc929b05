"""Text folded so that one value is found in it however it was typed, and the places that it was folded from.

Case, accents, spaces, punctuation, line ends, zero-width signs, digits of other scripts, letters that look
alike (a Cyrillic a, an O for a 0) and digits written as words make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from desk.blank import is_blank
from desk.pointing_alike import ALIKE, HAN_DIGITS

# Letters of other scripts that look like Latin ones, and signs that stand for another on a keyboard.
_ALIKE = str.maketrans(
    # Cyrillic
    "\u0430\u0435\u0440\u0441\u0443\u0445\u0458\u0455\u0501\u04bb\u051b\u051d\u043a\u043c\u043d\u0442\u0432\u0433\u03b1"
    # Greek
    "\u03c1\u03bd\u03ba\u03c4\u03c5\u03c7\u03b5\u03b7\u03c9\u03b2\u03b3"
    # what looks like 0 and 1
    "\u043e\u03bfo\u0456\u0457\u03b9\u0131il",
    "aepcyxjsdhqwkmhtbrapvktuxenwby000111111",
)
_GAP = ""  # what stands between words
_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "hundred": "00",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_LEET = str.maketrans("3457", "east")
_BRIDGE = 3  # letters between digits, or one word
_SHORT = 5  # letters of such a word
_GROUP = 3  # digits, at least, that a letter holds apart from others
_Digit = tuple[str, int, int]
_TOKEN = re.compile(r"\w+")
_SPOKEN = frozenset({"at", "dot", "punkt", "arroba"})  # how an address is read out
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, repr=False)
class Stream:
    """Folded signs; sign ``i`` stands for the text from ``starts[i]`` up to ``stops[i]``.

    ``begins`` and ``ends`` hold the signs that a word begins and ends with.
    """

    signs: str
    starts: Sequence[int]
    stops: Sequence[int]
    begins: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Give the span in the text of the signs from ``first`` up to ``end``."""
        return self.starts[first], self.stops[end - 1]

    def is_aligned(self, first: int, end: int) -> bool:
        """Whether these signs begin with a word and end with one."""
        return first in self.begins and end - 1 in self.ends


def fold(text: str) -> str:
    """Give the folded signs of ``text``, with nothing between them."""
    return "".join(map(_folded, text))


def letters(text: str) -> Stream:
    """Fold letters and digits; what is between them is left out, and remembered as the ends of words."""
    return _stream(text, frozenset())


def unspoken(text: str) -> Stream:
    """Fold so too, without the words "at" and "dot" by which people spell an address."""
    return _stream(text, _SPOKEN)


def digits(text: str) -> Iterator[Stream]:
    """Give runs of digits with no other letters between them; words that name digits count as these."""
    run: list[_Digit] = []
    times = 1
    for token in _TOKEN.finditer(text):
        word = token[0].casefold()
        if word in _TIMES:
            times = _TIMES[word]
            continue
        for part in _parts_of(token[0], token.start()):
            if not part and run:
                yield _run(run)
                run = []
            run += [one for one in part for _ in range(times)]
        times = 1
    if run:
        yield _run(run)


def bridged(text: str) -> Iterator[Stream]:
    """Give runs of digits held apart by one short word or letter at a time: "07700 and 900 then 123"."""
    run: list[_Digit] = []
    gap, joined = 0, False
    for token in _TOKEN.finditer(text):
        parts = list(_parts_of(token[0], token.start()))
        if not any(parts):
            parts = [[]] * (_BRIDGE if len(token[0]) <= _SHORT else _BRIDGE + 1)
        elif not all(parts) and any(0 < len(part) < _GROUP for part in parts):
            parts = [[]] * (_BRIDGE + 1)  # letters and digits in a mix: a plate, a wallet, no number
        for part in parts:
            gap = 0 if part else gap + 1
            if gap > _BRIDGE:
                if joined and run:
                    yield _run(run)
                run, joined = [], False
            joined = joined or (bool(run) and bool(gap))
            run += part
    if joined and run:
        yield _run(run)


def leet(stream: Stream) -> Iterator[Stream]:
    """Give letters for which digits stand, where some do: "J4n3"."""
    if any(sign in stream.signs for sign in "3457"):
        yield replace(stream, signs=stream.signs.translate(_LEET))


def near(signs: str, value: str, edits: int) -> Iterator[tuple[int, int]]:
    """Give where ``value`` stands in ``signs``; with ``edits``, also where one sign of it is wrong, missing,
    too many or changed about with the next.
    """
    exact: list[int] = []
    at = signs.find(value)
    while at >= 0:
        exact.append(at)
        yield at, at + len(value)
        at = signs.find(value, at + 1)
    if edits:
        yield from _almost(signs, value, exact)


def _almost(signs: str, value: str, exact: Sequence[int]) -> Iterator[tuple[int, int]]:
    # One slip touches two of three parts at most: the third stands there as it is.
    third = len(value) // 3
    tried = {first for at in exact for first in range(at - len(value), at + len(value) + 1)}
    for begin, end in ((0, third), (third, 2 * third), (2 * third, len(value))):
        at = signs.find(value[begin:end])
        while at >= 0:
            for first in range(max(0, at - begin - 1), at - begin + 2):
                if first not in tried:
                    tried.add(first)
                    yield from _fitting(signs, value, first)
            at = signs.find(value[begin:end], at + 1)


def _fitting(signs: str, value: str, first: int) -> Iterator[tuple[int, int]]:
    for end in range(first + len(value) - 1, min(len(signs), first + len(value) + 1) + 1):
        if OSA.distance(signs[first:end], value, score_cutoff=1) == 1:
            yield first, end


def _run(run: Sequence[_Digit]) -> Stream:
    signs, starts, stops = zip(*run, strict=True)
    return Stream("".join(signs), starts, stops)


def _parts_of(token: str, start: int) -> Iterator[list[_Digit]]:
    """Give the digits in a word, each with the span that it stands for; an empty part where others are."""
    if signs := _WORDS.get(token.casefold()):
        yield [(sign, start, start + len(token)) for sign in signs]
        return
    found: list[_Digit] = []
    # A letter stands for a digit only among digits: "O77OO", and not "oil".
    among = any(not char.isalpha() and _folded(char).isdecimal() for char in token)
    for at, char in enumerate(token, start):
        # A fraction, such as one quarter, is two of them.
        signs = _folded(char)
        if (among or char in HAN_DIGITS) and signs.isdecimal():
            found += [(sign, at, at + 1) for sign in signs]
        elif signs:
            yield from (found, []) if found else ([],)
            found = []
    if found:
        yield found


def _stream(text: str, without: frozenset[str]) -> Stream:
    signs: list[str] = []
    places: list[int] = []
    begins: set[int] = set()
    ends: set[int] = set()
    skipped = _skipped(text, without)
    before = _GAP
    for place, char in enumerate(text):
        if unicodedata.category(char)[0] == "M" and not is_blank(char):
            continue
        kind = _GAP if place in skipped else _kind(char)
        if kind == _GAP or _parts(before, kind):
            _close(ends, signs)
        if kind != _GAP:
            if before == _GAP or _parts(before, kind):
                begins.add(len(signs))
            folded = _folded(char)
            signs += folded
            places += [place] * len(folded)
        before = kind
    _close(ends, signs)
    stops = [place + 1 for place in places]
    return Stream("".join(signs), places, stops, frozenset(begins), frozenset(ends))


def _skipped(text: str, without: frozenset[str]) -> frozenset[int]:
    if not without:
        return frozenset()
    return frozenset(
        place
        for token in _TOKEN.finditer(text)
        if token[0].casefold() in without
        for place in range(token.start(), token.end())
    )


def _close(ends: set[int], signs: list[str]) -> None:
    if signs:
        ends.add(len(signs) - 1)


def _kind(char: str) -> str:
    """Give what a character is, as far as words end where it changes."""
    if not _folded(char):
        return _GAP
    if unicodedata.digit(char, None) is not None:
        return "digit"
    if _UNSPACED.match(char):
        return "unspaced"
    return "capital" if char.isupper() else "small"


def _parts(before: str, kind: str) -> bool:
    """Whether a word may end between two kinds: before a digit, a capital, and in scripts without spaces."""
    if before == _GAP or kind == _GAP:
        return False
    return kind == "unspaced" or (before, kind) not in {
        ("small", "small"),
        ("capital", "small"),
        ("capital", "capital"),
        ("digit", "digit"),
    }


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """Give what one character stands for: letters and digits, mostly one, or nothing."""
    if is_blank(char):
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKD", char.casefold()).casefold()
    plain = "".join(ALIKE.get(sign, sign) for sign in plain)
    return "".join(sign for sign in plain if sign.isalnum()).translate(_ALIKE)
