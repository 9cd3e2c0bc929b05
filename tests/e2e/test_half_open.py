"""Thousands of connections that say too little: readers are answered, uploads end, memory is bounded."""

import os
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from bench.server import children, pss_bytes
from tests.counts import SOAK, count
from tests.e2e import doors
from tests.e2e.http_client import head, multipart, received, request
from tests.e2e.server import ROOT, Site
from tests.e2e.source import Form, Source
from tests.e2e.test_fuzz import failures
from tests.e2e.waiting import until

MANY = count(1_000, 10_000)
READS = 60
# Places for 50 connections at each of three doors, in each worker; in full, as many as the machine gives.
LIMITED = ["sh", "-c", 'ulimit -n 380; exec "$@"', "sh"] if not SOAK else []
MB = 1 << 20
MOST_MEMORY = 48 * MB + MANY * 24 * 1024
LINES = 5  # that a start prints; no other may follow
FORM = {"Sec-Fetch-Site": "same-origin"}

HALF = {
    "nothing": b"",
    "half a line": b"GET /rep",
    "half a head": b"GET /report HTTP/1.1\r\nHost: localhost\r\nX-Never: ",
    "a large half of a head": b"GET /report HTTP/1.1\r\nHost: localhost\r\n"
    + (b"X: " + b"y" * 3_000 + b"\r\n") * 4,
    "no body": head("POST", "/report", "localhost", 5_000, "multipart/form-data; boundary=a", FORM),
}


class Tuned(Site):
    """A server with the shipped configuration, and a few lines behind it."""

    tuning = ""

    def command(self) -> list[str]:
        config = self.folder / "gunicorn.conf.py"
        shipped = ROOT / "deploy/gunicorn.conf.py"
        config.write_text(f"{shipped.read_text()}\nfrom deploy import connection\n{self.tuning}\n")
        return [str(config) if word == str(shipped) else word for word in super().command()]


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder for sockets, whose paths have to be short."""
    with tempfile.TemporaryDirectory(prefix="vg") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def many_files() -> Iterator[None]:
    """This process has one end of each connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY + 500
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def processes(site: Site) -> list[int]:
    assert site.process is not None
    master = site.process.pid
    return [master, *until(lambda: len(found := children(master)) == 2 and found, "two workers")]


def assert_unmoved(site: Site, before: list[int]) -> None:
    assert processes(site) == before
    assert failures(site) == []
    assert len(site.output().splitlines()) == LINES, site.output()


class Flood(threading.Thread):
    """Opens connections at every door, one after the other, and says half of something on each."""

    def __init__(self, site: Site, ended: ExitStack) -> None:
        super().__init__(daemon=True)
        self.site, self.ended = site, ended
        self.socks: list[socket.socket] = []

    def run(self) -> None:
        halves = list(HALF.values())
        for number in range(MANY):
            sock = self.open(number)
            self.socks.append(self.ended.enter_context(closing(sock)))
            # It may have been shed already.
            with suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(halves[number % len(halves)])

    def open(self, number: int) -> socket.socket:
        assert self.site.doors is not None
        if number % 3 == 2:
            # From several addresses, as far as they make a difference.
            return socket.create_connection(self.site.address, 600, (f"127.0.0.{1 + number % 50}", 0))
        door = (doors.BY_TOR, doors.BY_NGINX)[number % 3]
        return doors.connected(self.site.doors / door, number, 600)


def slow_upload(site: Site) -> tuple[socket.socket, bytes]:
    """Begin an upload at tor's door; give it and what is still to send."""
    assert site.doors is not None
    source = Source(site.address)
    files = [("upload", "film.bin", os.urandom(400_000))]
    body, kind = multipart([*source.controls("in spite of all"), ("do", "attach")], files)
    sock = doors.connected(site.doors / doors.BY_TOR)
    sock.sendall(head("POST", "/report", "localhost", len(body), kind, FORM) + body[:100_000])
    return sock, body[100_000:]


@pytest.mark.usefixtures("linux")
def test_half_open_connections_keep_nobody_out(practice: Path, tmp_path: Path, short: Path) -> None:
    with (
        Site(tmp_path / "site", practice / "data", prefix=LIMITED, doors=short) as site,
        ExitStack() as ended,
    ):
        before = processes(site)
        taken = pss_bytes(before)
        uploading, rest = slow_upload(site)
        flood = Flood(site, ended)
        flood.start()
        step = len(rest) // READS + 1
        for number in range(READS):
            uploading.sendall(rest[number * step : (number + 1) * step])
            for door in (short / doors.BY_TOR, short / doors.BY_NGINX):
                assert doors.ask(door, "/report").status == 200
            assert request(site.address, "GET", "/report").status == 200
        flood.join()
        for door in (short / doors.BY_TOR, short / doors.BY_NGINX):
            assert doors.ask(door, "/report").status == 200
        assert len(flood.socks) == MANY
        now = pss_bytes(before)
        assert taken
        assert now
        assert now - taken < MOST_MEMORY, (taken, now)
        with closing(uploading):
            answer = received(uploading)
        assert len(Form(answer.text).tokens) == 1
        assert Source(site.address).send("while they are all there")
        assert_unmoved(site, before)


@pytest.mark.usefixtures("linux")
def test_nobody_is_waited_for_without_a_bound(practice: Path, tmp_path: Path, short: Path) -> None:
    site = Tuned(tmp_path / "site", practice / "data", doors=short)
    site.tuning = (
        "connection.HEAD_SECONDS = 3.0\nconnection.IDLE_SECONDS = 2.0\nconnection.ANSWER_SECONDS = 2.0"
    )
    with site, ExitStack() as ended:
        before = processes(site)
        waited_for = {}
        for name, half in {
            **HALF,
            "another request": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        }.items():
            sock = ended.enter_context(closing(doors.connected(short / doors.BY_NGINX)))
            sock.sendall(half)
            waited_for[name] = sock
        assert received(waited_for["another request"]).status == 200
        body = waited_for.pop("no body")  # web.incoming gives it ten minutes
        # Who drips is not waited for longer than who says nothing.
        dripping = ended.enter_context(closing(doors.connected(short / doors.BY_NGINX)))
        assert until(lambda: not dripped(dripping), "end of the one that drips")
        for name, sock in waited_for.items():
            assert sock.recv(1) == b"", name
        body.setblocking(False)
        with pytest.raises(BlockingIOError):
            body.recv(1)
        assert_unmoved(site, before)


def dripped(sock: socket.socket) -> bool:
    """Send one more byte of an endless head; say whether the server still takes it."""
    time.sleep(0.1)
    try:
        return sock.send(b"G") == 1
    except BrokenPipeError:
        return False


@pytest.mark.usefixtures("linux")
def test_who_never_reads_an_answer_is_given_up(practice: Path, tmp_path: Path, short: Path) -> None:
    site = Tuned(tmp_path / "site", practice / "data", doors=short)
    site.tuning = "connection.ANSWER_SECONDS = 2.0"
    with site:
        before = processes(site)
        source = Source(site.address)
        text = "long " * 180_000
        body, kind = multipart([*source.controls(text), ("do", "attach")])
        with closing(doors.connected(short / doors.BY_NGINX)) as sock:
            sock.sendall(head("POST", "/report", "localhost", len(body), kind, FORM) + body)
            workers = before[1:]
            until(lambda: sockets_of(workers, "clearnet.sock") == 1, "connection taken")
            # The page has all the text in it, and does not fit into the kernel.
            until(lambda: sockets_of(workers, "clearnet.sock") == 0, "connection given up")
        assert_unmoved(site, before)


def sockets_of(pids: list[int], name: str) -> int:
    """How many connections by this door the processes have open."""
    inodes = set()
    for line in Path("/proc/net/unix").read_text().splitlines():
        fields = line.split()
        # Connected (03), not listening (01).
        if len(fields) == 8 and fields[7].endswith(name) and fields[5] == "03":
            inodes.add(f"socket:[{fields[6]}]")
    links = [link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(1 for link in links if os.path.islink(link) and os.readlink(link) in inodes)  # noqa: PTH114, PTH115


@pytest.mark.usefixtures("linux")
def test_where_memory_runs_short_the_slowest_bodies_go(practice: Path, tmp_path: Path, short: Path) -> None:
    site = Tuned(tmp_path / "site", practice / "data", doors=short)
    # A worker has more than this at once, so whoever holds memory for a second goes.
    site.tuning = "Worker.most_memory = 16 << 20\nimport deploy.worker\ndeploy.worker.PRESSED_SECONDS = 1.0"
    with site, ExitStack() as ended:
        before = processes(site)
        source = Source(site.address)
        body, kind = multipart(source.controls("x" * 900_000))
        sent = head("POST", "/report", "localhost", len(body), kind, FORM) + body[:-1_000]
        stalled = []
        for number in range(4):
            sock = ended.enter_context(closing(doors.connected(short / doors.BY_TOR, number)))
            # Where others take the machine's time, it may go while it still sends.
            with suppress(BrokenPipeError):
                sock.sendall(sent)
            stalled.append(sock)
        for sock in stalled:
            with suppress(ConnectionResetError):
                assert sock.recv(1) == b""
        assert Source(site.address).send("somebody who does not wait")
        assert_unmoved(site, before)


@pytest.mark.usefixtures("linux")
def test_small_requests_one_after_the_other_hold_no_door(practice: Path, tmp_path: Path, short: Path) -> None:
    site = Tuned(tmp_path / "site", practice / "data", doors=short)
    # Four places at each door of a worker.
    site.tuning = (
        "worker_connections = 12\nimport deploy.worker\ndeploy.worker.ROUNDS = ((2.0, 1.0), (2.0, 0.0))"
    )
    body = b"do=x"
    form = head("POST", "/report/no", "localhost", len(body), "application/x-www-form-urlencoded", FORM)
    with site, ExitStack() as ended:
        held = []
        for number in range(16):
            sock = ended.enter_context(closing(doors.connected(short / doors.BY_TOR, number)))
            sock.sendall(form + body[:-1])
            held.append(sock)
        stop = threading.Event()

        def hold() -> None:
            while not stop.wait(1.0):
                for sock in held:
                    with suppress(OSError):
                        sock.sendall(body[-1:] + form + body[:-1])

        holder = threading.Thread(target=hold, daemon=True)
        holder.start()
        try:
            assert doors.ask(short / doors.BY_TOR, "/report").status == 200
        finally:
            stop.set()
            holder.join()
