"""The casebook: a folder of sealed files, each named by what it holds.

    env/<SHA-256 of the envelope>
    blob/<SHA-256 of the sealed attachment>

Nothing is ever changed in place, so two casebooks are merged by copying the files of one into the other, and
a file can be told from a damaged one by its name alone. Nothing here is readable without the desk's keys.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desk.durable import clear_partials, make_folder, sync_folder

PIECE = 1 << 20  # bytes read at a time
MOST_ENVELOPE = 32 * 2**20  # bytes; crypto seals bodies of at most 16 MiB
_NAME = re.compile(r"[0-9a-f]{64}")


class DamagedFile(Exception):  # noqa: N818 - the name says what is the case
    """A file of the casebook does not hold what its name says."""


@dataclass(frozen=True)
class Casebook:
    """The casebook in ``folder``, which may not exist yet."""

    folder: Path

    @property
    def envelope_folder(self) -> Path:
        """Where envelopes lie."""
        return self.folder / "env"

    @property
    def blob_folder(self) -> Path:
        """Where sealed attachments lie."""
        return self.folder / "blob"

    def prepare(self) -> None:
        """Make the folders, and remove what a killed import left; whoever calls holds the home's lock."""
        for folder in (self.envelope_folder, self.blob_folder):
            make_folder(folder)
            clear_partials(folder)

    def sync(self) -> None:
        """Make what was put in last."""
        for folder in (self.envelope_folder, self.blob_folder):
            sync_folder(folder)

    def envelopes(self) -> list[str]:
        """Give the digests (hex) of all envelopes, sorted."""
        return sorted(_names(self.envelope_folder))

    def blobs(self) -> frozenset[str]:
        """Give the hashes (hex) of all sealed attachments."""
        return frozenset(_names(self.blob_folder))

    def envelope(self, digest: str) -> bytes:
        """Give an envelope's bytes.

        :raises DamagedFile: they are not those that the name says.
        :raises OSError: they cannot be read.
        """
        with (self.envelope_folder / digest).open("rb") as file:
            data = file.read(MOST_ENVELOPE + 1)
        if hashlib.sha256(data).hexdigest() != digest:
            raise DamagedFile(digest)
        return data

    def blob(self, sealed_sha256: str) -> Path:
        """Give the path of a sealed attachment, there or not."""
        return self.blob_folder / sealed_sha256


def is_whole(path: Path) -> bool:
    """See whether ``path`` is there and holds what its name says."""
    if not path.is_file():
        return False
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in pieces(file.fileno()):
            digest.update(piece)
    return digest.hexdigest() == path.name


def pieces(number: int) -> Iterator[bytes]:
    """Give what an open file holds from its position on, piece by piece."""
    while piece := os.read(number, PIECE):
        yield piece


def _names(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            # Nothing but files: what lies on a stranger's stick may be a pipe that nobody writes to.
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                yield entry.name
