"""The doctor asks the site for pages, and finds a header that is not as it must be."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from commands import doctor_site
from commands.doctor_check import Check, Patient
from commands.doctor_site import bad_header
from config import Config
from tests.commands.conftest import TODAY
from web.headers import ALWAYS

Headers = list[tuple[str, str]]
GOOD: Headers = [*ALWAYS.items(), ("Cache-Control", "private, no-cache"), ("Content-Type", "text/html")]


CSP = "Content-Security-Policy"
STRICT = "default-src 'none'"


def without(name: str) -> Headers:
    return [header for header in GOOD if header[0] != name]


def instead(name: str, value: str) -> Headers:
    return [*without(name), (name, value)]


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        (GOOD, None),
        ([*GOOD, ("Server", "nginx")], None),
        ([*GOOD, ("Server", "nginx/1.22.1")], "Server"),
        ([*GOOD, ("Set-Cookie", "a=b")], "Set-Cookie"),
        ([*GOOD, ("set-cookie", "a=b")], "Set-Cookie"),
        ([*GOOD, ("X-Powered-By", "x")], "X-Powered-By"),
        (without(CSP), CSP),
        ([*GOOD, (CSP, "default-src *")], CSP),
        (instead(CSP, "default-src 'self'"), CSP),
        (instead(CSP, f"{STRICT}; script-src 'unsafe-inline'"), "lets scripts in"),
        (instead("Referrer-Policy", "unsafe-url"), "Referrer-Policy"),
        (without("X-Content-Type-Options"), "X-Content-Type-Options"),
        (without("Cache-Control"), "Cache-Control"),
        (instead("Cache-Control", "public, max-age=60"), "others may keep the form"),
    ],
    ids=[
        "good", "a server's name", "a server's version", "a cookie", "a cookie in small letters",
        "powered by", "no policy", "two policies", "a weak policy", "an unsafe policy", "referrer", "sniffed",
        "no cache", "a public form",
    ],
)  # fmt: skip
def test_a_header_that_is_not_as_it_must_be_is_named(headers: Headers, says: str | None) -> None:
    found = bad_header("/report", headers)
    assert (found is None) == (says is None)
    assert says is None or says in str(found)


@contextmanager
def answering(folder: Path, status: int = 200, headers: Headers = GOOD) -> Iterator[tuple[str, list[str]]]:
    """Answer at a unix socket; give its URL, and what was asked for."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.path} {self.headers['Host']} {self.headers['X-Forwarded-Proto']}")
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with socketserver.UnixStreamServer(str(folder / "s"), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"unix:{folder / 's'}", seen
        finally:
            server.shutdown()
            thread.join()


def check(tmp_path: Path, url: str | None) -> Check:
    settings = Config.read({"VIGIL_DATA": str(tmp_path)})
    return doctor_site._headers(Patient(settings, TODAY, None, None, None, None, url))


def test_every_page_is_asked_for_as_nginx_asks(tmp_path: Path) -> None:
    with answering(tmp_path) as (url, seen):
        assert check(tmp_path, url).ok is True
    assert seen == [f"{path} localhost https" for path in ("/", "/report", "/healthz")]


def test_an_answer_that_is_no_page_is_told(tmp_path: Path) -> None:
    with answering(tmp_path, status=503) as (url, _):
        found = check(tmp_path, url)
    assert found.ok is False
    assert "/ answers with status 503" in found.what


def test_a_cookie_is_told(tmp_path: Path) -> None:
    with answering(tmp_path, headers=[*GOOD, ("Set-Cookie", "who=secret")]) as (url, _):
        found = check(tmp_path, url)
    assert found.ok is False
    assert "Set-Cookie" in found.what
    assert "secret" not in found.what


@pytest.mark.parametrize("url", ["unix:/nowhere/x.sock", "http://127.0.0.1:1", "ftp://x", "nonsense"])
def test_where_nobody_answers_it_says_so(tmp_path: Path, url: str) -> None:
    found = check(tmp_path, url)
    assert found.ok is False
    assert "does not answer" in found.what


def test_without_an_address_nothing_is_asked(tmp_path: Path) -> None:
    assert check(tmp_path, None).ok is None
