"""A server's backup: a plain tar of what it keeps sealed, with a manifest at its end.

Writer and reader stream; the digests are taken as the bytes go by. Nothing in it is a secret of its own: what
needs sealing was sealed before it came here. FORMAT.md, "Server backup", specifies the bytes.
"""

import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import BinaryIO, ClassVar

from crypto import strict_json, ustar
from crypto.errors import BadArchive, BadBundle
from crypto.manifest import MAX_MEMBERS, Member, a_day, check_spelling, member_values, written

FORMAT = 1
DATABASE = "database"
TEAM_KEYS = "team.keys"
MANIFEST = "manifest"
PIECE = 64 * 1024
# A member's line is shorter, and the first one too.
MAX_LINE = 256
_KEYS = ("server_backup", "members", "made_on", "lost")


class ArchiveMember(Member):
    """One file of a server's backup: a blob, the database, or the list of the team's keys.

    :raises BadBundle: anything else.
    """

    NAMES: ClassVar[re.Pattern[str]] = re.compile(r"blob/[0-9a-f]{32}|database|team\.keys")
    NOT_A_NAME: ClassVar[str] = "a member's name is not one of a server's backup"


@dataclass(frozen=True, slots=True)
class About:
    """What the first line says: the day (UTC) on which it was made, and how many files were lost before."""

    made_on: date
    lost: int

    def line(self, members: int) -> bytes:
        """Write that line, for so many members."""
        day = self.made_on.isoformat()
        return written({"server_backup": FORMAT, "members": members, "made_on": day, "lost": self.lost})


def size_of(members: Iterable[tuple[str, int]], about: About) -> int:
    """Give how many bytes a backup of these members (name and size) has."""
    total, lines, count = 0, 0, 0
    for name, size in members:
        total += _in_tar(size)
        lines += len(ArchiveMember(name, size, bytes(32)).line())
        count += 1
    return total + _in_tar(len(about.line(count)) + lines + len(_closing(b""))) + len(ustar.END)


def _closing(manifest: bytes) -> bytes:
    """Give the last line of a manifest, by those before it."""
    return written({"manifest": sha256(manifest).hexdigest()})


def _in_tar(size: int) -> int:
    return ustar.BLOCK + size + ustar.padding(size)


class ArchiveWriter:
    """Writes one backup: each member by ``add``, sorted by name, then ``finish``. ``out`` may be a pipe."""

    def __init__(self, out: BinaryIO, about: About) -> None:
        self._out = out
        self._about = about
        self._lines = bytearray()
        self._count = 0
        self._last = ""

    def add(self, name: str, size: int, source: BinaryIO) -> None:
        """Write a member from a file open for reading.

        :raises ValueError: it is not its turn.
        :raises BadArchive: the file has not ``size`` bytes; what was written so far is to be thrown away.
        """
        if name <= self._last:
            raise ValueError("members are added in the order of their names")
        self._out.write(ustar.header(name, size))
        digest, left = sha256(), size
        while left and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            digest.update(piece)
            self._out.write(piece)
        if left or source.read(1):
            raise BadArchive(f"{name} has not the size that it should have")
        self._out.write(bytes(ustar.padding(size)))
        self._lines += ArchiveMember(name, size, digest.digest()).line()
        self._count, self._last = self._count + 1, name

    def add_bytes(self, name: str, data: bytes) -> None:
        """Write a member that is at hand.

        :raises ValueError: it is not its turn.
        """
        self.add(name, len(data), io.BytesIO(data))

    def finish(self) -> None:
        """Write the manifest and the end; flushing and fsyncing ``out`` is for its owner."""
        manifest = self._about.line(self._count) + self._lines
        manifest += _closing(manifest)
        self._out.write(ustar.header(MANIFEST, len(manifest)) + manifest)
        self._out.write(bytes(ustar.padding(len(manifest))) + ustar.END)


class ArchiveReader:
    """Reads one backup from a file that can be sought in.

    Made, it has seen every header, and the manifest: ``about`` and ``members``, by name in order. Of the
    members' bytes nothing is known until ``verify``.

    :raises BadArchive: no backup, of an unknown version, cut short, or with anything in it that does not
        belong there.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._total = source.seek(0, os.SEEK_END)
        self._starts: dict[str, tuple[int, int]] = {}
        self.about, found = self._manifest(self._walk())
        self.members = {member.name: member for member in found}
        if {name: member.size for name, member in self.members.items()} != {
            name: size for name, (_, size) in self._starts.items()
        }:
            raise BadArchive("its manifest does not list what is in it")

    def verify(self) -> None:
        """Read every byte of every member.

        :raises BadArchive: one is not what the manifest says.
        """
        for name in self.members:
            for _ in self.pieces(name):
                pass

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give the bytes of a member, at most 64 KiB at a time; they count only once this ends by itself.

        :raises BadArchive: they are not what the manifest says.
        """
        (at, left), digest = self._starts[name], sha256()
        while left:
            piece = self._at(at, min(PIECE, left))
            if not piece:
                raise BadArchive(f"{name} cannot be read to its end")
            at, left = at + len(piece), left - len(piece)
            digest.update(piece)
            yield piece
        if digest.digest() != self.members[name].sha256:
            raise BadArchive(f"{name} is damaged")

    def _walk(self) -> bytes:
        """Go through all headers; give the manifest."""
        at, last = 0, ""
        while True:
            found = ustar.read_header(self._at(at, ustar.BLOCK))
            if found is None:
                raise BadArchive("it is no backup of a server" if at == 0 else "it is cut short or damaged")
            name, size = found
            start, at = at + ustar.BLOCK, at + _in_tar(size)
            if at > self._total:
                raise BadArchive("it is cut short")
            if self._at(start + size, ustar.padding(size)).strip(b"\0"):
                raise BadArchive("there are bytes where zeros must be")
            if name == MANIFEST:
                return self._last_member(start, size, at)
            if not ArchiveMember.NAMES.fullmatch(name) or name <= last:
                raise BadArchive("something is in it that does not belong into a backup")
            self._starts[name], last = (start, size), name

    def _last_member(self, start: int, size: int, end: int) -> bytes:
        if not self._starts:
            raise BadArchive("it is no backup, but a bundle for the desk or from it")
        if self._total - end != len(ustar.END) or self._at(end, len(ustar.END)) != ustar.END:
            raise BadArchive("it is cut short, or something follows its end")
        if size > MAX_LINE * (len(self._starts) + 2):
            raise BadArchive("its manifest is longer than one of its members can be")
        return self._at(start, size)

    def _at(self, offset: int, size: int) -> bytes:
        self._source.seek(offset)
        return self._source.read(size)

    @staticmethod
    def _manifest(text: bytes) -> tuple[About, list[ArchiveMember]]:
        end = text.rfind(b"\n", 0, -1) + 1
        if text[end:] != _closing(text[:end]):
            raise BadArchive("its manifest is damaged")
        first, *lines = text[: end - 1].split(b"\n")
        try:
            about, count = _read_about(first)
            members = [_read_member(line) for line in lines]
        except (BadBundle, strict_json.JsonError) as bad:
            raise BadArchive(f"its manifest is refused: {bad}") from None
        if count != len(members):
            raise BadArchive("its manifest does not list as many members as it promises")
        return about, members


def _read_about(line: bytes) -> tuple[About, int]:
    value = strict_json.read_object(line)
    if type(value.get("server_backup")) is not int:
        raise strict_json.JsonError("it is not that of a server's backup")
    if value["server_backup"] != FORMAT:
        raise strict_json.JsonError("it is of an unknown version")
    strict_json.exactly(value, _KEYS)
    count = strict_json.whole_number(value["members"], "members", 0, MAX_MEMBERS)
    lost = strict_json.whole_number(value["lost"], "lost", 0, MAX_MEMBERS)
    about = About(a_day(value["made_on"], "made_on"), lost)
    if about.line(count) != line + b"\n":
        raise strict_json.JsonError("it is spelt otherwise than it must be")
    return about, count


def _read_member(line: bytes) -> ArchiveMember:
    member = ArchiveMember(*member_values(line)[1])
    check_spelling(member, line)
    return member
