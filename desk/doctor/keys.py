"""The keys: whether they open and for how long they last, whether they are practice, and their backup."""

from datetime import date

from desk.doctor.check import Check, good, unknown, wrong
from desk.errors import DeskError
from desk.home import Home
from desk.keys import destroying, notes
from desk.keys.status import Status
from desk.server import read_server

KEYS, BACKUP, PRACTICE = "keys", "backup", "practice"


def checks(home: Home, today: date, *, opened: bool) -> list[Check]:
    """Look at the keys; ``opened``: ask for the passphrase, and look at what it opens too."""
    if not home.keys.exists():
        return [unknown(KEYS, "there is no desk here yet", "make its keys: init")]
    found = [_practice(home)]
    if not opened:
        return [*found, unknown(KEYS, "they were not opened", "run this again without --no-passphrase")]
    try:
        status = _status(home, today)
    except DeskError as error:
        return [*found, wrong(KEYS, error.what, error.hint)]
    return [*found, _keys(status), _backup(home, status)]


def _practice(home: Home) -> Check:
    try:
        practice = home.read_team_keys().practice
    except DeskError as error:
        return wrong(PRACTICE, error.what, error.hint)
    if practice:
        return unknown(
            PRACTICE, "these are practice keys", "never take real reports with them: anybody can open them"
        )
    return good(PRACTICE, "these are real keys")


def _status(home: Home, today: date) -> Status:
    keys, team = home.read_keys(), home.read_team_keys()
    noted, server = notes.read(home, keys), read_server(home.folder)
    return Status(keys, team, noted, server, today, destroying.unfinished(home, keys))


def _keys(status: Status) -> Check:
    warnings = list(status.warnings())
    left = "" if status.days_left is None else f"; they last {status.days_left} days more"
    if not warnings:
        return good(KEYS, f"they open, and are on the list{left}")
    return wrong(KEYS, f"they open{left}", "; ".join(warnings))


def _backup(home: Home, status: Status) -> Check:
    if status.notes.recovery is None:
        return wrong(
            BACKUP, "there is no backup of the keys", "keys new-recovery; see docs/keys.md, First day"
        )
    if not home.backup.is_file():
        return wrong(
            BACKUP,
            "keys.backup is not here",
            "put its copy back, or make another: keys new-recovery; see docs/keys.md, Lost desk",
        )
    return unknown(
        BACKUP,
        f"keys.backup was written on {status.notes.written_on}; where its copies are no program can see",
        "see that one lies outside this laptop, and that you know where the recovery secret is",
    )
