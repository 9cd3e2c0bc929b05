"""`flask --app app backup FILE`: all that the server keeps, sealed as it is, in one file, while it serves."""

import errno
import hashlib
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from commands.new_file import new_file
from commands.output import counted, fail, say, sized, store_errors_told
from commands.running import running
from crypto.archive import DATABASE, TEAM_KEYS, About, ArchiveWriter, size_of
from crypto.errors import BadArchive, BadBundle
from store import Snapshot, Store, done
from store.space import free_space

MB = 1_000_000
# So much is left free beside it: a full disk stops whatever else writes there.
RESERVE = 64 * MB


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write all that the server keeps into FILE, a new file: sealed reports, their files, sealed replies."""
    site = running()
    with store_errors_told():
        snapshot = written(file, site.store, site.team_keys.raw, site.today())
        site.store.note_done(done.BACKUP)
        # Deletions meanwhile could not cut the log.
        site.store.try_scrub()
    files = counted(len(snapshot.blobs), "file", "files")
    say(f"all that is kept here is in {file}: the database and {files} ({sized(file.stat().st_size)})")
    say(f"its SHA-256 is {_digest(file)}")
    if snapshot.lost:
        fail(
            f"{counted(snapshot.lost, 'file', 'files')} that reports rely on "
            f"{'is' if snapshot.lost == 1 else 'are'} not on disk, and so not in {file}",
            f"{file} holds everything else; older backups may hold what is lost: keep them",
        )


def written(path: Path, store: Store, team_keys: bytes, today: date) -> Snapshot:
    """Write the backup and give what is in it.

    :raises SystemExit: it cannot be written; nothing is at ``path`` then that was not there before
    :raises StoreError: the store failed
    """
    try:
        with new_file(path) as out, store.snapshot() as here:
            about = About(today, here.lost)
            keys = here.trusted or team_keys
            _check_room(path, size_of(_sizes(here, keys), about))
            writer = ArchiveWriter(out, about)
            for blob, size in here.blobs.items():
                with here.open_blob(blob) as source:
                    writer.add(_name(blob), size, source)
            with here.database.open("rb") as source:
                writer.add(DATABASE, here.database.stat().st_size, source)
            writer.add_bytes(TEAM_KEYS, keys)
            writer.finish()
    except FileExistsError:
        fail(f"there is already something at {path}", "name a new file: a backup never overwrites")
    except BlockingIOError:
        fail(f"another backup is being written beside {path}", "wait until it is done")
    except OSError as error:
        if error.errno == errno.EIO:
            fail(f"the disk failed while {path} was written", "see to the disks: dmesg says which one it was")
        fail(f"cannot write {path}: {error.strerror}", "name a new file in a folder that has room for it")
    except (BadArchive, BadBundle) as error:
        fail(f"{path} cannot be made: {error}", "see what `flask --app app doctor` says of the store")
    return here


def _sizes(here: Snapshot, keys: bytes) -> list[tuple[str, int]]:
    blobs = [(_name(blob), size) for blob, size in here.blobs.items()]
    return [*blobs, (DATABASE, here.database.stat().st_size), (TEAM_KEYS, len(keys))]


def _name(blob: bytes) -> str:
    return f"blob/{blob.hex()}"


def _check_room(path: Path, size: int) -> None:
    free = free_space(path.parent)
    if free < size + RESERVE:
        room = sized(max(free - RESERVE, 0))
        fail(
            f"the backup will have {sized(size)}, and {path.parent} has room for {room}",
            "free some disk space there, or name a file on another disk",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
