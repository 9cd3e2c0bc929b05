"""Malformed HTTP gets one refusal or a close, at every door: nothing behind it is done, no log has a line."""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bench.server import children
from tests.e2e import doors
from tests.e2e.http_client import head, received, request
from tests.e2e.server import Site
from tests.e2e.smuggling import CASES, CONTROLS, Answered, Case, exchange, judge
from tests.e2e.test_fuzz import failures
from tests.e2e.waiting import until

# What stands where tor's line should, with a good request behind it.
NOT_TOR = {
    "nothing": b"",
    "of version 2": b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(12),
    "of nobody": b"PROXY UNKNOWN\r\n",
    "of IPv4": b"PROXY TCP4 10.0.0.1 10.0.0.2 1 80\r\n",
    "with a bare line feed": doors.line(7).replace(b"\r", b""),
    "with a bad address": b"PROXY TCP6 fc00::1::2 ::1 1 80\r\n",
    "with too little": b"PROXY TCP6 ::1 ::1 1\r\n",
    "with too much": b"PROXY TCP6 ::1 ::1 1 80 81\r\n",
    "in small letters": doors.line(7).lower(),
    "that never ends": b"PROXY TCP6 " + b"f" * 5000 + b"\r\n",
    "behind an empty one": b"\r\n" + doors.line(7),
    "twice": doors.line(7) + doors.line(8),
}
GOOD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def attacked(practice: Path, tmp_path_factory: pytest.TempPathFactory, short: Path) -> Iterator[Site]:
    """A running server of these tests' own, with both doors."""
    folder = tmp_path_factory.mktemp("smuggled")
    with Site(folder / "site", practice / "data", doors=short) as running:
        yield running


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for sockets, whose paths have to be short."""
    with tempfile.TemporaryDirectory(prefix="vg") as folder:
        yield Path(folder)


@pytest.fixture(params=[doors.BY_TOR, doors.BY_NGINX, "tcp"])
def connect(request: pytest.FixtureRequest, attacked: Site, short: Path) -> Callable[[], socket.socket]:
    """Connect by one of the doors, or to the port of a site on somebody's own machine."""
    if request.param == "tcp":
        return partial(socket.create_connection, attacked.address)
    return partial(doors.connected, short / request.param)


def assert_well(site: Site, workers: list[int]) -> None:
    assert site.process is not None
    assert children(site.process.pid) == workers
    assert request(site.address, "GET", "/healthz").body == b"ok\n"
    assert failures(site) == []
    assert len(site.output().splitlines()) == 5, site.output()


def started(site: Site) -> list[int]:
    """The workers, once there are both and they have said so."""
    assert site.process is not None
    master = site.process.pid
    until(lambda: len(site.output().splitlines()) == 5, "lines of a start")
    return until(lambda: len(found := children(master)) == 2 and found, "two workers")


def test_no_malformed_request_has_a_second_one_done(
    linux: None, attacked: Site, connect: Callable[[], socket.socket]
) -> None:
    workers = started(attacked)
    found = {case.name: judge(case, exchange(connect, case)) for case in CASES}
    assert {name: problem for name, problem in found.items() if problem} == {}
    assert_well(attacked, workers)


@pytest.mark.parametrize("case", CONTROLS, ids=lambda case: case.name)
def test_a_second_request_that_is_honest_is_answered(
    connect: Callable[[], socket.socket], case: Case
) -> None:
    answered = exchange(connect, case)
    assert len(answered.statuses) == 2
    assert answered.statuses[1] == 404


def test_a_body_in_chunks_is_refused_with_words_before_it_is_read(
    connect: Callable[[], socket.socket],
) -> None:
    with closing(connect()) as sock:
        sock.sendall(head("POST", "/report", "localhost", None, "text/plain", {}) + b"1\r\nx\r\n" * 50)
        answer = received(sock, "POST")
        assert sock.recv(1) == b""
    assert answer.status == 411
    assert "Send it again with Content-Length." in answer.text
    assert answer.header("X-Content-Type-Options") == "nosniff"


def test_who_sends_all_of_a_body_that_nobody_wants_can_still_read_why(
    connect: Callable[[], socket.socket],
) -> None:
    with closing(connect()) as sock:
        sock.sendall(head("POST", "/report", "localhost", None, "text/plain", {}))
        # As a proxy does, which has the answer at hand and first sees that it cannot write on.
        for _ in range(30):
            sock.sendall(b"186a0\r\n" + bytes(100_000) + b"\r\n")
        assert received(sock, "POST").status == 411


def test_nobody_comes_by_tors_door_who_is_not_tor(linux: None, attacked: Site, short: Path) -> None:
    workers = started(attacked)

    def plain() -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(str(short / doors.BY_TOR))
        return sock

    good = Case("good", doors.line(7) + GOOD)
    assert exchange(plain, good) == Answered((200,), b"")
    for name, line in NOT_TOR.items():
        assert exchange(plain, Case(name, line + GOOD)) == Answered((400,), b""), name
    assert exchange(plain, Case("cut short", doors.line(7)[:-5])) == Answered((), b"")
    assert_well(attacked, workers)


def test_an_answer_to_a_bad_head_is_not_lost_while_more_comes(attacked: Site) -> None:
    for _ in range(20):
        with closing(socket.create_connection(attacked.address, 60)) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n" + b"x" * 100)
            sock.sendall(b"\r\n\r\n" + os.urandom(200_000))
            assert received(sock).status == 400


def test_what_is_said_of_a_page_asked_for_with_an_endless_body(attacked: Site) -> None:
    with closing(socket.create_connection(attacked.address, 60)) as sock:
        sock.sendall(head("GET", "/healthz", "localhost", 10**12, "text/plain", {}) + b"x" * 100_000)
        assert received(sock).status == 200
        # No other request can come behind it, so the connection ends.
        assert until(lambda: sock.recv(1) == b"", "end of the connection")
