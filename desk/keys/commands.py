"""What `init` and each `keys` command does: ask the rooms below, print, and say how it went."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

from desk.harmless import harmless
from desk.home import Home
from desk.keys import status
from desk.setup import Asked, Made, checked_name, init

DONE = 0


def run_init(home: Home, given: argparse.Namespace) -> int:
    """Make a desk."""
    identity = Path(given.identity or home.identity).absolute()
    name = checked_name(given.name or ("practice" if given.practice else "desk"))
    asked = Asked(str(identity), name, given.practice)
    made = init(home, asked, Path(given.team_keys) if given.team_keys else None)
    _print(_init_lines(home, asked, made))
    return DONE


def _init_lines(home: Home, asked: Asked, made: Made) -> Iterable[str]:
    if made.already:
        yield "the practice desk is here already; nothing was changed"
        return
    yield f"desk keys    {harmless(str(home.keys))}"
    yield f"identity     {harmless(asked.identity)}"
    yield f"public list  {harmless(str(home.team_keys))}"
    yield f"fingerprint  {made.team.fingerprint}"
    if asked.practice:
        yield "PRACTICE KEYS, passphrase: practice. Never take real reports with them"
        return
    yield ""
    yield "next:"
    yield "  1. move the identity to a memory stick, and lock it away with its passphrase:"
    yield "     it signs new lists of keys, and this desk must not be able to"
    yield "  2. put a copy of the desk keys away, on another stick: without them no report opens"
    yield "  3. carry the public list to the server (VIGIL_TEAM_KEYS)"
    yield "  4. print the fingerprint, and compare it with the one on the site's page /keys"


def run_status(home: Home, given: argparse.Namespace) -> int:
    """Say which keys are here."""
    keys, team = home.read_keys(), home.read_team_keys()
    if given.json:
        _print_json(status.keys_json(keys, team))
    else:
        _print(status.keys_lines(keys, team))
    return DONE


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(value: object) -> None:
    # Escaped to ASCII, so that a terminal has nothing to obey.
    print(json.dumps(value, indent=2))
