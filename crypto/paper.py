"""A secret of 32 bytes as words on paper, and words from paper read as people type them.

24 English words of BIP39, as FORMAT.md, "Words on paper", has it; `shares` reads SLIP-39 with the same eyes.
Offline only.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from mnemonic import Mnemonic

from crypto.errors import CryptoError, WrongWord
from crypto.secret import Secret

WORDS = 24
PREFIX = 4  # letters that tell each word of either list from all others
MOST_TYPED = 4096  # characters
NEAR = 5
LONGEST = 16  # letters of a typed word that are looked at
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]{0,2}")  # in front of a word, as it stands on the paper
_UNSEEN = frozenset({"Mn", "Cf"})  # accents, soft hyphens, marks of direction

AnySecret = TypeVar("AnySecret", bound=Secret)


class BadWords(CryptoError):  # noqa: N818 - as in crypto.errors: it says what is the case
    """The words typed are not a secret's. ``wrong`` names those that are not in the list.

    ``count`` is how many were typed; ``checksum`` is true when all are listed and do not belong together.
    """

    def __init__(
        self, reason: str, *, count: int, wrong: tuple[WrongWord, ...] = (), checksum: bool = False
    ) -> None:
        super().__init__(reason)
        self.count = count
        self.wrong = wrong
        self.checksum = checksum


@functools.cache
def _bip39() -> Mnemonic:
    return Mnemonic("english")


def words_of(secret: Secret) -> tuple[str, ...]:
    """Give the 24 words of a secret of 32 bytes."""
    return tuple(_bip39().to_mnemonic(secret.reveal()).split(" "))


def read_words(typed: str, kind: type[AnySecret]) -> AnySecret:
    """Read 24 words as they were typed: any case and spacing, numbers between, first four letters enough.

    :raises BadWords: another number of words, words that no list has, or words that do not belong together.
    """
    found = listed(typed, _bip39().wordlist)
    if len(found) != WORDS:
        raise BadWords(f"these are {len(found)} words, not {WORDS}", count=len(found))
    try:
        return kind(bytes(_bip39().to_entropy(list(found))))
    except ValueError:
        raise BadWords(
            "the words do not belong together: one is wrong, or two changed places",
            count=len(found),
            checksum=True,
        ) from None


def typed_words(typed: str) -> list[str]:
    """Give what was typed as words: small letters, whatever stood between them left out."""
    plain = unicodedata.normalize("NFKD", typed).casefold()
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in _UNSEEN)
    words = (_NUMBER.sub("", word, count=1) for word in _WORD.findall(seen))
    return [word for word in words if word]


def listed(typed: str, wordlist: Sequence[str]) -> tuple[str, ...]:
    """Give the words of the list that were typed.

    :raises BadWords: some are not in the list; all of these are named.
    """
    if len(typed) > MOST_TYPED:
        raise BadWords("this is longer than any such words", count=0)
    words = typed_words(typed)
    known = frozenset(wordlist)
    begins = {word[:PREFIX]: word for word in wordlist}
    found: list[str] = []
    wrong: list[WrongWord] = []
    for position, word in enumerate(words, 1):
        if word in known:
            found.append(word)
        elif len(word) >= PREFIX and begins.get(word[:PREFIX], "").startswith(word):
            found.append(begins[word[:PREFIX]])
        else:
            wrong.append(WrongWord(position, word[:LONGEST], near(word[:LONGEST], wordlist)))
    if wrong:
        raise BadWords(
            f"{len(wrong)} of {len(words)} words are not in the list", count=len(words), wrong=tuple(wrong)
        )
    return tuple(found)


def near(word: str, wordlist: Sequence[str]) -> tuple[str, ...]:
    """Give at most 5 words of the list that are like ``word``, the likeliest first."""
    scored = sorted((_distance(word, one), -_likeness(word, one), one) for one in wordlist)
    return tuple(one for distance, _, one in scored[:NEAR] if distance <= max(2, len(word) // 2))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one[:1] == other[:1] else 0.0


def _distance(one: str, other: str) -> int:
    """Count the letters to change, add, leave out or swap with their neighbour to make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        new = [at]
        for place, wanted in enumerate(other, 1):
            cost = min(row[place] + 1, new[place - 1] + 1, row[place - 1] + (letter != wanted))
            swapped = at > 1 and place > 1 and one[at - 2] == wanted and letter == other[place - 2]
            new.append(min(cost, before[place - 2] + 1) if swapped else cost)
        before, row = row, new
    return row[-1]
