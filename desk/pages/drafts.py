"""What was typed and not sent: kept in memory while the desk is open, and sealed when it locks.

A form that holds words of some length carries ``data-keep``; the script sends what stands in it now and
then. So locking after idle minutes takes nothing from whoever was writing, and what is sent to a desk that
has locked meanwhile is kept too: sealed to the desks' public keys, which need no passphrase, in one file of
the home.
"""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from flask import request
from werkzeug.datastructures import MultiDict

from crypto.envelope import Kind, header
from crypto.errors import BadEnvelope, NotForThisKey
from crypto.keyfile import DeskKeys
from crypto.open import opened
from crypto.seal import sealed
from desk.durable import write_new
from desk.errors import DeskError
from desk.home import Home

Typed = MultiDict[str, str]
Kept = dict[str, list[tuple[str, str]]]  # by the path that the form is sent to

PREFIX = "typed-"
MOST_FORMS = 40
MOST_BYTES = 4 << 20


def keep(kept: Kept, path: str, typed: Typed) -> None:
    """Keep what stands in the form of ``path``, in place of what stood there before."""
    said = [(name, value) for name, value in typed.items(multi=True)]
    kept.pop(path, None)
    if any(value.strip() for _, value in said):
        kept[path] = said
    while len(kept) > MOST_FORMS:
        del kept[next(iter(kept))]


def put_away(home: Home, kept: Mapping[str, list[tuple[str, str]]]) -> None:
    """Seal it to the team's desks, into one new file of the home.

    :raises DeskError: the list of keys cannot be used.
    :raises OSError: the disk is full, or not to be written.
    """
    if not kept:
        return
    team = home.read_team_keys()
    epoch = team.epoch(datetime.now(UTC).date())
    body = json.dumps(dict(kept)).encode()
    if len(body) > MOST_BYTES:
        raise DeskError("too much was typed to be kept", "send it in parts")
    envelope = sealed(Kind.NOTE, epoch, team.recipients(epoch), body)
    write_new(home.folder / f"{PREFIX}{secrets.token_hex(8)}", envelope)


def taken_back(home: Home, keys: DeskKeys) -> Kept:
    """Give what was put away, and remove the files; what does not open here stays."""
    kept: Kept = {}
    for path in sorted(home.folder.glob(f"{PREFIX}*")):
        if path.is_file() and not path.is_symlink():
            with suppress(BadEnvelope, NotForThisKey, ValueError, TypeError, KeyError, OSError):
                kept.update(_read(path, keys))
                path.unlink()
    return kept


def _read(path: Path, keys: DeskKeys) -> Kept:
    data = path.read_bytes()
    epoch = header(data).epoch
    if epoch is None:
        raise KeyError(epoch)
    found = json.loads(opened(data, [keys.seeds[epoch]]).body)
    return {
        str(at): [(str(name), str(value)) for name, value in said]
        for at, said in found.items()
        if str(at).startswith("/")
    }


def typed_before() -> Typed:
    """Give what was typed into the form of this page, and never sent."""
    from desk.pages import current_session

    return MultiDict(current_session().typed.get(request.path, []))


def keep_what_came(home: Home, path: str, typed: Typed) -> bool:
    """Put away what was sent to a desk that had locked; say whether there was anything, and it is kept."""
    kept: Kept = {}
    keep(kept, path, typed)
    with suppress(DeskError, OSError):
        put_away(home, kept)
        return bool(kept)
    return False
