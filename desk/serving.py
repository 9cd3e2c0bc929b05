"""`serve`: the desk's own page, for the browser on this computer."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.home import Home

if TYPE_CHECKING:
    from desk.cli import Parser

PORT = 8100
IDLE_MINUTES = 15
LONGEST_IDLE = 240


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `serve`."""
    what = "open the desk in the browser of this computer, until Ctrl-C"
    serve = commands_.add_parser("serve", help=what, description=what)
    serve.set_defaults(run=run)
    serve.add_argument(
        "--port", type=_number(1024, 65535), default=PORT, metavar="N", help=f"of 127.0.0.1 (default: {PORT})"
    )
    serve.add_argument(
        "--idle",
        type=_number(1, LONGEST_IDLE),
        default=IDLE_MINUTES,
        metavar="MINUTES",
        help=f"lock after so many minutes in which nobody does anything (default: {IDLE_MINUTES})",
    )
    serve.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return value

    return number


def run(home: Home, given: argparse.Namespace) -> int:
    """Serve the pages until somebody ends it."""
    # Here alone: no other command needs a web framework.
    from desk.pages.serving import serve

    home.check()
    return serve(home, given.port, idle=60.0 * given.idle, browser=not given.no_browser)
