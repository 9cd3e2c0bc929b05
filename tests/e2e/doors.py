"""The two sockets of a real site: tor's, where each connection begins by naming its circuit, and nginx's."""

import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.e2e.http_client import Answer, head, received
from tests.e2e.waiting import BOUND

BY_TOR, BY_NGINX = "http.sock", "clearnet.sock"


def line(circuit: int) -> bytes:
    """What tor sends first, as HiddenServiceExportCircuitID makes it."""
    high, low = circuit >> 16, circuit & 0xFFFF
    return f"PROXY TCP6 fc00:dead:beef:4dad::{high:x}:{low:x} ::1 {low} 80\r\n".encode()


def connected(door: Path, circuit: int = 1, bound: float = BOUND) -> socket.socket:
    """Come by a door as those do who stand there: at tor's, by this circuit.

    :raises OSError: when nobody answers.
    """
    sock = socket.socket(socket.AF_UNIX)
    try:
        # Without a bound: with one it would not wait where many stand in the queue, but fail.
        sock.connect(str(door))
        sock.settimeout(bound)
        if door.name == BY_TOR:
            sock.sendall(line(circuit))
    except BaseException:
        sock.close()
        raise
    return sock


def ask(
    door: Path,
    path: str,
    body: bytes = b"",
    kind: str = "",
    headers: Mapping[str, str] | None = None,
    circuit: int = 1,
) -> Answer:
    """Ask for a page, or send a form where there is a body; give the answer.

    :raises OSError: when there is nobody, or the connection broke before the answer's end.
    """
    method = "POST" if kind else "GET"
    with closing(connected(door, circuit)) as sock:
        said = {"Connection": "close", **(headers or {})}
        sock.sendall(head(method, path, "localhost", len(body), kind, said) + body)
        return received(sock, method)
