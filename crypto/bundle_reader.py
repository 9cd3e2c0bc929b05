"""Reading a bundle that may be damaged, or made by an enemy: what is whole is given, the rest is named.

Two lists are merged, both sorted by name: the manifest's lines, and the headers found in the archive. A
member counts only where both agree, and only once its bytes have the hash that the manifest names. After
damage the next header that is as it must be is looked for, block by block, so that one bad sector on a stick
costs one member and not all that follow.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from errno import EIO
from hashlib import sha256
from typing import BinaryIO

from crypto import manifest, ustar
from crypto.errors import BadBundle
from crypto.manifest import Member

PIECE = 64 * 1024
SECTOR = 4096  # what a medium loses at once
# So much damage is named, and so many lines of a manifest are read beyond those that can be right: else a
# file of line ends alone takes a hundred times its size in memory.
MOST_DAMAGE = 1000


@dataclass(frozen=True, slots=True)
class Damage:
    """What is not whole: a member's name, or "" for the bundle itself, and why, in a few words."""

    name: str
    why: str


@dataclass(slots=True)
class Entry:
    """One member as the manifest names it; its bytes are given by ``pieces`` and count only at their end."""

    member: Member
    _reader: "Archive" = field(repr=False)
    _start: int = field(repr=False)

    @property
    def name(self) -> str:
        """env/<64 hex digits> or blob/<32 hex digits>; on the way back also reply/… and team.keys."""
        return self.member.name

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.member.size

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes, at most 64 KiB at a time; keep nothing of them before this has ended by itself.

        :raises BadBundle: at the end, when they are not what the manifest says: drop them, go on to the next.
        """
        digest, at, end = sha256(), self._start, self._start + self.size
        while at < end:
            piece = self._reader.at(at, min(PIECE, end - at))
            if not piece:
                self._reader.damaged(self.name, "it cannot be read to its end")
                raise BadBundle(f"{self.name} cannot be read to its end")
            digest.update(piece)
            at += len(piece)
            yield piece
        if digest.digest() != self.member.sha256:
            self._reader.damaged(self.name, "its bytes are not those that the manifest names")
            raise BadBundle(f"{self.name} is damaged")
        self._reader.whole += 1


class Archive:
    """A file that can be sought in, and what was found wrong with it.

    ``whole`` is how many entries were read and found whole; ``damage`` lists all else, or the first thousand
    "and more".
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._total = source.seek(0, os.SEEK_END)
        self.damage: list[Damage] = []
        self.whole = 0

    def damaged(self, name: str, why: str) -> None:
        """Note damage; "" is the bundle itself."""
        if len(self.damage) < MOST_DAMAGE:
            self.damage.append(Damage(name, why))
        elif len(self.damage) == MOST_DAMAGE:
            self.damage.append(Damage("", "and more"))

    def at(self, offset: int, size: int) -> bytes:
        """Give the bytes there, or what there is of them; none where the medium cannot be read."""
        try:
            self._source.seek(offset)
            return self._source.read(size)
        except OSError as error:
            if error.errno != EIO:
                raise
            return b""

    def _manifest_size(self) -> int:
        """Give the size of the manifest, with which every bundle begins.

        :raises BadBundle: it does not, or ends within it.
        """
        found = ustar.read_header(self.at(0, ustar.BLOCK))
        if found is None or found[0] != "manifest":
            raise BadBundle("it is not a bundle: it does not begin with a manifest")
        size = found[1]
        if ustar.BLOCK + size + ustar.padding(size) > self._total:
            raise BadBundle("it is cut short within the manifest")
        return size

    def _zeros(self, offset: int, size: int) -> bool:
        return self.at(offset, size) == bytes(size)

    def _check_zeros(self, offset: int, size: int) -> None:
        if not self._zeros(offset, size):
            self.damaged("", "there are bytes where zeros must be")


class BundleReader(Archive):
    """Reads one bundle from a file that can be sought in; go through it once.

    ``heading`` says what it is; ``members``, how many files it promises. Iterating gives an Entry for each
    member that looks right from outside. Afterwards ``whole`` is how many entries were read and found whole,
    and ``damage`` lists all else, or the first thousand "and more": when it is empty and every entry was
    read, the bundle is as it was written.

    :raises BadBundle: it is no bundle, or its beginning is damaged or of an unknown format: nothing is
        usable.
    """

    def __init__(self, source: BinaryIO) -> None:
        super().__init__(source)
        size = self._manifest_size()
        self._position = ustar.BLOCK + size + ustar.padding(size)
        self._most_lines = size // manifest.LEAST_LINE + MOST_DAMAGE
        self._lines = self._all_lines(ustar.BLOCK, size)
        self.heading, self.members = manifest.read_heading(next(self._lines, b""))
        self._check_zeros(ustar.BLOCK + size, ustar.padding(size))

    def __iter__(self) -> Iterator[Entry]:
        listed = _Listed(self)
        while (found := self._next_header()) is not None:
            name, size, start = found
            member = listed.take(name)
            if member is None:
                self.damaged(name, "the manifest does not list it here")
            elif size != member.size:
                self.damaged(name, "its size is not the one that the manifest names")
            elif start + size > self._total:
                self.damaged(name, "it is cut short")
            else:
                yield Entry(member, self, start)
        listed.take(None)

    def _next_header(self) -> tuple[str, int, int] | None:
        """Find the next member: its name, size and where its bytes start; None at the end of the archive."""
        stray = 0
        found = None
        while found is None and self._position < self._total and not self._at_end():
            block = self.at(self._position, ustar.BLOCK)
            self._position += ustar.BLOCK
            found = self._member_header(block)
            stray += found is None
        if stray:
            self.damaged("", f"{stray} blocks of 512 bytes belong to no member")
        if found is None:
            if not self._at_end():
                self.damaged("", "its end is missing")
            return None
        name, size = found
        start = self._position
        after = start + size + ustar.padding(size)
        if after > self._total:
            # Its size is a lie, or the bundle is cut short: look for more headers behind this one.
            return name, size, start
        self._position = after
        self._check_zeros(start + size, ustar.padding(size))
        return name, size, start

    def _member_header(self, block: bytes) -> tuple[str, int] | None:
        # Any other name (../x, a link, a second manifest) is treated as damage, and never shown.
        found = ustar.read_header(block)
        return found if found is not None and Member.NAMES.fullmatch(found[0]) else None

    def _at_end(self) -> bool:
        return self._total - self._position == len(ustar.END) and self._zeros(self._position, len(ustar.END))

    def all_listed(self) -> Iterator[Member]:
        """Give the manifest's members as it lists them; note the lines that are wrong, and go on."""
        count, last = 0, ""
        for line in self._lines:
            count += 1
            if count > self._most_lines:
                self.damaged("", "the manifest has more lines than members fit into it")
                break
            try:
                member = manifest.read_member(line)
            except BadBundle as bad:
                self.damaged("", str(bad))
                continue
            if member.name <= last:
                self.damaged("", "the manifest is not sorted, or lists a member twice")
            # A name out of order is given all the same: it may be the one before that is damaged.
            if member.name != last:
                yield member
            last = member.name
        if count != self.members:
            self.damaged("", f"the manifest promises {self.members} members and lists {count}")

    def _all_lines(self, offset: int, size: int) -> Iterator[bytes]:
        """Give the manifest's lines without their ends, reading as they are asked for; go on after damage."""
        rest, end = b"", offset + size
        while offset < end:
            piece = self.at(offset, min(PIECE, end - offset))
            if not piece:
                self.damaged("", "a part of the manifest cannot be read")
                offset += SECTOR - offset % SECTOR
                rest = b""
                continue
            offset += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > manifest.MAX_LINE:
                self.damaged("", "a line of the manifest is too long")
                rest = b""
        if rest:
            self.damaged("", "the manifest's last line has no end")


class _Listed:
    """The manifest's members, taken by name as they are found in the archive."""

    def __init__(self, reader: BundleReader) -> None:
        self._reader = reader
        self._members = reader.all_listed()
        self._due = next(self._members, None)
        self._then = next(self._members, None)

    def take(self, name: str | None) -> Member | None:
        """Give the member of that name if it is its turn; those whose turn is over are missing.

        None for a name takes all that are left.
        """
        # A name that a flipped bit sends far down the alphabet must not hold up all that follow it.
        if name is not None and self._then is not None and self._then.name == name:
            self._missing()
        while self._due is not None and (name is None or self._due.name < name):
            self._missing()
        if self._due is None or self._due.name != name:
            return None
        return self._advance()

    def _missing(self) -> None:
        if (member := self._advance()) is not None:
            self._reader.damaged(member.name, "it is missing, or its header is damaged")

    def _advance(self) -> Member | None:
        member, self._due, self._then = self._due, self._then, next(self._members, None)
        return member
