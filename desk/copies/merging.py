"""Put another copy of the casebook and this one together: what is there and not here is taken, by its digest.

Nothing in either ever changes, and staff's notes only add to each other, so that there is nothing to decide
between. Attachments are taken where a report that is here names them.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from crypto import envelope as envelopes
from crypto.errors import BadEnvelope
from crypto.keyfile import DeskKeys
from desk.casebook import PIECE, Casebook, DamagedFile, is_whole
from desk.durable import writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.opening import open_all
from desk.progress import bar


@dataclass
class Merged:
    """What was taken: ``envelopes`` (reports, follow-ups, notes) and ``attachments``; what was left: those
    that are ``damaged`` there, and envelopes of months before this desk's first key (``before``).
    """

    envelopes: int = 0
    attachments: int = 0
    damaged: int = 0
    before: int = 0


def merge(home: Home, other: Path) -> Merged:
    """Take what another desk's folder, or its casebook, has and this one has not.

    Killed at any moment, it leaves whole files only; run again, it goes on with what is not there yet.

    :raises DeskError: there is no casebook, or it is this one.
    :raises OSError: it cannot be read, or the disk is full.
    """
    home.check()
    theirs = _casebook_in(other)
    keys = home.read_keys()
    done = Merged()
    with home.lock():
        mine = Casebook(home.casebook)
        mine.prepare()
        if theirs.folder.resolve() == mine.folder.resolve():
            raise DeskError(
                "this is the casebook of this desk itself", "name the other desk's folder, or a copy of it"
            )
        _take_envelopes(mine, theirs, keys, done)
        mine.sync()
        _take_attachments(mine, theirs, keys, done)
        mine.sync()
    return done


def _casebook_in(folder: Path) -> Casebook:
    for place in (folder / "casebook", folder):
        found = Casebook(place)
        if found.envelope_folder.is_dir():
            return found
    raise DeskError(
        f"no casebook in {harmless(str(folder))}", "name the other desk's folder, or a copy of its casebook"
    )


def _take_envelopes(mine: Casebook, theirs: Casebook, keys: DeskKeys, done: Merged) -> None:
    here = set(mine.envelopes())
    new = [digest for digest in theirs.envelopes() if digest not in here]
    first = min(keys.seeds, default=None)
    with bar("taking", len(new), "envelope") as shown:
        for digest in new:
            shown.update(1)
            try:
                data = theirs.envelope(digest)
                epoch = envelopes.header(data).epoch
            except (DamagedFile, BadEnvelope):
                done.damaged += 1
                continue
            # Of a month whose key was destroyed here nobody shall find anything here again.
            if epoch is None or first is None or epoch < first:
                done.before += 1
                continue
            with writing(mine.envelope_folder / digest, replace=True) as file:
                file.write(data)
            done.envelopes += 1


def _take_attachments(mine: Casebook, theirs: Casebook, keys: DeskKeys, done: Merged) -> None:
    there, here = theirs.blobs(), mine.blobs()
    if not there - here:
        return
    named = {sealed for brief in open_all(mine, keys) for sealed, _ in brief.files}
    wanted = sorted((there - here) & named)
    with bar("taking", len(wanted), "file") as shown:
        for sealed in wanted:
            shown.update(1)
            if _copied(theirs.blob(sealed), mine.blob(sealed)):
                done.attachments += 1
            else:
                done.damaged += 1


def _copied(source: Path, target: Path) -> bool:
    """Copy a file that is named by its SHA-256, where it holds what its name says."""
    if not is_whole(source):
        return False
    digest = sha256()
    try:
        with source.open("rb") as file, writing(target, replace=True) as out:
            while piece := file.read(PIECE):
                digest.update(piece)
                out.write(piece)
            if digest.hexdigest() != target.name:
                raise DamagedFile(target.name)
    except DamagedFile:
        return False
    return True
