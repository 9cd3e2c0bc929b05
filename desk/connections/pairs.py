"""First and last names that stand beside each other in running words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from desk.connections.firstnames import FIRST, WORDS_TOO
from desk.connections.people_words import EPITHETS, INSTITUTIONS, STOP, STREET_NAMES, STREETS_TOO
from desk.connections.premises_words import BRANDS, TYPE_WORDS
from desk.connections.streets import KIND_OF
from desk.connections.towns import AREA_OF

_WORD = re.compile(r"(?<![\w'\u2019@/])[^\W\d_][\w'\u2019\-]*(?![\w@])")
_LETTER = re.compile(r" [A-Z]\.? ")
YES, VERY = "yes", "very"  # how unsure it is that it is a name
_PLAIN = str.maketrans(
    {
        "\u0142": "l",
        "\u0111": "d",
        "\u00f8": "o",
        "\u00df": "ss",
        "\u0131": "i",
        "\u0141": "L",
        "\u0110": "D",
        "\u00d8": "O",
        "\u2019": "'",
    }
)


_BEGINS = FIRST | {town.partition(" ")[0] for town in AREA_OF if " " in town}


class Pair(NamedTuple):
    """A first and a last name, folded; ``unsure`` is empty, YES (it links where something bears it out)
    or VERY (it links with a sure one only).
    """

    name: str
    start: int
    end: int
    unsure: str


class _Word(NamedTuple):
    """A word: folded, as typed, and where it stands."""

    plain: str
    typed: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.typed[0].isupper()


def folded(name: str) -> str:
    """Give a name in small letters without accents."""
    plain = name
    if not plain.isascii():
        plain = plain.translate(_PLAIN)
        plain = "".join(
            char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char)
        )
    return " ".join(plain.lower().split())


def pairs(text: str) -> Iterator[Pair]:
    """Find names in running words; those in small letters are unsure."""
    small = text == text.lower()
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    plains = [_plain(typed) for typed, _, _ in words]
    capitals = [typed[0].isupper() for typed, _, _ in words]
    at = 0
    while at < len(words) - 1:
        # Most words begin no name, and are done with here.
        if not (capitals[at] and capitals[at + 1]) and plains[at] not in _BEGINS:
            at += 1
            continue
        these = [_Word(plains[n], *words[n]) for n in range(at, min(at + 3, len(words)))]
        pair, used = _pair(text, these, small=small)
        if pair is not None:
            yield pair
        at += used


def _plain(typed: str) -> str:
    plain = typed.lower() if typed.isascii() else folded(typed)
    return plain.strip("'").removesuffix("'s") if "'" in plain else plain


def _pair(text: str, words: Sequence[_Word], *, small: bool) -> tuple[Pair | None, int]:
    """Read the first two or three of some words as a name; say how many of them are done with."""
    first, second = words[0], words[1]
    between = text[first.end : second.start]
    if between == ", " and first.capital and second.capital:
        if second.plain in FIRST and _strange(first):
            return Pair(f"{second.plain} {first.plain}", first.start, second.end, VERY), 2
        return None, 1
    if between != " " and not _LETTER.fullmatch(between):
        return None, 1
    if f"{first.plain} {second.plain}" in AREA_OF:
        return None, 2
    if first.plain in FIRST and len(first.plain) > 1:
        return _known(text, words, small=small)
    if not (first.capital and second.capital and _strange(first)):
        return None, 1
    if second.plain in FIRST and second.plain not in AREA_OF:
        return Pair(f"{first.plain} {second.plain}", first.start, second.end, YES), 2
    if _strange(second) and text[max(0, first.start - 2) : first.start].strip(" \"'(") not in (*".!?\n", ""):
        return Pair(f"{first.plain} {second.plain}", first.start, second.end, VERY), 2
    return None, 1


def _known(text: str, words: Sequence[_Word], *, small: bool) -> tuple[Pair | None, int]:
    """Read a name that begins with a first name that is known."""
    first, second = words[0], words[1]
    third = words[2] if len(words) > 2 and text[second.end : words[2].start] == " " else None
    if first.plain in WORDS_TOO and len(first.typed) > 1 and first.typed.isupper():
        return None, 1  # "VAN THEY USE" is no Van
    if first.capital and second.capital and third is not None and third.capital and _is_last(first, third):
        if second.plain in STOP:
            return None, 1
        return Pair(f"{first.plain} {third.plain}", first.start, third.end, ""), 3
    if not _is_last(first, second):
        return None, 1
    name = f"{first.plain} {second.plain}"
    if first.capital and second.capital:
        return Pair(name, first.start, second.end, ""), 2
    if second.capital or first.plain in WORDS_TOO or len(second.plain) < 4 or second.plain in FIRST:
        return None, 1
    return Pair(name, first.start, second.end, YES if small or first.capital else VERY), 2


def _is_last(first: _Word, last: _Word) -> bool:
    plain = last.plain
    if plain in STOP or plain in TYPE_WORDS or plain in INSTITUTIONS or len(plain) < 2:
        return False
    if f"{first.plain} {plain}" in AREA_OF:
        return False
    if plain in KIND_OF and (plain not in STREETS_TOO or first.plain in STREET_NAMES):
        return False
    return plain not in AREA_OF or first.plain not in WORDS_TOO


def _strange(word: _Word) -> bool:
    """Tell whether a word is none that is known to be something else than a name."""
    plain = word.plain
    if len(plain) < 3 or not plain.isalpha():
        return False
    known = (STOP, FIRST, AREA_OF, TYPE_WORDS, KIND_OF, EPITHETS, BRANDS, INSTITUTIONS)
    return not any(plain in those for those in known)
