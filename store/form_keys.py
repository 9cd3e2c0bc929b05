"""The keys of the form's hidden fields, one a day, on disk: neither midnight nor a restart loses an upload.

A file of lines: a title, then one line a day with the key. Today's key and those of the two days before are
kept; older ones are destroyed when the next is made. The file is replaced whole, under a lock beside it, so
that several processes have the same keys. It is never backed up. This room knows no secret types: the keys
are plain bytes here.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from store.disk import failures_named, sync_file, sync_folder
from store.errors import FormKeysDamaged
from store.folder import set_day
from store.locks import locked

TITLE = "vigil form keys v1"
KEY_BYTES = 32
DAYS_BEFORE = 2
# A clock that was a little ahead has made tomorrow's key: forms that hold it are still good.
DAYS_AHEAD = 1
LONGEST = 4096


@dataclass(frozen=True)
class LivingKeys:
    """The keys by number (0 to 255, the day's ordinal modulo 256), and the number to seal with."""

    newest: int
    keys: Mapping[int, bytes] = field(repr=False)


def number_of(day: date) -> int:
    """Give the number of a day's key."""
    return day.toordinal() % 256


def prepare(path: Path, today: date) -> LivingKeys:
    """Give the living keys in the file ``path``; make today's, and the file, where they are wanting.

    Call it when the day changes, and when a token names a key that is not among those at hand: another
    process may have made it since.

    :raises FormKeysDamaged: the file is not what it should be
    :raises StoreError: the disk failed, or another process held the lock for too long
    """
    with failures_named():
        keys = _read(path)
        if keys.keys() != _living(keys, today).keys() or today not in keys:
            keys = _renew(path, today)
    return LivingKeys(number_of(today), {number_of(day): key for day, key in keys.items()})


def _living(keys: dict[date, bytes], today: date) -> dict[date, bytes]:
    first, last = today - timedelta(days=DAYS_BEFORE), today + timedelta(days=DAYS_AHEAD)
    return {day: key for day, key in keys.items() if first <= day <= last}


def _renew(path: Path, today: date) -> dict[date, bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(path.with_name(path.name + ".lock")):
        # Read again: another process may have been first.
        before = _read(path)
        keys = _living(before, today)
        if today not in keys:
            keys[today] = secrets.token_bytes(KEY_BYTES)
        if keys != before:
            _write(path, keys, today)
        return keys


def _write(path: Path, keys: dict[date, bytes], today: date) -> None:
    # One name, under the lock: what a killed process left is written over.
    copy = path.with_name(path.name + ".new")
    copy.unlink(missing_ok=True)
    lines = [f"{day.isoformat()} {base64.b64encode(key).decode()}" for day, key in sorted(keys.items())]
    fd = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write("\n".join([TITLE, *lines, ""]))
        file.flush()
        # Else it would say when the day's first form was asked for.
        set_day(fd, today)
        sync_file(fd)
    copy.replace(path)
    sync_folder(path.parent)


def _read(path: Path) -> dict[date, bytes]:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(LONGEST)
    except FileNotFoundError:
        return {}
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise FormKeysDamaged(
            f"{path} can be read by others", f"chmod 600 {path}, or move it away: new keys are made then"
        )
    keys = _parsed(data)
    if keys is None:
        raise FormKeysDamaged(
            f"{path} does not hold form keys",
            "move it away: new keys are made then, and files in forms that are open now are asked for again",
        )
    return keys


def _parsed(data: bytes) -> dict[date, bytes] | None:
    try:
        title, *lines, end = data.decode("ascii").split("\n")
        pairs = [line.split(" ") for line in lines]
        keys = {date.fromisoformat(day): base64.b64decode(key, validate=True) for day, key in pairs}
    except (ValueError, binascii.Error):
        return None
    whole = title == TITLE and end == "" and len(keys) == len(lines)
    return keys if whole and all(len(key) == KEY_BYTES for key in keys.values()) else None
