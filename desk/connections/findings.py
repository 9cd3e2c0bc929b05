"""All that was found in a book at one moment: links, places, routes, days, and what patterns count.

It takes seconds for ten thousand cases. `findings` does it at once, for a command; a `Finder` does it beside
what else goes on, keeps what was found last, and begins anew when the book holds something else.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from desk.connections.links import Link, links
from desk.connections.mention import Mention
from desk.connections.mentions import mentions
from desk.connections.place_table import Place, places
from desk.connections.routes import Route, routes
from desk.connections.timeline import Moment, ordered, sent
from desk.errors import DeskError
from desk.patterns.facts import Facts, facts
from payload import FollowUp, Report

if TYPE_CHECKING:
    from desk.book import Book, CaseFile

Told = Callable[[int, int], None]
_EVERY = 100  # cases between two words on how far it is


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Findings:
    """What was found in ``cases`` cases: the links, all (the surest first) and by case; the facts by case;
    places, routes, and the moments that reports tell of. Staff's decisions and notes are no part of it."""

    cases: int
    links: tuple[Link, ...]
    links_of: Mapping[str, tuple[Link, ...]]
    facts: Mapping[str, Facts]
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    moments: tuple[Moment, ...]

    def __repr__(self) -> str:
        return f"<Findings in {self.cases} cases>"


def findings(files: Sequence["CaseFile"], told: Told | None = None) -> Findings:
    """Find all that these cases say together. ``told`` is told how many were read, and of how many."""
    found: dict[str, tuple[Mention, ...]] = {}
    counted: dict[str, Facts] = {}
    ways: list[Route] = []
    moments: list[Moment] = []
    for number, file in enumerate(files, 1):
        contents = [content for content in file.contents if isinstance(content, Report | FollowUp)]
        found[file.name] = mentions(file.name, contents)
        if one := facts(file.name, contents, found[file.name]):
            counted[file.name] = one
        ways += routes(file.name, contents)
        moments += sent(file.name, contents)
        if told is not None and (number % _EVERY == 0 or number == len(files)):
            told(number, len(files))
    linked = sorted(
        links([mention for each in found.values() for mention in each]),
        key=lambda link: (-link.score, link.kind, link.value, link.a, link.b),
    )
    links_of: dict[str, list[Link]] = {}
    for link in linked:
        links_of.setdefault(link.a, []).append(link)
        links_of.setdefault(link.b, []).append(link)
    return Findings(
        cases=len(files),
        links=tuple(linked),
        links_of={case: tuple(each) for case, each in links_of.items()},
        facts=counted,
        places=tuple(places(counted.values(), found)),
        routes=tuple(ways),
        moments=tuple(ordered(moments)),
    )


class Finder:
    """Finds in what it is given, in a thread of its own; ``done`` of ``of`` cases are read."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._found: Findings | None = None
        self._found_in = 0  # which cases and what of them, as `_held` tells it
        self._problem: DeskError | None = None
        self.done, self.of = 0, 0

    def __repr__(self) -> str:
        return f"<Finder {self.done} of {self.of}>"

    def newest(self, files: Sequence["CaseFile"]) -> Findings | None:
        """Give what was found last, or None where nothing is yet; begin to look where ``files`` hold anything
        else.

        :raises DeskError: looking failed, and nothing was found before.
        """
        held = _held(files)
        with self._guard:
            if self._problem is not None and self._found is None:
                problem, self._problem = self._problem, None
                raise problem
            if self._found_in != held and not self.looking:
                self.done, self.of = 0, len(files)
                self._thread = threading.Thread(target=self._find, args=(files, held), daemon=True)
                self._thread.start()
            return self._found

    @property
    def looking(self) -> bool:
        """Whether it is at work."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Wait until it is not at work, ``seconds`` at most."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _find(self, files: Sequence["CaseFile"], held: int) -> None:
        try:
            found = findings(files, self._told)
        except BaseException:
            # Nobody reads what a thread raises: the page says that it failed, and tries again when reloaded.
            with self._guard:
                self._problem = DeskError(
                    "the connections could not be worked out",
                    "load the page again; if that does not help, `links` on the command line says why",
                )
            raise
        with self._guard:
            self._found, self._found_in, self._problem = found, held, None

    def _told(self, done: int, of: int) -> None:
        self.done, self.of = done, of


_finders: WeakKeyDictionary["Book", Finder] = WeakKeyDictionary()
_guard = threading.Lock()


def finder_of(book: "Book") -> Finder:
    """Give the finder of a book, one for as long as it is open."""
    with _guard:
        if book not in _finders:
            _finders[book] = Finder()
        return _finders[book]


def _held(files: Sequence["CaseFile"]) -> int:
    """Tell by a number what the book holds of the sources, notes apart."""
    return hash(tuple((file.name, *(one.brief.digest for one in file.held)) for file in files)) or 1
