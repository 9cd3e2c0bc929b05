"""What somebody finds of given bytes who reads every file of a store's folder."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

PIECE = 16


def everything(folder: Path) -> bytes:
    """Read every file, and every name; by another process: a handle closed here would drop SQLite's locks."""
    command = ["find", str(folder), "-type", "f", "-exec", "cat", "{}", "+"]
    # Not checked: a file of another writer may go meanwhile.
    content = subprocess.run(command, capture_output=True, check=False).stdout
    assert content
    names = "\n".join(sorted(path.name for path in folder.rglob("*")))
    return content + names.encode()


def traces(folder: Path, secrets: Iterable[bytes]) -> list[bytes]:
    """Give those of some random bytes (each at least 8) of which a piece is anywhere, as it is or in hex."""
    found = everything(folder)
    return [secret for secret in secrets if any(piece in found for piece in _pieces(secret))]


def _pieces(secret: bytes) -> Iterable[bytes]:
    for at in range(0, max(1, len(secret) - PIECE + 1), PIECE):
        piece = secret[at : at + PIECE]
        yield piece
        yield piece.hex().encode()
