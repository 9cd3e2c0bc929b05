"""Bundles: what is carried by hand from the server to the desk, a plain tar with a manifest in front.

Writer and reader stream: neither holds a member, nor the manifest, in memory. FORMAT.md, "Bundle",
specifies the bytes. ``back`` has the other direction.
"""

from collections.abc import Iterable
from typing import BinaryIO

from crypto import ustar
from crypto.bundle_reader import BundleReader, Damage, Entry
from crypto.bundle_writer import MembersWriter, measured
from crypto.manifest import MAX_REFUSED, Heading, Member

__all__ = ["MAX_REFUSED", "BundleReader", "BundleWriter", "Damage", "Entry", "Heading", "Member", "size_of"]


def size_of(heading: Heading, members: Iterable[Member]) -> int:
    """Give how many bytes a bundle of these members has."""
    total, lines, count = 0, 0, 0
    for member in members:
        total += _in_tar(member.size)
        lines += len(member.line())
        count += 1
    return total + _in_tar(len(heading.line(count)) + lines) + len(ustar.END)


def _in_tar(size: int) -> int:
    return ustar.BLOCK + size + ustar.padding(size)


class BundleWriter(MembersWriter):
    """Writes one bundle: the manifest at once, then each member by ``add``, then ``finish``.

    ``members`` is gone through three times (to measure the manifest, to write it, to check what is added),
    so that it must be a collection, not a generator, and sorted by name. ``out`` may be a pipe.

    :raises ValueError: members that are not sorted, stand twice, or change between two passes.
    """

    def __init__(self, out: BinaryIO, heading: Heading, members: Iterable[Member]) -> None:
        super().__init__(out, members)
        count, size = measured(((member.name, member.line()) for member in members), "members")
        self._write_manifest(size, heading.line(count), (member.line() for member in members))
