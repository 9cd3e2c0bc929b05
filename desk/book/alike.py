"""Reports that say nearly the same in nearly the same words: sent by many, or by one again and again.

They are shown as groups and stay in the inbox: whether one is spam, or counts with another, staff says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from desk.book.casefile import CaseFile
from desk.book.held import TICKED

LIKE = 0.6  # of two texts' shingles: how many both have, of those that either has
_SHINGLE = 4  # words
_LEAST = 12  # words from which texts are compared so; shorter ones must be the same
_SHORTEST = 3  # words: of one or two nothing follows
_BANDS, _ROWS = 8, 3  # two texts 0.8 alike share a band 997 times in 1,000, at 0.6 86 times in 100
_MOST_COMPARED = 8  # texts of one band that a text is compared with: copies by the thousand are no more
_PRIME = np.uint64(4_294_967_311)
_MAKER = np.random.default_rng(20_260_101)  # any numbers will do, always the same ones
_FACTORS = _MAKER.integers(1, 2**31, _BANDS * _ROWS, dtype=np.uint64)
_OFFSETS = _MAKER.integers(0, 2**31, _BANDS * _ROWS, dtype=np.uint64)
_WORD = re.compile(r" [^ ]+")

Shingles = NDArray[np.uint32]


def same_words(files: Iterable[CaseFile]) -> list[tuple[CaseFile, ...]]:
    """Give groups of two cases or more whose words are near-identical; in each the oldest first.

    Compared is the first that each source sent. What is alike by way of others is one group; the largest
    group comes first.
    """
    ordered = sorted(files, key=lambda file: (file.case.received_on or "", file.name))
    groups = _Groups(len(ordered))
    shingles = [_shingles(file) for file in ordered]
    for band in _bands(shingles):
        heads: list[int] = []
        for number in band:
            for head in heads:
                if (
                    groups.root(head) == groups.root(number)
                    or _likeness(shingles[head], shingles[number]) >= LIKE
                ):
                    groups.join(head, number)
                    break
            else:
                heads = [*heads, number][:_MOST_COMPARED]
    found: dict[int, list[CaseFile]] = defaultdict(list)
    for number, file in enumerate(ordered):
        found[groups.root(number)].append(file)
    several = [tuple(group) for group in found.values() if len(group) > 1]
    return sorted(several, key=lambda group: (-len(group), group[0].name))


class _Groups:
    """Which numbers belong together."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number

    def join(self, a: int, b: int) -> None:
        first, second = sorted((self.root(a), self.root(b)))
        self._parents[second] = first


def _shingles(file: CaseFile) -> Shingles:
    """Give the hashes of all runs of words in what was sent first; of a short text of the whole of it."""
    words = _WORD.findall(file.held[0].words.partition(TICKED)[0]) if file.held else []
    if len(words) < _SHORTEST:
        return np.empty(0, np.uint32)
    if len(words) < _LEAST:
        return np.array([crc32("".join(words).encode())], np.uint32)
    runs = ("".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))
    return np.unique(np.fromiter((crc32(run.encode()) for run in runs), np.uint32))


def _likeness(one: Shingles, other: Shingles) -> float:
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def _bands(shingles: Sequence[Shingles]) -> Iterator[list[int]]:
    """Give numbers of texts that may be alike, each with the others of a band of its sketch, in order."""
    bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        if not len(found):
            continue
        least = ((found[:, None].astype(np.uint64) * _FACTORS + _OFFSETS) % _PRIME).min(axis=0)
        for band, rows in enumerate(least.reshape(_BANDS, _ROWS)):
            bands[band, rows.tobytes()].append(number)
    return (band for band in bands.values() if len(band) > 1)
