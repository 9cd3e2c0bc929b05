"""What `init` and each `keys` command does: ask the rooms below, print, and say how it went."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from crypto.epoch import Epoch
from desk import cases, showing
from desk.cases import Case
from desk.errors import DeskError
from desk.home import Home, read_team_keys
from desk.keys import (
    destroying,
    guiding,
    listing,
    making,
    notes,
    recovering,
    status,
    terminal,
)
from desk.keys.ceremony import NONE, WORDS, Recovery
from desk.keys.listing import Signer
from desk.keys.status import Status
from desk.server import read_server
from desk.setup import Asked, checked_name, init

DONE = 0


def run_init(home: Home, given: argparse.Namespace) -> int:
    """Make a desk."""
    join = Path(given.join).absolute() if given.join else None
    practice = given.practice if join is None else read_team_keys(join).practice
    if given.identity:
        identity = str(Path(given.identity).absolute())
    else:
        identity = str(home.identity.absolute()) if practice and join is None else ""
    recovery = _recovery(given)
    asked = Asked(
        identity="" if join is not None else identity,
        name=checked_name(given.name or ("practice" if practice else "desk")),
        practice=practice,
        recovery=recovery.how,
        join="" if join is None else str(join),
    )
    made = init(home, asked, Path(given.team_keys) if given.team_keys else None, recovery.out)
    terminal.say(guiding.after_init(home, asked, made))
    return DONE


def _recovery(given: argparse.Namespace) -> Recovery:
    if getattr(given, "no_recovery", False):
        return Recovery(NONE, Path(given.shares_out) if given.shares_out else None)
    recovery = Recovery(given.shares or WORDS, Path(given.shares_out) if given.shares_out else None)
    return Recovery(str(recovery.split or WORDS), recovery.out)


def run_status(home: Home, given: argparse.Namespace) -> int:
    """Say which keys are here."""
    keys, team = home.read_keys(), home.read_team_keys()
    found = Status(
        keys,
        team,
        notes.read(home, keys),
        read_server(home.folder),
        notes.today(),
        destroying.unfinished(home, keys),
    )
    if given.json:
        # Escaped to ASCII, so that a terminal has nothing to obey.
        print(json.dumps(status.as_json(found), indent=2))
    else:
        terminal.say(status.lines(found))
    return DONE


def run_make(home: Home, given: argparse.Namespace) -> int:
    """Make keys for months ahead."""
    terminal.say(guiding.after_make(making.make(home, given.months)))
    return DONE


def run_export(home: Home, given: argparse.Namespace) -> int:
    """Write this desk's public part."""
    part = listing.write_part(home, Path(given.file))
    terminal.say(guiding.after_export(Path(given.file), part))
    return DONE


def run_add_desk(home: Home, given: argparse.Namespace) -> int:
    """Add a desk to the list."""
    part = listing.read_part(Path(given.file))
    terminal.say(guiding.before_adding(part))
    change = listing.with_part(part, collects=given.collect)
    return _renewed(home, _signer(given), change, given)


def run_remove_desk(home: Home, given: argparse.Namespace) -> int:
    """Take a desk off the list."""
    terminal.say(guiding.before_removing(given.name))
    return _renewed(home, _signer(given), listing.without(given.name), given)


def run_renew(home: Home, given: argparse.Namespace) -> int:
    """Sign the list anew."""
    if given.lost and not _signer(given).new:
        raise DeskError("--lost goes with --new-identity", "an identity that is lost cannot sign")
    return _renewed(home, _signer(given), listing.as_now, given)


def _renewed(home: Home, signer: Signer, change: listing.Change, given: argparse.Namespace) -> int:
    team = listing.renew(home, signer, change, given.oldest)
    terminal.say(guiding.after_renewal(home, team, signer))
    return DONE


def _signer(given: argparse.Namespace) -> Signer:
    new_file = getattr(given, "new_identity_file", None)
    return Signer(
        file=Path(given.identity) if given.identity else None,
        new=getattr(given, "new_identity", False) or new_file is not None,
        new_file=Path(new_file) if new_file else None,
        lost=getattr(given, "lost", False),
    )


def run_take(home: Home, given: argparse.Namespace) -> int:
    """Take a list that was signed at another desk."""
    trusted = None if given.trust is None else " ".join(given.trust)
    team = listing.take(home, Path(given.file), trusted)
    terminal.say([f"the list here is version {team.version} now, until {team.newest}"])
    return DONE


def run_destroy(home: Home, given: argparse.Namespace) -> int:
    """Destroy the keys of old months."""
    if not (given.keep or given.keep_none or sys.stdin.isatty()):
        raise DeskError(
            "it is not said which cases to keep", "name them with --keep CASE, or say --keep-none"
        )
    done = destroying.destroy(home, given.before, _choice(given), even_so=given.even_so)
    team = home.read_team_keys()
    terminal.say(guiding.after_destroying(done, team))
    if done.copies and sys.stdin.isatty():
        gone = [copy for copy in done.copies if terminal.agreed(guiding.is_it_destroyed(copy))]
        destroying.forget(home, done.keys, gone)
    return DONE


def run_copies_destroyed(home: Home, given: argparse.Namespace) -> int:
    """Note that the copies which held destroyed keys are gone."""
    del given
    keys = home.read_keys()
    copies = notes.read(home, keys).holding(min(keys.seeds)) if keys.seeds else []
    destroying.forget(home, keys, copies)
    terminal.say([f"noted: {showing.count_text(len(copies), 'copy', 'copies')} gone"])
    return DONE


def _choice(given: argparse.Namespace) -> destroying.Choose:
    def choose(found: Sequence[Case]) -> Sequence[Case]:
        if given.keep_none:
            return []
        if given.keep:
            return _named(found, given.keep)
        return _asked(found)

    return choose


def _named(found: Sequence[Case], names: Sequence[str]) -> list[Case]:
    chosen = {case.name: case for case in (cases.found(found, name) for name in names)}
    return list(chosen.values())


def _asked(found: Sequence[Case]) -> list[Case]:
    terminal.say([*showing.list_lines(found), "", *guiding.before_choosing()])
    while True:
        typed = terminal.line("keep which of them? (names, or: all, none) ").split()
        if typed == ["all"]:
            return list(found)
        if typed == ["none"]:
            if terminal.agreed(guiding.keep_none(len(found))):
                return []
            continue
        try:
            if typed:
                return _named(found, typed)
        except DeskError as error:
            terminal.say([f"{error.what}: {error.hint}"])


def run_change_passphrase(home: Home, given: argparse.Namespace) -> int:
    """Take another passphrase."""
    del given
    noted = making.change_passphrase(home)
    terminal.say(guiding.after_passphrase(noted))
    return DONE


def run_new_recovery(home: Home, given: argparse.Namespace) -> int:
    """Make another recovery secret."""
    recovery = _recovery(given)
    noted = making.new_recovery(home, recovery)
    terminal.say(guiding.after_recovery_secret(home, noted))
    return DONE


def run_recover(home: Home, given: argparse.Namespace) -> int:
    """Get a desk back from its backup."""
    found = recovering.recover(home, Path(given.backup), Path(given.team_keys) if given.team_keys else None)
    terminal.say(guiding.after_recovery(home, found))
    return DONE


def month(text: str) -> Epoch:
    """Read a month as people write it: 202611 or 2026-11.

    :raises ValueError: another.
    """
    return Epoch.parse(text.replace("-", "", 1))
