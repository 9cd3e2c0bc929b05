"""What a visitor sees when the server is killed or held up in the middle of something; nothing is lost.

The server comes back as systemd brings it back. Whatever was called received is at the desk, and what was
typed goes on where it was.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from publishing.publish import publish
from tests import engine, inside
from tests import site as in_process
from tests.counts import SOAK, count
from tests.e2e.coming_back import NOTICE, mailbox
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox, FirefoxError
from tests.e2e.http_client import Answer, connected, head, multipart, received, request
from tests.e2e.server import ROOT, Site
from tests.e2e.source import Source
from tests.e2e.steps import PROBLEMS, RECEIVED, Browser, report
from tests.e2e.supervised import Supervised
from tests.e2e.waiting import until

WORKER, MASTER = "a worker", "the master"
VICTIMS = [WORKER, MASTER]
PLAIN, SCRIPT = "without script", "with script"
WORDS = "Every word of it, the ‘second’ line too"  # noqa: RUF001 - as people write
# Who is killed, and before which browser: all of them under the soak.
CASES = [(victim, way) for victim in VICTIMS for way in (PLAIN, SCRIPT)]
REPORTS = CASES if SOAK else [(MASTER, PLAIN), (WORKER, SCRIPT)]
REPLIES = CASES if SOAK else [(WORKER, PLAIN), (MASTER, SCRIPT)]
# A send is held up meanwhile, so it is surely under way when the server dies.
A_MOMENT = 0.7
SHORT = 2.0  # seconds
PATIENCE = count(4, 30)  # seconds that the store waits for the lock: 30 as it is shipped
FILM = 2_000_000  # bytes: what a worker holds of an upload before any of it is on the disk is half of this
SENDERS = 40  # of them a worker has more than threads for the disk
READ = ["/", "/report", "/mailbox", "/healthz", "/agencies/", "/letter"]


@pytest.fixture
def supervised(linux: None, practice: Path, tmp_path: Path) -> Iterator[Supervised]:
    """A server that is started again whenever it ends."""
    site = Supervised(tmp_path / "supervised", practice / "data")
    with site as running:
        yield running


@pytest.fixture
def browser_of(firefox: Firefox, window: OpenWindow) -> Callable[[str], Browser]:
    """A browser that runs no script, or one that does."""
    return lambda way: firefox if way == PLAIN else window(script=True)


def murder(site: Supervised, victim: str, worker: int = 0) -> None:
    """SIGKILL to one process alone: the master, or this worker, or every worker that there is."""
    assert site.process is not None
    gone = site.process.pid
    before = site.starts
    if victim == MASTER:
        os.kill(gone, signal.SIGKILL)
        until(lambda: site.starts > before, "start of another server")
    else:
        for pid in [worker] if worker else site.workers():
            os.kill(pid, signal.SIGKILL)


def begun(site: Site, source: Source, content: bytes, left: int = 5_000) -> tuple[socket.socket, bytes]:
    """An upload that is under way: its connection, and what is left to send."""
    body, kind = multipart(source.parts("do", "attach", [("upload", "film.mp4", content)]))
    sock = connected(site.address)
    sock.sendall(head("POST", "/report", "127.0.0.1", len(body), kind, {"Connection": "close"}))
    cut = len(body) - left
    sock.sendall(body[:cut])
    return sock, body[cut:]


def answer(sock: socket.socket, rest: bytes) -> Answer | None:
    """Send what is left, and give the answer; None where the connection broke first."""
    try:
        sock.sendall(rest)
        return received(sock)
    except OSError:
        return None


# ---- killed


@pytest.mark.parametrize("victim", VICTIMS)
def test_an_upload_whose_server_is_killed_breaks_and_goes_when_it_is_tried_again(
    supervised: Supervised, desk: Desk, tmp_path: Path, victim: str
) -> None:
    site, film = supervised, os.urandom(FILM)
    source = Source(site.address).attach(("first.jpg", b"first"), text=WORDS).caption(0, "the van")
    sock, rest = begun(site, source, film)
    worker = site.worker_that_takes(sock)
    murder(site, victim, worker)
    with closing(sock):
        assert answer(sock, rest) is None

    # Whoever comes now waits a little at most. The form is still in the browser; what it holds goes on.
    assert request(site.address, "GET", "/report").status == 200
    source.attach(("film.mp4", film))
    assert source.send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened(WORDS)
    files = {file["name"]: (file["size"], file.get("caption")) for file in mine["files"]}
    assert files == {"first.jpg": (5, "the van"), "film.mp4": (len(film), None)}
    # What the killed server had begun is gone; where several share a database, a sweep is to say so.
    assert len(inside.ids(site.data)) == (3 if engine.is_postgres() else 2)


@pytest.mark.parametrize(("victim", "way"), REPORTS)
def test_a_report_goes_though_the_server_is_killed_while_it_is_sent(
    supervised: Supervised,
    browser_of: Callable[[str], Browser],
    desk: Desk,
    tmp_path: Path,
    victim: str,
    way: str,
) -> None:
    site, photo = supervised, tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 45_000)
    page = report(browser_of(way), site.url).describe(WORDS).attach(photo).caption(0, "the van").review()
    killed_while_it_is_pressed(site, victim, page.browser, RECEIVED)
    if not page.browser.count(RECEIVED):
        go_on(page.browser)
        page.wait_for(RECEIVED)
    mine = desk.take(site, tmp_path / "bundle.tar").opened(WORDS)
    assert mine["report"] == {"what_happened": WORDS}
    assert [(file["size"], file["caption"]) for file in mine["files"]] == [(90_000, "the van")]


@pytest.mark.parametrize(("victim", "way"), REPLIES)
def test_what_is_written_in_a_mailbox_goes_though_the_server_is_killed_while_it_is_sent(
    supervised: Supervised,
    browser_of: Callable[[str], Browser],
    desk: Desk,
    tmp_path: Path,
    victim: str,
    way: str,
) -> None:
    site, browser = supervised, browser_of(way)
    code = report(browser, site.url).describe("before it").send().code()
    second = tmp_path / "second.jpg"
    second.write_bytes(b"\xff\xd8" * 20_000)
    page = mailbox(browser, site.url).open(code).write(WORDS).attach(second)
    killed_while_it_is_pressed(site, victim, browser, NOTICE)
    if not browser.count(f"{NOTICE}, {PROBLEMS}"):
        go_on(browser)
        page.wait_for(f"{NOTICE}, {PROBLEMS}")
    if browser.count(PROBLEMS):
        # The key under which the page carried the mailbox was in the memory of the server that died.
        assert victim == MASTER
        assert "Type your words again" in browser.text("main")
        assert page.open(code).typed() == WORDS
        assert page.listed() == 1
        page.send()
    (case,) = desk.take(site, tmp_path / "bundle.tar").cases()
    said = str(desk.show(case["case"]))
    assert WORDS in said
    assert "second.jpg" in said


def killed_while_it_is_pressed(site: Supervised, victim: str, browser: Browser, done: str) -> None:
    """Press the main button, kill the server before it can keep anything, wait for what the browser says."""
    with inside.locked(site.data):
        killer = threading.Timer(A_MOMENT, murder, (site, victim))
        killer.start()
        with suppress(FirefoxError):  # says that it shows a page of its own
            browser.click("#send")
        killer.join()
    # Browsers ask once more by themselves where the connection had been in use before.
    ended = f"{done}, {PROBLEMS}"
    if browser.script:
        # Asked in one go: the page with #told may give way to the next at any moment.
        until(lambda: browser.count(f"{ended}, #told:not(:empty)"), "word of the loss")
        assert browser.count(ended) or "No answer" in browser.text("#told")
    else:
        until(lambda: browser.count(ended) or not browser.count("#send"), "end of it")


def go_on(browser: Browser) -> None:
    """Do what somebody does then: press again, or have the browser try again."""
    if browser.script:
        browser.click("#send")
    else:
        browser.again()


# ---- restarted


def test_a_server_that_is_told_to_stop_ends_the_uploads_under_way_first(
    supervised: Supervised, desk: Desk, tmp_path: Path
) -> None:
    site, film = supervised, os.urandom(FILM)
    source = Source(site.address).write(WORDS)
    sock, rest = begun(site, source, film)
    worker = site.worker_that_takes(sock)
    assert site.process is not None
    os.kill(site.process.pid, signal.SIGTERM)
    until(lambda: "Handling signal: term" in site.output(), "word of the signal")
    # Others come meanwhile: they wait until the next one is there.
    with closing(connected(site.address)) as waiting:
        waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert worker in site.living()
        with closing(sock):
            page = answer(sock, rest)
        assert page is not None
        assert page.status == 200
        until(lambda: worker not in site.living(), "end of the worker")
        assert received(waiting).status == 200
    source.answer = page
    assert len(source.form.tokens) == 1
    assert source.send()
    (file,) = desk.take(site, tmp_path / "bundle.tar").opened(WORDS)["files"]
    assert file["size"] == len(film)


# ---- held up


def test_a_database_that_another_program_holds_for_a_moment_delays_and_refuses_nobody(
    make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    source = Source(site.address).attach(("a.bin", b"a" * 70_000), text=WORDS)
    assert source.review()
    with ThreadPoolExecutor() as pool:
        with inside.locked(site.data):
            sent = pool.submit(source.send)
            time.sleep(SHORT)  # this is the moment itself
            assert not sent.done()
        assert sent.result()
    desk.take(site, tmp_path / "bundle.tar").opened(WORDS)


class Impatient(Site):
    """A server whose store waits less long for a lock."""

    def command(self) -> list[str]:
        shipped, ours = str(ROOT / "deploy/gunicorn.conf.py"), self.folder / "impatient.conf.py"
        lines = [
            f"with open({shipped!r}) as shipped:",
            f"    exec(compile(shipped.read(), {shipped!r}, 'exec'))",
            "import store.sqlite.database, store.sqlite.scrub",
            f"store.sqlite.database.BUSY_SECONDS = store.sqlite.scrub.BUSY_SECONDS = {PATIENCE}",
        ]
        ours.write_text("\n".join(lines))
        return [str(ours) if word == shipped else word for word in super().command()]

    def environ(self) -> dict[str, str]:
        found = super().environ()
        if url := found.get("VIGIL_DATABASE_URL"):
            found["VIGIL_DATABASE_URL"] = f"{url}&options=-c%20lock_timeout%3D{min(PATIENCE, 10)}s"
        return found


def test_a_database_that_another_program_keeps_costs_nobody_a_word_and_keeps_no_page_waiting(
    practice: Path, desk: Desk, tmp_path: Path
) -> None:
    with Impatient(tmp_path / "impatient", practice / "data") as site:
        all_are_told_and_then_all_go(site, desk, tmp_path)


def all_are_told_and_then_all_go(site: Site, desk: Desk, tmp_path: Path) -> None:
    """Forty people press send while the database cannot be written to, and again when it can."""
    publish(in_process.CONTENT, site.data / "site.db")
    sources = [Source(site.address).attach(("a.bin", b"a"), text=f"{n} {WORDS}") for n in range(SENDERS)]
    assert all(source.review() for source in sources)
    attaching = Source(site.address)
    with ThreadPoolExecutor(SENDERS + 2) as pool, inside.locked(site.data):
        sent = [pool.submit(source.send) for source in sources]
        attached = pool.submit(attaching.attach, ("b.bin", b"b" * 70_000), text=WORDS)
        time.sleep(A_MOMENT)
        for path in READ:
            assert request(site.address, "GET", path, bound=20).status == 200, path
        assert not any(each.done() for each in sent)
        assert [each.result(120) for each in sent] == [False] * SENDERS
        attached.result(120)
    for number, source in enumerate(sources):
        assert source.answer.status == 503
        assert "We cannot store anything now. Keep your words" in source.answer.text
        assert source.form.value("what_happened") == f"{number} {WORDS}"
        assert len(source.form.tokens) == 1
    assert attaching.answer.status == 422
    assert "could not be stored now" in attaching.answer.text
    assert attaching.form.value("what_happened") == WORDS

    # As soon as it is free, the same forms go.
    assert all(source.send() for source in sources)
    desk.take(site, tmp_path / "bundle.tar")
    assert len(desk.cases()) == SENDERS
