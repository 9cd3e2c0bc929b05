"""Clients of the shipped nginx that upload, stall or crowd, or see a part of the site killed."""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from tests.counts import SOAK, count
from tests.e2e import http2
from tests.e2e.http_client import Answer, connected, head, multipart, received, request
from tests.e2e.proxy import DOMAIN, QUICK, Fronted
from tests.e2e.search import found
from tests.e2e.source import Form, Source
from tests.e2e.trace import calls, strace, to_file
from tests.e2e.waiting import kill, until
from web.headers import ALWAYS

MARK = f"marker{os.urandom(12).hex()}"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: those of sockets may have 108 characters."""
    with tempfile.TemporaryDirectory(prefix="nginx") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def crowded(practice: Path) -> Iterator[Fronted]:
    """A running site whose nginx sheds whoever stalls after seconds; with the soak, as it is shipped."""
    with (
        tempfile.TemporaryDirectory(prefix="nginx") as folder,
        Fronted(Path(folder) / "site", practice / "data", {} if SOAK else QUICK) as running,
    ):
        yield running


def upload(source: Source, content: bytes) -> tuple[bytes, str]:
    """A post of the form with this file: its body and content type."""
    return multipart(
        [*source.controls(f"{MARK} text"), ("do", "attach")], [("upload", f"{MARK}.txt", content)]
    )


# ---- what is uploaded, and what is written meanwhile


def test_nothing_of_an_upload_is_written_by_nginx(
    nginx: None, tracer: None, practice: Path, folder: Path
) -> None:
    trace = folder / "trace"
    site = Fronted(folder / "site", practice / "data", nginx_prefix=strace(trace, length=4_096))
    with site:
        source = Source(site.address)
        content = (f"{MARK} content\n".encode() * 200_000)[: count(3_000_000, 60_000_000)]
        # Whole, broken off, and still under way when it is looked for; answers that are taken slowly too.
        body, kind = upload(source, content)
        assert request(site.address, "POST", "/report", body, kind).status == 200
        # Browsers say how much is coming; who does not is refused, and nginx holds nothing back for it.
        pieces = [body[at : at + 100_000] for at in range(0, len(body), 100_000)]
        assert request(site.address, "POST", "/report", pieces, kind).status == 411
        form = [(b"content-type", kind.encode()), (b"accept", b"text/html")]
        assert http2.ask(site.nginx, b"POST", b"/report", form, body).status == 411
        sized = [*form, (b"content-length", b"%d" % len(body))]
        assert http2.ask(site.nginx, b"POST", b"/report", sized, body).status == 200
        assert not source.send(f"{MARK} text " * 12_000)
        with closing(connected(site.address)) as held:
            held.sendall(head("POST", "/report", DOMAIN, len(body), kind, {}) + body[:-1_000])
            until(lambda: any((site.data / "blobs").iterdir()), "upload under way")
            assert not found([MARK.encode()], site.nginx.folder)
        site.nginx.kill()
    traced = list(calls(trace))
    written = [call for call in traced if to_file(call)]
    assert not [call.line[:200] for call in written if MARK in call.line]
    # Nothing at all but its pid and what it says at its start: no body, no answer, no log.
    paths = {call.path for call in written if "write" in call.name} - {"/dev/null"}
    assert paths <= {str(site.nginx.folder / name) for name in ("nginx.pid", "output.log")}, paths
    temp = [path for path in (site.nginx.folder / "temp").rglob("*") if path.is_file()]
    assert not temp
    assert site.nginx.output() == ""
    # And that this proves something: the upload was seen on its way to gunicorn.
    assert any(MARK in call.line for call in traced if not to_file(call))


def test_with_nginx_s_own_defaults_the_same_look_finds_the_upload(
    nginx: None, tracer: None, practice: Path, folder: Path
) -> None:
    trace = folder / "trace"
    changes = {"proxy_request_buffering off;": "proxy_request_buffering on;"}
    with Fronted(folder / "site", practice / "data", changes, strace(trace, length=4_096)) as site:
        body, kind = upload(Source(site.address), f"{MARK} content\n".encode() * 20_000)
        assert request(site.address, "POST", "/report", body, kind).status == 200
        site.nginx.kill()
    assert [call for call in calls(trace) if to_file(call) and MARK in call.line]


def test_a_file_that_is_too_large_is_answered_with_the_site_s_own_page(
    nginx: None, practice: Path, folder: Path
) -> None:
    with Fronted(folder / "site", practice / "data", environment={"VIGIL_MAX_FILE_MB": "1"}) as site:
        body, kind = upload(Source(site.address), b"x" * 3_000_000)
        answer = request(site.address, "POST", "/report", body, kind)
        assert answer.status == 422
        assert f"{MARK} text" in answer.text
        assert answer.header("Server") == "vigil"


# ---- clients that stall or crowd


def test_stalled_clients_are_shed_and_slow_ones_are_not(nginx: None, crowded: Fronted) -> None:
    source = Source(crowded.address)
    body, kind = upload(source, b"s" * 60_000)
    start = head("POST", "/report", DOMAIN, len(body), kind, {"Connection": "close"})
    stalls = [b"", b"GET /report HTTP/1.1\r\nHost: loc", start + body[:9_000]]
    with ExitStack() as closed:
        stalled = []
        for number in range(count(30, 300)):
            # From several addresses: one alone may not have so many requests under way.
            sock = connected(crowded.address, source=f"127.0.7.{number % 20 + 1}")
            stalled.append(closed.enter_context(closing(sock)))
            sock.sendall(stalls[number % len(stalls)])
        slow = closed.enter_context(closing(connected(crowded.address)))
        slow.sendall(start)
        piece = len(body) // 8
        for at in range(0, len(body), piece):
            slow.sendall(body[at : at + piece])
            time.sleep(
                50 if SOAK else 0.6
            )  # this is the slowness itself: together longer than a stall may be
            assert request(crowded.address, "GET", "/report").status == 200
        answer = received(slow)
        assert (answer.status, len(Form(answer.text).tokens)) == (200, 1)
        for sock in stalled:
            sock.settimeout(200)
            with suppress(ConnectionResetError):
                while sock.recv(65_536):
                    pass  # nginx may say 408 before it closes
    assert Source(crowded.address).send("after all that")


def test_more_silent_connections_than_there_are_places_keep_nobody_out(
    nginx: None, practice: Path, folder: Path
) -> None:
    # A machine with one core; fewer places outside of the soak, because each takes a file of ours.
    changes = {"worker_processes auto;": "worker_processes 1;"}
    if not SOAK:
        changes["worker_connections 8192;"] = "worker_connections 300;"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    number = count(500, 10_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, number + 500)), hard))
    try:
        with Fronted(folder / "site", practice / "data", changes) as site, ExitStack() as closed:
            for each in range(number):
                here = ("127.0.0.1", site.nginx.https)
                closed.enter_context(closing(connected(here, source=f"127.0.6.{each % 200 + 1}")))
            for _ in range(5):
                assert request(site.address, "GET", "/report").status == 200
            assert Source(site.address).send("among many")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_address_has_so_many_requests_under_way_and_others_are_not_troubled(
    nginx: None, practice: Path, folder: Path
) -> None:
    with Fronted(folder / "site", practice / "data") as site:
        body, kind = upload(Source(site.address), b"c" * 9_000)
        start = head("POST", "/report", DOMAIN, len(body), kind, {}) + body[:4_000]
        with ExitStack() as closed:

            def refused() -> bool:
                return request(site.address, "GET", "/report", source="127.0.0.9").status == 503

            def one_more() -> bool:
                """Begin another upload that stays in the middle; say whether its address is refused now."""
                sock = closed.enter_context(closing(connected(site.address, source="127.0.0.9")))
                sock.sendall(start)
                return refused()

            until(one_more, "refusal of one more")
            busy = request(site.address, "GET", "/report", source="127.0.0.9")
            assert "cannot answer just now" in busy.text
            assert request(site.address, "GET", "/report", source="127.0.0.8").status == 200
        # Once they have gone nothing is held against the address.
        until(lambda: not refused(), "page for the same address")


# ---- a part of it is killed


def own_page(answer: Answer) -> None:
    """The page of nginx's own that says that the site is away."""
    assert "cannot answer just now" in answer.text
    names = [name for name, _ in answer.headers]
    assert names.count("Strict-Transport-Security") == 1
    for name, value in ALWAYS.items():
        assert answer.header(name) == value or name == "Content-Security-Policy"
    assert answer.header("Content-Security-Policy").startswith("default-src 'none'")
    assert answer.header("Cache-Control") == "no-store"
    assert "Set-Cookie" not in names


def test_while_gunicorn_is_gone_a_page_says_so_and_when_it_is_back_the_report_goes_on(
    nginx: None, practice: Path, folder: Path
) -> None:
    with Fronted(folder / "site", practice / "data") as site:
        source = Source(site.address).attach(("a.txt", b"some bytes"), text="some words")
        assert site.process
        kill(site.process)
        own_page(request(site.address, "GET", "/report"))
        form = source.form
        assert not source.review()
        own_page(source.answer)
        source.form = form
        site.spawn()
        until(lambda: request(site.address, "GET", "/report").status == 200, "site that is back")
        assert source.send()


def test_nginx_killed_in_the_middle_of_an_upload_breaks_it_off_and_nothing_is_kept_of_it(
    nginx: None, practice: Path, folder: Path
) -> None:
    with Fronted(folder / "site", practice / "data") as site:
        source = Source(site.address)
        body, kind = upload(source, b"k" * 900_000)
        blobs = site.data / "blobs"
        with closing(connected(site.address)) as sock:
            sock.sendall(head("POST", "/report", DOMAIN, len(body), kind, {}) + body[:-5_000])
            until(lambda: any(blobs.iterdir()), "upload under way")
            site.nginx.kill()
            # The visitor's browser says that the connection was reset; the page with the text is still open.
            with pytest.raises(OSError, match=r"no whole answer|reset|Broken"):
                received(sock)
        until(lambda: not any(blobs.iterdir()), "end of the blob")
        with pytest.raises(OSError, match=r"no whole answer|reset|Broken"):
            request(site.address, "GET", "/report")
        site.nginx.start()
        assert source.send("once more", [("upload", "k.bin", b"k" * 900_000)])
