"""`flask --app app restore FILE`: what a backup holds, into an empty folder or database, or not at all."""

from datetime import date
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext

from commands.new_file import new_file, put_in_place
from commands.output import counted, fail, say, say_aside, sized, store_errors_told
from commands.running import configured
from config import Config
from crypto.archive import DATABASE, TEAM_KEYS, ArchiveReader
from crypto.errors import BadArchive, BadTeamKeys
from crypto.teamkeys import TeamKeys
from store import Refill, done, open_store
from store.clock import utc_today
from store.disk import failures_named

# Whatever sources have deleted since comes back: of more days than these, only where that is asked for.
DAYS = 14
# The documents say it in the same words. The last bundle first: the server takes no lower number after a
# higher, and that bundle alone has the replies of which the desk knows that they arrived.
AFTERWARDS = "bring each desk's last bundle to the server once more, then fetch, and import that at the desk"
ANOTHER = "restore another backup: this one is damaged, was changed, or is none"


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--older", is_flag=True, help=f"Restore a backup of more than {DAYS} days ago, too.")
@with_appcontext
def restore(file: Path, *, older: bool) -> None:
    """Put what the backup FILE holds into an empty VIGIL_DATA, or an empty PostgreSQL."""
    settings = configured()
    # The application has opened it where it could; here it has to open after a kill, too.
    if (site := current_app.extensions.get("vigil")) is not None:
        site.store.close()
    try:
        with file.open("rb") as source, store_errors_told():
            store = open_store(
                settings.data,
                database_url=settings.database_url,
                database_bytes=settings.database_bytes,
                restoring=True,
            )
            try:
                # From here on no site opens this store: checking a large backup takes a while.
                with store.refilling() as refill:
                    reader = _checked(file, source, older=older)
                    _fill(refill, reader, _list_in(reader, settings), settings)
                store.note_done(done.RESTORE)
            finally:
                store.close()
    except BadArchive as bad:
        fail(f"{file}: {bad}", ANOTHER)
    except OSError as error:
        fail(
            f"{error.filename or file}: {error.strerror}",
            "see to it, and restore again: nothing was put in place",
        )
    _tell(reader, settings)


def _checked(file: Path, source: BinaryIO, *, older: bool) -> ArchiveReader:
    """Read the whole backup once, before anything is changed.

    :raises BadArchive: it is not whole
    :raises SystemExit: it is older than it may be
    """
    reader = ArchiveReader(source)
    age = (utc_today() - reader.about.made_on).days
    if age > DAYS and not older:
        made = f"{reader.about.made_on}, {age} days ago"
        fail(
            f"{file} was made on {made}: what sources have deleted since would come back",
            "restore a newer one; where there is none, add --older, and say so on the site",
        )
    missing = {DATABASE, TEAM_KEYS} - reader.members.keys()
    if missing:
        raise BadArchive(f"it has no {min(missing)}")
    reader.verify()
    return reader


def _list_in(reader: ArchiveReader, settings: Config) -> TeamKeys:
    """Give the list of keys to go on with: the backup's, or one in place that may follow it.

    :raises BadArchive: the backup's is none
    :raises SystemExit: another team's is in place, or one for practice beside one that is not
    """
    try:
        theirs = TeamKeys.read(b"".join(reader.pieces(TEAM_KEYS)))
    except BadTeamKeys as bad:
        raise BadArchive(f"its list of keys is refused: {bad}") from None
    if theirs.practice and not settings.practice:
        fail(
            "the backup is of a site for practice, whose keys anyone can open",
            "restore a backup of the real site; to practise all the same, set VIGIL_PRACTICE=1",
        )
    path = settings.team_keys
    if not path.exists():
        return theirs
    try:
        ours = TeamKeys.read(path.read_bytes())
        newest, before = (ours, theirs) if ours.version >= theirs.version else (theirs, ours)
        newest.check_follows(before)
    except BadTeamKeys as bad:
        fail(
            f"{path} and the list of keys in the backup do not go together: {bad}",
            f"if the backup is your team's (its fingerprint is {theirs.fingerprint}), move {path} away, and "
            "restore again",
        )
    return newest


def _fill(refill: Refill, reader: ArchiveReader, keys: TeamKeys, settings: Config) -> None:
    """Put all of it in place; the rows, which make it count, last.

    :raises StoreError: the store is not empty any more, or the disk failed; nothing counts then
    :raises BadArchive: what is in it does not belong together; nothing counts then
    """
    blobs = {
        bytes.fromhex(name[5:]): member for name, member in reader.members.items() if name[:5] == "blob/"
    }
    size = sum(member.size for member in blobs.values())
    refill.check_room(reader.members[DATABASE].size, size)
    trusted = refill.take_database(reader.pieces(DATABASE))
    _check_together(reader, refill, {blob: member.size for blob, member in blobs.items()}, trusted)
    for blob, member in blobs.items():
        refill.put_blob(blob, reader.pieces(member.name))
    _put_list(settings.team_keys, keys)
    refill.commit(keys.raw, [desk.sign_public for desk in keys.desks])


def _check_together(
    reader: ArchiveReader, refill: Refill, blobs: dict[bytes, int], trusted: bytes | None
) -> None:
    rows = {blob: size for blob, (size, _) in refill.blobs.items()}
    lost = len(rows) - len(blobs)
    if not blobs.items() <= rows.items() or lost != reader.about.lost:
        raise BadArchive("its files are not those that its database names")
    if trusted is not None and trusted != b"".join(reader.pieces(TEAM_KEYS)):
        raise BadArchive("its list of keys is not the one that its database names")


def _put_list(path: Path, keys: TeamKeys) -> None:
    with failures_named():
        if path.exists():
            if path.read_bytes() != keys.raw:
                put_in_place(path, keys.raw)
            return
        with new_file(path) as out:
            out.write(keys.raw)


def _tell(reader: ArchiveReader, settings: Config) -> None:
    made: date = reader.about.made_on
    blobs = len(reader.members) - 2
    size = sum(member.size for member in reader.members.values())
    files = f"{counted(blobs, 'file', 'files')} ({sized(size)})"
    where = settings.data if settings.database_url is None else "the database"
    say(f"{where} holds what the backup of {made} held: the rows and {files}")
    if reader.about.lost:
        say_aside(
            f"{counted(reader.about.lost, 'file', 'files')} had been lost before that backup was made",
            "an older backup may hold them",
        )
    say("no backup of the server holds the texts (publish them), the onion service's key, the settings")
    say_aside(
        "what came after that backup is gone: reports that no desk had fetched, replies that were imported",
        f"{AFTERWARDS}: a reply that counts as delivered there, and that no bundle brings again, has to be "
        "written anew. After a move, with a backup made when the old site was off, there is nothing to bring",
    )
    say_aside(
        "what sources deleted after that backup is here again",
        "after a move there is none. Else say on the site that whoever deleted something since then should "
        "look into the mailbox again",
    )
