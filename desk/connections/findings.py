"""All that was found in a book at one moment: links, places, routes, days, and what patterns count.

`read` takes one case apart, `together` puts what was read of all cases together. It takes part of a minute
for ten thousand cases: `desk.connections.beside` does it in other processes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.connections.links import Link, links
from desk.connections.mention import Mention
from desk.connections.mentions import mentions
from desk.connections.place_table import Place, places
from desk.connections.routes import Route, routes
from desk.connections.sharing import by_value
from desk.connections.timeline import Moment, ordered, sent
from desk.patterns.facts import Facts, facts
from payload import FollowUp, Report

if TYPE_CHECKING:
    from desk.book import CaseFile

Told = Callable[[int, int], None]
EVERY = 100  # cases between two words on how far it is


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """What was read of one case; ``facts`` is None where there is no report in it. ``failed``: reading it
    came upon a fault of ours."""

    case: str
    mentions: tuple[Mention, ...]
    facts: Facts | None
    routes: tuple[Route, ...]
    moments: tuple[Moment, ...]
    failed: bool = False

    def __repr__(self) -> str:
        return f"<Read {self.case}>"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Findings:
    """What was found in ``cases`` cases: the links, all (the surest first), by case, and by what they share;
    the facts by case; places, routes, and the moments that reports tell of. Staff's decisions and notes are
    no part of it. ``unread`` are cases that could not be read, by name.
    """

    cases: int
    links: tuple[Link, ...]
    links_of: Mapping[str, tuple[Link, ...]]
    by_value: tuple[tuple[Link, ...], ...]
    facts: Mapping[str, Facts]
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    moments: tuple[Moment, ...]
    unread: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Findings in {self.cases} cases>"


def read(case: str, contents: Iterable[object]) -> Read:
    """Read the reports and follow-ups of a case: what they tell of others, and nothing of the source."""
    told = [content for content in contents if isinstance(content, Report | FollowUp)]
    try:
        found = mentions(case, told)
        return Read(case, found, facts(case, told, found), routes(case, told), tuple(sent(case, told)))
    except Exception:  # noqa: BLE001 - nobody may hide all connections by one report that we fail to read
        return Read(case, (), None, (), (), failed=True)


def together(cases: Sequence[Read]) -> Findings:
    """Find all that these cases say together."""
    linked = sorted(
        links([mention for one in cases for mention in one.mentions]),
        key=lambda link: (-link.score, link.kind, link.value, link.a, link.b),
    )
    counted = [one.facts for one in cases if one.facts is not None]
    return findings_of(
        len(cases),
        linked,
        counted,
        places(counted, {one.case: one.mentions for one in cases}),
        [route for one in cases for route in one.routes],
        ordered(moment for one in cases for moment in one.moments),
        [one.case for one in cases if one.failed],
    )


def findings_of(
    cases: int,
    linked: Sequence[Link],
    counted: Iterable[Facts],
    placed: Iterable[Place],
    ways: Iterable[Route],
    moments: Iterable[Moment],
    unread: Iterable[str],
) -> Findings:
    """Put findings together from their parts, which are in their order."""
    links_of: dict[str, list[Link]] = {}
    for link in linked:
        links_of.setdefault(link.a, []).append(link)
        links_of.setdefault(link.b, []).append(link)
    return Findings(
        cases=cases,
        links=tuple(linked),
        links_of={case: tuple(each) for case, each in links_of.items()},
        by_value=by_value(linked),
        facts={one.case: one for one in counted},
        places=tuple(placed),
        routes=tuple(ways),
        moments=tuple(moments),
        unread=tuple(unread),
    )


def findings(files: Sequence["CaseFile"], told: Told | None = None) -> Findings:
    """Find all that these cases say together, here and now. ``told`` is told how many are read, and of how
    many."""
    cases: list[Read] = []
    for number, file in enumerate(files, 1):
        cases.append(read(file.name, file.contents))
        if told is not None and (number % EVERY == 0 or number == len(files)):
            told(number, len(files))
    return together(cases)
