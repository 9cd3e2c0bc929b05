"""Addresses of what3words, as "///filled.count.soap": by their shape, for the desk has no list of words."""

import re
import unicodedata
from collections.abc import Iterator

from desk.normalise.found import Found, Kind, Reading

_THREE = r"(?!www\.)[^\W\d_]{2,40}(?:[.\u3002\uff0e][^\W\d_]{2,40}){2}"
_ALONE = re.compile(_THREE)
_MARKED = re.compile(rf"(?:///|\bw3w\.co/|\bwhat3words\.com/)({_THREE})(?![\w.]\w)")
_DOTS = re.compile(r"[\u3002\uff0e]")


def in_field(text: str, where: str) -> Iterator[Found]:
    """Find the address that an answer is, or those that it marks."""
    if _ALONE.fullmatch(typed := text.strip()):
        yield _found(typed, typed, where)
    else:
        yield from in_text(text, where)


def in_text(text: str, where: str) -> Iterator[Found]:
    """Find addresses that are marked as such, by three slashes or by the site's name."""
    for match in _MARKED.finditer(text):
        yield _found(match[1], match[0], where)


def _found(words: str, typed: str, where: str) -> Found:
    value = "///" + _DOTS.sub(".", unicodedata.normalize("NFC", words).lower())
    return Found(Kind.WHAT3WORDS, where, typed, (Reading(value, ("three words",)),))
