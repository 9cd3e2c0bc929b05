"""Hundreds of slow uploads and stalled clients at once, as Tor and robots bring them, and one reader.

The crowd is a process of its own, so that the reader's times are the server's and not this interpreter's.
"""

import asyncio
import multiprocessing
import resource
import statistics
import time
from multiprocessing.connection import Connection

from . import wire
from .scale import Scale
from .server import Server
from .table import Row

TICK = 0.25  # seconds between two pieces of a slow upload
ARRIVE = 2.0  # seconds within which all come
QUIET_GETS = 40
GET_PAUSE = 0.02


def measure(site: Server, scale: Scale) -> list[Row]:
    """How many uploads fail, and the p95 of GET /report while they run and before."""
    quiet = [get_seconds(site.address) for _ in range(QUIET_GETS)]
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    crowd = context.Process(target=_crowd, args=(site.address, scale, theirs))
    crowd.start()
    theirs.close()
    try:
        during = []
        while not ours.poll(GET_PAUSE):
            during.append(get_seconds(site.address))
        done: int = ours.recv()
    finally:
        crowd.join(5)
        if crowd.is_alive():
            crowd.kill()
            crowd.join()
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


def _crowd(address: wire.Address, scale: Scale, out: Connection) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = scale.slow_uploads + scale.stalled + 100
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    out.send(asyncio.run(_all(address, scale)))


async def _all(address: wire.Address, scale: Scale) -> int:
    """Run everybody; give how many uploads were taken."""
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    token = wire.draft((await asyncio.to_thread(wire.get, address, "/report", plain)).body.decode())
    stalled = [asyncio.create_task(_stall(address)) for _ in range(scale.stalled)]
    pause = ARRIVE / scale.slow_uploads
    uploads = [_upload(address, token, scale, place * pause) for place in range(scale.slow_uploads)]
    taken = await asyncio.gather(*uploads)
    for client in stalled:
        client.cancel()
    await asyncio.gather(*stalled, return_exceptions=True)
    return sum(taken)


async def _stall(address: wire.Address) -> None:
    """Begin a header, and say nothing more."""
    _, writer = await asyncio.open_connection(*address)
    try:
        writer.write(b"GET /report HTTP/1.1\r\nHost: localh")
        await asyncio.Event().wait()
    finally:
        writer.close()


async def _upload(address: wire.Address, token: str, scale: Scale, delay: float) -> bool:
    """Send one file at the slow rate; say whether it was taken."""
    await asyncio.sleep(delay)
    kind, body = wire.multipart(
        [("do", "upload"), ("draft", token), ("name", "photo.jpg")], bytes(scale.slow_bytes)
    )
    lines = ["POST /report HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in wire.same_site(address, ("HX-Request", "true"))]
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", ""]
    try:
        reader, writer = await asyncio.open_connection(*address)
        try:
            writer.write("\r\n".join(lines).encode())
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
