"""HTTP/2 by hand over TLS: any header, any length, a request a connection. It may be wrong on purpose.

Headers go out as plain literals; of the answer's, only the status is read.
"""

import struct
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field

from tests.e2e.proxy import DOMAIN, Nginx

Headers = Iterable[tuple[bytes, bytes]]
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
INITIAL_WINDOW = 4  # its number among the settings
LARGEST = 16_384  # bytes of a frame
WIDE = (1 << 31) - 1
STATUSES = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}  # by their place in HPACK's table


@dataclass
class Answer2:
    """What came back: the status, 0 where the request was broken off; the body as it came."""

    status: int = 0
    body: bytearray = field(default_factory=bytearray)


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(text: bytes) -> bytes:
    """A string of HPACK, not compressed."""
    size = len(text)
    if size < 127:
        return bytes([size]) + text
    out, size = b"\x7f", size - 127
    while size >= 128:
        out, size = out + bytes([size % 128 + 128]), size // 128
    return out + bytes([size]) + text


def ask(nginx: Nginx, method: bytes, path: bytes, headers: Headers = (), body: bytes = b"") -> Answer2:
    """Send one request and read its answer. ``headers`` come after the four that HTTP/2 wants.

    :raises OSError: nobody answers.
    """
    first = [(b":method", method), (b":scheme", b"https"), (b":path", path)]
    names = {name for name, _ in headers}
    if b":authority" not in names:
        first.append((b":authority", f"{DOMAIN}:{nginx.https}".encode()))
    block = b"".join(b"\0" + literal(name) + literal(value) for name, value in [*first, *headers])
    with closing(nginx.connected(alpn=("h2",))) as sock:
        assert sock.selected_alpn_protocol() == "h2"
        sock.sendall(
            PREFACE
            + frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW, WIDE))
            + frame(WINDOW, 0, 0, struct.pack(">I", WIDE - 65_535))
            + frame(HEADERS, END_HEADERS | (0 if body else END_STREAM), 1, block)
        )
        exchange = _Exchange(body)
        stream = sock.makefile("rb")
        try:
            while not exchange.done:
                head = stream.read(9)
                if len(head) < 9:
                    break
                payload = stream.read(int.from_bytes(head[:3], "big"))
                answer = exchange.take(head[3], head[4], int.from_bytes(head[5:], "big"), payload)
                if answer:
                    sock.sendall(answer)
        except ConnectionResetError:
            pass  # what came before the reset is what there is to see
        finally:
            stream.close()
    return exchange.answer


class _Exchange:
    """One request under way: what may still be sent, and what has come."""

    def __init__(self, body: bytes) -> None:
        self.answer, self.done = Answer2(), False
        self._left = memoryview(body)
        self._windows = {0: 65_535, 1: 65_535}
        self._initial = 65_535

    def take(self, kind: int, flags: int, stream: int, payload: bytes) -> bytes:
        """Take a frame in; give what is to be sent now."""
        reply = b""
        if kind == SETTINGS and not flags & ACK:
            for number, value in struct.iter_unpack(">HI", payload):
                if number == INITIAL_WINDOW:
                    self._windows[1] += value - self._initial
                    self._initial = value
            reply = frame(SETTINGS, ACK, 0)
        elif kind == PING and not flags & ACK:
            reply = frame(PING, ACK, 0, payload)
        elif kind == WINDOW:
            self._windows[stream] += struct.unpack(">I", payload)[0]
        elif kind == HEADERS and stream == 1:
            self.answer.status = status(payload)
        elif kind == DATA:
            self.answer.body += payload
        self.done = kind in {RESET, GOAWAY} or (kind in {HEADERS, DATA} and bool(flags & END_STREAM))
        return reply + self._more()

    def _more(self) -> bytes:
        out = b""
        while self._left and (size := min(LARGEST, len(self._left), *self._windows.values())) > 0:
            piece, self._left = bytes(self._left[:size]), self._left[size:]
            self._windows = {stream: room - size for stream, room in self._windows.items()}
            out += frame(DATA, 0 if self._left else END_STREAM, 1, piece)
        return out


def status(block: bytes) -> int:
    """The status, which is the first header of an answer."""
    block = block[1:] if block[0] & 0xE0 == 0x20 else block
    if block[0] & 0x80:
        return STATUSES[block[0] & 0x7F]
    return int(block[2:5])
