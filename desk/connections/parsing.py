"""What can be asked of `links` and `decide` on the command line."""

import argparse
import os
from typing import TYPE_CHECKING

from desk.book.parsing import STAFF
from desk.connections import commands
from desk.connections.matching import DEFAULT_MIN
from desk.connections.mention import LINKING

if TYPE_CHECKING:
    from desk.cli import Parser


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `links` and `decide`."""
    kinds = [kind.value for kind in LINKING]
    what = "say which cases name the same plate, number, address, account, name or place, and why"
    links = commands_.add_parser("links", help=what, description=what)
    links.set_defaults(run=commands.run_links)
    links.add_argument("--json", action="store_true", help="write JSON")
    links.add_argument("--kind", choices=kinds, action="append", help="only this kind; may be repeated")
    links.add_argument(
        "--min",
        type=_score,
        default=DEFAULT_MIN,
        metavar="SCORE",
        help=f"the lowest score shown, from 0 to 1 (default: {DEFAULT_MIN})",
    )
    links.add_argument("--case", metavar="CASE", help="only links of this case")
    links.add_argument("--rejected", action="store_true", help="rejected links too")
    links.add_argument("--csv", metavar="FILE", help="write a table into a new file, readable")
    links.add_argument("--graphml", metavar="FILE", help="write a graph into a new file, readable")
    what = "confirm or reject a link between two cases, or leave it open again"
    decide = commands_.add_parser("decide", help=what, description=what)
    decide.set_defaults(run=commands.run_decide)
    decide.add_argument("a", metavar="A", help="a case's name or its first letters")
    decide.add_argument("b", metavar="B", help="another case")
    decide.add_argument("kind", metavar="KIND", choices=kinds, help="what the link is by")
    decide.add_argument(
        "value",
        metavar="VALUE",
        nargs="?",
        help="what they share (leave it out where there is one of the kind)",
    )
    decide.add_argument(
        "decision", metavar="DECISION", choices=commands.DECISIONS, help="confirmed, rejected, open"
    )
    decide.add_argument(
        "--by", metavar="NAME", default=os.environ.get(STAFF, ""), help=f"who decides (default: ${STAFF})"
    )


def _score(typed: str) -> float:
    try:
        found = float(typed)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError("a score is a number from 0 to 1")
    return found
