"""The network of cases and of what they have in common, made small enough to look at.

Between the cases stands what links them: a plate, a number, an address. What is drawn is told in words too,
as rows of a table, and what is left out is said.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import networkx as nx

from desk.connections.matching import DEFAULT_MIN

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


@dataclass(frozen=True, slots=True, repr=False)
class Shared:
    """Something that cases have in common: its kind and value, their names, the best score of the links that
    it makes, why, and what staff decided of these: confirmed where one is, rejected where all are, else open.
    """

    kind: str
    value: str
    cases: tuple[str, ...]
    score: float
    why: str
    decision: str

    def __repr__(self) -> str:
        return f"<Shared {self.kind}>"

    @property
    def said(self) -> str:
        """Say how sure it is: what staff decided, or else the score."""
        return f"score {self.score:.2f}" if self.decision == OPEN else self.decision


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """What is drawn: the names of cases, what they share, and the case that it is drawn ``around``, or "".

    ``left_out`` cases with links are not in it; ``rejected`` links were not followed.
    """

    cases: tuple[str, ...]
    shared: tuple[Shared, ...]
    around: str = ""
    left_out: int = 0
    rejected: int = 0

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


def network(
    links: Iterable["Link"],
    decisions: Decisions,
    *,
    around: str = "",
    within: Collection[str] | None = None,
    rejected: bool = False,
    least: float = DEFAULT_MIN,
    most: int = MOST,
) -> Network:
    """Choose what to draw: all that is linked, or what is nearest to the case ``around``, or the cases
    ``within`` alone; with ``rejected`` links or without, those of at least the score ``least``, and those
    that are decided on; at most ``most`` cases, of the largest groups.
    """
    followed, hidden = _followed(links, decisions, within, least, rejected=rejected)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((link.a, link.b) for link, _ in followed)
    if not around:
        shown = _largest(graph, most)
    else:
        shown = _nearest(graph, around, most) if around in graph else set()
        graph = graph.subgraph(nx.node_connected_component(graph, around)) if shown else graph
    drawn = [(link, decision) for link, decision in followed if link.a in shown and link.b in shown]
    left = len(graph) - len(shown) if shown else 0
    return Network(tuple(sorted(shown)), _shared(drawn), around, left, hidden)


def decided(link: "Link", decisions: Decisions) -> str:
    """Give what staff decided on a link: confirmed, rejected, or open."""
    return decisions.get((link.a, link.b, link.kind, link.value), OPEN)


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
    for link in links:
        if inside is not None and not (link.a in inside and link.b in inside):
            continue
        decision = decided(link, decisions)
        if decision == REJECTED and not rejected:
            hidden += 1
        elif link.score >= least or decision != OPEN:
            followed.append((link, decision))
    return followed, hidden


def _nearest(graph: "nx.Graph[str]", around: str, most: int) -> set[str]:
    """Give the cases that are the fewest links away; of equal ones, those with the first names."""
    seen, edge = {around}, [around]
    while edge and len(seen) < most:
        further = sorted({other for case in edge for other in graph[case]} - seen)
        edge = further[: most - len(seen)]
        seen.update(edge)
    return seen


def _largest(graph: "nx.Graph[str]", most: int) -> set[str]:
    """Give whole connected groups, the largest first, while there is room; of one that alone is too large,
    the part around its best-linked case."""
    groups = sorted(nx.connected_components(graph), key=lambda group: (-len(group), min(group)))
    shown: set[str] = set()
    for group in groups:
        if len(group) <= most - len(shown):
            shown |= group
        elif not shown:
            best = min(group, key=lambda case: (-graph.degree[case], case))
            shown = _nearest(graph, best, most)
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
    decision = next(each for each in (CONFIRMED, OPEN, REJECTED) if each in said)
    return Shared(str(kind), value, tuple(cases), best.score, best.why, decision)


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
