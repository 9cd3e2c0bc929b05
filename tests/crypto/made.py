"""What the tests of this room share: four desks, a stranger, and a way to break bytes at random."""

import random
from collections.abc import Callable
from io import BytesIO

from crypto import open_attachment, xwing
from crypto import seal as sealing
from crypto.attachment import AttachmentSealer
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.secret import AttachmentKey, EpochSeed

NOVEMBER = Epoch(202611)
DESKS = tuple(EpochSeed(bytes([number]) * 32) for number in range(1, 5))
PUBLIC = tuple(xwing.public_of(desk) for desk in DESKS)
STRANGER = EpochSeed(b"\xff" * 32)

# Lengths at which something changes: a step of the padding, the end of a chunk, one to either side of it.
EDGES = sorted({
    max(edge + near, 0)
    for edge in (0, 4_096 - 4, 16_384 - 4, 16_384, 65_536 - 4, 65_536, 131_072 - 4, 131_072)
    for near in (-1, 0, 1)
})  # fmt: skip


def envelope(body: bytes, desks: int = 1) -> bytes:
    """Seal a report to the first desks."""
    return sealing.sealed(Kind.INCOMING, NOVEMBER, PUBLIC[:desks], body)


def attachment(data: bytes, key: AttachmentKey | None = None) -> tuple[bytes, AttachmentKey]:
    """Seal a file in one piece."""
    sealer = AttachmentSealer(key)
    return b"".join([sealer.write(data), *sealer.finish()]), sealer.key


def opened_attachment(sealed: bytes, key: AttachmentKey, size: int) -> bytes:
    """Open a sealed file whole."""
    return b"".join(open_attachment.opened(BytesIO(sealed), key, size))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Break bytes in one to four ways, as damage or an attacker without keys would."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        chance.choice(MUTATIONS)(broken, chance)
    return bytes(broken)


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite_header(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(min(len(data), 13))] = chance.choice((0, 1, 2, 4, 5, 127, 128, 255))


def _overwrite(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at : at + 32] = chance.choice((bytes(32), b"\xff" * 32, chance.randbytes(32)))


def _insert(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.randbytes(chance.choice((1, 17, 1168)))


def _delete(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.choice((1, 17, 1168, 65_553))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    at = chance.randrange(len(data) + 1)
    data[at:at] = data[start:end]


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _flip,
    _overwrite_header,
    _overwrite,
    _insert,
    _delete,
    _repeat,
    _cut,
)
