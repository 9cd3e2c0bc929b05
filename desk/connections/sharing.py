"""What cases share, value by value: all links that one plate, number or account makes, as one thing.

Six cases that name one account make fifteen links, and say one thing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.cases import LETTERS
from desk.connections.network import CONFIRMED, OPEN, REJECTED, Decisions
from desk.connections.scale import sure
from desk.connections.written import readable

if TYPE_CHECKING:
    from desk.connections.asked import Asked
    from desk.connections.findings import Findings
    from desk.connections.links import Link

MOST_WHYS = 3


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """The links that one value makes, at least one, the surest first; ``decided`` has what staff decided on
    some of them, by the names of the two cases."""

    links: tuple["Link", ...]
    decided: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Group of {len(self.links)}>"

    @property
    def kind(self) -> str:
        """Of what kind the value is."""
        return self.links[0].kind

    @property
    def value(self) -> str:
        """The value, as its links have it."""
        return self.links[0].value

    @property
    def written(self) -> str:
        """The value, as people write it."""
        return readable(self.kind, self.value)

    @property
    def cases(self) -> list[str]:
        """The cases that it links, each once, those of the surest links first."""
        return list(dict.fromkeys(case for link in self.links for case in (link.a, link.b)))

    @property
    def score(self) -> float:
        """The best score of its links."""
        return self.links[0].score

    @property
    def whys(self) -> list[str]:
        """Why, in the words of the surest links; at most ``MOST_WHYS``."""
        found: dict[str, None] = {}
        for link in self.links:
            found[link.why] = None
            if len(found) == MOST_WHYS:
                break
        return list(found)

    @property
    def pairs(self) -> list[tuple["Link", str]]:
        """Each link with what was decided on it."""
        return [(link, self.decision_on(link)) for link in self.links]

    @property
    def decision(self) -> str:
        """What was decided on all of them alike; else "open"."""
        said = {self.decision_on(link) for link in self.links} if self.decided else {OPEN}
        return said.pop() if len(said) == 1 else OPEN

    @property
    def said(self) -> str:
        """Say how sure it is, or what was decided."""
        if self.decision != OPEN:
            return self.decision
        score = sure(self.score)
        if not self.decided:
            return score
        counts = [
            (sum(self.decision_on(link) == each for link in self.links), each)
            for each in (CONFIRMED, REJECTED)
        ]
        told = [f"{count:,} of {len(self.links):,} {each}" for count, each in counts if count]
        return ", ".join([score, *told])

    def decision_on(self, link: "Link") -> str:
        """Give what was decided on one of its links."""
        return self.decided.get((link.a, link.b), OPEN)


def by_value(links: Iterable["Link"]) -> tuple[tuple["Link", ...], ...]:
    """Put links together by what they share: the surest first in each, and of these those of most links."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        found.setdefault((link.kind, link.value), []).append(link)
    each = [tuple(sorted(one, key=lambda link: (-link.score, link.a, link.b))) for one in found.values()]
    each.sort(key=lambda one: (-one[0].score, -len(one), one[0].kind, one[0].value))
    return tuple(each)


def shared(found: "Findings", decisions: Decisions, asked: "Asked") -> list[Group]:
    """Give what cases share and is asked for; of each the links that are."""
    decided: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    for (a, b, kind, value), decision in decisions.items():
        decided.setdefault((kind, value), {})[a, b] = decision
    groups: list[Group] = []
    for links in _looked_at(found, asked):
        first = links[0]
        if asked.kind and first.kind != asked.kind:
            continue
        said = decided.get((first.kind, first.value))
        kept = _undecided(links, asked) if said is None else _kept(links, said, asked)
        if kept:
            groups.append(Group(kept, said or {}))
    return groups


def _looked_at(found: "Findings", asked: "Asked") -> Sequence[tuple["Link", ...]]:
    if not asked.case:
        return found.by_value
    if asked.case in found.links_of:
        return by_value(found.links_of[asked.case])
    if len(asked.case) >= LETTERS:  # a whole name
        return ()
    return by_value(
        one for one in found.links if one.a.startswith(asked.case) or one.b.startswith(asked.case)
    )


def _undecided(links: tuple["Link", ...], asked: "Asked") -> tuple["Link", ...]:
    least = asked.least / 100
    if asked.show in (CONFIRMED, REJECTED) or links[0].score < least:
        return ()
    if links[-1].score >= least:
        return links
    return links[: bisect_right(links, -least, key=lambda link: -link.score)]


def _kept(
    links: tuple["Link", ...], said: Mapping[tuple[str, str], str], asked: "Asked"
) -> tuple["Link", ...]:
    return tuple(link for link in links if asked.lets(link.score, said.get((link.a, link.b), OPEN)))


def names_in(groups: Iterable[Group], most: int) -> Iterator[str]:
    """Give the cases of these that a list of at most ``most`` each names."""
    for group in groups:
        yield from group.cases[:most]
