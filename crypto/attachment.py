"""Seal a file while it arrives: constant memory, and nothing but sealed bytes to write down."""

from collections.abc import Iterator
from hashlib import sha256

from crypto import padding, stream
from crypto.kdf import hkdf
from crypto.secret import AttachmentKey
from crypto.stream import CHUNK, StreamSealer

MAGIC = b"VIGILA\n"
VERSION = 1
PREFIX = MAGIC + bytes((VERSION,))
HEADER = len(PREFIX) + stream.HEADER

_ATTACHMENT = b"vigil/v1/attachment\0"
_PIECE = 4 * CHUNK  # how much padding is sealed at once: some is, in a big file


def stream_key(key: AttachmentKey) -> bytes:
    """Derive the key of an attachment's stream; the prefix is its salt, so another version is another key."""
    return hkdf(key.reveal(), salt=PREFIX, label=_ATTACHMENT)


def sealed_size(size: int) -> int:
    """Give the length in bytes of the sealed form of a file of ``size`` bytes.

    :raises ValueError: a negative size.
    """
    return HEADER + stream.sealed_size(padding.attachment_size(size))


class AttachmentSealer:
    """Seals one file under its own key: ``write`` what arrives, store what comes back, then ``finish``.

    ``size`` counts the bytes written so far. The hashes and ``sealed_size`` are known once ``finish`` is
    exhausted.
    """

    def __init__(self, key: AttachmentKey | None = None) -> None:
        self.key = AttachmentKey.new() if key is None else key
        self.size = 0
        self.sealed_size = 0
        self._plain_hash = sha256()
        self._sealed_hash = sha256()
        self._stream = StreamSealer(stream_key(self.key))
        self._begun = False
        self._ended = False
        # At most one chunk waits here: whether it is the last is known only when another byte comes, or none.
        self._waiting = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> bytes:
        """Take more of the file; give the sealed bytes that are ready, which may be none.

        :raises RuntimeError: after ``finish``.
        """
        self.count(data)
        return self.seal(data)

    def count(self, data: bytes | bytearray | memoryview) -> None:
        """Do the half of ``write`` that does not seal: another thread may meanwhile `seal` the same bytes.

        :raises RuntimeError: after ``finish``.
        """
        if self._ended:
            raise RuntimeError("the attachment has ended")
        self._plain_hash.update(data)
        self.size += len(data)

    def seal(self, data: bytes | bytearray | memoryview) -> bytes:
        """Do the other half of ``write``, in the same order; give the sealed bytes that are ready.

        :raises RuntimeError: after ``finish``.
        """
        if self._ended:
            raise RuntimeError("the attachment has ended")
        return self._sealed(memoryview(data))

    def finish(self) -> Iterator[bytes]:
        """Pad the file and end its stream; give the rest of the sealed bytes in pieces of some 256 KiB.

        :raises RuntimeError: called before.
        """
        if self._ended:
            raise RuntimeError("the attachment has ended")
        self._ended = True
        return self._rest()

    def sha256(self) -> bytes:
        """Give the SHA-256 of the file as it was.

        :raises RuntimeError: before the end.
        """
        self._check_complete()
        return self._plain_hash.digest()

    def sealed_sha256(self) -> bytes:
        """Give the SHA-256 of all sealed bytes, in order.

        :raises RuntimeError: before the end.
        """
        self._check_complete()
        return self._sealed_hash.digest()

    def _rest(self) -> Iterator[bytes]:
        missing = padding.attachment_size(self.size) - self.size
        zeros = memoryview(bytes(min(missing, _PIECE)))
        while missing:
            piece = zeros[: min(missing, _PIECE)]
            missing -= len(piece)
            if ready := self._sealed(piece):
                yield ready
        yield self._counted([self._stream.seal(bytes(self._waiting), last=True)])

    def _sealed(self, data: memoryview) -> bytes:
        ready: list[bytes] = []
        start = 0
        if self._waiting:
            start = CHUNK - len(self._waiting)
            self._waiting += data[:start]
            if len(data) <= start:
                return self._counted(ready)
            ready.append(self._stream.seal(bytes(self._waiting), last=False))
            self._waiting.clear()
        while len(data) - start > CHUNK:
            ready.append(self._stream.seal(bytes(data[start : start + CHUNK]), last=False))
            start += CHUNK
        self._waiting += data[start:]
        return self._counted(ready)

    def _counted(self, ready: list[bytes]) -> bytes:
        if not self._begun:
            self._begun = True
            ready.insert(0, PREFIX + self._stream.header)
        joined = b"".join(ready) if len(ready) != 1 else ready[0]
        self._sealed_hash.update(joined)
        self.sealed_size += len(joined)
        return joined

    def _check_complete(self) -> None:
        if not self._ended or self.sealed_size != sealed_size(self.size):
            raise RuntimeError("the attachment has not ended")
