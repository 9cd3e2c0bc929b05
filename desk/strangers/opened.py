"""An attachment, decrypted into memory for the box: never onto a disk, and of one too large its beginning."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, cast

from crypto.errors import BadAttachment
from crypto.open_attachment import opened
from crypto.secret import AttachmentKey
from desk.casebook import Casebook, is_whole
from desk.errors import DeskError
from desk.harmless import harmless
from desk.saving import DAMAGED, MISSING
from payload import AttachedFile

MOST_WHOLE = (
    512 * 2**20
)  # bytes of a file that is taken into memory; the server takes 500 MB, if not told otherwise
MOST_HEAD = 4 * 2**20  # of a larger one: its beginning, to tell what it is
_AGAIN = "import the bundle that holds it again"


@dataclass(frozen=True)
class OpenedFile:
    """A file's bytes in memory: ``whole``, and then those that the report names, or only the beginning."""

    source: BinaryIO
    whole: bool

    def __repr__(self) -> str:
        return f"<OpenedFile whole={self.whole}>"


def check_unlocked(*, locked: bool) -> None:
    """Stop before a file that staff locked is touched.

    :raises DeskError: it is locked.
    """
    if locked:
        raise DeskError("this file is locked", "read docs/legal.md, then unlock it on the page of its case")


@contextmanager
def opened_file(casebook: Casebook, file: AttachedFile, *, locked: bool) -> Iterator[OpenedFile]:
    """Decrypt a file into memory while inside.

    :raises DeskError: it is locked, missing, damaged, or not the file that its report names.
    """
    check_unlocked(locked=locked)
    sealed = casebook.blob(file.sealed_sha256.hex())
    if not sealed.exists():
        raise DeskError(MISSING, "import the bundle that holds it")
    whole = file.size <= MOST_WHOLE
    # The report names the sealed bytes: they are checked before a key is used on them. Of a file too large to
    # be looked at whole each piece is authentic all the same.
    if whole and not is_whole(sealed):
        raise DeskError(DAMAGED, _AGAIN)
    with _memory() as source:
        try:
            with sealed.open("rb") as held:
                _fill(source, opened(held, AttachmentKey(file.key), file.size), file, whole=whole)
        except BadAttachment as bad:
            raise DeskError(f"damaged: {harmless(str(bad))}", _AGAIN) from None
        source.seek(0)
        yield OpenedFile(source, whole)


@contextmanager
def sealed_memory(pieces: Iterable[bytes]) -> Iterator[BinaryIO]:
    """Give bytes in memory, as a file that the box may read, and not change."""
    with _memory() as source:
        for piece in pieces:
            source.write(piece)
        _seal(source)
        yield source


def _fill(source: BinaryIO, pieces: Iterator[bytes], file: AttachedFile, *, whole: bool) -> None:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        source.write(piece)
        size += len(piece)
        if not whole and size >= MOST_HEAD:
            break
    if whole and digest.digest() != file.sha256:
        raise BadAttachment("it is not the file that the report names")
    _seal(source)


def _seal(source: BinaryIO) -> None:
    if not isinstance(source, BytesIO):
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
        fcntl.fcntl(source, fcntl.F_ADD_SEALS, seals)


@contextmanager
def _memory() -> Iterator[BinaryIO]:
    if sys.platform == "linux":
        number = os.memfd_create("attachment", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        with os.fdopen(number, "w+b", buffering=0) as file:
            yield cast("BinaryIO", file)
    else:
        with BytesIO() as memory:
            yield memory
