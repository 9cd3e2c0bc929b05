"""Text made comparable: words in lower case, without accents, between single spaces.

A number or a registration mark that was written in groups stands there a second time in one piece, and once
more with digits for the letters that are taken for them (O for 0), where it has any.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
# Words with a digit in them one after the other, and a short one without behind: 07700 900 123, KX61 ABC.
_GROUPED = re.compile(r"((?: [^ \d]*\d[^ ]*)+)( [^ \d]{1,4}(?![^ ]))?")
# Letters that Unicode does not take apart into one and its accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "ħ": "h"})
_BEYOND_LATIN = re.compile("[^\x00-\u02ff]")
_MOST_GROUPS = 16  # of a number: digits that were written one by one
_TAKEN_FOR = str.maketrans({"o": "0", "i": "1", "l": "1", "s": "5"})
LEAST_SIGNS = 6  # of a number or mark that is looked for in whatever form it was written


def words_of(text: str) -> list[str]:
    """Give the words of a text, folded: "Čapek KX61-ABC" is capek, kx61, abc."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
        marks = [ord(char) for char in set(_BEYOND_LATIN.findall(text)) if unicodedata.combining(char)]
        text = text.translate(dict.fromkeys(marks)).casefold()
    return _WORD.findall(text)


def folded(texts: Iterable[str]) -> str:
    """Give all words of these texts, each behind a space, and those written in groups once more in one."""
    found: list[str] = []
    for text in texts:
        words = words_of(text)
        found += words
        if _DIGIT.search(text):
            whole = list(joined(words))
            found += whole
            found += _read_as_digits([*words, *whole])
    return f" {' '.join(found)}" if found else ""


def joined(words: Iterable[str]) -> Iterator[str]:
    """Give what may be one thing written in groups, in one piece: 07700900123, kx61abc, sw1a1aa."""
    for match in _GROUPED.finditer(f" {' '.join(words)}"):
        groups = match[1].split()
        # Of a long list of numbers every one stands in some piece.
        while len(groups) > 1:
            yield "".join(groups[:_MOST_GROUPS])
            if len(groups) <= _MOST_GROUPS:
                break
            groups = groups[_MOST_GROUPS // 2 :]
        if match[2]:
            yield "".join((groups[-1], match[2][1:]))
            if len(groups) > 1:
                yield "".join((*groups, match[2][1:]))


def as_digits(word: str) -> str:
    """Give a folded word with digits for the letters that are taken for them: 07700 for o77oo."""
    return word.translate(_TAKEN_FOR)


def _read_as_digits(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if len(word) >= LEAST_SIGNS and _DIGIT.search(word) and (read := as_digits(word)) != word:
            yield read
