"""Sources that keep coming, whatever the server does: two thousand a minute, each with a file of 50 KB.

Each comes when it is due, by a connection of its own: the form, a post with words and file that shows what
will be sent, and, when a person could have read that, its sending. What the server is late with counts from
when it was due. Who sends is a process of its own, and cheap: it has the same two cores. Afterwards the
words of every return code that was shown are looked for in the store.
"""

import asyncio
import multiprocessing
import os
import random
import resource
import secrets
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from crypto import returncode
from crypto.mailbox import Mailbox

from . import form, server, wire
from .fresh import FORM_AGE, TEXT
from .scale import Scale
from .server import Server
from .sources import fields, words
from .table import Row

SEED = 8
QUIET_EACH = 0.2  # seconds from one source to the next while nothing else goes on
MINUTE = 60.0
STEPS = {"review": b'id="review"', "send": b'id="received"'}


@dataclass(frozen=True)
class Outcome:
    """What one source saw: milliseconds waited for its three answers, and its words; none where it failed."""

    waited: float
    words: str = ""
    failed: str = ""


@dataclass(frozen=True)
class Came:
    """All of a run, and the CPU seconds that who sent it took."""

    outcomes: list[Outcome]
    cpu: float

    @property
    def shown(self) -> list[str]:
        """The words that were shown."""
        return [each.words for each in self.outcomes if each.words]

    def quantile(self, hundredths: int) -> float:
        """So many hundredths of all sources waited no longer, in milliseconds.

        :raises BrokenAnswer: not even two came through.
        """
        waited = [each.waited for each in self.outcomes if each.words]
        if len(waited) < 2:
            raise wire.BrokenAnswer(
                f"of {len(self.outcomes)} sources {len(waited)} came through: {self.why()}"
            )
        return statistics.quantiles(waited, n=100, method="inclusive")[hundredths - 1]

    def why(self) -> str:
        """What the first that failed was told."""
        return next((each.failed for each in self.outcomes if each.failed), "none failed")


def measure(site: Server, folder: Path, scale: Scale) -> list[Row]:
    """Latency, CPU, and what was lost, beside the same sources when they are nearly alone."""
    quiet = come(site, scale, scale.quiet_sources, QUIET_EACH)
    processes = site.processes()
    before = server.cpu_seconds(processes)
    count = max(2, round(scale.sources_a_minute * scale.sustained_seconds / MINUTE))
    busy = come(site, scale, count, MINUTE / scale.sources_a_minute)
    after = server.cpu_seconds(processes)
    used = None if before is None or after is None else 1000 * (after - before) / count
    failed = count - len(busy.shown)
    if failed:
        print(f"bench: {failed} sources failed, the first: {busy.why()}", file=sys.stderr)
    return [
        Row("2,000 sources a minute with 50 KB, p50", busy.quantile(50), quiet.quantile(50)),
        Row("2,000 sources a minute with 50 KB, p95", busy.quantile(95), quiet.quantile(95)),
        Row("2,000 sources a minute with 50 KB, p99", busy.quantile(99), quiet.quantile(99)),
        Row("2,000 sources a minute, failed", failed, count),
        Row("2,000 sources a minute, lost", lost(folder, busy.shown), len(busy.shown)),
        Row("2,000 sources a minute, CPU of each", used, None if used is None else 1000 * busy.cpu / count),
    ]


def lost(folder: Path, shown: Iterable[str]) -> int:
    """How many return codes that were shown do not have their report in the store, with its file, once."""
    missing = 0
    with server.opened(folder) as store:
        for each in shown:
            mailbox = Mailbox(returncode.root(returncode.read_words(each)))
            rows = store.slots(mailbox.own_ids)
            blobs = mailbox.open_record(rows[0].id, rows[0].record) if len(rows) == 1 else ()
            missing += len(blobs) != 1 or bool(store.missing(blobs))
    return missing


def come(site: Server, scale: Scale, count: int, each: float) -> Came:
    """Have so many sources come, one every ``each`` seconds on the average, in no step."""
    with wire.Connection(site.address) as connection:
        blank = connection.ask("/report", _PLAIN).body.decode()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    crowd = context.Process(
        target=_crowd, args=(site.address, form.fields(blank), count, each, scale.attached_bytes, theirs)
    )
    crowd.start()
    theirs.close()
    try:
        came: Came = ours.recv()
    finally:
        crowd.join(5)
        if crowd.is_alive():
            crowd.kill()
            crowd.join()
    return came


# ---- the crowd's own process


def _crowd(
    address: tuple[str, int], blank: form.Fields, count: int, each: float, size: int, out: Connection
) -> None:
    body = _Body(blank, size)
    before = _cpu()
    outcomes = asyncio.run(_all(address, body, count, each))
    out.send(Came(outcomes, _cpu() - before))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class _Body:
    """The post of a form filled in, made once; what differs from source to source is put in."""

    def __init__(self, blank: form.Fields, size: int) -> None:
        self._draft, self._boundary, self._own = (secrets.token_hex(16) for _ in range(3))
        puts = {"draft": self._draft, "what_happened": f"{self._own} {TEXT}"}
        typed = [(name, puts.get(name, value)) for name, value in blank]
        kind, body = wire.multipart([*typed, ("do", "review")], os.urandom(size))
        boundary = kind.partition("boundary=")[2].encode()
        self._body = body.replace(boundary, self._boundary.encode())

    def of(self, draft: str) -> wire.Post:
        """The post of one source: its draft, words that no other has, a boundary as browsers draw them."""
        boundary = f"----geckoformboundary{secrets.token_hex(16)}"
        body = self._body.replace(self._boundary.encode(), boundary.encode())
        body = body.replace(self._draft.encode(), draft.encode(), 1)
        body = body.replace(self._own.encode(), secrets.token_hex(16).encode(), 1)
        return f"multipart/form-data; boundary={boundary}", body


async def _all(address: tuple[str, int], body: _Body, count: int, each: float) -> list[Outcome]:
    drawn = random.Random(SEED)
    due, tasks = time.monotonic(), []
    for _ in range(count):
        due += drawn.expovariate(1 / each)
        await asyncio.sleep(due - time.monotonic())
        tasks.append(asyncio.create_task(_source(address, body, due)))
    return await asyncio.gather(*tasks)


async def _source(address: tuple[str, int], body: _Body, due: float) -> Outcome:
    """One source from form to words. Waited is from when each request was due until its answer was there."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(*address), wire.PATIENCE)
        try:
            page = await _asked(reader, writer, address)
            opened = time.monotonic()
            waited = opened - due
            page = await _asked(reader, writer, address, body.of(wire.draft(page)), "review")
            waited += time.monotonic() - opened
            again = max(opened + FORM_AGE, time.monotonic())
            await asyncio.sleep(again - time.monotonic())
            post = wire.multipart([*fields(page), ("do", "send")])
            page = await _asked(reader, writer, address, post, "send")
            waited += time.monotonic() - again
        finally:
            writer.close()
    except (OSError, EOFError, TimeoutError, wire.BrokenAnswer) as failed:
        return Outcome(0.0, failed=str(failed) or type(failed).__name__)
    return Outcome(1000 * waited, words(page))


async def _asked(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    address: tuple[str, int],
    post: wire.Post | None = None,
    do: str = "",
) -> str:
    """Send one request, and give the page that answers it.

    :raises BrokenAnswer: it is another page.
    """
    lines = [f"{'POST' if post else 'GET'} /report HTTP/1.1", f"Host: {wire.host(address)}"]
    lines += [f"{name}: {value}" for name, value in (wire.same_site(address) if post else _PLAIN)]
    if post:
        lines += [f"Content-Type: {post[0]}", f"Content-Length: {len(post[1])}"]
    writer.write("\r\n".join([*lines, "", ""]).encode() + (bytes(post[1]) if post else b""))
    await asyncio.wait_for(writer.drain(), wire.PATIENCE)
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), wire.PATIENCE)).lower()
    size = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0] or -1)
    page = await asyncio.wait_for(reader.readexactly(size), wire.PATIENCE) if size >= 0 else b""
    status = head.partition(b"\r\n")[0].decode()
    if " 200 " not in status or (do and STEPS[do] not in page):
        raise wire.BrokenAnswer(f"{do or 'the form'}: {status}, another page")
    return page.decode()


_PLAIN = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
