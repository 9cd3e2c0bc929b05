"""What can be asked of `init` and `keys` on the command line."""

import argparse
from typing import TYPE_CHECKING

from desk.keys import commands

if TYPE_CHECKING:
    from desk.cli import Parser


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `init` and `keys`."""
    _add_init(commands_)
    _add_keys(commands_)


def _add_init(commands_: "argparse._SubParsersAction[Parser]") -> None:
    what = "make a desk: its keys, the identity, the public list"
    init = commands_.add_parser("init", help=what, description=what)
    init.set_defaults(run=commands.run_init)
    init.add_argument("--practice", action="store_true", help="keys to try things out, passphrase: practice")
    init.add_argument("--name", help="the desk's name in the public list (default: desk)")
    init.add_argument(
        "--identity", metavar="FILE", help="where the identity goes (default: DIR/identity.key)"
    )
    init.add_argument("--team-keys", metavar="FILE", help="where a copy of the public list goes")


def _add_keys(commands_: "argparse._SubParsersAction[Parser]") -> None:
    what = "say which keys are here"
    keys = commands_.add_parser("keys", help=what, description=what)
    keys.set_defaults(run=commands.run_status)
    keys.add_argument("--json", action="store_true", help="write JSON")
