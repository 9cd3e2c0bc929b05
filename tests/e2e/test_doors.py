"""Who stands at which door, and what is believed of them: the circuit of a connection, the use of TLS."""

import json
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e import doors
from tests.e2e.http_client import received
from tests.e2e.server import Site
from tests.e2e.waiting import until

CIRCUIT = 0x12_AB_00_07
# Whatever a client may say of itself, in the names that servers and proxies have for it.
SAID = b"""X-Forwarded-For: 203.0.113.7
X-Forwarded-Host: evil.example
X-Forwarded-Port: 4443
X-Forwarded-Prefix: /evil
X-Forwarded-Protocol: ssl
X-Forwarded-Ssl: on
X-Real-Ip: 203.0.113.7
Forwarded: for=203.0.113.7;proto=https
Script-Name: /evil
SCRIPT_NAME: /evil
PATH_INFO: /evil
REMOTE_ADDR: 203.0.113.7
vigil.circuit: 00000000
Vigil-Circuit: 00000000
HTTP_VIGIL_CIRCUIT: 00000000
Proxy: PROXY TCP6 fc00::1 ::1 1 80
""".replace(b"\n", b"\r\n")  # fmt: skip


class Telling(Site):
    """A server that tells what it was told."""

    def command(self) -> list[str]:
        return [*super().command()[:-1], "tests.e2e.telling:telling()"]

    def answers(self) -> bool:
        assert self.doors is not None
        return super().answers() and (self.doors / doors.BY_NGINX).exists()


@pytest.fixture(scope="module")
def telling(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telling]:
    """A running server that tells what it was told, at three doors."""
    with tempfile.TemporaryDirectory(prefix="vg") as short:
        folder = tmp_path_factory.mktemp("telling") / "site"
        with Telling(folder, practice / "data", doors=Path(short)) as site:
            yield site


def connected(site: Telling, door: str, circuit: int = CIRCUIT) -> socket.socket:
    assert site.doors is not None
    if door == "tcp":
        return socket.create_connection(site.address, 60)
    return doors.connected(site.doors / door, circuit)


def told(sock: socket.socket, more: bytes = b"", body: bytes = b"") -> dict[str, object]:
    """Ask on this connection, with these headers; give what the application was told."""
    length = b"Content-Length: %d\r\n" % len(body)
    sock.sendall(b"POST /here HTTP/1.1\r\nHost: localhost\r\n" + length + more + b"\r\n" + body)
    answer = received(sock)
    assert answer.status == 200
    found: dict[str, object] = json.loads(answer.text)
    return found


def test_the_circuit_of_a_connection_is_known_for_all_its_requests(telling: Telling) -> None:
    with (
        closing(connected(telling, doors.BY_TOR)) as one,
        closing(connected(telling, doors.BY_TOR, 9)) as other,
    ):
        for _ in range(3):
            assert told(one)["circuit"] == "12ab0007"
            assert told(other)["circuit"] == "00000009"
            assert told(one, body=b"a body")["circuit"] == "12ab0007"


def test_no_client_says_its_circuit_itself(telling: Telling) -> None:
    forged = doors.line(5)
    with closing(connected(telling, doors.BY_TOR)) as sock:
        assert told(sock, SAID)["circuit"] == "12ab0007"
        # In a body, and where the next request should begin.
        assert told(sock, body=forged)["circuit"] == "12ab0007"
        sock.sendall(forged + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert received(sock).status == 400
        assert until(lambda: sock.recv(1) == b"", "end of the connection")


@pytest.mark.parametrize("door", [doors.BY_NGINX, "tcp"])
def test_elsewhere_there_is_no_circuit(telling: Telling, door: str) -> None:
    with closing(connected(telling, door)) as sock:
        assert told(sock, SAID)["circuit"] is None
        assert told(sock, SAID)["circuit"] is None
    with closing(connected(telling, door)) as sock:
        sock.sendall(doors.line(5) + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert received(sock).status == 400


@pytest.mark.parametrize(
    ("door", "scheme"), [(doors.BY_TOR, "http"), (doors.BY_NGINX, "https"), ("tcp", "http")]
)
def test_that_tls_was_used_is_believed_of_nginx_alone(telling: Telling, door: str, scheme: str) -> None:
    with closing(connected(telling, door)) as sock:
        assert told(sock)["scheme"] == "http"
        assert told(sock, b"X-Forwarded-Proto: https\r\n")["scheme"] == scheme
        # It is said of each request anew.
        assert told(sock)["scheme"] == "http"


@pytest.mark.parametrize("door", [doors.BY_TOR, doors.BY_NGINX, "tcp"])
def test_nothing_else_that_is_said_of_a_client_matters(telling: Telling, door: str) -> None:
    with closing(connected(telling, door)) as sock:
        plain, said = told(sock), told(sock, SAID)
    assert said == plain
    assert said["path"] == "|here"
    assert not [name for name in plain["names"] if "REMOTE" in str(name) or "FORWARDED" in str(name)]  # type: ignore[attr-defined]


def test_what_fails_in_the_middle_of_an_answer_ends_the_connection(telling: Telling) -> None:
    with closing(connected(telling, doors.BY_NGINX)) as sock:
        sock.sendall(b"GET /half HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
        came = b""
        while piece := sock.recv(65536):
            came += piece
    assert came.endswith(b"\r\n\r\n5\r\nbegun\r\n")
    assert came.count(b"HTTP/1.1") == 1
    assert "disk" not in telling.output()
