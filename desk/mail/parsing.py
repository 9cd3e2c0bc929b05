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
    what = "write the bundle that goes back to the server"
    export = commands_.add_parser("export", help=what, description=what)
    export.set_defaults(run=commands.run_export)
    export.add_argument("file", metavar="FILE", help="a new file, on the stick")
    for parser in (reply, export):
        parser.add_argument("--json", action="store_true", help="write JSON")
