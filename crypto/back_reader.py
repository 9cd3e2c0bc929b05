"""Reading a bundle that goes back: nothing of it counts before the signature over its manifest is checked.

The signed manifest says where every member lies, so that damage to one never shifts another. The manifest
is read several times and never held; the hash of each piece of it is, from the pass that the signature was
checked in, so that a medium which shows other bytes the second time changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from crypto import back_manifest, ustar
from crypto.back_manifest import COLLECTED, GONE, LABEL, MAX_FIRST, TEAM_KEYS, BackMember, read_back_member
from crypto.bundle_reader import PIECE, Archive, Entry
from crypto.errors import BadBundle, Refused
from crypto.manifest import MAX_LINE
from crypto.primitives import SIGNATURE, verify


@dataclass(slots=True)
class BackEntry(Entry):
    """One member as the signed manifest names it."""

    member: BackMember


class BackReader(Archive):
    """Reads one bundle from a file that can be sought in; call ``verify`` before anything else.

    ``heading`` and ``counts`` are what it claims to be, unproven until then. Iterating gives a BackEntry
    for each member; a member that is damaged fails when its bytes are read. Afterwards ``damage`` names what
    is not as it was written. Once verified, everything raises BadBundle where the medium does not give the
    same bytes again.

    :raises BadBundle: it is no bundle of this direction, or its beginning is damaged.
    """

    def __init__(self, source: BinaryIO) -> None:
        super().__init__(source)
        self._size = self._manifest_size()
        first, end, _ = self.at(ustar.BLOCK, min(self._size, MAX_FIRST)).partition(b"\n")
        if not end:
            raise BadBundle("the manifest's first line is refused: it has no end")
        self._first = first
        self.heading, self.counts = back_manifest.read_back_heading(first)
        self._pages: list[bytes] | None = None
        self._digest = b""

    @property
    def manifest(self) -> bytes:
        """The SHA-256 of the manifest, 32 bytes: two bundles that share it say the same."""
        self._verified()
        return self._digest

    def verify(self, public: bytes) -> None:
        """Check that the desk with this signing key (32 bytes) signed it, and every line of its manifest.

        Whether that desk is listed is for the caller to know.

        :raises BadBundle: it did not, or what it signed is not a manifest as it must be.
        """
        if public != self.heading.desk:
            raise BadBundle("it names another desk")
        whole, pages = sha256(), []
        for offset in range(0, self._size, PIECE):
            piece = self._piece(offset)
            whole.update(piece)
            pages.append(sha256(piece).digest())
        place = ustar.BLOCK + self._size + ustar.padding(self._size)
        if self.at(place, ustar.BLOCK) != ustar.header("signature", SIGNATURE):
            raise BadBundle("it is not signed")
        try:
            verify(public, LABEL + whole.digest(), self.at(place + ustar.BLOCK, SIGNATURE))
        except Refused:
            raise BadBundle("its signature is wrong") from None
        self._pages, self._digest = pages, whole.digest()
        self._check_lines()

    def collected(self) -> Iterator[bytes]:
        """Give the digests (32 bytes, sorted) of the envelopes that the desk holds, opened and whole."""
        for line in self._lines_of(COLLECTED):
            yield back_manifest.read_mark(line, COLLECTED)

    def gone(self) -> Iterator[bytes]:
        """Give the ids (16 bytes, sorted) of the blobs that it holds, opened and whole."""
        for line in self._lines_of(GONE):
            yield back_manifest.read_mark(line, GONE)

    def team_keys(self) -> bytes | None:
        """Give the bytes of the list of keys that came along, or None.

        :raises BadBundle: it came along damaged.
        """
        for entry in self._entries():
            if entry.name == TEAM_KEYS:
                return b"".join(entry.pieces())
        return None

    def __iter__(self) -> Iterator[BackEntry]:
        self._check_zeros(ustar.BLOCK + self._size, ustar.padding(self._size))
        position = self._after_signature()
        self._check_zeros(position - ustar.padding(SIGNATURE), ustar.padding(SIGNATURE))
        for entry in self._entries():
            after = position + ustar.BLOCK + entry.size + ustar.padding(entry.size)
            # Of a bundle that is cut short, no more is said than which members are.
            if after <= self._total:
                if self.at(position, ustar.BLOCK) != ustar.header(entry.name, entry.size):
                    self.damaged("", "a header is not as it must be")
                self._check_zeros(after - ustar.padding(entry.size), ustar.padding(entry.size))
            yield entry
            position = after
        if self._total - position != len(ustar.END) or not self._zeros(position, len(ustar.END)):
            self.damaged("", "its end is missing, or something follows it")

    def _entries(self) -> Iterator[BackEntry]:
        position = self._after_signature()
        for line in self._lines_of("members"):
            member = read_back_member(line)
            yield BackEntry(member, self, position + ustar.BLOCK)
            position += ustar.BLOCK + member.size + ustar.padding(member.size)

    def _after_signature(self) -> int:
        manifest = self._size + ustar.padding(self._size)
        return 2 * ustar.BLOCK + manifest + SIGNATURE + ustar.padding(SIGNATURE)

    def _verified(self) -> list[bytes]:
        if self._pages is None:
            raise RuntimeError("a bundle counts for nothing before it is verified")
        return self._pages

    def _check_lines(self) -> None:
        counts = self.counts
        expected = 1 + counts.collected + counts.blobs + counts.members
        if sum(1 for _ in self._lines()) != expected:
            raise BadBundle("the manifest has not as many lines as it promises")
        if next(self._lines()) != self._first:
            raise BadBundle("it changed while it was read")
        _check_sorted(self.collected())
        _check_sorted(self.gone())
        _check_sorted(entry.name for entry in self._entries())
        if any((entry.member.since or 0) > self.heading.seq for entry in self._entries()):
            raise BadBundle("a member is since a later bundle than this one")

    def _lines_of(self, kind: str) -> Iterator[bytes]:
        counts = self.counts
        start, number = {
            COLLECTED: (1, counts.collected),
            GONE: (1 + counts.collected, counts.blobs),
            "members": (1 + counts.collected + counts.blobs, counts.members),
        }[kind]
        for at, line in enumerate(self._lines()):
            if at >= start + number:
                return
            if at >= start:
                yield line

    def _lines(self) -> Iterator[bytes]:
        """Give the manifest's lines without their ends, checking each piece against the verified pass."""
        rest = b""
        for at, expected in enumerate(self._verified()):
            piece = self._piece(at * PIECE)
            if sha256(piece).digest() != expected:
                raise BadBundle("it changed while it was read")
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > MAX_LINE:
                raise BadBundle("a line of the manifest is too long")
        if rest:
            raise BadBundle("the manifest's last line has no end")

    def _piece(self, offset: int) -> bytes:
        size = min(PIECE, self._size - offset)
        piece = self.at(ustar.BLOCK + offset, size)
        if len(piece) != size:
            raise BadBundle("a part of the manifest cannot be read")
        return piece


def _check_sorted(values: Iterator[bytes] | Iterator[str]) -> None:
    last: bytes | str | None = None
    for value in values:
        if last is not None and not last < value:  # type: ignore[operator]  # all of one call are alike
            raise BadBundle("the manifest is not sorted, or lists something twice")
        last = value
