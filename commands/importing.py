"""`flask --app app import FILE`: what a desk sends back is checked as a whole, then taken in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from commands.months import warn_of_the_end
from commands.new_file import put_in_place
from commands.output import counted, fail, say, say_aside, store_errors_told, warn
from commands.running import Running, running
from commands.taking import Taken, mark_collected, note, take_replies, waiting_for
from crypto.back import BackReader
from crypto.bundle import BundleReader
from crypto.errors import BadBundle, BadTeamKeys
from crypto.teamkeys import Desk, TeamKeys
from store import Marked
from store.disk import failures_named
from store.locks import locked

LOCK = "import.lock"
# Seconds to wait for another import to end.
PATIENCE = 5.0
AGAIN = "export again at the desk, and carry it on another stick"
LATER = "nothing is lost: the next export tells the desk, which sends it again"


@dataclass(frozen=True)
class Proven:
    """A bundle that may be taken in: the list of keys that counts, and the desk of it that signed.

    ``list_refused``: why the list in the bundle itself is left out, if one is.
    """

    reader: BackReader
    team: TeamKeys
    desk: Desk
    list_refused: str | None


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def import_bundle(file: Path) -> None:
    """Take in FILE, a bundle from a desk: replies, what it has collected, and new keys."""
    site = running()
    with (
        store_errors_told(),
        failures_named(),
        locked(site.store.data / LOCK, PATIENCE),
        site.store.importing() as check,
    ):
        try:
            with file.open("rb") as source:
                whole = _import(site, file, source, check)
        except OSError as error:
            fail(f"cannot read {file}: {error.strerror}", "import it again: nothing is taken twice")
    if not whole:
        raise SystemExit(1)


def _import(site: Running, file: Path, source: BinaryIO, check: Callable[[], None]) -> bool:
    """Check and take in a bundle; say whether nothing of it was refused.

    :raises SystemExit: it is refused as a whole; nothing is changed then
    :raises StoreError: the store failed: import it again
    """
    proven = _proven(site, file, source)
    heading = proven.reader.heading
    what = f"bundle {heading.seq} of the desk {proven.desk.name}"
    last = site.store.last_import(heading.desk)
    if last == (heading.seq, proven.reader.manifest):
        say(f"{what} was imported already: nothing is new")
        return True
    if last is not None and heading.seq <= last[0]:
        fail(f"{file} is {what}, and bundle {last[0]} was imported already", "import the newest of that desk")
    new_list = proven.team.raw != site.team_keys.raw
    if new_list:
        _use(site, proven.team, site.team_keys)
    marked = mark_collected(site.store, proven.reader, proven.team)
    taken = take_replies(site.store, proven.reader, check)
    note(site.store, proven.reader, proven.team, taken)
    if new_list and site.store.machines is not None:
        # The others take it up, once one of them uses it.
        site.note_machine()
    say(f"{what} is imported")
    if new_list:
        say(f"version {proven.team.version} of the team's keys is in use from now on")
    reports, files = proven.reader.counts.collected, proven.reader.counts.blobs
    missing = waiting_for(site.store, proven.team, heading.desk)
    say(
        f"collected by that desk: {counted(reports, 'report', 'reports')} and "
        f"{counted(files, 'file', 'files')}; {_deleted(marked, missing)}"
    )
    say(
        f"replies: {taken.new} new, {taken.same} taken before, {len(taken.refused)} refused; "
        f"their files: {taken.new_blobs} new, {taken.same_blobs} taken before, "
        f"{len(taken.refused_blobs)} refused"
    )
    _warn_of_versions(proven)
    warn_of_the_end(proven.team, site.today())
    return _nothing_refused(proven, taken)


def _proven(site: Running, file: Path, source: BinaryIO) -> Proven:
    """Check all that can be checked before anything is changed, but for the sequence.

    :raises SystemExit: it is refused
    """
    try:
        reader = BackReader(source)
        # By the key that it names itself: nothing unsigned is read. Whether that key is listed comes next.
        reader.verify(reader.heading.desk)
    except BadBundle as bad:
        if _made_by_server(source):
            fail(
                f"{file} was made by a server; here goes one that a desk exported",
                "import it at the desk, export there, and bring what that writes",
            )
        fail(f"{file}: {bad}", AGAIN)
    team, list_refused = _list_that_counts(reader, file, site.team_keys)
    desk = next((desk for desk in team.desks if desk.sign_public == reader.heading.desk), None)
    if desk is None:
        why = "" if list_refused is None else f" (the list in the bundle was refused: {list_refused})"
        fail(
            f"{file} is signed by a desk that version {team.version} of the team's keys does not name{why}",
            "a desk that was removed is not listened to, nor one of another team: export at a listed desk",
        )
    today = site.today()
    if reader.heading.not_after < today:
        fail(
            f"{file} was to be imported until {reader.heading.not_after}, and today is {today} here",
            "set the clock if it is wrong, else export again at the desk",
        )
    return Proven(reader, team, desk, list_refused)


def _made_by_server(source: BinaryIO) -> bool:
    try:
        BundleReader(source)
    except BadBundle:
        return False
    return True


def _list_that_counts(reader: BackReader, file: Path, trusted: TeamKeys) -> tuple[TeamKeys, str | None]:
    """Give the bundle's own list where it may follow the one in use, else that; and why it may not.

    :raises SystemExit: the bundle's list is another team's, or practice for real
    """
    try:
        raw = reader.team_keys()
        if raw is None or raw == trusted.raw:
            return trusted, None
        keys = TeamKeys.read(raw)
    except BadBundle:
        return trusted, "it arrived damaged"
    except BadTeamKeys as bad:
        return trusted, f"it cannot be used: {bad}"
    if keys.practice != trusted.practice:
        fail(
            f"{file} holds {'practice' if keys.practice else 'real'} keys, and this server "
            f"uses {'practice' if trusted.practice else 'real'} ones",
            "import it on the server that it was made for",
        )
    known = {trusted.identity, trusted.body.previous}
    if keys.identity not in known and keys.body.previous != trusted.identity:
        fail(
            f"{file} is of another team: its keys have the fingerprint {keys.fingerprint}",
            "if yours has lost its identity, put the new team.keys in place yourself, and set VIGIL_TRUST",
        )
    try:
        keys.check_follows(trusted)
    except BadTeamKeys as bad:
        return trusted, str(bad)
    return keys, None


def _use(site: Running, team: TeamKeys, before: TeamKeys) -> None:
    """Put a list in the place of the one in use; the site notices by itself.

    :raises SystemExit: it cannot be written, or somebody else has just put another there
    """
    path = site.settings.team_keys
    try:
        # First the file: killed in between, the site finds a list that may follow the one remembered.
        put_in_place(path, team.raw)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", "let this user write there, and import again")
    if not site.store.trust_keys(team.raw, [desk.sign_public for desk in team.desks], before.raw):
        fail(
            "another list of the team's keys came meanwhile",
            f"see which one {path} is to hold, put it there, and import again",
        )


def _deleted(marked: Marked, missing: list[str]) -> str:
    """Say what of it is deleted here, and who has to collect the rest first."""
    gone = "nothing yet"
    if marked.envelopes or marked.blobs or not missing:
        gone = (
            f"{counted(marked.envelopes, 'report', 'reports')} and {counted(marked.blobs, 'file', 'files')}"
        )
    has, it = "has" if len(missing) == 1 else "have", "it" if gone == "nothing yet" else "the rest"
    rest = f"; {' and '.join(missing)} {has} not collected {it}" if missing else ""
    return f"deleted here: {gone}{rest}"


def _warn_of_versions(proven: Proven) -> None:
    theirs, ours = proven.reader.heading.team_version, proven.team.version
    if theirs < ours:
        say_aside(
            f"the desk {proven.desk.name} has version {theirs} of the team's keys, and {ours} is in use here",
            "give it the newest team.keys",
        )
    elif theirs > ours:
        say_aside(
            f"the desk {proven.desk.name} has version {theirs} of the team's keys, and {ours} is in use here",
            "export here, import that at the desk, and export there again: the new list comes along",
        )


def _nothing_refused(proven: Proven, taken: Taken) -> bool:
    for why, times in Counter(why for _, why in taken.refused).items():
        was = "was" if times == 1 else "were"
        warn(f"{counted(times, 'reply', 'replies')} {was} refused: {why}", LATER)
    for why, times in Counter(taken.refused_blobs).items():
        was = "was" if times == 1 else "were"
        warn(f"{counted(times, 'file', 'files')} of replies {was} refused: {why}", LATER)
    if proven.list_refused is not None:
        warn(
            f"the list of keys in the bundle was refused: {proven.list_refused}",
            f"version {proven.team.version} stays in use; export at a desk that has the newest list",
        )
    damage = sorted({each.why for each in proven.reader.damage if not each.name})
    for why in damage:
        warn(f"the bundle is damaged: {why}", "what is counted above was whole; use another stick")
    refused = taken.refused or taken.refused_blobs or proven.list_refused is not None
    return not (refused or damage)
