"""What nginx and TLS add to pages and a large file, beside gunicorn alone; and who stalls at the door."""

import os
import re
import shutil
import ssl
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from tests.e2e.proxy import DOMAIN, Fronted, tls

from . import server, site_pages, wire
from .scale import MB, Scale
from .table import Row

GETS = 60
UPLOADS_BESIDE = 8  # of the slow uploads of `slow`, one in so many waits here, halfway
ADDRESSES = 32
Connect = Callable[[], wire.Connection]


class Secure(wire.Connection):
    """One connection to the site by TLS."""

    def __init__(self, site: Fronted, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", site.nginx.https))
        self.address = DOMAIN, site.nginx.https
        self._socket = context.wrap_socket(self._socket, server_hostname=DOMAIN)


def measure(folder: Path, scale: Scale) -> list[Row]:
    """All rows; figures are None where there is no nginx, or no Linux to look at it.

    ``folder`` needs a short path: sockets are made in it.
    """
    if not (shutil.which("nginx") and Path("/proc").exists()):
        return [Row(name, None, None) for name in NAMES]
    server.practice_keys(folder)
    made = Fronted(folder / "s", folder)
    site_pages.publish(made.data, server.ROOT / "content")
    with made as site:
        context = site.nginx.certificates.client()
        through, alone = partial(Secure, site, context), partial(wire.Connection, site.direct)
        urls = (site.url, f"http://127.0.0.1:{site.port}")
        return [
            *(_pace(name, path, urls, (through, alone), scale) for name, path in PATHS.items()),
            _upload(site, through, alone, scale),
            *_crowd(site, through, context, scale),
        ]


PATHS = {"GET / through nginx": "/", "GET /report through nginx": "/report"}
NAMES = (
    *PATHS,
    "50 MB file through nginx",
    "GET p95 through nginx, 300 stalled",
    "nginx's memory meanwhile",
)


# ---- pages


def _pace(name: str, path: str, urls: tuple[str, str], ways: tuple[Connect, Connect], scale: Scale) -> Row:
    """GETs a second over connections that stay open: the two ways in turn, the median of the rounds."""
    rounds = [
        [per_second(url + path, path, way, scale) for url, way in zip(urls, ways, strict=True)]
        for _ in range(scale.rounds)
    ]
    ours, theirs = (statistics.median(each) for each in zip(*rounds, strict=True))
    return Row(name, ours, theirs)


def per_second(url: str, path: str, connect: Connect, scale: Scale) -> float:
    """By wrk where there is one, else by threads of ours, which flatter nginx."""
    wrk = shutil.which("wrk")
    return _by_wrk(wrk, url, scale) if wrk else _by_threads(path, connect, scale)


def _by_wrk(wrk: str, url: str, scale: Scale) -> float:
    seconds = max(1, round(scale.seconds_of_gets))
    command = [wrk, "--threads", "1", "--connections", str(scale.connections), "--duration", f"{seconds}s"]
    told = subprocess.run(
        [*command, "--header", "Accept-Encoding: gzip", url],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 300,
    ).stdout
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", told, re.MULTILINE)
    wrong = re.search(r"^\s*(?:Socket errors|Non-2xx).*", told, re.MULTILINE)
    if rate is None or wrong is not None:
        raise wire.BrokenAnswer(f"{url}: {wrong[0].strip() if wrong else told}")
    return float(rate[1])


def _by_threads(path: str, connect: Connect, scale: Scale) -> float:
    counts: list[int] = []
    wrong: list[int] = []
    end = time.monotonic() + scale.seconds_of_gets

    def visit() -> None:
        number = 0
        with connect() as connection:
            while time.monotonic() < end and not wrong:
                status = connection.ask(path).status
                if status != 200:
                    wrong.append(status)
                number += 1
        counts.append(number)

    begun = time.monotonic()
    threads = [threading.Thread(target=visit) for _ in range(scale.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or len(counts) < len(threads):
        raise wire.BrokenAnswer(f"{path} answers {wrong}")
    return sum(counts) / (time.monotonic() - begun)


# ---- a file


def _upload(site: Fronted, through: Connect, alone: Connect, scale: Scale) -> Row:
    """One file, the best of the rounds each way."""
    file = (os.urandom(MB) * 50)[: scale.file_bytes // 2]
    seconds: dict[Connect, list[float]] = {through: [], alone: []}
    for connect, origin in ((through, site.url), (alone, f"http://127.0.0.1:{site.port}")):
        _send(connect, origin, file[:100_000])  # what is loaded at a first upload is not the file's
    for _ in range(scale.rounds):
        for connect, origin in ((through, site.url), (alone, f"http://127.0.0.1:{site.port}")):
            seconds[connect].append(_send(connect, origin, file))
    return Row("50 MB file through nginx", min(seconds[through]), min(seconds[alone]))


def _post(connect: Connect, file: bytes) -> tuple[str, bytes]:
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    with connect() as connection:
        token = wire.draft(connection.ask("/report", plain).body.decode())
    return wire.multipart([("do", "upload"), ("draft", token), ("name", "film.mp4")], file)


def _send(connect: Connect, origin: str, file: bytes) -> float:
    kind, body = _post(connect, file)
    own = [("Origin", origin), ("Sec-Fetch-Site", "same-origin"), ("HX-Request", "true")]
    with connect() as connection:
        begun = time.perf_counter()
        answer = connection.ask("/report", [*wire.BROWSER, *own], (kind, memoryview(body)))
        taken = time.perf_counter() - begun
    if answer.status != 200:
        raise wire.BrokenAnswer(f"an upload was answered with {answer.status}")
    return taken


# ---- a crowd


def _crowd(site: Fronted, through: Connect, context: ssl.SSLContext, scale: Scale) -> list[Row]:
    """GETs and memory while many stall in their headers, and uploads wait halfway."""
    quiet = [_get_seconds(through) for _ in range(GETS)]
    empty = _memory(site)
    kind, body = _post(through, bytes(scale.slow_bytes))
    lines = [
        "POST /report HTTP/1.1",
        f"Host: {DOMAIN}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
    ]
    start = "\r\n".join([*lines, "", ""])
    uploads = max(1, scale.slow_uploads // UPLOADS_BESIDE)
    pieces = [b"GET /report HTTP/1.1\r\nHost: loc"] * scale.stalled
    pieces += [start.encode() + body[: len(body) // 2]] * uploads
    with ExitStack() as closed:
        for number, piece in enumerate(pieces):
            source = f"127.0.8.{number % ADDRESSES + 1}"
            sock = closed.enter_context(closing(tls((DOMAIN, site.nginx.https), context, source)))
            sock.sendall(piece)
        during = [_get_seconds(through) for _ in range(GETS)]
        full = _memory(site)
    return [
        Row("GET p95 through nginx, 300 stalled", 1000 * _p95(during), 1000 * _p95(quiet)),
        Row("nginx's memory meanwhile", full, empty),
    ]


def _get_seconds(connect: Connect) -> float:
    """How long GET /report takes over a fresh connection, its handshake included."""
    begun = time.perf_counter()
    with connect() as connection:
        status = connection.ask("/report").status
    if status != 200:
        raise wire.BrokenAnswer(f"the form was answered with {status}")
    return time.perf_counter() - begun


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def _memory(site: Fronted) -> float | None:
    """The MB of nginx's master and workers, what they share counted once (PSS)."""
    process = site.nginx.process
    held = server.pss_bytes([process.pid, *server.children(process.pid)]) if process else None
    return None if held is None else held / MB
