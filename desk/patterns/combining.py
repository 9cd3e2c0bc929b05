"""Combinations that are new or rising: a kind of harm in one place, or in one kind of place.

The last weeks are compared with the weeks before them. Two Poisson rates are compared exactly: were a
combination no more frequent now than before, measured by all reports received, then each of its cases would
fall into the last weeks with the same chance as any report, and how many do is binomial. So a combination
does not rise only because more people report.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desk.patterns.facts import Facts

RECENT = 4  # weeks
BEFORE = 26  # weeks
FEWEST_NEW = 2  # cases: one alone is no pattern
FEWEST_RISING = 3
CHANCE = 0.01  # what comes about more often by chance is not called rising

Key = tuple[str, str, str]  # kind of harm, "area" or "premises", and which


@dataclass(frozen=True, slots=True, repr=False)
class Combination:
    """A kind of harm in one area or kind of place: the ``cases`` of the last weeks by name, how many there
    were ``before``, and the ``chance`` of so many or more in the last weeks if nothing had changed."""

    kind: str
    by: str
    place: str
    cases: tuple[str, ...]
    before: int
    chance: float

    def __repr__(self) -> str:
        return "<Combination>"


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it: ``new`` (not once before) and ``rising``, the least likely first. ``first`` to
    ``last`` are the last weeks' days, ``since`` the first day that they are compared with; ``recent`` and
    ``before`` are how many cases were received then; ``tried`` how many combinations were looked at."""

    since: date
    first: date
    last: date
    recent: int
    before: int
    tried: int
    new: tuple[Combination, ...]
    rising: tuple[Combination, ...]

    @property
    def by_chance(self) -> float:
        """How many of those tried would be called rising by chance alone, at the most."""
        return self.tried * CHANCE


def compared(facts: Sequence[Facts]) -> Compared | None:
    """Compare the last ``RECENT`` weeks, up to the newest report, with up to ``BEFORE`` weeks before.

    None where there is too little before to compare with: less than ``RECENT`` weeks of reports.
    """
    if not facts:
        return None
    last = max(one.received_on for one in facts)
    first = last - timedelta(days=7 * RECENT - 1)
    since = max(first - timedelta(days=7 * BEFORE), min(one.received_on for one in facts))
    if first - since < timedelta(days=7 * RECENT):
        return None
    now: dict[Key, list[str]] = {}
    then: Counter[Key] = Counter()
    ever: set[Key] = set()
    counts = [0, 0]
    for one in facts:
        recent = one.received_on >= first
        counts[recent] += one.received_on >= since
        for key in _keys(one):
            if recent:
                now.setdefault(key, []).append(one.case)
            else:
                ever.add(key)
                then[key] += one.received_on >= since
    before, recent_all = counts
    share = recent_all / (recent_all + before)
    found = [
        Combination(*key, tuple(cases), then[key], tail(len(cases), len(cases) + then[key], share))
        for key, cases in now.items()
    ]
    found.sort(key=lambda one: (one.chance, -len(one.cases), one.kind, one.by, one.place))
    new = [one for one in found if (one.kind, one.by, one.place) not in ever and len(one.cases) >= FEWEST_NEW]
    rising = [
        one
        for one in found
        if (one.kind, one.by, one.place) in ever and len(one.cases) >= FEWEST_RISING and one.chance < CHANCE
    ]
    return Compared(since, first, last, recent_all, before, len(found), tuple(new), tuple(rising))


def tail(least: int, of: int, share: float) -> float:
    """Give the chance that ``least`` or more of ``of`` fall where each falls with the chance ``share``."""
    if share >= 1:
        return 1.0
    sum_ = math.fsum(
        math.exp(
            math.lgamma(of + 1)
            - math.lgamma(k + 1)
            - math.lgamma(of - k + 1)
            + k * math.log(share)
            + (of - k) * math.log1p(-share)
        )
        for k in range(least, of + 1)
    )
    return min(sum_, 1.0)


def _keys(one: Facts) -> Iterable[Key]:
    for kind in one.kinds:
        for area in one.areas:
            yield kind, "area", area
        for premises in one.premises:
            yield kind, "premises", premises
