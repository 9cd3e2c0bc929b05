"""The bytes of one request's body, as they come off the wire.

Every way that they can fail to come has its own exception: the client goes (ClientDisconnected), sends too
slowly (Stalled) or in chunks that are none (BadBody), or the server that hands them to us breaks off.
"""

import time
from collections.abc import Iterator
from typing import Any, Protocol

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected

from web import blocking
from web.refusals import BadBody, Stalled

# A slow client gets small pieces: gunicorn waits until a piece is full, and four hundred half-full
# ones must fit in a small server's memory. A fast one gets large pieces, which cost less for each byte.
SLOW_PIECE = 64 * 1024
FAST_PIECE = 256 * 1024
QUICK = 0.05  # seconds within which a piece came, for the next one to be large
# Of a chunked body each byte may be a chunk, which gunicorn takes apart in Python: then this is some 10 ms.
CHUNKED_PIECE = 4 * 1024

STALL_SECONDS = 600.0
STALL_BYTES = 64 * 1024


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Incoming:
    """Reads a body piece by piece.

    ``length`` is the Content-Length, None for a chunked body. ``stall_seconds`` is how long 64 KiB may take.
    """

    def __init__(self, stream: Readable, length: int | None, stall_seconds: float = STALL_SECONDS) -> None:
        self._stream = stream
        self._left = length
        self._ended = length == 0
        self._stall_seconds = stall_seconds
        self.received = 0

    @classmethod
    def of(cls, environ: dict[str, Any]) -> "Incoming":
        """The body of a WSGI request. Without a length, and a server that ends the stream, there is none."""
        stated = environ.get("CONTENT_LENGTH") or ""
        if stated.isascii() and stated.isdigit():
            return cls(environ["wsgi.input"], int(stated))
        return cls(environ["wsgi.input"], None if environ.get("wsgi.input_terminated") else 0)

    def pieces(self) -> Iterator[bytes]:
        """Give the rest of the body, in pieces of at most 256 KiB; others may run between them.

        :raises ClientDisconnected: the client went before the end.
        :raises Stalled: 64 KiB took longer than the stall time.
        :raises BadBody: its chunks are malformed.
        """
        chunked = self._left is None
        size = CHUNKED_PIECE if chunked else SLOW_PIECE
        window_start, window_bytes = time.monotonic(), 0
        while not self._ended:
            before = time.monotonic()
            # A large piece may take as much longer as it is larger.
            patience = self._stall_seconds * max(1, size / STALL_BYTES)
            piece = self._read(size, window_start + patience - before)
            if not piece:
                return
            now = time.monotonic()
            if not chunked:
                size = FAST_PIECE if now - before < QUICK else SLOW_PIECE
            window_bytes += len(piece)
            if window_bytes >= STALL_BYTES:
                window_start, window_bytes = now, 0
            elif now - window_start > self._stall_seconds:
                raise Stalled("the body came too slowly")
            yield piece
            blocking.breathe()

    def drain(self, at_most: int) -> bool:
        """Read and forget up to ``at_most`` bytes; True when the body ended within them.

        A browser shows an answer only once it has sent its body, so whoever refuses one reads on a little.

        :raises ClientDisconnected, Stalled, BadBody: as in `pieces`.
        """
        if self._left is not None and self._left > at_most:
            # It would be a reset in the end all the same: do not make a source upload for it.
            at_most = min(at_most, SLOW_PIECE)
        budget = self.received + at_most
        if at_most > 0:
            for _ in self.pieces():
                if self.received >= budget:
                    break
        return self._ended

    def _read(self, size: int, patience: float) -> bytes:
        if self._left is not None:
            size = min(size, self._left)
        try:
            with blocking.at_most(patience):
                piece = self._stream.read(size)
        except blocking.TookTooLong:
            self._ended = True
            raise Stalled("the body stopped coming") from None
        except OSError:
            self._ended = True
            raise ClientDisconnected from None
        except ParseException:
            self._ended = True
            raise BadBody("the chunks are malformed") from None
        self.received += len(piece)
        if self._left is not None:
            self._left -= len(piece)
            self._ended = self._left == 0
            if not piece:
                self._ended = True
                raise ClientDisconnected
        elif not piece:
            self._ended = True
        return piece
