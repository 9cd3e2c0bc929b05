"""What one more source costs the server: the blank form, the page that shows a report of 1 KB, its sending.

What the pages gave is what goes back, as from a browser without JavaScript. The site holds an answer back
until a form is some seconds old, so all forms are fetched first; the three are timed apart, and added.
"""

import os
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from . import form, server, wire
from .scale import Scale
from .server import Server
from .table import Row

FORM_AGE = 3.2  # seconds: more than the site waits for, its clock counting whole ones
TEXT = "The same man comes to the house on the corner, late, and the boys leave with him. " * 13
# The id of the page that answers.
PAGES = {"review": "review", "send": "received"}
ENVELOPE = 6_000  # bytes: about what a sealed report of 1 KB takes


def measure(site: Server, one_line: Server, folder: Path, scale: Scale) -> list[Row]:
    """p50 of getting, looking through and sending, and the CPU time of all the server's processes."""
    took, used = taken(site, scale)
    _, _, bare_cpu = _timed(one_line, scale, lambda connection, _: connection.ask("/").body.decode())
    inserted = 1000 * statistics.median(_inserts(folder, scale.sources))
    return [
        Row("New source: form, review, 1 KB sent", took, inserted),
        Row("New source, CPU", used, None if bare_cpu is None else 3 * bare_cpu),
    ]


def taken(site: Server, scale: Scale) -> tuple[float, float | None]:
    """The milliseconds, p50, and the CPU milliseconds of all the server's processes, that a source takes."""
    pages, got, get_cpu = _timed(site, scale, lambda connection, _: _get(connection))
    filled = [_filled(form.fields(page)) for page in pages]
    reviews, seen, review_cpu = _timed(site, scale, lambda c, place: _post(c, site, filled[place], "review"))
    shown = [form.fields(page) for page in reviews]
    time.sleep(FORM_AGE)
    _, sent, send_cpu = _timed(site, scale, lambda c, place: _post(c, site, shown[place], "send"))
    used = [cpu for cpu in (get_cpu, review_cpu, send_cpu) if cpu is not None]
    took = sum(statistics.median(seconds) for seconds in (got, seen, sent))
    return 1000 * took, sum(used) if used else None


def _timed(
    site: Server, scale: Scale, visit: Callable[[wire.Connection, int], str]
) -> tuple[list[str], list[float], float | None]:
    """Answers, seconds each, and CPU milliseconds each of ``visit``, one after the other.

    One visit goes before: a worker makes a kind of page ready when somebody first wants it.
    """
    processes = site.processes()
    answers, seconds = [], []
    with wire.Connection(site.address) as connection:
        visit(connection, 0)
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


def _filled(fields: form.Fields) -> form.Fields:
    return [(name, TEXT if name == "what_happened" else value) for name, value in fields]


def _post(connection: wire.Connection, site: Server, fields: form.Fields, do: str) -> str:
    post = wire.multipart([*fields, ("do", do)])
    answer = connection.ask("/report", wire.same_site(site.address), post)
    page = answer.body.decode()
    if answer.status != 200 or f'id="{PAGES[do]}"' not in page:
        raise wire.BrokenAnswer(f"{do} was answered with {answer.status} and another page")
    return page


def _inserts(folder: Path, count: int) -> list[float]:
    """Seconds of each of ``count`` inserts of an envelope's size, one a transaction, made durable."""
    url = server.database_url(folder)
    if url:
        return _postgres_inserts(url, count)
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


def _postgres_inserts(url: str, count: int) -> list[float]:
    seconds = []
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE TABLE bare (id bytea PRIMARY KEY, body bytea)")
        for _ in range(count):
            row = (os.urandom(16), os.urandom(ENVELOPE))
            begun = time.perf_counter()
            database.execute("INSERT INTO bare VALUES (%s, %s)", row)
            seconds.append(time.perf_counter() - begun)
        database.execute("DROP TABLE bare")
    return seconds
