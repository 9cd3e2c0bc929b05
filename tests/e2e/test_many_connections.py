"""More connections than a process may open files: nobody sees it in a log, and who comes later is served."""

import resource
import select
import socket
import time
from contextlib import ExitStack, closing

import pytest

from tests.e2e.conftest import MakeSite
from tests.e2e.http_client import connected, head, request
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.waiting import until

MANY = 300
# What the master and its workers say when they start; no other line.
SAID = ("Starting gunicorn", "Listening at:", "Using worker:", "Booting worker with pid:")


def limited(command: str) -> list[str]:
    """Run what follows under `ulimit`."""
    return ["sh", "-c", f'{command}; exec "$@"', "sh"]


def stalled(site: Site) -> socket.socket:
    """Begin an upload, and wait to be told to go on: whoever is told has been accepted."""
    sock = connected(site.address)
    kind = "multipart/form-data; boundary=a"
    sock.sendall(head("POST", "/report", "127.0.0.1", 5000, kind, {"Expect": "100-continue"}))
    sock.sendall(b"--a\r\nContent-Disposition: form-data; name=upload; filename=x\r\n\r\nbegun")
    return sock


def told_to_go_on(socks: list[socket.socket]) -> int:
    poll = select.poll()
    for sock in socks:
        poll.register(sock, select.POLLIN)
    return len(poll.poll(0))


def logged(site: Site) -> list[str]:
    return [line for line in site.output().splitlines() if not any(said in line for said in SAID)]


@pytest.mark.usefixtures("linux")
@pytest.mark.parametrize(
    ("limit", "accepted"),
    [
        pytest.param("ulimit -n 100", 20, id="no more to be had"),
        pytest.param("ulimit -Sn 100", MANY, id="more for the asking"),
    ],
)
def test_stalled_connections_leave_no_line_in_a_log(make_site: MakeSite, limit: str, accepted: int) -> None:
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 2 * MANY
    site = make_site(prefix=limited(limit)).start()
    with ExitStack() as open_:
        socks = [open_.enter_context(closing(stalled(site))) for _ in range(MANY)]
        until(lambda: told_to_go_on(socks) >= accepted, "connections accepted")
        for _ in range(100):  # a second in which it would take more, if it did
            assert told_to_go_on(socks) == accepted
            time.sleep(0.01)
        if accepted == MANY:
            assert request(site.address, "GET", "/healthz").status == 200
            assert Source(site.address).send("meanwhile")
    until(lambda: request(site.address, "GET", "/healthz").status == 200, "answer once they have gone")
    assert Source(site.address).send("later")
    assert logged(site) == []
