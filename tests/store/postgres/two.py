"""Two web machines on one database, and looks at who waits for whom there."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from store import Store
from tests import engine

T = TypeVar("T")
BOUND = 120.0


def until(condition: Callable[[], object]) -> None:
    """Wait until it is true.

    :raises AssertionError: it never is
    """
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)


def url(folder: Path) -> str:
    """Give the URL of the database that goes with a data folder."""
    found = engine.database(folder)
    assert found is not None
    return found


def machines(folder: Path, count: int = 2, **options: Any) -> list[Store]:
    """Give the stores of so many web machines: data folders of their own, one database."""
    here = url(folder)
    return [open_store(folder / f"web{number}", here, **options) for number in range(count)]


def open_store(folder: Path, url: str, **options: Any) -> Store:
    """Open a store on a database."""
    import store

    return store.open_store(folder, database_url=url, **options)


@contextmanager
def by_hand(folder: Path) -> Iterator["psycopg.Connection[Any]"]:
    """Lend a connection whose transaction a test ends by its own hand."""
    with psycopg.connect(url(folder)) as connection:
        yield connection


def waiting_for_locks(folder: Path) -> int:
    """Give how many wait for somebody else's transaction."""
    sql = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(url(folder), autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def cut_off(folder: Path) -> None:
    """Break every connection to the database but this one, as a server does that goes."""
    sql = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url(folder).replace("user=vigil", "user=postgres"), autocommit=True) as connection:
        connection.execute(sql)


@contextmanager
def begun(folder: Path, *calls: Callable[[], T]) -> Iterator[list[Future[T]]]:
    """Make calls in threads, and go on once each of them waits for a lock."""
    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(call) for call in calls]
        until(lambda: waiting_for_locks(folder) == len(calls) or any(each.done() for each in futures))
        yield futures
