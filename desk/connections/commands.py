"""`links` and `decide`: what two cases share, and what staff make of it."""

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk.columns import beside, columns
from desk.errors import DeskError
from desk.harmless import harmless, harmless_name
from desk.home import Home
from desk.progress import bar
from desk.showing import count_text

if TYPE_CHECKING:
    from desk.book import Book
    from desk.connections.links import Link

Decided = Mapping[tuple[str, str, str, str], str]
CONFIRMED, REJECTED, OPEN = "confirmed", "rejected", "open"
DECISIONS = (CONFIRMED, REJECTED, OPEN)
_DONE = 0


def run_links(home: Home, given: argparse.Namespace) -> int:
    """Find the links and print them, or write them into files."""
    # Here alone: what matches takes a part of a second to load.
    from desk.book.commands import opened
    from desk.connections import exports
    from desk.connections.saving import new_file

    book = opened(home)
    case = book.case(given.case).name if given.case else ""
    found = shown(
        book_links(book),
        book.decisions(),
        least=given.min,
        kinds=given.kind,
        case=case,
        rejected=given.rejected,
    )
    if given.csv:
        new_file(Path(given.csv), exports.as_csv(found))
    if given.graphml:
        new_file(Path(given.graphml), exports.as_graphml(found))
    if given.json:
        print(exports.as_json(found).decode("ascii"), end="")
    elif not given.csv and not given.graphml:
        for line in _lines(found):
            print(line)
    return _DONE


def run_decide(home: Home, given: argparse.Namespace) -> int:
    """Note what somebody decided of a link."""
    from desk.book.commands import opened

    book = opened(home)
    a, b = sorted((book.case(given.a).name, book.case(given.b).name))
    if a == b:
        raise DeskError("both names are of one case", "name the other case too: `links` shows what is linked")
    value = given.value if given.value is not None else _only_value(book, a, b, given.kind)
    book.decide(a, b, given.kind, value, given.decision, given.by.strip())
    print(f"{given.decision}: {a} and {b}, {given.kind} {harmless_name(value)}")
    return _DONE


def book_links(book: "Book") -> list["Link"]:
    """Find the links between the cases of a book, with a bar; without other threads beside."""
    from desk.connections.gathering import gathered
    from desk.connections.links import links

    files = book.files()
    with bar("reading", len(files), "case") as bar_:
        before = 0

        def told(done: int, _total: int) -> None:
            nonlocal before
            bar_.update(done - before)
            before = done

        found = gathered(files, told)
    return links(found, least=0.0)


def shown(
    found: Iterable["Link"],
    decided: Decided,
    *,
    least: float,
    kinds: Sequence[str] | None = None,
    case: str = "",
    rejected: bool = False,
) -> list["Link"]:
    """Choose the links to show: of a score of at least ``least``, or confirmed; rejected ones only if asked.

    A confirmed link has the score 1, a rejected one 0; the sentence says so.
    """
    chosen = []
    for link in found:
        decision = decided.get((link.a, link.b, link.kind, link.value), OPEN)
        if (kinds and link.kind not in kinds) or (case and case not in (link.a, link.b)):
            continue
        if decision == CONFIRMED:
            chosen.append(replace(link, score=1.0, why=f"{link.why} Confirmed by staff."))
        elif decision == REJECTED:
            if rejected:
                chosen.append(replace(link, score=0.0, why=f"{link.why} Rejected by staff."))
        elif link.score >= least:
            chosen.append(link)
    return chosen


def _only_value(book: "Book", a: str, b: str, kind: str) -> str:
    fitting = sorted({link.value for link in book_links(book) if (link.a, link.b, link.kind) == (a, b, kind)})
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise DeskError(f"nothing of the kind {kind} links these cases", "`links --min 0` shows all links")
    values = "; ".join(map(harmless_name, fitting[:5]))
    raise DeskError(f"{len(fitting)} values of the kind {kind} link these cases", f"write which: {values}")


def _lines(found: Sequence["Link"]) -> Iterator[str]:
    most = columns()
    for link in sorted(found, key=lambda one: (-one.score, one.kind, one.value, one.a, one.b)):
        yield from beside(
            f"{link.score:.2f} {link.a} {link.b}",
            [("|", f"{link.kind}: {harmless_name(link.value)}")],
            most // 2,
            most,
        )
        yield f"    {harmless(link.why)}"
    pairs = {(link.a, link.b) for link in found}
    if found:
        yield f"{count_text(len(found), 'link')} of {count_text(len(pairs), 'pair')} of cases"
    else:
        yield "no two cases name the same thing"
