"""`network`: the picture of what links the cases, as a file, and the same in words."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desk.columns import beside, columns
from desk.harmless import harmless, harmless_name
from desk.home import Home

if TYPE_CHECKING:
    from desk.cli import Parser
    from desk.connections.network import Network


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `network`."""
    what = "draw what links the cases, and say the same in words"
    parser = commands_.add_parser("network", help=what, description=what)
    parser.set_defaults(run=run)
    parser.add_argument("--svg", metavar="FILE", help="draw it into a new file, readable")
    parser.add_argument("--around", metavar="CASE", default="", help="only what is nearest to this case")
    parser.add_argument("--rejected", action="store_true", help="rejected links too")
    parser.add_argument("--json", action="store_true", help="write JSON")


def run(home: Home, given: argparse.Namespace) -> int:
    """Draw, and tell."""
    # Here alone: they take a part of a second to load.
    from desk.book.commands import opened
    from desk.connections.asked import titles_of
    from desk.connections.beside import looked_through
    from desk.connections.drawing import svg
    from desk.connections.network import network
    from desk.connections.saving import new_file

    book = opened(home)
    around = book.case(given.around).name if given.around else ""
    found = looked_through(book.files())
    drawn = network(
        found.links, book.decisions(), around=around, rejected=given.rejected, titles=titles_of(found)
    )
    if given.svg:
        new_file(Path(given.svg), svg(drawn, alone=True).encode("utf-8"))
    if given.json:
        print(json.dumps(drawn.as_json(), indent=2))
        return 0
    for line in lines(drawn):
        print(line)
    return 0


def lines(drawn: "Network") -> Iterator[str]:
    """Give it in words, for a terminal."""
    from desk.connections.network import KINDS

    most = columns()
    yield from beside(drawn.told, [], most, most)
    for one in drawn.shared:
        yield ""
        yield from beside(
            f"{KINDS.get(one.kind, one.kind)} ({one.said})",
            [("|", harmless_name(one.written))],
            most // 3,
            most,
        )
        yield f"  {', '.join(one.cases)}"
        yield f"  {harmless(one.why)}"
