"""What the shipped nginx hands on to gunicorn: whole requests, one a connection, little of what was said."""

import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e import http2
from tests.e2e.http_client import raw, request
from tests.e2e.proxy import DOMAIN, QUICK, Nginx, Plain
from tests.e2e.smuggling import CASES, CONTROLS, Answered, Case, exchange
from tests.e2e.test_nothing_about_anyone import MALFORMED, WORDS
from tests.e2e.waiting import BOUND, until


class Recorder(socketserver.ThreadingUnixStreamServer):
    """Stands where gunicorn would: keeps what each connection brought, answers a whole request with 200."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        self.got: list[bytes] = []
        self.open = 0
        super().__init__(str(path), Each)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Each(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server: Recorder = self.server  # type: ignore[assignment]  # nobody else makes one
        server.open += 1
        got, answered = b"", False
        with suppress(OSError):
            while piece := self.request.recv(65_536):
                got += piece
                if not answered and whole(got):
                    self.request.sendall(
                        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
                    )
                    self.request.shutdown(socket.SHUT_WR)
                    answered = True
        if got:
            server.got.append(got)
        server.open -= 1


def fields(got: bytes) -> dict[str, str]:
    """The header lines of a request, each said once."""
    lines = got.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    names = [line.partition(": ")[0].lower() for line in lines]
    assert len(names) == len(set(names)), names
    return {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}


def whole(got: bytes) -> bool:
    """Is this one request to its last byte, with nothing after it?"""
    if b"\r\n\r\n" not in got:
        return False
    body, said = got.partition(b"\r\n\r\n")[2], fields(got)
    assert not {"content-length", "transfer-encoding"} <= said.keys()
    if "transfer-encoding" not in said:
        return len(body) == int(said.get("content-length", "0"))
    assert said["transfer-encoding"] == "chunked"
    while body:
        size, _, rest = body.partition(b"\r\n")
        number = int(size, 16)
        if rest[number : number + 2] != b"\r\n":
            return False
        if not number:
            return rest == b"\r\n"
        body = rest[number + 2 :]
    return False


@pytest.fixture(scope="module")
def recorded() -> Iterator[tuple[Recorder, Plain]]:
    """nginx before something that keeps what it is sent."""
    with tempfile.TemporaryDirectory(prefix="nginx") as name:
        recorder = Recorder(Path(name) / "gunicorn.sock")
        front = Nginx(Path(name) / "nginx", Path(name) / "gunicorn.sock", QUICK).start()
        plain = Plain(front)
        yield recorder, plain
        plain.close()
        front.stop()
        recorder.shutdown()
        recorder.server_close()


def test_only_what_decides_the_answer_reaches_gunicorn(nginx: None, recorded: tuple[Recorder, Plain]) -> None:
    recorder, plain = recorded
    recorder.got.clear()
    more = {
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "marker.example",
        "HX-Request": "true",
        "X": "marker",
    }
    assert request(plain.address, "POST", "/report?q=1", b"x=1", "a/b", {**WORDS, **more}).status == 200
    (got,) = until(lambda: recorder.got, "end of the connection")
    said = fields(got)
    assert got.startswith(b"POST /report?q=1 HTTP/1.1\r\n")
    assert said.pop("host").partition(":")[0] == DOMAIN
    assert said == {
        "connection": "close",
        "x-forwarded-proto": "https",
        "content-type": "a/b",
        "content-length": "3",
        "accept-language": WORDS["Accept-Language"],
        "hx-request": "true",
    }


GET = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /report HTTP/1.1\r\nHost: localhost\r\n"
AMBIGUOUS = {
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + GET,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(GET) + GET,
    "a list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(GET) + GET,
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nhello" + GET,
    "a length in hexadecimal": POST + b"Content-Length: 0x5\r\n\r\nhello" + GET,
    "two codings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + GET,
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + GET,
    "a coding in a folded line": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + GET,
    "a blank before the colon": POST
    + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
    + GET,
    "an underscore": POST + b"Content_Length: 5\r\nTransfer_Encoding: chunked\r\n\r\n" + GET,
    "bare line feeds": POST.replace(b"\r", b"") + b"Content-Length: 5\n\nhello" + GET,
    "a chunk's size too large": POST
    + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n",
    "a chunk's extension": POST + b"Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n" + GET,
    "a trailer": POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\nHost: x\r\n\r\n" + GET,
    "a zero in a name": POST + b"Content-Length\0: 5\r\n\r\nhello" + GET,
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: other.example\r\n\r\n",
    "another host in the line": b"GET http://other.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "our host in the line": b"GET https://localhost/x HTTP/1.1\r\nHost: other.example\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n" + GET,
    "a PROXY line": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + GET,
}
# What is odd and has one meaning only: these show that the recorder records.
TAKEN = {"a chunk's extension", "a trailer", "bare line feeds", "our host in the line", "an upgrade"}


@pytest.mark.parametrize("case", [*AMBIGUOUS, *(f"malformed {number}" for number in range(len(MALFORMED)))])
def test_what_gunicorn_gets_is_whole_and_one_request_a_connection(
    nginx: None, recorded: tuple[Recorder, Plain], case: str
) -> None:
    recorder, plain = recorded
    recorder.got.clear()
    sent = AMBIGUOUS[case] if case in AMBIGUOUS else MALFORMED[int(case.split()[1])]
    back = raw(plain.address, sent)
    until(lambda: not recorder.open, "end of what nginx began")
    assert not back or back.startswith(b"HTTP/1.1 ") or back.lstrip().startswith(b"<html>")
    for got in recorder.got:
        assert whole(got) or b"\r\n\r\n" in got, got
        assert fields(got)["host"].partition(":")[0] == DOMAIN
        # Where a client broke off, less than a request; never the beginning of another.
        assert got.count(b" HTTP/1.1\r\n") == 1 or whole(got), got
    if case in TAKEN:
        until(lambda: any(whole(got) for got in recorder.got), "request that is recorded")


FORM = (b"content-type", b"application/x-www-form-urlencoded")
BY_HTTP_2 = {
    "a coding": [FORM, (b"transfer-encoding", b"chunked")],
    "a length too short": [FORM, (b"content-length", b"3")],
    "a length too long": [FORM, (b"content-length", b"300")],
    "two lengths": [FORM, (b"content-length", b"5"), (b"content-length", b"50")],
    "a line end in a value": [(b"accept", b"x\r\nContent-Length: 0\r\n\r\n" + GET)],
    "a line feed in a value": [(b"content-type", b"x\nTransfer-Encoding: chunked")],
    "a line end in a name": [(b"accept: x\r\ncontent-length", b"0")],
    "a colon in a name": [(b"content-length: 0", b"x")],
    "capitals in a name": [(b"Content-Length", b"0")],
    "another host beside": [(b"host", b"other.example")],
    "another host": [(b":authority", b"other.example")],
    "a line end in the host": [(b":authority", b"localhost\r\nx: y")],
    "a connection to upgrade": [(b"connection", b"upgrade"), (b"upgrade", b"h2c")],
    "a second path": [(b":path", b"/other")],
    "a path behind the headers": [FORM, (b":path", b"/other")],
}


@pytest.mark.parametrize("case", BY_HTTP_2)
def test_what_is_ambiguous_in_http_2_is_one_whole_request_or_none(
    nginx: None, recorded: tuple[Recorder, Plain], case: str
) -> None:
    recorder, plain = recorded
    # Of its own for each: what the one before had begun may still be on its way.
    path = b"/report?%d" % list(BY_HTTP_2).index(case)
    answer = http2.ask(plain.nginx, b"POST", path, BY_HTTP_2[case], b"0\r\n\r\n" + GET)
    assert http2.ask(plain.nginx, b"GET", path + b"-after").status == 200
    until(lambda: not recorder.open, "end of what nginx began")
    assert answer.status in {0, 200, 400, 421}
    assert [got for got in recorder.got if not whole(got) and not cut(got)] == []
    got = [each for each in recorder.got if each.split(b" ")[1] == path]
    assert [each.split(b" ")[0] for each in got] in ([], [b"POST"])
    assert {fields(each)["host"].partition(":")[0] for each in recorder.got} == {DOMAIN}
    assert not [each for each in recorder.got if each.startswith(b"GET /smuggled")]


def test_http_2_reaches_gunicorn(nginx: None, recorded: tuple[Recorder, Plain]) -> None:
    recorder, plain = recorded
    recorder.got.clear()
    assert http2.ask(plain.nginx, b"POST", b"/report", [FORM], b"x=1" * 40_000).body == b"ok"
    assert whole(until(lambda: recorder.got, "end of the connection")[0])


def test_of_the_whole_corpus_gunicorn_gets_whole_requests_alone(
    nginx: None, recorded: tuple[Recorder, Plain]
) -> None:
    recorder, plain = recorded
    recorder.got.clear()

    def ask(case: Case) -> Answered:
        return exchange(lambda: socket.create_connection(plain.address, BOUND), case)

    # Side by side: most of a case's time is waiting for nothing more to come.
    with ThreadPoolExecutor(16) as pool:
        answered = dict(zip((*CASES, *CONTROLS), pool.map(ask, (*CASES, *CONTROLS)), strict=True))
    until(lambda: not recorder.open, "end of what nginx began")
    # nginx takes some of what gunicorn refuses, such as a bare line feed; and writes it anew, rightly.
    assert [got for got in recorder.got if not whole(got) and not cut(got)] == []
    assert {fields(got)["host"].partition(":")[0] for got in recorder.got} == {DOMAIN}
    assert not [case.name for case, each in answered.items() if {502, 504, 500} & {*each.statuses}]
    assert all(len(answered[case].statuses) == 2 for case in CONTROLS)


def cut(got: bytes) -> bool:
    """Is it the beginning of one request, whose client broke off?"""
    begun, _, body = got.partition(b"\r\n\r\n")
    said = fields(got)
    if "content-length" in said:
        return len(body) < int(said["content-length"])
    return said.get("transfer-encoding") == "chunked" and not body.endswith(b"\r\n0\r\n\r\n") and bool(begun)
