"""Return codes: twelve words by which a source without an account comes back.

BIP39's English list, whose words differ in their first four letters; the last word holds four bits by which
15 of 16 wrong codes are noticed. FORMAT.md, "Return code", specifies what comes of them.
"""

import difflib
import re
import string
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from itertools import takewhile
from typing import SupportsIndex

from mnemonic import Mnemonic

from crypto.errors import BadReturnCode, WrongWord
from crypto.kdf import hkdf
from crypto.secret import MailboxRoot, ReturnCode

__all__ = ["WORDS", "BadReturnCode", "MailboxRoot", "ReturnCode", "WrongWord", "read_words", "root", "words"]

WORDS = 12
MOST_NAMED = 18  # of more words than this, none is named
MOST_TYPED = 1_024  # characters; twelve words, numbered, are some 150

_MAILBOX = b"vigil/v1/mailbox\0"


class _Words(list[str]):
    """The list as the library keeps it, but that a word's place is known: to seek all twelve takes 0.1 ms."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(words)
        self._places = {word: place for place, word in enumerate(self)}

    def index(self, word: str, *_range: SupportsIndex) -> int:
        return self._places[word]


_BIP39 = Mnemonic("english")
_BIP39.wordlist = _Words(_BIP39.wordlist)
_LIST = _BIP39.wordlist
_LISTED = frozenset(_LIST)
_BEGINNINGS = {word[:4]: word for word in _LIST}
_NEAR = 5
_MOST_NEAR = 10  # as many listed words as there can be one error away from another
_FEW = 3

_APOSTROPHES = "'’"
_BETWEEN = re.compile(rf"[^\w{_APOSTROPHES}]|_")
_LONGEST_SHOWN = 32
_LONGEST = max(map(len, _LIST))


def words(code: ReturnCode) -> tuple[str, ...]:
    """Give the twelve words of a code: show them once, and keep them nowhere."""
    return tuple(_BIP39.to_mnemonic(code.reveal()).split(" "))


def root(code: ReturnCode) -> MailboxRoot:
    """Give what all of a code's mailbox comes from."""
    return MailboxRoot(hkdf(code.reveal(), salt=b"", label=_MAILBOX))


def read_words(typed: str) -> ReturnCode:
    """Read twelve words as a person types them.

    In any case and spacing, on one line or many, with commas, hyphens or full stops between, numbered or not;
    each word whole or cut after four letters or more.

    :raises BadReturnCode: too few words or too many, some not listed, or a wrong one among listed ones.
    """
    # Composed, wide letters become plain ones. One sign may become eighteen, so it is measured twice.
    composed = unicodedata.normalize("NFKC", typed) if len(typed) <= MOST_TYPED else typed
    if len(composed) > MOST_TYPED:
        raise BadReturnCode((), MOST_NAMED + 1)
    found = _typed_words(composed)
    if len(found) > MOST_NAMED:
        raise BadReturnCode((), len(found))
    read = [_listed(_plain(word)) for word in found]
    if not all(read) or len(found) != WORDS:
        raise BadReturnCode(_wrong(found, read), len(found))
    try:
        return ReturnCode(bytes(_BIP39.to_entropy(read)))
    except ValueError:
        raise BadReturnCode((), WORDS, checksum=True) from None


def _typed_words(composed: str) -> list[str]:
    """Cut at whatever stands between words; leave out their numbers."""
    # A soft hyphen or a mark of direction is nothing that a person typed.
    seen = "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")
    found: list[str] = []
    for piece in _BETWEEN.split(seen):
        word = piece.strip(_APOSTROPHES)
        if re.fullmatch(r"[0-9]{1,2}", word):
            continue
        # A number may stick to its word; any other digit is somebody's typing error.
        word = word.removeprefix(str(len(found) + 1))
        if word:
            found.append(word)
    return found


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _listed(word: str) -> str:
    """Give the word of the list that is meant, or nothing."""
    if word in _LISTED:
        return word
    meant = _BEGINNINGS.get(word[:4], "") if len(word) >= 4 else ""
    return meant if meant.startswith(word) else ""


def _wrong(found: list[str], read: list[str]) -> tuple[WrongWord, ...]:
    places = [place for place, listed in enumerate(read) if not listed]
    # To look further costs half a millisecond a word, and helps nobody whose words are all wrong.
    further = len(places) <= _FEW
    return tuple(
        WrongWord(place + 1, found[place][:_LONGEST_SHOWN], _near(_plain(found[place]), further=further))
        for place in places
    )


def _near(word: str, *, further: bool) -> tuple[str, ...]:
    """Give all listed words one error away, then others that look like it while there are fewer than five."""
    one_away = _one_away(word) if len(word) <= _LONGEST + 1 else set()
    near = _by_likeness(word, one_away & _LISTED)
    if len(word) <= len("word"):  # perhaps the first four letters, one of them wrong
        near += _by_likeness(word, {_BEGINNINGS[part] for part in one_away & _BEGINNINGS.keys()} - {*near})
        near = near[:_MOST_NEAR]
    near += [
        f"{word[:at]} {word[at:]}"
        for at in range(3, min(_LONGEST, len(word) - 3) + 1)
        if _are_two(word[:at], word[at:])
    ]
    if further and len(near) < _NEAR and len(word) <= 2 * _LONGEST:
        same_start = _LIST[bisect_left(_LIST, word[:2]) : bisect_left(_LIST, word[:2] + "~")]
        others = difflib.get_close_matches(word, same_start, n=2 * _NEAR, cutoff=0.5)
        near += [other for other in others if other not in near][: _NEAR - len(near)]
    return tuple(near)


def _are_two(one: str, other: str) -> bool:
    return one in _LISTED and other in _LISTED


def _one_away(word: str) -> set[str]:
    """Give all that one missing, extra, wrong or swapped letter makes of a word."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    letters = string.ascii_lowercase
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in letters),
        *(left + letter + right for left, right in cuts for letter in letters),
    }


def _by_likeness(word: str, candidates: set[str]) -> list[str]:
    """Sort: most people get the first letters right, and swap or mistype one without losing another."""

    def unlike(candidate: str) -> tuple[bool, bool, int, str]:
        swapped = sorted(word) == sorted(candidate)
        pairs = zip(word, candidate, strict=False)
        same = len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])
        return (not swapped, not same, -same, candidate)

    return sorted(candidates, key=unlike)
