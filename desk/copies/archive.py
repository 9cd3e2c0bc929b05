"""The bytes of a desk's backup: a plain tar, with a list of all digests at its end that the desk signs.

    casebook/env/…, outbox/…, desk.keys, …   as they lie in the folder
    manifest                                 a line for each: SHA-256, size, name; then the signature, in hex

The signature is Ed25519 by the desk's own key over "vigil/v1/desk-backup\\0" and all lines before it. Digests
alone would tell what a disk has damaged, but not what somebody has put there.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from crypto import ustar
from crypto.errors import Refused
from crypto.keyfile import DeskKeys
from crypto.primitives import sign, signing_public, verify
from desk.casebook import PIECE

LABEL = b"vigil/v1/desk-backup\0"
MANIFEST = "manifest"
MOST_MANIFEST = 2**29  # bytes
SIGNATURE = 64
KEPT = ("desk.keys", "keys.backup", "keys.json", "team.keys", "state.json", "server.json", "held.bin")
PRACTICE = ("identity.key", "recovery.words")  # only of a practice desk, for anybody to read
UNFINISHED = "destroy.unfinished"
_HASH, _ID = "[0-9a-f]{64}", "[0-9a-f]{32}"
NAMES = re.compile(
    "|".join(re.escape(name) for name in (*KEPT, *PRACTICE, UNFINISHED))
    + f"|casebook/(?:env|blob)/{_HASH}|outbox/(?:(?:reply|note)-{_ID}|blob-{_ID}-{_ID})"
)
_LINE = re.compile(rf"({_HASH}) ([0-9]{{1,11}}) ([!-~]{{1,99}})")


class BadBackup(Exception):  # noqa: N818 - the name says what is the case
    """It is no backup of a desk, or not a whole one. Its text says what is wrong."""


@dataclass(frozen=True)
class Member:
    """One file of a backup."""

    name: str
    size: int
    sha256: str

    def line(self) -> bytes:
        """Give its line in the manifest."""
        return f"{self.sha256} {self.size} {self.name}\n".encode("ascii")


def write_archive(
    out: BinaryIO, folder: Path, names: list[str], keys: DeskKeys, moved: Callable[[int], object]
) -> None:
    """Write the files of ``folder`` that have these names, and the signed list of them.

    :raises OSError: a file cannot be read, or changed while it was.
    """
    lines = []
    for name in names:
        with (folder / name).open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            out.write(ustar.header(name, size))
            digest, left = sha256(), size
            while left and (piece := file.read(min(PIECE, left))):
                digest.update(piece)
                out.write(piece)
                moved(len(piece))
                left -= len(piece)
            if left:
                raise OSError(f"{name} became shorter while it was read")
        out.write(bytes(ustar.padding(size)))
        lines.append(Member(name, size, digest.hexdigest()).line())
    told = b"".join(lines)
    told += sign(keys.sign.reveal(), LABEL + told).hex().encode("ascii") + b"\n"
    out.write(ustar.header(MANIFEST, len(told)) + told + bytes(ustar.padding(len(told))) + ustar.END)


@dataclass(frozen=True)
class Checked:
    """A backup that is whole: what is in it, and what is needed to see who made it."""

    members: tuple[Member, ...]
    told: bytes
    signature: bytes

    def check_made_by(self, keys: DeskKeys) -> None:
        """See that the desk of these keys signed it.

        :raises BadBackup: it did not.
        """
        try:
            verify(signing_public(keys.sign.reveal()), LABEL + self.told, self.signature)
        except Refused:
            raise BadBackup("it was changed after this desk made it") from None


def checked(source: BinaryIO, moved: Callable[[int], object]) -> Checked:
    """Read a backup from its beginning to its end, and see that it is whole.

    :raises BadBackup: it is not.
    """
    found: list[Member] = []
    for name, size in _headers(source):
        if name == MANIFEST:
            told, signature = _manifest(_exactly(source, size))
            _end(source, size)
            if [member.line() for member in found] != told.splitlines(keepends=True):
                raise BadBackup("its list is not of what is in it")
            return Checked(tuple(found), told, signature)
        if not NAMES.fullmatch(name) or any(member.name == name for member in found[-1:]):
            raise BadBackup("it holds a file that is none of a desk's folder")
        digest = sha256()
        for piece in _pieces(source, size):
            digest.update(piece)
            moved(len(piece))
        _skip_padding(source, size)
        found.append(Member(name, size, digest.hexdigest()))
    raise BadBackup("it ends before its list")


def each_member(source: BinaryIO, members: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Give the members of a backup that was ``checked``, read once more; take each to its end.

    :raises BadBackup: it is not the same any more.
    """
    source.seek(0)
    for member, (name, size) in zip(members, _headers(source), strict=False):
        if (name, size) != (member.name, member.size):
            raise BadBackup("it changed while it was read")
        yield member, _pieces(source, size)
        _skip_padding(source, size)


def _headers(source: BinaryIO) -> Iterator[tuple[str, int]]:
    while True:
        found = ustar.read_header(source.read(ustar.BLOCK))
        if found is None:
            raise BadBackup("it is no backup of a desk, or is cut short")
        yield found


def _manifest(data: bytes) -> tuple[bytes, bytes]:
    told, line = data[: -2 * SIGNATURE - 1], data[-2 * SIGNATURE - 1 :]
    if not re.fullmatch(rb"[0-9a-f]{128}\n", line):
        raise BadBackup("its list is not signed")
    lines = told.decode("ascii", "replace").splitlines()
    names = [match[3] for one in lines if (match := _LINE.fullmatch(one))]
    if len(names) != len(lines) or len(set(names)) != len(names):
        raise BadBackup("its list is damaged")
    return told, bytes.fromhex(line[:-1].decode("ascii"))


def _exactly(source: BinaryIO, size: int) -> bytes:
    if size > MOST_MANIFEST:
        raise BadBackup("its list is too long")
    return b"".join(_pieces(source, size))


def _pieces(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        piece = source.read(min(PIECE, size))
        if not piece:
            raise BadBackup("it is cut short")
        size -= len(piece)
        yield piece


def _skip_padding(source: BinaryIO, size: int) -> None:
    padding = ustar.padding(size)
    if source.read(padding) != bytes(padding):
        raise BadBackup("it is damaged between two files")


def _end(source: BinaryIO, size: int) -> None:
    _skip_padding(source, size)
    if source.read(len(ustar.END) + 1) != ustar.END:
        raise BadBackup("it does not end where it should")
