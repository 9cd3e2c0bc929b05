"""The files that hold keys are written here, and what they replace is overwritten as far as a disk allows."""

import os
import secrets
from dataclasses import replace
from pathlib import Path

from crypto import backup as backups
from crypto import keyfile
from crypto.backup import Backup
from crypto.keyfile import MODERATE, PRACTICE, Cost, DeskKeys
from crypto.teamkeys import TeamKeys
from desk.durable import sync_folder, writing
from desk.home import Home
from desk.keys import notes
from desk.keys.notes import Notes

PIECE = 1 << 16


def cost_of(practice: bool) -> Cost:
    """Give what guessing a passphrase shall cost."""
    return PRACTICE if practice else MODERATE


def write_keys(home: Home, keys: DeskKeys, phrase: str, *, practice: bool) -> None:
    """Put the key file in the place of the old one, which is overwritten."""
    put(home.keys, keyfile.locked(keys, phrase, cost_of(practice)))


def write_backup(home: Home, keys: DeskKeys, team: TeamKeys, noted: Notes) -> Notes:
    """Write `keys.backup` anew, where there is a recovery key, and the notes; give them as they are now."""
    if noted.recovery is not None:
        put(home.backup, backups.locked(Backup(keys, team), noted.recovery))
        noted = replace(noted, written_on=notes.today().isoformat())
    notes.write(home, keys, noted)
    return noted


def put(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file, durably, then overwrite what was there.

    Overwriting reaches what the file system lets it reach: an SSD, a snapshot or a copy keeps the old bytes.
    """
    old = _held_open(path)
    try:
        with writing(path, replace=True) as file:
            file.write(data)
        sync_folder(path.parent)
        if old is not None:
            _overwrite(old)
    finally:
        if old is not None:
            os.close(old)


def remove(path: Path) -> None:
    """Overwrite a file as ``put`` does, and remove it; one that is not there is no error."""
    old = _held_open(path)
    if old is None:
        return
    try:
        path.unlink()
        sync_folder(path.parent)
        _overwrite(old)
    finally:
        os.close(old)


def _held_open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None


def _overwrite(number: int) -> None:
    status = os.fstat(number)
    # Where it has another name still, somebody linked it on purpose: that copy is theirs to destroy.
    if status.st_nlink:
        return
    os.lseek(number, 0, os.SEEK_SET)
    for start in range(0, status.st_size, PIECE):
        _write_all(number, secrets.token_bytes(min(PIECE, status.st_size - start)))
    os.fsync(number)


def _write_all(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]
