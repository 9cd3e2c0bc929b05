"""`flask --app app export FILE`: everything that is kept, in one file for the desk, or to standard output."""

import io
import sys
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import BinaryIO, NoReturn

import click
from flask.cli import with_appcontext

from commands.listing import Listing
from commands.months import warn_of_the_end
from commands.new_file import new_file
from commands.output import counted, fail, say, sized, store_errors_told, warn
from commands.running import running
from crypto.bundle import MAX_REFUSED, BundleWriter, Heading, size_of
from crypto.errors import BadBundle
from crypto.teamkeys import TeamKeys
from store import Pinned, Store
from store.space import free_space

MB = 1_000_000
# So much is left free where the site itself keeps things: twice what words need.
RESERVE = 128 * MB
# Standard output, and the status when a whole bundle went there that lacks something.
STREAM = Path("-")
DAMAGED = 4


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@with_appcontext
def export(file: Path) -> None:
    """Write all sealed reports and their files into FILE, a new file for the desk; `-` is standard output.

    What went to standard output is whole with status 0, and with 4, when something was lost before; else not.
    """
    site = running()
    team, today = site.team_keys, site.today()
    warn_of_the_end(team, today)
    with store_errors_told():
        streams = file == STREAM
        listing = (streamed if streams else written)(file, site.store, team, today)
    envelopes = counted(listing.envelopes, "report", "reports")
    blobs = counted(listing.blobs, "attached file", "attached files")
    name = "the bundle" if streams else str(file)
    say(f"{envelopes} and {blobs} are in {name} ({sized(listing.bytes)})", aside=streams)
    if listing.damaged:
        warn(
            f"{counted(listing.damaged, 'thing', 'things')} that should be kept cannot be read, "
            f"and {'is' if listing.damaged == 1 else 'are'} not in {name}",
            f"{name} holds everything else; restore the newest backup beside the store and export that too",
        )
        raise SystemExit(DAMAGED if streams else 1)


def written(path: Path, store: Store, team: TeamKeys, today: date) -> Listing:
    """Write the bundle and say what is in it.

    :raises SystemExit: it cannot be written; nothing is at ``path`` then that was not there before
    :raises StoreError: the store failed
    """
    try:
        # Whoever deletes something meanwhile does not stop it.
        with new_file(path) as out, store.pinned() as here:
            listing = Listing(here)
            about = heading(store, listing, team, today)
            _check_room(path, store.data, size_of(about, listing))
            _write(out, about, listing, here)
        # Deletions meanwhile could not cut the log.
        store.try_scrub()
    except FileExistsError:
        fail(f"there is already something at {path}", "name a new file: an export never overwrites")
    except BlockingIOError:
        fail(f"another export is being written beside {path}", "wait until it is done")
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", "name a new file in a folder that has room for it")
    except BadBundle as error:
        _changed(error)
    return listing


def streamed(_: Path, store: Store, team: TeamKeys, today: date) -> Listing:
    """Write the bundle to standard output, and say what was in it: it takes no room here.

    :raises SystemExit: it did not go out whole
    :raises StoreError: the store failed
    """
    out = sys.stdout.buffer
    try:
        with store.pinned() as here:
            listing = Listing(here)
            _write(out, heading(store, listing, team, today), listing, here)
            out.flush()
        store.try_scrub()
    except OSError as error:
        fail(f"the bundle did not go out whole: {error.strerror}", "throw away what came, and ask again")
    except BadBundle as error:
        _changed(error)
    return listing


def _write(out: BinaryIO, about: Heading, listing: Listing, here: Pinned) -> None:
    writer = BundleWriter(out, about, listing)
    for member in listing:
        with opened(here, member.name) as source:
            writer.add(member, source)
    writer.finish()


def _changed(error: BadBundle) -> NoReturn:
    fail(f"the store changed while it was exported: {error}", "export again")


def _check_room(path: Path, data: Path, size: int) -> None:
    ours = path.parent.stat().st_dev == data.stat().st_dev
    room = max(free_space(path.parent) - (RESERVE if ours else 0), 0)
    if room < size:
        fail(
            f"{path} would have {sized(size)}, and there is room for {sized(room)}",
            "delete old backups, or take `export -`: it writes to standard output, and takes no room here",
        )


def heading(store: Store, listing: Listing, team: TeamKeys, today: date) -> Heading:
    """Say what the desks want to know of this server.

    :raises StoreError: the store failed
    """
    last = store.last_imports()
    return Heading(
        team_version=team.version,
        epochs=listing.epochs,
        sealing=team.epoch(today),
        made_on=today,
        seqs={desk.sign_public: last[desk.sign_public] for desk in team.desks if desk.sign_public in last},
        refused=_refused(store, {desk.sign_public for desk in team.desks}),
        damaged=listing.damaged,
    )


def _refused(store: Store, listed: Collection[bytes]) -> dict[bytes, tuple[bytes, ...]]:
    found: dict[bytes, list[bytes]] = {}
    for slot, desk, _ in store.refused():
        if desk in listed:
            found.setdefault(desk, []).append(slot)
    return {desk: tuple(sorted(slots)[:MAX_REFUSED]) for desk, slots in found.items()}


def opened(store: Pinned, name: str) -> BinaryIO:
    """Open a member for reading.

    :raises OSError: it cannot be read
    """
    kind, _, number = name.partition("/")
    key = bytes.fromhex(number)
    return store.open_blob(key) if kind == "blob" else io.BytesIO(store.envelope(key))
