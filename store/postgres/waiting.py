"""How a thread waits for PostgreSQL: by the C library's own poll, which nothing has patched.

The site runs under gevent, and asks the database in native threads. What Python code waits by there is
gevent's, and would make an event loop of its own for every such thread. psycopg's C functions wait for the
socket and let other threads run; only while it connects it waits in Python, and so that is done by them here.
"""

import _socket
import logging
from _queue import Empty, SimpleQueue
from collections.abc import Callable, Generator
from time import monotonic
from typing import Any

import psycopg
from psycopg import conninfo, waiting

Generated = Generator[Any, Any, Any]
# So often, in seconds, the C function looks whether it is interrupted, or the time is over.
INTERVAL = 0.1
_resolve: Callable[..., list[tuple[Any, ...]]] = _socket.getaddrinfo


def prepare() -> None:
    """Let psycopg wait natively, whoever imported it, and before or after gevent's patches."""
    waiting.wait = waiting.wait_c
    waiting.wait_conn = _wait_to_connect  # type: ignore[assignment]  # its own type says more of a generator
    # What it logs may hold what a row holds.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL + 1)


def pause(seconds: float) -> None:
    """Sleep, and let other threads run."""
    try:
        SimpleQueue[None]().get(timeout=seconds)
    except Empty:
        return


def each_address(url: str) -> list[dict[str, Any]]:
    """Give what to connect by, one after the other: every address of every host of a URL, in its order.

    :raises psycopg.ProgrammingError: it is no URL
    """
    params = conninfo.conninfo_to_dict(url)
    hosts = str(params.pop("host", "") or "").split(",")
    given = str(params.pop("hostaddr", "") or "").split(",")
    ports = str(params.pop("port", "") or "").split(",")
    found: list[dict[str, Any]] = []
    for at, host in enumerate(hosts):
        port = ports[at] if len(ports) > 1 else ports[0]
        address = given[at] if at < len(given) else ""
        one = params | ({"host": host} if host else {}) | ({"port": port} if port else {})
        if address or not host or host.startswith(("/", "@")):
            found.append(one | ({"hostaddr": address} if address else {}))
        else:
            found += [one | {"hostaddr": each} for each in _addresses(host)]
    return found


def _addresses(host: str) -> list[str]:
    try:
        infos = _resolve(host, None, 0, _socket.SOCK_STREAM)
    except OSError:
        # Another host may have one, or this one the next time.
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in infos))


def _wait_to_connect(steps: Generated, interval: float = INTERVAL, timeout: float | None = None) -> Any:
    """Let ``steps``, which name the socket with each of their waits, go on until they are through."""
    until = None if timeout is None else monotonic() + timeout
    socket, wanted = next(steps)
    while True:
        socket, wanted, done, result = waiting.wait_c(
            _on_one_socket(steps, socket, wanted, until), socket, interval
        )
        if done:
            return result


def _on_one_socket(steps: Generated, socket: int, wanted: Any, until: float | None) -> Generated:
    """Go on as long as it is the same socket; give the next one, or the result."""
    while True:
        ready = yield wanted
        if until is not None and monotonic() >= until:
            raise psycopg.errors.ConnectionTimeout("connection timeout expired")
        try:
            other, wanted = steps.send(ready)
        except StopIteration as end:
            return socket, None, True, end.value
        if other != socket:
            return other, wanted, False, None
