"""The keys of the form's hidden fields, one a day, on disk: neither midnight nor a restart loses an upload.

A file of lines: a title, then one line a day with the key. Today's key and those of the two days before are
kept; older ones are destroyed when the next is made. The file is replaced whole, under a lock beside it, so
that several processes have the same keys. It is never backed up. This room knows no secret types: the keys
are plain bytes here.

A site on one machine draws each day's key at random: who seizes the file has the keys of three days and of
no other. Several web machines cannot do so, for each would draw its own. Their file says in its title that
it is shared: the operator copies it to each of them once, and each derives the next day's key from the last,
one way (crypto/sharedkeys.py). Who seizes that one has the keys of all days to come, until it is made anew.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from store.disk import failures_named, set_day, sync_file, sync_folder
from store.errors import FormKeysDamaged
from store.locks import locked

TITLE = "vigil form keys v1"
SHARED = "vigil form keys v2, shared"
KEY_BYTES = 32
DAYS_BEFORE = 2
# A clock that was a little ahead has made tomorrow's key: forms that hold it are still good.
DAYS_AHEAD = 1
# From a shared key so many days are derived at once, after the machine was off. A clock that is far ahead
# would destroy the keys that the other machines have.
MOST_DAYS_OFF = 366
# A key made anew serves from then on: so long there is to copy the file to every machine.
ANEW_AFTER = 2
LONGEST = 4096

Following = Callable[[bytes], bytes]


@dataclass(frozen=True)
class LivingKeys:
    """The keys by number (0 to 255, the day's ordinal modulo 256), and the number to seal with.

    ``shared``: several web machines have the same. ``lines`` are those that the file holds.
    """

    newest: int
    keys: Mapping[int, bytes] = field(repr=False)
    shared: bool = field(default=False, compare=False)
    lines: Mapping[date, bytes] = field(default_factory=dict, repr=False, compare=False)

    def seeds(self, day: date, following: Following) -> tuple[tuple[int, bytes], ...]:
        """Give ordinal and key of a day, and of each later one here whose key does not follow from the last.

        :raises KeyError: the key of that day is not here
        """
        found, last, key = [(day.toordinal(), self.lines[day])], day, self.lines[day]
        for later in sorted(each for each in self.lines if each > day):
            key, last = _derived(key, last, later, following), later
            if key != self.lines[later]:
                key = self.lines[later]
                found.append((later.toordinal(), key))
        return tuple(found)


@dataclass(frozen=True)
class _File:
    shared: bool
    keys: dict[date, bytes]


def number_of(day: date) -> int:
    """Give the number of a day's key."""
    return day.toordinal() % 256


def prepare(path: Path, today: date, following: Following) -> LivingKeys:
    """Give the living keys in the file ``path``; make today's, and the file, where they are wanting.

    Call it when the day changes, and when a token names a key that is not among those at hand: another
    process may have made it since. ``following`` gives the next day's key of a shared one (32 bytes each).

    :raises FormKeysDamaged: the file is not what it should be, or shared and of other days
    :raises StoreError: the disk failed, or another process held the lock for too long
    """
    with failures_named():
        found = _read(path)
        if found is None or found.keys != _wanted(path, found, today, following):
            with _alone(path):
                # Read again: another process may have been first.
                before = _read(path)
                found = before or _File(shared=False, keys={})
                found = _File(found.shared, _wanted(path, found, today, following))
                if found != before:
                    _write(path, found, today)
    living = dict(found.keys)
    if found.shared:
        # Another machine's clock may be ahead of this one's.
        tomorrow = today + timedelta(days=1)
        living.setdefault(tomorrow, following(living[today]))
        living = {day: key for day, key in living.items() if day <= tomorrow}
    keys = {number_of(day): key for day, key in living.items()}
    return LivingKeys(number_of(today), keys, found.shared, found.keys)


def share(path: Path, today: date, following: Following, *, anew: bool = False) -> bool:
    """Make the file ``path`` one that several web machines can share; say whether that changed it.

    What it holds stays good. ``anew``: from the day after tomorrow on its keys no longer follow from what
    they were, so that an older copy is of no more use.

    :raises FormKeysDamaged: as `prepare`
    :raises StoreError: as `prepare`
    """
    with failures_named(), _alone(path):
        before = _read(path)
        found = before or _File(shared=False, keys={})
        keys = _wanted(path, found, today, following)
        if anew:
            keys[today + timedelta(days=ANEW_AFTER)] = secrets.token_bytes(KEY_BYTES)
        shared = _File(shared=True, keys=keys)
        if shared == before:
            return False
        _write(path, shared, today)
        return True


def _wanted(path: Path, found: _File, today: date, following: Following) -> dict[date, bytes]:
    """Give what the file is to hold today."""
    first = today - timedelta(days=DAYS_BEFORE)
    if not found.shared:
        last = today + timedelta(days=DAYS_AHEAD)
        keys = {day: key for day, key in found.keys.items() if first <= day <= last}
        if today not in keys:
            keys[today] = secrets.token_bytes(KEY_BYTES)
        return keys
    _check_days(path, found, today)
    # Nothing is lost by keeping those ahead: they follow from today's, or were made anew for that day.
    keys = {day: key for day, key in found.keys.items() if day >= first}
    for number in range(DAYS_BEFORE, -1, -1):
        day = today - timedelta(days=number)
        older = [each for each in found.keys if each <= day]
        if day not in keys and older:
            keys[day] = _derived(found.keys[max(older)], max(older), day, following)
    return keys


def _derived(key: bytes, of: date, day: date, following: Following) -> bytes:
    for _ in range((day - of).days):
        key = following(key)
    return key


def _check_days(path: Path, found: _File, today: date) -> None:
    copied = "copy the file from another web machine, or move it away everywhere and share a new one"
    if min(found.keys) > today:
        raise FormKeysDamaged(
            f"{path} begins with the key of {min(found.keys)}, and today is {today} here",
            f"set the clock if it is wrong; else {copied}",
        )
    newest = max(day for day in found.keys if day <= today)
    if (today - newest).days > MOST_DAYS_OFF:
        raise FormKeysDamaged(
            f"the newest key in {path} is of {newest}, and today is {today} here",
            f"set the clock if it is wrong; else {copied}",
        )


def _alone(path: Path) -> AbstractContextManager[None]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return locked(path.with_name(path.name + ".lock"))


def _write(path: Path, found: _File, today: date) -> None:
    # One name, under the lock: what a killed process left is written over.
    copy = path.with_name(path.name + ".new")
    copy.unlink(missing_ok=True)
    lines = [f"{day.isoformat()} {base64.b64encode(key).decode()}" for day, key in sorted(found.keys.items())]
    fd = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write("\n".join([SHARED if found.shared else TITLE, *lines, ""]))
        file.flush()
        # Else it would say when the day's first form was asked for.
        set_day(fd, today)
        sync_file(fd)
    copy.replace(path)
    sync_folder(path.parent)


def _read(path: Path) -> _File | None:
    """Give what the file holds; None where there is none."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(LONGEST)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise FormKeysDamaged(
            f"{path} can be read by others", f"chmod 600 {path}, or move it away: new keys are made then"
        )
    found = _parsed(data)
    if found is None:
        raise FormKeysDamaged(
            f"{path} does not hold form keys",
            "move it away: new keys are made then, and files in forms that are open now are asked for again; "
            "where several web machines share it, copy it from another one instead",
        )
    return found


def _parsed(data: bytes) -> _File | None:
    try:
        title, *lines, end = data.decode("ascii").split("\n")
        pairs = [line.split(" ") for line in lines]
        keys = {date.fromisoformat(day): base64.b64decode(key, validate=True) for day, key in pairs}
    except (ValueError, binascii.Error):
        return None
    shared = title == SHARED
    whole = (title == TITLE or (shared and keys)) and end == "" and len(keys) == len(lines)
    return _File(shared, keys) if whole and all(len(key) == KEY_BYTES for key in keys.values()) else None
