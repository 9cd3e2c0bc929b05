"""libsodium's secretstream in chunks of 64 KiB, with an end that is checked.

libsodium goes on pulling after the final tag, and knows tags that Vigil does not use; both are refused here.
Where the chunks lie follows from the length of the whole, so a reader knows which one must be the last.
"""

from collections.abc import Iterator

from nacl import bindings

from crypto.errors import Refused
from crypto.primitives import refusing

HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES  # 24
CHUNK = 65_536
OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES  # 17: the tag and the MAC
SEALED_CHUNK = CHUNK + OVERHEAD

_MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def sealed_size(plain: int) -> int:
    """Give the length in bytes of all chunks that hold ``plain`` bytes (at least 1), without the header."""
    return plain + OVERHEAD * -(-plain // CHUNK)


def plain_size(sealed: int) -> int:
    """Give how many plain bytes chunks of ``sealed`` bytes in all hold.

    :raises Refused: no chunks have this length; the last one would be empty or less.
    """
    whole, rest = divmod(sealed, SEALED_CHUNK)
    if sealed <= 0 or 0 < rest < OVERHEAD:
        raise Refused("truncated")
    if rest == OVERHEAD:
        raise Refused("a chunk is empty")
    return whole * CHUNK + max(rest - OVERHEAD, 0)


def chunks(plain: int) -> Iterator[tuple[int, bool]]:
    """Give the plain length of each chunk of a stream of ``plain`` bytes, and whether it is the last."""
    for start in range(0, plain, CHUNK):
        end = start + CHUNK
        yield min(CHUNK, plain - start), end >= plain


class StreamSealer:
    """Seals chunks one after another under a 32-byte key; ``header`` (24 bytes) goes before them.

    A key seals one stream: it is never used again.

    :raises ValueError: a key that is not 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self.header: bytes = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        """Seal 1 to 65,536 bytes; all but the last chunk have 65,536.

        :raises ValueError: a chunk of another length.
        """
        if not (chunk and len(chunk) <= CHUNK) or (len(chunk) < CHUNK and not last):
            raise ValueError("a chunk of the wrong length")
        tag = _FINAL if last else _MESSAGE
        return bindings.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, None, tag)


class StreamOpener:
    """Opens what a StreamSealer made, chunk by chunk, in order.

    :raises Refused: a header that is not 24 bytes.
    """

    def __init__(self, key: bytes, header: bytes) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        with refusing("truncated"):
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        """Open one sealed chunk; ``last`` says whether it must be the last one, which its tag must confirm.

        :raises Refused: another key, another place, damage, or a tag that does not belong there.
        """
        with refusing("a chunk does not authenticate"):
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, sealed, None)
        if tag not in (_MESSAGE, _FINAL):
            raise Refused("a chunk has an unknown tag")
        if tag == _FINAL and not last:
            raise Refused("a chunk follows the final one")
        if tag != _FINAL and last:
            raise Refused("the final chunk is missing")
        return plain
