"""Write a backup of the desk's folder into one file, and put one back into an empty folder.

What is in it is sealed as it is in the folder: the casebook to the desks' keys, these under the passphrase.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

from crypto import keyfile
from crypto.keyfile import DeskKeys
from desk import passphrase
from desk.copies.archive import (
    KEPT,
    NAMES,
    PRACTICE,
    UNFINISHED,
    BadBackup,
    Checked,
    checked,
    each_member,
    write_archive,
)
from desk.durable import PARTIAL, make_folder, sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless, harmless_name
from desk.home import Home, read_key_file
from desk.keys import notes
from desk.progress import bar
from desk.server import read_server

MOST_NAME = 100  # characters of the file's name that the desk notes
_OTHER = "take another copy, or the stick before this one"
_READ_ON = ("casebook/env", "casebook/blob", "outbox")
_OURS_BESIDE = frozenset({".lock"})


@dataclass(frozen=True)
class BackedUp:
    """What was written: files, bytes, and how many files of the folder are none of the desk's."""

    files: int
    size: int
    left_out: int


@dataclass(frozen=True)
class Restored:
    """What was put back: files, and the last day that the desk heard of its server, where it did."""

    files: int
    heard_on: date | None


def back_up(home: Home, path: Path) -> BackedUp:
    """Write a backup of ``home`` to a new file, and read it again.

    :raises DeskError: something is there already, the desk does not open, or what was written is not whole.
    :raises OSError: it cannot be written.
    """
    home.check()
    if os.path.lexists(path):
        raise DeskError(f"{harmless(str(path))} is there already", "nothing was written; name a new file")
    if home.folder.resolve() in path.resolve().parents:
        raise DeskError(
            "a backup in the desk's own folder is lost with it", "name a file on another disk or stick"
        )
    keys = home.read_keys()
    with home.lock():
        practice = home.read_team_keys().practice
        before = notes.read(home, keys)
        # Noted first: whoever destroys keys later must be told of this copy, and of one that was never
        # finished nobody needs to be.
        notes.write(
            home,
            keys,
            before.with_copies(keys, f"the desk's folder in {harmless_name(path.name)[:MOST_NAME]}"),
        )
        try:
            names = sorted(_names(home, practice=practice))
            size = sum((home.folder / name).stat().st_size for name in names)
            with writing(path, replace=False) as out, bar("writing", size, "B") as shown:
                write_archive(out, home.folder, names, keys, shown.update)
            sync_folder(path.parent)
            _read_again(path, keys)
        except BaseException:
            notes.write(home, keys, before)
            raise
    return BackedUp(len(names), path.stat().st_size, _others(home, names))


def _names(home: Home, *, practice: bool) -> Iterator[str]:
    for name in (*KEPT, UNFINISHED, *(PRACTICE if practice else ())):
        if (home.folder / name).is_file():
            yield name
    for folder in _READ_ON:
        if not (home.folder / folder).is_dir():
            continue
        with os.scandir(home.folder / folder) as entries:
            for entry in entries:
                if NAMES.fullmatch(f"{folder}/{entry.name}") and entry.is_file(follow_symlinks=False):
                    yield f"{folder}/{entry.name}"


def _others(home: Home, names: list[str]) -> int:
    known = {*names, *PRACTICE}
    found = 0
    for folder, _, files in os.walk(home.folder):
        for file in files:
            name = str(Path(folder, file).relative_to(home.folder))
            found += name not in known and name not in _OURS_BESIDE and not file.startswith(PARTIAL)
    return found


def _read_again(path: Path, keys: DeskKeys) -> None:
    try:
        with path.open("rb") as source, bar("reading it again", path.stat().st_size, "B") as shown:
            checked(source, shown.update).check_made_by(keys)
    except BadBackup as bad:
        path.unlink(missing_ok=True)
        raise DeskError(f"what was written does not read back: {bad}", "use another stick or disk") from None


def restore(home: Home, path: Path) -> Restored:
    """Put a backup back into ``home``, which is empty or not there; all of it is checked before.

    :raises DeskError: the folder is not empty, the backup is not whole, its passphrase is another, or it was
        changed after its desk made it; nothing is put there then.
    :raises OSError: it cannot be read, or the disk is full; nothing is there then.
    """
    if os.path.lexists(home.folder) and (not home.folder.is_dir() or any(home.folder.iterdir())):
        raise DeskError(
            f"{harmless(str(home.folder))} is not empty",
            "name a new folder with --home; nothing is ever put over a desk",
        )
    make_folder(home.folder.parent.resolve())
    unfinished = home.folder.resolve().parent / f".{home.folder.resolve().name}.restoring"
    with path.open("rb") as source:
        try:
            with bar("checking", path.stat().st_size, "B") as shown:
                found = checked(source, shown.update)
            _clear(unfinished)
            unfinished.mkdir(mode=0o700)
            try:
                return _put_back(Home(unfinished), home, source, found)
            finally:
                _clear(unfinished)
        except BadBackup as bad:
            raise DeskError(f"{harmless(str(path))}: {bad}", f"{_OTHER}; nothing was put back") from None


def _put_back(there: Home, home: Home, source: BufferedReader, found: Checked) -> Restored:
    for member, pieces in each_member(source, found.members):
        target = there.folder / member.name
        make_folder(target.parent)
        digest = sha256()
        with writing(target, replace=True) as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != member.sha256:
            raise BadBackup("it changed while it was read")
    for folder in ("", *_READ_ON):
        if (there.folder / folder).is_dir():
            sync_folder(there.folder / folder)
    there.check()
    phrase = passphrase.ask("the desk, as it was when the backup was made,")
    keys = read_key_file(there.keys, phrase, keyfile.unlocked)
    found.check_made_by(keys)
    notes.read(there, keys).check(there.read_team_keys())
    server = read_server(there.folder)
    there.folder.rename(home.folder.resolve())
    sync_folder(home.folder.resolve().parent)
    return Restored(len(found.members), None if server is None else server.made_on)


def _clear(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
