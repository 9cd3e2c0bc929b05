"""The network of cases and of what they have in common, made small enough to look at.

Between the cases stands what links them: a plate, a number, an address. What is drawn is told in words too,
as rows of a table, and what is left out is said.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from desk.connections.matching import DEFAULT_MIN
from desk.connections.scale import sure
from desk.connections.written import readable

if TYPE_CHECKING:
    from desk.connections.links import Link

MOST = 150  # cases in one picture
MOST_SHARED = 250  # things that they share, drawn between them; the table has all
CONFIRMED, REJECTED, OPEN = "confirmed", "rejected", "open"

# What the kinds of a link are called.
KINDS: Mapping[str, str] = MappingProxyType({
    "registration": "number plate",
    "telephone": "phone number",
    "postcode": "postcode",
    "address": "address",
    "account": "bank account",
    "wallet": "crypto wallet",
    "email": "e-mail address",
    "web": "web address",
    "social": "name used online",
    "name": "name",
    "premises": "place or firm",
    "what3words": "what3words address",
})  # fmt: skip

Decisions = Mapping[tuple[str, str, str, str], str]
_Beside = Mapping[str, set[str]]  # by case: those that are linked with it


@dataclass(frozen=True, slots=True, repr=False)
class Shared:
    """Something that cases have in common: its kind and value, their names, the best score of the links that
    it makes, why, and what staff decided of these: confirmed or rejected where all are, else open. ``ties``
    are the links: both cases, the score, and what was decided.
    """

    kind: str
    value: str
    cases: tuple[str, ...]
    score: float
    why: str
    decision: str
    ties: tuple[tuple[str, str, float, str], ...]

    def __repr__(self) -> str:
        return f"<Shared {self.kind}>"

    @property
    def written(self) -> str:
        """The value, as people write it."""
        return readable(self.kind, self.value)

    @property
    def confirmed(self) -> tuple[tuple[str, str], ...]:
        """The pairs of cases that staff confirmed."""
        return tuple((a, b) for a, b, _, decision in self.ties if decision == CONFIRMED)

    @property
    def said(self) -> str:
        """Say how sure it is: what staff decided of all or of some of its pairs, or else the score."""
        if self.decision != OPEN:
            return self.decision
        counts = [(sum(tie[3] == each for tie in self.ties), each) for each in (CONFIRMED, REJECTED)]
        told = [f"{count:,} of {len(self.ties):,} {each}" for count, each in counts if count]
        return ", ".join(told) or sure(self.score)

    def ties_by_case(self) -> dict[str, tuple[str, float]]:
        """Give what was decided of what ties each case to it, and the best score of that: confirmed where the
        case is in a pair that is, rejected where all its pairs are, else open."""
        order = (REJECTED, OPEN, CONFIRMED)
        found: dict[str, tuple[int, float]] = {}
        for a, b, score, decision in self.ties:
            tie = (order.index(decision), score)
            found |= {case: max(tie, found.get(case, tie)) for case in (a, b)}
        return {case: (order[at], score) for case, (at, score) in found.items()}


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """What is drawn: the names of cases, what they share, and the case that it is drawn ``around``, or "".

    ``left_out`` cases with links are not in it; ``rejected`` links were not followed. ``titles`` are a few
    words of each case, in the order of ``cases``, or none.
    """

    cases: tuple[str, ...]
    shared: tuple[Shared, ...]
    around: str = ""
    left_out: int = 0
    rejected: int = 0
    titles: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Network of {len(self.cases)}>"

    @property
    def drawn(self) -> tuple[Shared, ...]:
        """What of the shared things a picture has room for; of too many, those that link most cases."""
        most = sorted(self.shared, key=lambda one: (-len(one.cases), -one.score, one.kind, one.value))
        kept = {(one.kind, one.value) for one in most[:MOST_SHARED]}
        return tuple(one for one in self.shared if (one.kind, one.value) in kept)

    def as_json(self) -> dict[str, object]:
        """Give the object that `network --json` prints."""
        return {
            "cases": list(self.cases),
            "around": self.around,
            "left_out": self.left_out,
            "rejected": self.rejected,
            "shared": [
                {
                    "kind": one.kind,
                    "value": one.value,
                    "cases": list(one.cases),
                    "score": one.score,
                    "why": one.why,
                    "decision": one.decision,
                    "links": len(one.ties),
                    "confirmed": [list(pair) for pair in one.confirmed],
                }
                for one in self.shared
            ],
        }

    @property
    def told(self) -> str:
        """Say what is in the picture and what is not."""
        if not self.shared:
            said = f"Nothing links case {self.around}." if self.around else "Nothing links these cases."
        else:
            said = (
                f"{_many(len(self.cases), 'case')}, and {_many(len(self.shared), 'thing')} that they share."
            )
            said = f"Around case {self.around}: {said}" if self.around else said
        if len(self.shared) > MOST_SHARED:
            said += f" {len(self.shared) - MOST_SHARED:,} of these things are in the table alone."
        if self.left_out:
            which = "those farther from it" if self.around else "those in smaller groups, or farther out"
            said += f" {_many(self.left_out, 'linked case')} not shown: {which}."
        if self.rejected:
            said += f" {_many(self.rejected, 'rejected link')} not shown."
        return said


class Ways:
    """The links that networks follow, by case: those of at least the score ``least``, and those that are
    decided on; ``rejected`` ones or not; between any cases, or those ``within`` alone. ``titles`` are a few
    words of cases. Made once for many networks."""

    def __init__(
        self,
        links: Iterable["Link"],
        decisions: Decisions,
        *,
        within: Collection[str] | None = None,
        rejected: bool = False,
        least: float = DEFAULT_MIN,
        titles: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._titles = titles
        followed, self._hidden = _followed(links, decisions, within, least, rejected=rejected)
        self._links: dict[str, list[tuple[Link, str]]] = {}
        self._beside: dict[str, set[str]] = {}
        for link, decision in followed:
            self._links.setdefault(link.a, []).append((link, decision))
            self._beside.setdefault(link.a, set()).add(link.b)
            self._beside.setdefault(link.b, set()).add(link.a)
        self._groups = list(_groups(self._beside))
        self._group_of = {case: group for group in self._groups for case in group}

    def __repr__(self) -> str:
        return f"<Ways of {len(self._beside)}>"

    def network(self, around: str = "", most: int = MOST) -> Network:
        """Choose what to draw: all that is linked, or what is nearest to the case ``around``; at most
        ``most`` cases, of the largest groups."""
        if not around:
            shown, there = _largest(self._beside, self._groups, most), len(self._beside)
        else:
            shown = _nearest(self._beside, around, most) if around in self._beside else set()
            there = len(self._group_of[around]) if shown else 0
        drawn = [pair for case in sorted(shown) for pair in self._links.get(case, ()) if pair[0].b in shown]
        cases = tuple(sorted(shown))
        titles = tuple(self._titles.get(case, "") for case in cases) if self._titles else ()
        return Network(cases, _shared(drawn), around, there - len(shown), self._hidden, titles)


def network(
    links: Iterable["Link"],
    decisions: Decisions,
    *,
    around: str = "",
    within: Collection[str] | None = None,
    rejected: bool = False,
    least: float = DEFAULT_MIN,
    most: int = MOST,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> Network:
    """Choose what to draw, as `Ways` and its ``network`` do."""
    ways = Ways(links, decisions, within=within, rejected=rejected, least=least, titles=titles)
    return ways.network(around, most)


def with_decisions(links: Iterable["Link"], decisions: Decisions) -> Iterator[tuple["Link", str]]:
    """Give each link with what staff decided on it: confirmed, rejected, or open."""
    # Of ten thousands of links few are decided on: most need no look at all four parts.
    touched = {a for a, _, _, _ in decisions}
    for link in links:
        if link.a in touched:
            yield link, decisions.get((link.a, link.b, link.kind, link.value), OPEN)
        else:
            yield link, OPEN


def _followed(
    links: Iterable["Link"],
    decisions: Decisions,
    within: Collection[str] | None,
    least: float,
    *,
    rejected: bool,
) -> tuple[list[tuple["Link", str]], int]:
    followed, hidden = [], 0
    inside = None if within is None else frozenset(within)
    for link, decision in with_decisions(links, decisions):
        if inside is not None and not (link.a in inside and link.b in inside):
            continue
        if decision == REJECTED and not rejected:
            hidden += 1
        elif link.score >= least or decision != OPEN:
            followed.append((link, decision))
    return followed, hidden


def _nearest(beside: _Beside, around: str, most: int) -> set[str]:
    """Give the cases that are the fewest links away; of equal ones, those with the first names."""
    seen, edge = {around}, [around]
    while edge and len(seen) < most:
        further = sorted({other for case in edge for other in beside[case]} - seen)
        edge = further[: most - len(seen)]
        seen.update(edge)
    return seen


def _group(beside: _Beside, case: str) -> set[str]:
    """Give all cases that are linked with one, directly or by way of others."""
    seen, left = {case}, [case]
    while left:
        new = beside[left.pop()] - seen
        seen |= new
        left += new
    return seen


def _groups(beside: _Beside) -> Iterator[set[str]]:
    """Give the connected groups."""
    seen = set[str]()
    for case in beside:
        if case not in seen:
            group = _group(beside, case)
            seen |= group
            yield group


def _largest(beside: _Beside, groups: Iterable[set[str]], most: int) -> set[str]:
    """Give whole connected groups, the largest first, while there is room; of one that alone is too large,
    the part around its best-linked case."""
    shown: set[str] = set()
    for group in sorted(groups, key=lambda group: (-len(group), min(group))):
        if len(group) <= most - len(shown):
            shown |= group
        elif not shown:
            best = min(group, key=lambda case: (-len(beside[case]), case))
            shown = _nearest(beside, best, most)
    return shown


def _shared(drawn: Sequence[tuple["Link", str]]) -> tuple[Shared, ...]:
    links: dict[tuple[str, str], list[tuple[Link, str]]] = defaultdict(list)
    for link, decision in drawn:
        links[link.kind, link.value].append((link, decision))
    return tuple(_one(kind, value, pairs) for (kind, value), pairs in sorted(links.items()))


def _one(kind: str, value: str, pairs: Sequence[tuple["Link", str]]) -> Shared:
    cases = sorted({case for link, _ in pairs for case in (link.a, link.b)})
    best = max((link for link, _ in pairs), key=lambda link: link.score)
    said = {decision for _, decision in pairs}
    ties = tuple(sorted((link.a, link.b, link.score, decision) for link, decision in pairs))
    decision = said.pop() if len(said) == 1 else OPEN
    return Shared(str(kind), value, tuple(cases), best.score, best.why, decision, ties)


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
