"""Which texts of many differ by one sign, found without comparing each with each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

_MOST = 60  # texts that share all but one sign: more than that are a series of numbers, no slips of a pen


def one_off(texts: Iterable[str], *, fewest: int = 1) -> Iterator[tuple[str, str]]:
    """Give pairs, in order, that one sign makes different: another, one more or less, or two next to each
    other changed about. Texts shorter than ``fewest`` signs are left out.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    known = sorted({text for text in texts if len(text) >= fewest})
    for text in known:
        for key in {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}:
            groups[key].append(text)
    seen: set[tuple[str, str]] = set()
    for group in groups.values():
        if 1 < len(group) <= _MOST:
            for pair in _pairs(group):
                if pair not in seen and OSA.distance(*pair, score_cutoff=1) == 1:
                    seen.add(pair)
                    yield pair


def substituted(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give pairs of one length with one sign different or two neighbours changed about; made for many."""
    known = sorted(set(texts))
    longest = max(map(len, known), default=0)
    for at in range(longest):
        groups: dict[str, list[str]] = defaultdict(list)
        for text in known:
            if at < len(text):
                groups[text[:at] + "\0" + text[at + 1 :]].append(text)
        for group in groups.values():
            if 1 < len(group) <= _MOST:
                yield from _pairs(group)
    there = set(known)
    for text in known:
        for at in range(len(text) - 1):
            turned = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            if text < turned and turned in there:
                yield text, turned


def shorter(texts: Iterable[str], full: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give pairs of one of ``texts`` and one of ``full`` that has one sign more."""
    short = set(texts)
    if not short:
        return
    for one in sorted(set(full)):
        for key in sorted({one[:at] + one[at + 1 :] for at in range(len(one))}):
            if key in short:
                yield key, one


def differs_at(one: str, other: str) -> Sequence[int]:
    """Give the places at which two texts of one length differ."""
    return [at for at, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]


def _pairs(group: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, one in enumerate(group):
        for other in group[at + 1 :]:
            if one != other:
                yield (one, other) if one < other else (other, one)
