"""At the real doors: a flood from one circuit holds up nobody on another; a Tor2web proxy gets nothing."""

import select
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.e2e import doors
from tests.e2e.http_client import head, multipart, received
from tests.e2e.server import Site
from tests.e2e.source import Form
from tests.e2e.waiting import until

FLOODER, SOMEBODY = 0x0A_00_00_01, 0x0A_00_00_02
# Over two workers, each of which keeps some at once and has some wait.
FAKES, MOST_WAITING = 40, 12


@pytest.fixture(scope="module")
def site(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server with both doors of a real one."""
    with tempfile.TemporaryDirectory(prefix="vp") as short:
        folder = tmp_path_factory.mktemp("pressed") / "site"
        with Site(folder, practice / "data", doors=Path(short)) as running:
            yield running
            # It would end when the last fake has waited.
            running.kill()


def door(site: Site, name: str) -> Path:
    assert site.doors is not None
    return site.doors / name


def filled(site: Site, name: str, circuit: int) -> tuple[bytes, str]:
    """Open the form and fill it in, ready to be sent."""
    form = Form(doors.ask(door(site, name), "/report", circuit=circuit).text)
    form.fill("what_happened", "words")
    return multipart([*form.sent(), ("do", "send")])


def answered(socks: list[socket.socket]) -> list[socket.socket]:
    """Give those that have an answer by now."""
    return select.select(socks, [], [], 0)[0]


def test_a_flood_from_one_circuit_comes_back_and_somebody_else_gets_through(site: Site) -> None:
    fake, kind = filled(site, doors.BY_TOR, FLOODER)
    with ExitStack() as closed:
        flood = []
        for _ in range(FAKES):
            sock = closed.enter_context(closing(doors.connected(door(site, doors.BY_TOR), FLOODER)))
            sock.sendall(head("POST", "/report", "localhost", len(fake), kind, {}) + fake)
            flood.append(sock)
        until(lambda: len(answered(flood)) >= FAKES - MOST_WAITING, "what is told to come again")
        told = [received(sock, "POST") for sock in answered(flood)]
        held = [answer for answer in told if answer.status == 429]
        assert held
        assert all("Your Tor connection has sent a lot just now." in answer.text for answer in held)
        assert all('name="what_happened" value="words"' in answer.text for answer in held)
        for name, circuit in ((doors.BY_TOR, SOMEBODY), (doors.BY_NGINX, 0)):
            real, kind = filled(site, name, circuit)
            answer = doors.ask(door(site, name), "/report", real, kind, circuit=circuit)
            assert 'id="received"' in answer.text
        assert doors.ask(door(site, doors.BY_TOR), "/report", circuit=FLOODER).status == 200


@pytest.mark.parametrize("name", [doors.BY_TOR, doors.BY_NGINX])
@pytest.mark.parametrize(
    ("host", "headers"),
    [("xyz.onion.to", {}), ("localhost", {"X-Tor2web": "encrypted"}), ("localhost", {"x-tor2WEB": ""})],
    ids=["host", "header", "empty header"],
)
def test_a_proxy_is_refused_before_it_has_sent_the_body(
    site: Site, name: str, host: str, headers: dict[str, str]
) -> None:
    for path in ("/report", "/mailbox", "/contact", "/healthz", "/static/x.css"):
        with closing(doors.connected(door(site, name))) as sock:
            sock.sendall(head("POST", path, host, 100_000_000, "multipart/form-data; boundary=x", headers))
            answer = received(sock)
        assert answer.status == 403
        assert "This way is not safe" in answer.text
        assert answer.header("Content-Security-Policy")
