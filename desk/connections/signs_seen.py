"""Numbers and marks with signs that were not seen: which whole ones fit, and how likely that is by chance.

How likely a sign is at its place is counted in the casebook itself: where all numbers begin alike, their
beginning says nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

UNSEEN = "?"
_FEWEST_SHARED = 4  # signs that two parts must both show


class Signs:
    """How often each sign stands at each place of the whole texts, by their length."""

    def __init__(self, whole: Iterable[str], alphabet: int) -> None:
        self._counts: dict[int, list[Counter[str]]] = {}
        self._totals: Counter[int] = Counter()
        self._alphabet = alphabet
        for text in whole:
            counts = self._counts.setdefault(len(text), [Counter() for _ in text])
            self._totals[len(text)] += 1
            for at, sign in enumerate(text):
                counts[at][sign] += 1

    def total(self, length: int) -> int:
        """Give how many whole texts of a length there are."""
        return self._totals[length]

    def of(self, text: str, at: int) -> float:
        """Give how likely ``text``'s sign at a place is."""
        counts = self._counts.get(len(text))
        total = self._totals[len(text)]
        smooth = 3.0
        seen = counts[at][text[at]] if counts else 0
        return (seen + smooth / self._alphabet) / (total + smooth)

    def likely(self, text: str) -> float:
        """Give how likely a text is to fit another one by chance, by the signs that were seen."""
        found = 1.0
        for at, sign in enumerate(text):
            if sign != UNSEEN:
                found *= self.of(text, at)
        return found

    def neighbours(self, text: str) -> float:
        """Give how many whole texts are to be expected that differ from ``text`` by one sign."""
        likely = self.likely(text)
        return self.total(len(text)) * likely * sum(1 / self.of(text, at) - 1 for at in range(len(text)))


def fitting(parts: Iterable[str], whole: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give pairs of a part and a whole text that fits it."""
    by_mask: dict[tuple[int, tuple[int, ...]], dict[str, list[str]]] = {}
    for part in sorted(set(parts)):
        by_mask.setdefault((len(part), _seen(part)), defaultdict(list))[_signs(part, _seen(part))].append(
            part
        )
    texts = sorted(set(whole))
    for (length, mask), wanted in by_mask.items():
        for text in texts:
            if len(text) == length:
                for part in wanted.get(_signs(text, mask), ()):
                    yield part, text


def overlapping(parts: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Give pairs of parts that do not contradict each other, and how many signs both show."""
    masks: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    for part in sorted(set(parts)):
        masks[len(part), _seen(part)].append(part)
    known = sorted(masks)
    for at, first in enumerate(known):
        for second in known[at:]:
            shared = tuple(sorted(set(first[1]) & set(second[1])))
            if first[0] == second[0] and len(shared) >= _FEWEST_SHARED:
                yield from _joined(masks[first], masks[second], shared)


def _joined(
    first: Sequence[str], second: Sequence[str], shared: tuple[int, ...]
) -> Iterator[tuple[str, str, int]]:
    index: dict[str, list[str]] = defaultdict(list)
    for text in second:
        index[_signs(text, shared)].append(text)
    for one in first:
        for other in index.get(_signs(one, shared), ()):
            if one < other or (first is not second and one != other):
                yield one, other, len(shared)


def _seen(part: str) -> tuple[int, ...]:
    return tuple(at for at, sign in enumerate(part) if sign != UNSEEN)


def _signs(text: str, places: tuple[int, ...]) -> str:
    return "".join([text[at] for at in places])
