"""Text made comparable: words in lower case, without accents, between single spaces.

A number or a registration mark that was written in groups stands there a second time in one piece.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_WORD = re.compile(r"[^\W_]+")
_MOST_GROUPS = 8  # of a number: a card's has four, a telephone number's at most as many
_SHORT = 4  # letters that may end a registration mark or a postcode


def words_of(text: str) -> list[str]:
    """Give the words of a text, folded: "Łódź KX61-ABC" is łodz, kx61, abc."""
    if not text.isascii():
        text = "".join(
            char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
        )
    return _WORD.findall(text.casefold())


def folded(texts: Iterable[str]) -> str:
    """Give all words of these texts, each behind a space, and those written in groups once more in one."""
    found: list[str] = []
    for text in texts:
        words = words_of(text)
        found += words
        found += joined(words)
    return f" {' '.join(found)}" if found else ""


def joined(words: Sequence[str]) -> Iterator[str]:
    """Give what may be one thing written in groups: 07700 900 123, KX61 ABC, SW1A 1AA."""
    run: list[str] = []
    for word in (*words, ""):
        numbered = any(char.isdigit() for char in word)
        if run and word and not numbered and len(word) <= _SHORT:
            yield "".join((*run, word))
        if numbered and len(run) < _MOST_GROUPS:
            run.append(word)
            continue
        if len(run) > 1:
            yield "".join(run)
        run = [word] if numbered else []
