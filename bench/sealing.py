"""The sealing of files without a server: megabytes a second, beside the bare primitives it is made of."""

import hashlib
import os
import time

from nacl import bindings

from crypto.attachment import AttachmentSealer

from .scale import MB, Scale
from .table import Row

PIECE = 256 * 1024  # as the server reads a fast upload
CHUNK = 64 * 1024


def measure(scale: Scale) -> list[Row]:
    """Both in turn, the best of the rounds."""
    piece = memoryview(os.urandom(PIECE))
    pieces = max(1, scale.seal_bytes // PIECE)
    ours, bare = [], []
    for _ in range(scale.rounds):
        ours.append(_sealed(piece, pieces))
        bare.append(_bare(piece, pieces))
    size = pieces * PIECE / MB
    return [Row("Sealing a file, in memory", size / min(ours), size / min(bare))]


def _sealed(piece: memoryview, pieces: int) -> float:
    begun = time.perf_counter()
    sealer = AttachmentSealer()
    for _ in range(pieces):
        sealer.write(bytes(piece))
    for _ in sealer.finish():
        pass
    return time.perf_counter() - begun


def _bare(piece: memoryview, pieces: int) -> float:
    """A secretstream in chunks of 64 KiB, the SHA-256 of what goes in and of what comes out."""
    plain, out = hashlib.sha256(), hashlib.sha256()
    begun = time.perf_counter()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_push(state, os.urandom(32))
    for _ in range(pieces):
        data = bytes(piece)
        plain.update(data)
        for start in range(0, PIECE, CHUNK):
            out.update(
                bindings.crypto_secretstream_xchacha20poly1305_push(state, data[start : start + CHUNK])
            )
    return time.perf_counter() - begun
