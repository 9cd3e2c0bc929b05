"""Bundles that go back, from a desk to the server: what was collected, replies with their files, new keys.

Signed by the desk, in sequence, good until a day. Writer and reader stream, as those of ``bundle`` do.
FORMAT.md, "Bundle, the way back", specifies the bytes.
"""

from collections.abc import Collection
from itertools import chain
from typing import BinaryIO

from crypto import back_manifest, ustar
from crypto.back_manifest import COLLECTED, GONE, LABEL, MAX_REPLY, TEAM_KEYS, BackHeading, BackMember, Counts
from crypto.back_reader import BackEntry, BackReader
from crypto.bundle_reader import Damage
from crypto.bundle_writer import MembersWriter, measured
from crypto.primitives import sign as signed
from crypto.primitives import signing_public
from crypto.secret import SigningSeed

__all__ = [
    "MAX_REPLY",
    "TEAM_KEYS",
    "BackEntry",
    "BackHeading",
    "BackMember",
    "BackReader",
    "BackWriter",
    "Counts",
    "Damage",
]


class BackWriter(MembersWriter):
    """Writes one bundle: manifest and signature at once, then each member by ``add``, then ``finish``.

    ``collected``: digests (32 bytes) of envelopes; ``gone``: ids (16 bytes) of blobs; both of what the desk
    holds opened and whole, sorted. ``members``: blobs and replies, and new keys, sorted by name. All are gone
    through more than once. ``out`` may be a pipe.

    :raises ValueError: anything that is not sorted, stands twice, or changes between two passes; a signing
        seed of another desk than the heading's; a member that is since a later bundle than this one.
    """

    def __init__(
        self,
        out: BinaryIO,
        heading: BackHeading,
        collected: Collection[bytes],
        gone: Collection[bytes],
        members: Collection[BackMember],
        sign: SigningSeed,
    ) -> None:
        super().__init__(out, members)
        if signing_public(sign.reveal()) != heading.desk:
            raise ValueError("the heading names another desk than the one that signs")
        if {len(each) for each in collected} - {back_manifest.DIGEST_BYTES}:
            raise ValueError("a digest of what was collected has not 32 bytes")
        if {len(each) for each in gone} - {back_manifest.BLOB_BYTES}:
            raise ValueError("the id of a blob has not 16 bytes")
        if any((each.since or 0) > heading.seq for each in members):
            raise ValueError("a member is since a later bundle than this one")
        sizes = [
            measured(((each.hex(), back_manifest.mark(COLLECTED, each)) for each in collected), "digests"),
            measured(((each.hex(), back_manifest.mark(GONE, each)) for each in gone), "blobs"),
            measured(((each.name, each.line()) for each in members), "members"),
        ]
        lines = chain(
            (back_manifest.mark(COLLECTED, each) for each in collected),
            (back_manifest.mark(GONE, each) for each in gone),
            (each.line() for each in members),
        )
        first = heading.line(Counts(*(count for count, _ in sizes)))
        digest = self._write_manifest(sum(size for _, size in sizes), first, lines)
        signature = signed(sign.reveal(), LABEL + digest)
        padding = bytes(ustar.padding(len(signature)))
        out.write(ustar.header("signature", len(signature)) + signature + padding)
