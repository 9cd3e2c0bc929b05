"""`merge`, `backup` and `restore`: what can be asked of them, and what they say."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desk.copies.backup import BackedUp, Restored, back_up, restore
from desk.copies.merging import Merged, merge
from desk.errors import DeskError
from desk.home import Home
from desk.showing import count_text, size_text

if TYPE_CHECKING:
    from desk.cli import Parser

DONE = 0
HOLDS = (
    "It holds the whole folder of the desk: its private keys under the passphrase, keys.backup, the list of "
    "the team's keys, the casebook with all reports, files and notes as they are sealed, replies on their "
    "way, and what the desk remembers of the server. Nothing of a report can be read in it without the "
    "passphrase. It does not hold files that were saved readable. It holds keys: destroy old backups when "
    "you destroy keys."
)
MERGES = (
    "DIR is the folder of another desk of the team, or a copy of it. Nothing here is changed or removed: "
    "reports, files and notes are added. Whoever made that copy can add notes in any name, so take it from "
    "your own people only."
)
RESTORES = (
    "--home names the folder, which must be empty or not there yet. The backup is checked first: that it is "
    "whole, that its passphrase opens it, and that nobody changed it after its desk made it."
)


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add them."""
    what = "take in what another copy of the casebook has and this one has not"
    _command(commands_, "merge", _run_merge, what, MERGES, "DIR")
    _command(commands_, "backup", _run_backup, "write a backup of the desk into one new file", HOLDS, "FILE")
    _command(commands_, "restore", _run_restore, "put a backup back into an empty folder", RESTORES, "FILE")


def _command(
    commands_: "argparse._SubParsersAction[Parser]",
    name: str,
    run: Callable[[Home, argparse.Namespace], int],
    what: str,
    more: str,
    operand: str,
) -> None:
    parser = commands_.add_parser(name, help=what, description=f"{what}. {more}")
    parser.set_defaults(run=run)
    parser.add_argument("path", metavar=operand)
    parser.add_argument("--json", action="store_true", help="write JSON")


def _run_merge(home: Home, given: argparse.Namespace) -> int:
    done = merge(home, Path(given.path))
    _say(given, asdict(done), _merge_lines(done))
    if done.damaged:
        raise DeskError(
            f"{count_text(done.damaged, 'file')} of that copy {'is' if done.damaged == 1 else 'are'} damaged",
            "what is whole was taken; copy that folder again, and merge once more",
        )
    return DONE


def _merge_lines(done: Merged) -> Iterator[str]:
    yield (
        f"{count_text(done.envelopes, 'envelope')} (reports, follow-ups, notes) and "
        + count_text(done.attachments, "attachment")
        + " taken"
    )
    if done.before:
        yield f"{count_text(done.before, 'envelope')} of months whose keys are not here left out"


def _run_backup(home: Home, given: argparse.Namespace) -> int:
    done = back_up(home, Path(given.path))
    _say(given, asdict(done), _backup_lines(done))
    return DONE


def _backup_lines(done: BackedUp) -> Iterator[str]:
    yield f"{count_text(done.files, 'file')}, {size_text(done.size)}, written and read again"
    if done.left_out:
        yield f"{count_text(done.left_out, 'other file')} of that folder left out: not made by the desk"
    yield "it holds the desk's keys under its passphrase: keep it as you keep the desk"


def _run_restore(home: Home, given: argparse.Namespace) -> int:
    done = restore(home, Path(given.path))
    heard = None if done.heard_on is None else done.heard_on.isoformat()
    _say(given, {"files": done.files, "heard_on": heard}, _restore_lines(done))
    return DONE


def _restore_lines(done: Restored) -> Iterator[str]:
    yield f"{count_text(done.files, 'file')} put back"
    if done.heard_on is not None:
        yield f"it last heard of its server on {done.heard_on}: import the newest bundle before you export"
    yield "use one of the two desks from now on, never both: they would number their exports alike"


def _say(given: argparse.Namespace, value: object, lines: Iterator[str]) -> None:
    if given.json:
        print(json.dumps(value, indent=2))
        return
    for line in lines:
        print(line)
