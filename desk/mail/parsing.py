"""What can be asked of `reply` and `export` on the command line."""

import argparse
from typing import TYPE_CHECKING

from desk.mail import commands

if TYPE_CHECKING:
    from desk.cli import Parser


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `reply` and `export`."""
    what = "answer the source of a case"
    reply = commands_.add_parser("reply", help=what, description=what)
    reply.set_defaults(run=commands.run_reply)
    reply.add_argument("case", metavar="CASE", help="a case's name or its first letters")
    reply.add_argument(
        "--text-file",
        metavar="F",
        help="the text (default: what comes in on standard input, or an editor: $VISUAL, $EDITOR)",
    )
    reply.add_argument(
        "--file", metavar="F", action="append", default=[], help="a file to go with it; may be repeated"
    )
    whom = reply.add_mutually_exclusive_group()
    whom.add_argument(
        "--mailbox",
        metavar="N",
        type=int,
        help="answer only this mailbox of the case, as `show` numbers them",
    )
    whom.add_argument("--all", action="store_true", help="answer all of them although the reports differ")
    whom.add_argument(
        "--withdraw",
        action="store_true",
        help="take back what was answered in the case and was in no export yet",
    )
    what = "write the bundle that goes back to the server"
    export = commands_.add_parser("export", help=what, description=what)
    export.set_defaults(run=commands.run_export)
    export.add_argument("file", metavar="FILE", help="a new file, on the stick")
    export.add_argument(
        "--give-up",
        metavar="CASE",
        action="append",
        default=[],
        help="let the server delete a case that does not open here; asks first; may be repeated",
    )
    for parser in (reply, export):
        parser.add_argument("--json", action="store_true", help="write JSON")
