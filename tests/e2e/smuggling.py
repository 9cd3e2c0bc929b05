"""Malformed HTTP, and HTTP that two servers might read differently: what is sent, how its answer is judged.

    for case in CASES: problem = judge(case, exchange(connect, case)); ...

`connect` gives a connected socket, so the same corpus runs against gunicorn's sockets and through nginx. Each
case hides another request, SECOND, where a server might take it for one of its own; it must not be answered.
CONTROLS are honest, and have two answers: they show that a second one would be seen.
"""

import contextlib
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

SECOND = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
PATIENCE = 60.0


@dataclass(frozen=True)
class Case:
    """Bytes to send. ``refused`` says that no answer but a refusal will do."""

    name: str
    sent: bytes
    refused: bool = True


@dataclass(frozen=True)
class Answered:
    """What came back: the statuses of whole answers, interim ones left out, and bytes that are no answer."""

    statuses: tuple[int, ...]
    rest: bytes


def get(line: bytes = b"GET /healthz HTTP/1.1", headers: bytes = HOST) -> bytes:
    """A request without a body, another behind it."""
    return line + b"\r\n" + headers + b"\r\n" + SECOND


def post(headers: bytes, body: bytes, line: bytes = b"POST /report HTTP/1.1") -> bytes:
    """A request with a body, another behind it."""
    return line + b"\r\n" + HOST + FORM + headers + b"\r\n" + body + SECOND


def length(size: bytes) -> bytes:
    """A form whose length is said in this way."""
    return post(b"Content-Length: " + size + b"\r\n", b"do=x&")


def coded(*values: bytes, name: bytes = b"Transfer-Encoding: ") -> bytes:
    """A form in chunks whose coding is said in these ways."""
    lines = b"".join(name + value + b"\r\n" for value in values)
    return post(lines, b"5\r\ndo=x&\r\n0\r\n\r\n")


def chunked(body: bytes, line: bytes = b"POST /report HTTP/1.1") -> bytes:
    """A form whose chunks are these bytes."""
    return post(b"Transfer-Encoding: chunked\r\n", body, line)


def _lengths() -> Iterator[Case]:
    for name, value in {
        "with a plus": b"+5",
        "negative": b"-5",
        "in hexadecimal": b"0x5",
        "with a blank": b"5 5",
        "empty": b"",
        "of digits that are no ASCII": "\N{ARABIC-INDIC DIGIT FIVE}".encode(),
        "superscript": b"\xb2",
        "a list": b"5, 5",
        "a list of two": b"5, 50",
        "with an underscore": b"5_0",
        "with a point": b"5.0",
        "in quotes": b'"5"',
        "a word": b"five",
        "with a tab inside": b"5\t0",
        "with NUL": b"5\0",
    }.items():
        yield Case(f"a length {name}", length(value))
    both = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
    chunks = b"5\r\ndo=x&\r\n0\r\n\r\n"
    turned = b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"
    yield Case("a length and chunks", post(both, chunks))
    yield Case("chunks and a length", post(turned, chunks))
    yield Case("two lengths", post(b"Content-Length: 5\r\nContent-Length: 50\r\n", b"do=x&"))
    yield Case("the same length twice", post(b"Content-Length: 5\r\nContent-Length: 5\r\n", b"do=x&"))
    yield Case("a length with a blank before the colon", post(b"Content-Length : 5\r\n", b"do=x&"))
    yield Case("a length on a folded line", post(b"Content-Length:\r\n 5\r\n", b"do=x&"))
    yield Case("a length behind a bare line feed", post(b"X: y\nContent-Length: 5\r\n", b"do=x&"))
    yield Case("a length behind a bare carriage return", post(b"X: y\rContent-Length: 5\r\n", b"do=x&"))
    # Here the second request is the body, or what is missing of it: one answer, whatever it says.
    yield Case("a length that holds the second", length(b"%d" % (5 + len(SECOND))), refused=False)
    yield Case("a length beyond what comes", length(b"5000"), refused=False)
    yield Case("a length beyond all bounds", length(b"9" * 40), refused=False)
    yield Case(
        "a page asked for with a body", get(headers=HOST + b"Content-Length: %d\r\n" % len(SECOND)), False
    )


def _codings() -> Iterator[Case]:
    for name, values in {
        "twice": (b"chunked", b"chunked"),
        "in a list twice": (b"chunked, chunked",),
        "unknown": (b"xchunked",),
        "before another": (b"chunked, gzip",),
        "and identity": (b"chunked", b"identity"),
        "alone identity": (b"identity",),
        "with a vertical tab": (b"\x0bchunked",),
        "with NUL": (b"chunked\0",),
        "in quotes": (b'"chunked"',),
        "with a parameter": (b"chunked;q=1",),
        "empty": (b"",),
        "a comma": (b",",),
        "of gzip alone": (b"gzip",),
        "on a folded line": (b"\r\n chunked",),
        "after a folded line": (b"x\r\n chunked",),
        "of letters": (b"ch\xf6nked",),
    }.items():
        yield Case(f"a coding {name}", coded(*values))
    for name, header in {
        "with a blank before the colon": b"Transfer-Encoding : ",
        "with a tab before the colon": b"Transfer-Encoding\t: ",
        "with a blank before its name": b" Transfer-Encoding: ",
        "with NUL in its name": b"Transfer-\0Encoding: ",
        "behind a bare line feed": b"X: y\nTransfer-Encoding: ",
        "behind a bare return": b"X: y\rTransfer-Encoding: ",
    }.items():
        yield Case(f"a coding {name}", coded(b"chunked", name=header))
    underscored = b"Content-Length: %d\r\nTransfer_Encoding: chunked\r\n" % (5 + len(SECOND))
    yield Case("a coding with an underscore", post(underscored, b"0\r\n\r\n"), refused=False)
    yield Case("chunks in HTTP/1.0", chunked(b"0\r\n\r\n", b"POST /report HTTP/1.0"))
    yield Case("chunks named in capitals", coded(b"CHUNKED"))
    yield Case("chunks, as they should be", coded(b"chunked"))


def _chunks() -> Iterator[Case]:
    for name, body in {
        "of a negative size": b"-5\r\ndo=x&\r\n0\r\n\r\n",
        "of a size with 0x": b"0x5\r\ndo=x&\r\n0\r\n\r\n",
        "of a size with a plus": b"+5\r\ndo=x&\r\n0\r\n\r\n",
        "of a size with an underscore": b"0_5\r\ndo=x&\r\n0\r\n\r\n",
        "of no size": b"\r\ndo=x&\r\n0\r\n\r\n",
        "of a size with a blank before": b" 5\r\ndo=x&\r\n0\r\n\r\n",
        "of a size with a blank behind": b"5 \r\ndo=x&\r\n0\r\n\r\n",
        "of a huge size": b"F" * 40 + b"\r\ndo=x&",
        "with a size line without end": b"5" * 9000,
        "longer than it says": b"5\r\ndo=x&more\r\n0\r\n\r\n",
        "shorter than it says": b"50\r\ndo=x&\r\n0\r\n\r\n",
        "ended by a bare line feed": b"5\ndo=x&\n0\n\n",
        "with a bare line feed behind": b"5\r\ndo=x&\n0\r\n\r\n",
        "with a bare return": b"5\rdo=x&\r0\r\r",
        "with a broken extension": b"5;\x01\r\ndo=x&\r\n0\r\n\r\n",
        "with a line feed in its extension": b"5;a\nb\r\ndo=x&\r\n0\r\n\r\n",
        "with a return in its extension": b"5;a\rb\r\ndo=x&\r\n0\r\n\r\n",
        "with an endless extension": b"5;" + b"a" * 70000,
        "without an end": b"5\r\ndo=x&\r\n",
        "with a length in its trailer": b"5\r\ndo=x&\r\n0\r\nContent-Length: 5\r\n\r\n",
        "with a coding in its trailer": b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "with a broken trailer": b"0\r\nno colon\r\n\r\n",
        "with an endless trailer": b"0\r\n" + b"X: y\r\n" * 9000,
        "with a bare line feed in its trailer": b"0\r\nX: y\nZ: z\r\n\r\n",
    }.items():
        yield Case(f"a chunk {name}", chunked(body))
    yield Case("a chunk with an extension", chunked(b'5;a="b;c"\r\ndo=x&\r\n0\r\n\r\n'))
    inside = b"%x\r\n" % len(SECOND) + SECOND + b"\r\n0\r\n\r\n"
    yield Case("a chunk that is a request", chunked(inside)[: -len(SECOND)])


def _lines() -> Iterator[Case]:
    for name, line in {
        "with two blanks": b"GET  /healthz HTTP/1.1",
        "with a tab": b"GET\t/healthz\tHTTP/1.1",
        "of one word": b"GET",
        "without a version": b"GET /healthz",
        "of HTTP/2": b"GET /healthz HTTP/2.0",
        "of HTTP/0.9": b"GET /healthz HTTP/0.9",
        "of HTTP/1.10": b"GET /healthz HTTP/1.10",
        "of another protocol": b"GET /healthz ICY/1.1",
        "with NUL": b"GET /heal\0thz HTTP/1.1",
        "with a control": b"GET /\x01 HTTP/1.1",
        "with a bare return": b"GET /\rX HTTP/1.1",
        "with letters of another alphabet": b"GET /\xff\xfe HTTP/1.1",
        "in small letters": b"get /healthz HTTP/1.1",
        "with a blank before": b" GET /healthz HTTP/1.1",
        "of no method": b" /healthz HTTP/1.1",
        "with a method of brackets": b"G(E)T /healthz HTTP/1.1",
        "with a huge method": b"G" * 5000 + b" / HTTP/1.1",
        "with a huge path": b"GET /" + b"a" * 70000 + b" HTTP/1.1",
        "of only a fragment": b"GET #x HTTP/1.1",
        "of an address without a slash": b"GET healthz HTTP/1.1",
        "of a star": b"GET * HTTP/1.1",
        "of a name and port": b"GET localhost:80 HTTP/1.1",
        "with more behind it": b"GET /healthz HTTP/1.1 HTTP/1.1",
        "of the HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM",
        "of a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "of a broken absolute address": b"GET http://[::1 HTTP/1.1",
        "of a PROXY protocol": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2",
    }.items():
        yield Case(f"a first line {name}", get(line))
    yield Case("a first line ended by a bare line feed", b"GET /healthz HTTP/1.1\n" + HOST + b"\r\n" + SECOND)
    yield Case(
        "bare line feeds everywhere",
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n").replace(b"\r", b"") + SECOND,
    )
    yield Case(
        "bare returns everywhere",
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n").replace(b"\n", b"") + SECOND,
    )
    yield Case("many empty lines first", b"\r\n" * 20 + get())
    yield Case("a tunnel asked for", get(b"CONNECT localhost:80 HTTP/1.1"))
    elsewhere = get(b"GET http://elsewhere/healthz HTTP/1.1", HOST + b"Connection: close\r\n")
    yield Case("a page of another host, by its whole address", elsewhere, refused=False)


def _headers() -> Iterator[Case]:
    for name, header in {
        "without a colon": b"no colon\r\n",
        "without a name": b": x\r\n",
        "with a blank in its name": b"X Y: z\r\n",
        "with a blank before its colon": b"X : y\r\n",
        "with NUL in its value": b"X: a\0b\r\n",
        "with a control in its value": b"X: a\x01b\r\n",
        "with a bare return in its value": b"X: a\rb: c\r\n",
        "folded": b"X: a\r\n b\r\n",
        "with brackets in its name": b"X(: y\r\n",
        "of no ASCII name": b"X\xe9: y\r\n",
        "too long": b"X: " + b"y" * 70000 + b"\r\n",
        "too many times": b"X: y\r\n" * 5000,
        "Expect of something else": b"Expect: the-moon\r\n",
        "Host twice": b"Host: elsewhere\r\n",
    }.items():
        yield Case(f"a header {name}", get(headers=HOST + header))
    yield Case("a header on a line that folds the first", get(headers=b" X: y\r\n" + HOST))
    yield Case("a head without an end", b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 100)
    yield Case("a head that ends at once", b"GET /healthz HTTP/1.1\r\n")


CASES = tuple(case for part in (_lengths, _codings, _chunks, _lines, _headers) for case in part())
CONTROLS = (
    Case("one request and another", get(), refused=False),
    Case("a form and another request", length(b"5"), refused=False),
)


def exchange(connect: Callable[[], socket.socket], case: Case) -> Answered:
    """Send a case, end our side of the connection, and read all that comes back until the other ends."""
    came = b""
    with closing(connect()) as sock:
        sock.settimeout(PATIENCE)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sock.sendall(case.sent)
            sock.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):  # what came before it is what there is to see
            while piece := sock.recv(65536):
                came += piece
    return taken_apart(came)


_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3}) [^\r\n]*\r\n((?:[!-9;-~]+:[^\r\n]*\r\n)*)\r\n")
_LENGTH = re.compile(rb"^content-length: *(\d+)\r$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding: *chunked\r$", re.IGNORECASE | re.MULTILINE)
_CHUNK = re.compile(rb"([0-9a-fA-F]+)\r\n")


def taken_apart(came: bytes) -> Answered:
    """Read the answers, one after the other."""
    statuses = []
    at = 0
    while found := _HEAD.match(came, at):
        status, at = int(found[1]), found.end()
        if status >= 200:
            statuses.append(status)
        if _CHUNKED.search(found[2]):
            while (chunk := _CHUNK.match(came, at)) and int(chunk[1], 16):
                at = chunk.end() + int(chunk[1], 16) + 2
            at = chunk.end() + 2 if chunk else len(came) + 1
        elif size := _LENGTH.search(found[2]):
            at += int(size[1])
    return Answered(tuple(statuses), came[at:])


def judge(case: Case, answered: Answered) -> str:
    """Say what is wrong with what came back, "" where nothing is."""
    if answered.rest:
        return f"bytes that are no answer: {answered.rest[:200]!r}"
    if len(answered.statuses) > 1:
        return f"a second request was answered: {answered.statuses}"
    if any(status >= 500 and status not in {501, 505} for status in answered.statuses):
        return f"the server failed: {answered.statuses}"
    if case.refused and any(status < 400 for status in answered.statuses):
        return f"it was taken: {answered.statuses}"
    return ""
