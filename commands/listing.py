"""What an export is to hold, read through once before the first byte of it is written."""

import hashlib
import struct
from collections.abc import Iterator

from crypto.bundle import Member
from crypto.envelope import header
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope
from store import Pinned

# Digest or id, and size; kept packed, as there may be very many.
_ENVELOPE = struct.Struct(">32sQ")
_BLOB = struct.Struct(">16sQ32s")


class Listing:
    """The members of a bundle by name: every kept blob and envelope that is whole, and how many are not.

    Gone through any number of times; some 50 bytes of memory a member.
    """

    def __init__(self, store: Pinned) -> None:
        self.damaged = 0
        self.bytes = 0
        self._epochs: set[Epoch] = set()
        self._envelopes = bytearray()
        self._blobs = bytearray()
        for digest, _ in store.envelopes():
            self._list_envelope(digest, store.envelope(digest))
        for blob, size in store.kept_blobs():
            self._list_blob(store, blob, size)

    def __iter__(self) -> Iterator[Member]:
        for blob, size, digest in _BLOB.iter_unpack(self._blobs):
            yield Member(f"blob/{blob.hex()}", size, digest)
        for digest, size in _ENVELOPE.iter_unpack(self._envelopes):
            yield Member(f"env/{digest.hex()}", size, digest)

    @property
    def envelopes(self) -> int:
        """How many envelopes there are."""
        return len(self._envelopes) // _ENVELOPE.size

    @property
    def blobs(self) -> int:
        """How many blobs there are."""
        return len(self._blobs) // _BLOB.size

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """The months that the envelopes are sealed for, in order."""
        return tuple(sorted(self._epochs))

    def _list_envelope(self, digest: bytes, envelope: bytes) -> None:
        try:
            epoch = header(envelope).epoch
        except BadEnvelope:
            epoch = None
        if epoch is None or hashlib.sha256(envelope).digest() != digest:
            self.damaged += 1
            return
        self._epochs.add(epoch)
        self.bytes += len(envelope)
        self._envelopes += _ENVELOPE.pack(digest, len(envelope))

    def _list_blob(self, store: Pinned, blob: bytes, size: int) -> None:
        try:
            with store.open_blob(blob) as file:
                digest = hashlib.file_digest(file, "sha256").digest()
                found = file.tell()
        except OSError:
            found = -1
        if found != size:
            self.damaged += 1
            return
        self.bytes += size
        self._blobs += _BLOB.pack(blob, size, digest)
