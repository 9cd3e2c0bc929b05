"""What pages need of the whole book, made beside what else goes on: begun when the book is opened or grows.

A page that comes earlier waits a moment, or shows how far it is.
"""

import gc
import secrets
import threading

from desk.book import Book
from desk.connections.asked import titles_of
from desk.connections.drawing import svg
from desk.connections.finder import finder_of
from desk.connections.findings import Findings
from desk.connections.later import Later
from desk.connections.network import Decisions, Network, Ways
from desk.errors import DeskError
from desk.patterns.kept import patterns_of

MANY = 1_000  # cases from which a look through all of memory for garbage would hold up a page
LONG = 600.0  # seconds that nobody waits for
CASE = f"case-{secrets.token_hex(8)}:"  # stands before a case's name in a picture, where its address will
_ways: Later[tuple[Findings, frozenset[object], bool], Ways] = Later(4)
_drawn: Later[Network, str] = Later(20)
_threads: list[threading.Thread] = []


def begin(book: Book) -> None:
    """Begin to look through all that the book holds."""
    if len(book.files()) >= MANY:
        gc.freeze()  # what is there now stays until the desk locks
    thread = threading.Thread(target=_make, args=(book,), daemon=True)
    _threads[:] = [*(one for one in _threads if one.is_alive()), thread]
    thread.start()


def wait(seconds: float) -> None:
    """Wait until all that was begun is made; ``seconds`` at most for each."""
    for thread in _threads:
        thread.join(seconds)


def ways(found: Findings, decisions: Decisions, seconds: float, *, rejected: bool = False) -> Ways | None:
    """Give the ways among all cases, or None where that takes longer.

    :raises DeskError: they could not be worked out.
    """
    key = (found, frozenset[object](decisions.items()), rejected)
    return _ways.get(
        key, lambda: Ways(found.links, decisions, rejected=rejected, titles=titles_of(found)), seconds
    )


def picture(drawn: Network, seconds: float) -> str | None:
    """Give a network as SVG, in which `CASE` stands for where cases are, or None where that takes longer.

    :raises DeskError: it could not be drawn.
    """
    return _drawn.get(drawn, lambda: svg(drawn, lambda case: f"{CASE}{case}"), seconds)


def _make(book: Book) -> None:
    finder = finder_of(book)
    files = book.files()
    try:
        finder.newest(files)
        finder.wait(LONG)
        found = finder.newest(files)
        if found is None:
            return
        if (made := ways(found, book.decisions(), LONG)) is not None:
            picture(made.network(), LONG)
        patterns_of(found, files, LONG)
    except DeskError:
        return  # the page that needs it says so, and tries again
    if len(files) >= MANY:
        gc.freeze()
