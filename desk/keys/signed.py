"""Small notes that the desk writes for itself, signed with its own key.

Who gets at the folder without the passphrase must not name another recovery key, nor files to be removed.

    the note, JSON on one line, LF | Ed25519 over "vigil/v1/desk-note\\0" || name || 0 || the line, in hex, LF
"""

import json
from pathlib import Path
from typing import Any

from crypto.errors import Refused
from crypto.keyfile import DeskKeys
from crypto.primitives import sign, signing_public, verify
from desk.durable import sync_folder, writing

LABEL = b"vigil/v1/desk-note\0"


class Unsigned(Exception):  # noqa: N818 - the name says what is the case
    """A note is damaged, or this desk did not write it."""


def write(path: Path, keys: DeskKeys, value: dict[str, object]) -> None:
    """Put a note in the place of the one before, durably."""
    line = json.dumps(value).encode("ascii")
    signature = sign(keys.sign.reveal(), _message(path, line)).hex().encode("ascii")
    with writing(path, replace=True) as file:
        file.write(line + b"\n" + signature + b"\n")
    sync_folder(path.parent)


def read(path: Path, keys: DeskKeys) -> dict[str, Any] | None:
    """Read a note, or give None where there is none.

    :raises Unsigned: it is damaged, or not by this desk.
    :raises OSError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    line, _, end = data.partition(b"\n")
    try:
        signature = bytes.fromhex(end[:-1].decode("ascii"))
        if end != signature.hex().encode("ascii") + b"\n":
            raise Unsigned
        verify(signing_public(keys.sign.reveal()), _message(path, line), signature)
        value = json.loads(line)
    except (ValueError, Refused):
        raise Unsigned from None
    if not isinstance(value, dict):
        raise Unsigned
    return value


def _message(path: Path, line: bytes) -> bytes:
    return LABEL + path.name.encode("utf-8") + b"\0" + line
