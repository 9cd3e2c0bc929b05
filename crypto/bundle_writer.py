"""What the writers of both directions share: a manifest that is measured before it is written, then members.

Both stream: neither a member nor the manifest is held in memory.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

from crypto import ustar
from crypto.errors import BadBundle
from crypto.manifest import Member

PIECE = 64 * 1024


def measured(lines: Iterable[tuple[str, bytes]], what: str) -> tuple[int, int]:
    """Give how many lines there are, and how many bytes they have; each comes with what it is sorted by.

    :raises ValueError: they are not sorted, or one stands twice; ``what`` names them.
    """
    count, size, last = 0, 0, ""
    for key, line in lines:
        if key <= last:
            raise ValueError(f"the {what} are not sorted, or one stands twice")
        count, size, last = count + 1, size + len(line), key
    return count, size


class MembersWriter:
    """Writes the members of one bundle, each by ``add``, then ``finish``; a direction writes the manifest.

    :raises ValueError: the members are a generator, which can be gone through only once.
    """

    def __init__(self, out: BinaryIO, members: Iterable[Member]) -> None:
        if iter(members) is members:
            raise ValueError("the members are gone through more than once: give a collection")
        self._out = out
        self._due: Iterator[Member] = iter(members)

    def add(self, member: Member, source: BinaryIO) -> None:
        """Write the member that is next in order, from a file open for reading.

        :raises ValueError: another member is due.
        :raises BadBundle: the file is not what the manifest, already written, says it is.
        """
        if next(self._due, None) != member:
            raise ValueError("members are added in the manifest's order")
        self._out.write(ustar.header(member.name, member.size))
        digest, size = sha256(), 0
        while piece := source.read(PIECE):
            size += len(piece)
            if size > member.size:
                break
            digest.update(piece)
            self._out.write(piece)
        if size != member.size or digest.digest() != member.sha256:
            raise BadBundle(f"{member.name} changed while it was exported")
        self._out.write(bytes(ustar.padding(size)))

    def finish(self) -> None:
        """Write the end; flushing and fsyncing ``out`` is for its owner.

        :raises ValueError: a member was not added.
        """
        if next(self._due, None) is not None:
            raise ValueError("a member of the manifest was not added")
        self._out.write(ustar.END)

    def _write_manifest(self, size: int, first: bytes, lines: Iterable[bytes]) -> bytes:
        """Write the first line and the others, of ``size`` bytes together; give the SHA-256 of all."""
        self._out.write(ustar.header("manifest", len(first) + size) + first)
        digest, written = sha256(first), 0
        for line in lines:
            written += len(line)
            digest.update(line)
            self._out.write(line)
        if written != size:
            raise ValueError("what the manifest lists changed while it was listed")
        self._out.write(bytes(ustar.padding(len(first) + size)))
        return digest.digest()
