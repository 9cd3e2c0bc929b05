"""What is true of a corpus, and how well links that somebody found agree with it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from . import numbers, online, people, places, plates
from .cases import Case
from .facts import Fact, Verdict

JUDGES: Mapping[str, Callable[[Fact, Fact], Verdict]] = {
    "registration": plates.judged,
    "telephone": numbers.judged,
    "account": numbers.judged,
    "wallet": numbers.judged,
    "email": online.judged,
    "web": online.judged,
    "social": online.judged,
    "name": people.judged,
    "address": places.address_judged,
    "premises": places.premises_judged,
    "postcode": places.exact_judged,
    "what3words": places.exact_judged,
}
# A pair that shares one of a family, or may, is not judged by what is found of another: a reader would not
# mind.
FAMILIES = (
    frozenset({"address", "postcode", "premises", "what3words"}),
    frozenset({"name", "social", "email", "web"}),
)

Pair = tuple[str, str]


@dataclass
class Score:
    """Counts of pairs: found and true, found and false, true and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """How many of those found are true; 1 where none is found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """How many of those true are found; 1 where none is true."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass
class Judged:
    """The score by kind, the score over links of all kinds and over pairs of cases, and what went wrong."""

    kinds: dict[str, Score] = field(default_factory=dict)
    links: Score = field(default_factory=Score)
    pairs: Score = field(default_factory=Score)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    missed: list[tuple[str, str, str]] = field(default_factory=list)


class Truth:
    """What a careful reader of all cases would say, pair by pair and kind by kind."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._facts: dict[str, dict[str, list[Fact]]] = {}
        told: dict[tuple[str, int], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for case in cases:
            kinds = self._facts.setdefault(case.name, {})
            for fact in case.facts:
                kinds.setdefault(fact.kind, []).append(fact)
                told[fact.kind, fact.thing][case.name].append(fact)
        self.true: dict[str, set[Pair]] = {kind: set() for kind in JUDGES}
        self.typed_alike: dict[str, set[Pair]] = {kind: set() for kind in JUDGES}
        for (kind, _), by_case in told.items():
            for a, b in combinations(sorted(by_case), 2):
                if _best(kind, by_case[a], by_case[b]) is Verdict.SAME:
                    self.true[kind].add((a, b))
        self._type_alike()

    def verdict(self, a: str, b: str, kind: str) -> Verdict:
        """Say what a reader says of a link of one kind between two cases."""
        verdict = self._of(a, b, kind)
        if verdict is Verdict.DIFFERENT:
            family = next((kinds for kinds in FAMILIES if kind in kinds), frozenset())
            alike = any(self._of(a, b, other) for other in family)
            if alike or self._hosts(a) & self._hosts(b):
                return Verdict.UNSURE
        return verdict

    def _of(self, a: str, b: str, kind: str) -> Verdict:
        return _best(kind, self._facts[a].get(kind, []), self._facts[b].get(kind, []))

    def _hosts(self, name: str) -> set[str]:
        kinds = self._facts[name]
        return {online.own_host(fact) for kind in ("web", "email") for fact in kinds.get(kind, [])} - {""}

    def judged(self, links: Iterable[tuple[str, str, str]]) -> Judged:
        """Score links, each two cases and a kind; of several of one kind between two cases one counts."""
        found = {(min(a, b), max(a, b), kind) for a, b, kind in links}
        done = Judged({kind: Score() for kind in JUDGES})
        for a, b, kind in sorted(found):
            score = done.kinds.setdefault(kind, Score())
            verdict = self.verdict(a, b, kind)
            if verdict is Verdict.SAME:
                score.right += 1
            elif verdict is Verdict.DIFFERENT:
                score.wrong += 1
                done.wrong.append((a, b, kind))
        for a, b, kind in self._all():
            if (a, b, kind) not in found:
                done.kinds[kind].missed += 1
                done.missed.append((a, b, kind))
        for score in done.kinds.values():
            done.links.right += score.right
            done.links.wrong += score.wrong
            done.links.missed += score.missed
        self._judge_pairs(found, done)
        return done

    def told(self, name: str, kind: str) -> list[str]:
        """Give what a case tells of a kind, as typed."""
        return [fact.text for fact in self._facts[name].get(kind, [])]

    def _all(self) -> Iterator[tuple[str, str, str]]:
        for kind, pairs in self.true.items():
            for a, b in sorted(pairs):
                yield a, b, kind

    def _judge_pairs(self, found: set[tuple[str, str, str]], done: Judged) -> None:
        true = {(a, b) for a, b, _ in self._all()}
        linked = {(a, b) for a, b, _ in found}
        wrong = {(a, b) for a, b, _ in done.wrong}
        done.pairs = Score(len(true & linked), len(wrong - true), len(true - linked))

    def _type_alike(self) -> None:
        alike: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name, kinds in self._facts.items():
            for kind, facts in kinds.items():
                for fact in facts:
                    alike[kind, fact.text.casefold()].add(name)
        for (kind, _), names in alike.items():
            # What is typed alike in very many reports would fill the memory, and is nobody's link.
            if len(names) <= 50:
                self.typed_alike[kind].update(combinations(sorted(names), 2))


def _best(kind: str, mine: Iterable[Fact], theirs: Iterable[Fact]) -> Verdict:
    judge, theirs = JUDGES[kind], list(theirs)
    return max((judge(one, other) for one in mine for other in theirs), default=Verdict.DIFFERENT)
