"""What `doctor` does: look at everything, print, and say by the exit status whether all is well."""

import argparse
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from desk.commands import DONE
from desk.doctor import cage, disks, folder, keys, network, system
from desk.doctor.check import Check, Machine, unknown, wrong
from desk.errors import DeskError
from desk.home import Home
from desk.showing import count_text

if TYPE_CHECKING:
    from desk.cli import Parser

WHAT = "see whether this laptop is fit to be a desk, and the desk is well"


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `doctor`."""
    doctor = commands_.add_parser("doctor", help=WHAT, description=WHAT)
    doctor.set_defaults(run=run)
    doctor.add_argument("--json", action="store_true", help="write JSON")
    doctor.add_argument("--thorough", action="store_true", help="read every file of the casebook through")
    doctor.add_argument("--no-passphrase", action="store_true", help="do not open the keys, nor look at them")


def run(home: Home, given: argparse.Namespace) -> int:
    """Look, and tell.

    :raises DeskError: something has to be done.
    """
    found = list(examined(home, Machine(), _today(), opened=not given.no_passphrase, thorough=given.thorough))
    if given.json:
        print(json.dumps([vars(check) for check in found], indent=2))
    else:
        for check in found:
            print(line(check))
    if bad := [check.name for check in found if check.ok is False]:
        raise DeskError(
            f"{count_text(len(bad), 'thing is', 'things are')} not as a desk needs: {', '.join(bad)}",
            "do what stands behind each, then run doctor again",
        )
    return DONE


def examined(home: Home, machine: Machine, today: date, *, opened: bool, thorough: bool) -> Iterator[Check]:
    """Look at one thing after the other; what cannot be looked at is said to be unknown."""
    looks: tuple[tuple[str, Callable[[], list[Check]]], ...] = (
        (network.NETWORK, lambda: network.checks(machine)),
        (disks.DISK, lambda: disks.checks(machine, home.folder)),
        (system.DUMPS, lambda: [system.core_dumps(machine)]),
        (system.CLOCK, lambda: [system.clock(home, today)]),
        (system.SPACE, lambda: [system.space(home)]),
        (cage.CAGE, lambda: [cage.check(machine)]),
        (folder.PERMISSIONS, lambda: [folder.permissions(home)]),
        (folder.CODE_LINE, lambda: [folder.program()]),
        (folder.UNFINISHED, lambda: [folder.unfinished(home)]),
        (folder.CASEBOOK, lambda: [folder.casebook(home, thorough=thorough)]),
        (keys.KEYS, lambda: keys.checks(home, today, opened=opened)),
    )
    for name, look in looks:
        try:
            yield from look()
        except OSError as error:
            yield unknown(name, f"could not be looked at: {(error.strerror or 'it cannot be read').lower()}")
        except DeskError as error:
            yield wrong(name, error.what, error.hint)


def line(check: Check) -> str:
    """Give the line for people."""
    mark = {True: "ok", False: "NO", None: "?"}[check.ok]
    return f"{mark:3} {check.name}: {check.what}" + (f"\n      {check.hint}" if check.hint else "")


def _today() -> date:
    return datetime.now(UTC).date()
