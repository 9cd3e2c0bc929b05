"""Under the real gunicorn the database is asked in native threads, and none of them makes an event loop."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests import engine
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.store.postgres.two import cut_off, url


@pytest.fixture
def on_its_database(on_postgres: None, postgres: None, practice: Path, tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path / "site", practice / "data") as made:
        yield made


def loops(site: Site) -> dict[int, int]:
    """Give how many event loops each worker has: each waits by an epoll of its own."""
    assert site.process is not None
    found = {}
    for worker in children(site.process.pid):
        links = [link(path) for path in Path(f"/proc/{worker}/fd").iterdir()]
        found[worker] = sum(each == "anon_inode:[eventpoll]" for each in links)
    return found


def link(path: Path) -> str:
    try:
        return str(path.readlink())
    except FileNotFoundError:
        return ""


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def report(source: Source, number: int) -> bool:
    return source.attach(("notes.bin", os.urandom(400_000))).send(f"words {number}")


def test_no_thread_makes_an_event_loop_of_its_own(on_its_database: Site) -> None:
    site = on_its_database
    before = loops(site)
    assert len(before) == 2
    for _ in range(2):
        sources = [Source(site.address) for _ in range(12)]
        with ThreadPoolExecutor(12) as pool:
            assert all(pool.map(report, sources, range(12)))
        # So that connections are made anew, within the threads.
        cut_off(site.data)
    with psycopg.connect(url(site.data)) as connection:
        assert connection.execute("SELECT count(*) FROM body").fetchone() == (24,)
    assert loops(site) == before
    assert "Traceback" not in site.output()
    assert engine.database(site.data) not in (None, *site.output().split())
