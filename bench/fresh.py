"""What one more source costs the server: the blank form, and a report of 1 KB sent with it.

The site holds an answer back until a form is some seconds old, so all forms are fetched first; getting and
sending are timed apart, and added.
"""

import os
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from . import server, wire
from .scale import Scale
from .server import Server
from .table import Row

FORM_AGE = 3.2  # seconds: more than the site waits for, its clock counting whole ones
TEXT = "The same man comes to the house on the corner, late, and the boys leave with him. " * 13
ENVELOPE = 6_000  # bytes: about what a sealed report of 1 KB takes


def measure(site: Server, one_line: Server, folder: Path, scale: Scale) -> list[Row]:
    """p50 of getting and sending, and the CPU time of all the server's processes."""
    pages, got, get_cpu = _timed(site, scale, lambda connection, _: _get(connection))
    time.sleep(FORM_AGE)
    tokens = [wire.draft(page) for page in pages]
    _, sent, send_cpu = _timed(site, scale, lambda connection, place: _send(connection, site, tokens[place]))
    _, _, bare_cpu = _timed(one_line, scale, lambda connection, _: connection.ask("/").body.decode())
    inserts = _inserts(folder, scale.sources)
    cpu = None if get_cpu is None or send_cpu is None else get_cpu + send_cpu
    return [
        Row(
            "New source, form and 1 KB report",
            1000 * (statistics.median(got) + statistics.median(sent)),
            1000 * statistics.median(inserts),
        ),
        Row("New source, CPU", cpu, None if bare_cpu is None else 2 * bare_cpu),
    ]


def _timed(
    site: Server, scale: Scale, visit: Callable[[wire.Connection, int], str]
) -> tuple[list[str], list[float], float | None]:
    """Answers, seconds each, and CPU milliseconds each of ``visit``, one after the other."""
    processes = site.processes()
    answers, seconds = [], []
    with wire.Connection(site.address) as connection:
        before = server.cpu_seconds(processes)
        for place in range(scale.sources):
            begun = time.perf_counter()
            answers.append(visit(connection, place))
            seconds.append(time.perf_counter() - begun)
        after = server.cpu_seconds(processes)
    cpu = None if before is None or after is None else 1000 * (after - before) / scale.sources
    return answers, seconds, cpu


def _get(connection: wire.Connection) -> str:
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    return connection.ask("/report", plain).body.decode()


def _send(connection: wire.Connection, site: Server, token: str) -> str:
    post = wire.multipart([("draft", token), ("website", ""), ("what_happened", TEXT), ("do", "send")])
    answer = connection.ask("/report", wire.same_site(site.address), post)
    if answer.status != 200:
        raise wire.BrokenAnswer(f"a report was answered with {answer.status}")
    return ""


def _inserts(folder: Path, count: int) -> list[float]:
    """Seconds of each of ``count`` inserts of an envelope's size, one a transaction, made durable."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE bare (id BLOB PRIMARY KEY, body BLOB) WITHOUT ROWID")
    seconds = []
    for _ in range(count):
        row = (os.urandom(16), os.urandom(ENVELOPE))
        begun = time.perf_counter()
        database.execute("INSERT INTO bare VALUES (?, ?)", row)
        seconds.append(time.perf_counter() - begun)
    database.close()
    return seconds
