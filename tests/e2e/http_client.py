"""HTTP by hand, over plain sockets: slow, aborted, chunked, both form encodings, any header or none.

What a test sends is exactly what is on the wire, so it may also be wrong on purpose.
"""

import gzip
import http.client
import secrets
import socket
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.e2e.waiting import BOUND

Address = tuple[str, int]
Fields = Iterable[tuple[str, str]]
File = tuple[str, str, bytes]  # field, name, content
Files = Iterable[File]
Part = tuple[str, str] | File


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers as they came, the body decompressed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        """One header's value, or "" when it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def connected(address: Address, *, source: str = "", socks: int = 0, bound: float = BOUND) -> socket.socket:
    """Connect, from the given source address, or through the SOCKS port of this machine's Tor.

    :raises OSError: when nobody answers.
    """
    target = ("127.0.0.1", socks) if socks else address
    sock = socket.create_connection(target, bound, (source, 0) if source else None)
    if socks:
        host = address[0].encode()
        ask = b"\5\1\0" + b"\5\1\0\3" + bytes([len(host)]) + host + struct.pack(">H", address[1])
        sock.sendall(ask)
        # The method's answer has 2 bytes, the connection's 10, with Tor's empty IPv4 address.
        reply = b""
        while len(reply) < 12 and (piece := sock.recv(12 - len(reply))):
            reply += piece
        if reply[:4] != b"\5\0\5\0":
            sock.close()
            raise ConnectionRefusedError(f"SOCKS refused: {reply.hex()}")
    return sock


def head(
    method: str, path: str, host: str, length: int | None, kind: str, headers: Mapping[str, str]
) -> bytes:
    """The head of a request. A length of None says that the body comes in chunks."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    if length is None:
        lines.append("Transfer-Encoding: chunked")
    elif kind:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def received(sock: socket.socket, method: str = "GET") -> Answer:
    """Read one answer to its end.

    :raises OSError: when the connection broke before that.
    """
    response = http.client.HTTPResponse(sock, method=method)
    try:
        response.begin()
        body = response.read()
    except http.client.HTTPException as broken:
        raise ConnectionResetError(f"no whole answer: {broken!r}") from broken
    finally:
        response.close()
    headers = tuple(response.getheaders())
    if response.getheader("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(response.status, headers, body)


def request(
    address: Address,
    method: str,
    path: str,
    body: bytes | Sequence[bytes] = b"",
    kind: str = "",
    headers: Mapping[str, str] | None = None,
    *,
    source: str = "",
    socks: int = 0,
    bound: float = BOUND,
) -> Answer:
    """Send one request and give its answer. A body in several pieces goes out chunked.

    :raises OSError: when there is nobody, or the connection broke before the answer's end.
    """
    host = address[0] if address[1] == 80 else f"{address[0]}:{address[1]}"
    with closing(connected(address, source=source, socks=socks, bound=bound)) as sock:
        whole = isinstance(body, bytes)
        extra = {"Connection": "close", **(headers or {})}
        sock.sendall(head(method, path, host, len(body) if whole else None, kind, extra))
        try:
            if isinstance(body, bytes):
                sock.sendall(body)
            else:
                sock.sendall(b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in body) + b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            # The server may answer before it has read all, and close: the answer then still waits for us.
            return received(sock, method)
        return received(sock, method)


def raw(address: Address, data: bytes, *, source: str = "", bound: float = BOUND) -> bytes:
    """Send these very bytes, and give all that comes back until the server closes."""
    with closing(connected(address, source=source, bound=bound)) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while piece := sock.recv(65536):
                got += piece
        except ConnectionResetError:
            pass  # what came before the reset is what there is to see
        return got


def reset(sock: socket.socket) -> None:
    """Break a connection off, as a network that is gone: no polite end, a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def urlencoded(fields: Fields) -> tuple[bytes, str]:
    """A form without files: its body and content type."""
    return urlencode(list(fields)).encode(), "application/x-www-form-urlencoded"


def multipart(parts: Iterable[Part], files: Files = ()) -> tuple[bytes, str]:
    """A form with files, written as browsers write it: its body and content type.

    ``parts`` may hold files too, where the page has them before other fields; ``files`` go last.
    """
    boundary = "----form" + secrets.token_hex(12)
    body = bytearray()
    for part in (*parts, *files):
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{part[0]}"'.encode()
        if len(part) == 3:
            escaped = part[1].replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            body += f'; filename="{escaped}"\r\nContent-Type: application/octet-stream'.encode()
        content = part[1].encode() if len(part) == 2 else part[2]
        body += b"\r\n\r\n" + content + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return bytes(body), f"multipart/form-data; boundary={boundary}"
