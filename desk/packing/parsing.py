"""What can be asked of `refer` on the command line."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.cli import Parser
    from desk.home import Home


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `refer`."""
    what = "make what may be passed on of a case a file for an agency"
    refer = commands_.add_parser("refer", help=what, description=what)
    refer.set_defaults(run=_run)
    refer.add_argument("case", metavar="CASE", help="a case's name or its first letters")
    refer.add_argument("--to", required=True, metavar="AGENCY", help="its id in the list of agencies")
    refer.add_argument(
        "--agencies", metavar="FILE", help="another agencies.toml than the one that came along"
    )
    refer.add_argument("--out", metavar="FILE", help="a new file: the zip that is handed over")
    refer.add_argument(
        "--write-decisions",
        metavar="FILE",
        help="write all that is to be decided to a new file; with --decisions also what it will say",
    )
    refer.add_argument("--decisions", metavar="FILE", help="that file, filled in by a person")
    refer.add_argument("--grade", metavar="3x5x2", help="such as 2BP (default: the grade that the case has)")
    refer.add_argument("--conditions", metavar="TEXT", default="", help="on what conditions it may be shared")
    refer.add_argument(
        "--send", metavar="N", action="append", default=[], help="which of several reports; or all"
    )
    refer.add_argument(
        "--addition",
        metavar="N",
        action="append",
        default=[],
        help="which follow-ups; all, if this is not said; or none",
    )
    refer.add_argument(
        "--file", metavar="N", type=int, action="append", default=[], help="a file, as `show` numbers them"
    )
    refer.add_argument(
        "--original", metavar="N", type=int, action="append", default=[], help="a file, and as it came"
    )
    what = "open files without bubblewrap too, where it is missing: under limits alone"
    refer.add_argument("--limits-only", action="store_true", help=what)
    when = refer.add_mutually_exclusive_group()
    when.add_argument(
        "--day",
        action="store_true",
        help="say on what day it came (not said otherwise, unless somebody is in danger now)",
    )
    when.add_argument("--month", action="store_true", help="say the month only, for danger now too")
    refer.add_argument(
        "--passed-on", metavar="YYYY-MM-DD", help="the day that it is handed over, if that is not today"
    )
    refer.add_argument(
        "--answer-to",
        metavar="TEXT",
        default="",
        help="whom the agency may ask: a name, and how to reach them",
    )
    _add_later(refer)
    refer.add_argument("--by", metavar="NAME", default="", help="who does this, for the note in the case")
    refer.add_argument("--json", action="store_true", help="write JSON")


def _add_later(refer: "Parser") -> None:
    refer.add_argument(
        "--agreed-later", metavar="N", type=int, help="the follow-up in which its source agreed later"
    )
    refer.add_argument("--agreed-words", metavar="FILE", help="a file with the words by which they agreed")
    refer.add_argument("--agreed-to", metavar="TEXT", default="", help="the agencies that they agreed to")
    refer.add_argument(
        "--agreed-by",
        metavar="NAME",
        action="append",
        default=[],
        help="who read the words so; say it twice, for two people",
    )


def _run(home: "Home", given: argparse.Namespace) -> int:
    # Here alone: what reads files and sets type would slow every other command.
    from desk.packing.commands import run_refer

    return run_refer(home, given)
