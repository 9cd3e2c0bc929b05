"""What can be asked of `init` and `keys` on the command line."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from crypto.keyfile import MONTHS
from desk.home import Home
from desk.keys import commands

if TYPE_CHECKING:
    from desk.cli import Parser


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `init` and `keys`."""
    _add_init(commands_)
    what = "say which keys are here; make, list, renew and destroy them"
    keys = commands_.add_parser("keys", help=what, description=what)
    keys.set_defaults(run=commands.run_status)
    _json(keys)
    under = keys.add_subparsers(title="of keys", metavar="WHAT")
    _json(_command(under, "status", commands.run_status, "say which keys are here (as `keys` alone)"))
    make = _command(under, "make", commands.run_make, "make keys for months ahead")
    make.add_argument(
        "--months", type=int, default=MONTHS, metavar="N", help=f"until N months from now ({MONTHS})"
    )
    _add_listing(under)
    _add_destroying(under)
    _command(under, "change-passphrase", commands.run_change_passphrase, "take another passphrase")
    new = _command(
        under, "new-recovery", commands.run_new_recovery, "make another recovery secret and backup"
    )
    _shares(new)
    recover = _command(under, "recover", commands.run_recover, "get a desk back from its backup, into DIR")
    recover.add_argument("--backup", required=True, metavar="FILE", help="a copy of keys.backup")
    recover.add_argument("--team-keys", metavar="FILE", help="a newer list than the backup holds")


def _add_init(commands_: "argparse._SubParsersAction[Parser]") -> None:
    what = "make a desk: its keys, the identity, the public list, the backup"
    init = _command(commands_, "init", commands.run_init, what)
    init.add_argument("--practice", action="store_true", help="keys to try things out, passphrase: practice")
    init.add_argument("--name", help="the desk's name in the public list (default: desk)")
    init.add_argument(
        "--identity", metavar="FILE", help="write the identity to a stick (default: words for paper)"
    )
    init.add_argument(
        "--join", metavar="LIST", help="a further desk: the team's list, whose identity signs for it later"
    )
    init.add_argument("--team-keys", metavar="FILE", help="where a copy of the public list goes")
    _shares(init)
    init.add_argument("--no-recovery", action="store_true", help="make no recovery secret and no backup")


def _shares(parser: "Parser") -> None:
    parser.add_argument("--shares", metavar="KofN", help="cut the recovery secret into shares, such as 2of3")
    parser.add_argument("--shares-out", metavar="DIR", help="draw each share as a QR code too, into DIR")


def _add_listing(under: "argparse._SubParsersAction[Parser]") -> None:
    export = _command(under, "export", commands.run_export, "write this desk's public part for another desk")
    export.add_argument("file", metavar="FILE")
    add_desk = _command(
        under, "add-desk", commands.run_add_desk, "add a desk, or its new months, to the list"
    )
    add_desk.add_argument("file", metavar="FILE", help="what `keys export` wrote at that desk")
    add_desk.add_argument(
        "--collect",
        action=argparse.BooleanOptionalAction,
        help="whether the server waits for it before it deletes (for a new desk it does)",
    )
    remove = _command(under, "remove-desk", commands.run_remove_desk, "take a desk off the list")
    remove.add_argument("name", metavar="NAME")
    renew = _command(under, "renew", commands.run_renew, "sign the list anew, with this desk's new months")
    for parser in (add_desk, remove, renew):
        parser.add_argument(
            "--identity", metavar="FILE", help="the identity's file (default: type its words)"
        )
        parser.add_argument(
            "--oldest", type=commands.month, metavar="MONTH", help="leave out the months before, YYYYMM"
        )
    renew.add_argument("--new-identity", action="store_true", help="make a new identity, and sign with it")
    renew.add_argument("--new-identity-file", metavar="FILE", help="the same, written to a stick")
    renew.add_argument("--lost", action="store_true", help="the old identity is gone and cannot sign for it")
    take = _command(under, "take", commands.run_take, "take a list that was signed at another desk")
    take.add_argument("file", metavar="FILE")
    take.add_argument(
        "--trust",
        nargs="+",
        metavar="FINGERPRINT",
        help="of the team, with its new identity, when the old one was lost",
    )


def _add_destroying(under: "argparse._SubParsersAction[Parser]") -> None:
    destroy = _command(under, "destroy", commands.run_destroy, "destroy the keys of old months, for good")
    destroy.add_argument(
        "--before",
        required=True,
        type=commands.month,
        metavar="MONTH",
        help="the first month to keep, YYYYMM",
    )
    keep = destroy.add_mutually_exclusive_group()
    keep.add_argument("--keep", nargs="+", metavar="CASE", help="cases to seal anew (default: ask)")
    keep.add_argument("--keep-none", action="store_true", help="keep no case of those months")
    destroy.add_argument("--even-so", action="store_true", help="although some of it could not be read")

    _command(
        under,
        "copies-destroyed",
        commands.run_copies_destroyed,
        "note that the copies which held destroyed keys are gone",
    )


def _json(parser: "Parser") -> None:
    parser.add_argument("--json", action="store_true", help="write JSON")


def _command(
    under: "argparse._SubParsersAction[Parser]",
    name: str,
    run: Callable[[Home, argparse.Namespace], int],
    what: str,
) -> "Parser":
    parser = under.add_parser(name, help=what, description=what)
    parser.set_defaults(run=run)
    return parser
