"""Bundles: what is carried by hand from the server to the desk, a plain tar with a manifest in front.

Writer and reader stream: neither holds a member, nor the manifest, in memory. FORMAT.md, "Bundle",
specifies the bytes.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

from crypto import ustar
from crypto.bundle_reader import BundleReader, Damage, Entry
from crypto.errors import BadBundle
from crypto.manifest import Heading, Member

__all__ = ["BundleReader", "BundleWriter", "Damage", "Entry", "Heading", "Member"]

PIECE = 64 * 1024


class BundleWriter:
    """Writes one bundle: the manifest at once, then each member by ``add``, then ``finish``.

    ``members`` is gone through three times (to measure the manifest, to write it, to check what is added),
    so that it must be a collection, not a generator, and sorted by name. ``out`` may be a pipe.

    :raises ValueError: members that are not sorted, stand twice, or change between two passes.
    """

    def __init__(self, out: BinaryIO, heading: Heading, members: Iterable[Member]) -> None:
        if iter(members) is members:
            raise ValueError("the members are gone through more than once: give a collection")
        self._out = out
        self._due: Iterator[Member] = iter(members)
        self._write_manifest(heading, members)

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

    def _write_manifest(self, heading: Heading, members: Iterable[Member]) -> None:
        count, size, last = 0, 0, ""
        for member in members:
            if member.name <= last:
                raise ValueError("the members are not sorted by name, or one stands twice")
            count, size, last = count + 1, size + len(member.line()), member.name
        first = heading.line(count)
        size += len(first)
        self._out.write(ustar.header("manifest", size) + first)
        written = len(first)
        for member in members:
            line = member.line()
            written += len(line)
            self._out.write(line)
        if written != size:
            raise ValueError("the members changed while they were listed")
        self._out.write(bytes(ustar.padding(size)))
