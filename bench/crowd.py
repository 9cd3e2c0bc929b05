"""Hundreds of slow uploads and stalled clients at once, as Tor and robots bring them, and one reader.

All come by the socket at which tor stands, each by a circuit of its own. The crowd is a process of its own,
so that the reader's times are the server's and not this interpreter's.
"""

import asyncio
import multiprocessing
import resource
import statistics
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from . import wire
from .scale import Scale
from .server import Server, pss_bytes
from .table import Row

TICK = 0.25  # seconds between two pieces of a slow upload
ARRIVE = 2.0  # seconds within which all come
QUIET_GETS = 40
GET_PAUSE = 0.02


def measure(site: Server, scale: Scale) -> list[Row]:
    """How many uploads fail, and the p95 of GET /report while they run and before."""
    quiet = [get_seconds(site.by_tor) for _ in range(QUIET_GETS)]
    before = most = pss_bytes(site.processes()) or 0
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    crowd = context.Process(target=_crowd, args=(site.by_tor, scale, theirs))
    crowd.start()
    theirs.close()
    try:
        during: list[float] = []
        while not ours.poll(GET_PAUSE):
            during.append(get_seconds(site.by_tor))
            if not len(during) % QUIET_GETS:
                most = max(most, pss_bytes(site.processes()) or 0)
        done: int = ours.recv()
    finally:
        crowd.join(5)
        if crowd.is_alive():
            crowd.kill()
            crowd.join()
    # To standard error: the table alone goes to standard output.
    grown = (most - before) / 1_000_000
    print(
        f"bench: the crowd makes the server {grown:.0f} MB larger, for as long as it stays", file=sys.stderr
    )
    failed = scale.slow_uploads - done
    return [
        Row("400 slow uploads, 300 stalled, failed", failed, scale.slow_uploads),
        Row("GET p95 meanwhile", 1000 * _p95(during or quiet), 1000 * _p95(quiet)),
    ]


def get_seconds(address: wire.Address) -> float:
    """How long GET /report takes over a fresh connection.

    :raises BrokenAnswer: it is answered with an error.
    """
    begun = time.perf_counter()
    answer = wire.get(address, "/report")
    if answer.status != 200:
        raise wire.BrokenAnswer(f"the form was answered with {answer.status}")
    return time.perf_counter() - begun


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]


# ---- the crowd's own process


def _crowd(door: Path, scale: Scale, out: Connection) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = scale.slow_uploads + scale.stalled + 100
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    out.send(asyncio.run(_all(door, scale)))


async def _all(door: Path, scale: Scale) -> int:
    """Run everybody; give how many uploads were taken."""
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    token = wire.draft((await asyncio.to_thread(wire.get, door, "/report", plain)).body.decode())
    first = scale.slow_uploads
    stalled = [asyncio.create_task(_stall(door, first + place)) for place in range(scale.stalled)]
    uploads = [_upload(door, token, scale, place) for place in range(scale.slow_uploads)]
    taken = await asyncio.gather(*uploads)
    for client in stalled:
        client.cancel()
    await asyncio.gather(*stalled, return_exceptions=True)
    return sum(taken)


async def _stall(door: Path, circuit: int) -> None:
    """Begin a header, and say nothing more."""
    _, writer = await asyncio.open_unix_connection(door)
    try:
        writer.write(wire.by_circuit(circuit) + b"GET /report HTTP/1.1\r\nHost: localh")
        await asyncio.Event().wait()
    finally:
        writer.close()


async def _upload(door: Path, token: str, scale: Scale, place: int) -> bool:
    """Send one file at the slow rate; say whether it was taken."""
    await asyncio.sleep(place * ARRIVE / scale.slow_uploads)
    kind, body = wire.multipart(
        [("do", "upload"), ("draft", token), ("name", "photo.jpg")], bytes(scale.slow_bytes)
    )
    lines = ["POST /report HTTP/1.1", f"Host: {wire.host(door)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in wire.same_site(door, ("HX-Request", "true"))]
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", ""]
    try:
        reader, writer = await asyncio.open_unix_connection(door)
        try:
            writer.write(wire.by_circuit(place) + "\r\n".join(lines).encode())
            piece = max(1, int(scale.slow_rate * TICK))
            for start in range(0, len(body), piece):
                writer.write(body[start : start + piece])
                await writer.drain()
                await asyncio.sleep(TICK)
            status = await asyncio.wait_for(reader.readline(), wire.PATIENCE)
        finally:
            writer.close()
    except (OSError, TimeoutError):
        return False  # counted as an upload that failed
    return b" 200 " in status
