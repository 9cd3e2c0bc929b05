"""Which engine the tests' stores work on: SQLite, or with VIGIL_TEST_DATABASE=postgres a real PostgreSQL.

A test names a store by its folder on either engine. On PostgreSQL a database goes with the folder, made when
it is first asked for, the same for every process of the test; what a test does to a data folder as a whole it
does by `copied` and `removed`, which do it to both. A process of pytest has one server, started when first
wanted; the processes that a test starts find it, and the engine, by the environment. What is about one engine
alone says so by the fixture `on_sqlite` or `on_postgres`, and runs whichever is asked for.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from psycopg.errors import DuplicateDatabase, UniqueViolation

import store
from bench.postgres import QUICK, Server, running
from store import Store
from store.postgres.database import open_database

CHOICE = "VIGIL_TEST_DATABASE"
SQLITE, POSTGRES = "sqlite", "postgres"
# Where the processes that a test starts find the server: the folder of its socket.
SOCKETS = "VIGIL_TEST_SOCKETS"
# A database with the tables and nothing in them: a copy is the quickest new one.
TEMPLATE = "made"

_made: dict[Path, str] = {}
_ended = ExitStack()
_servers: list[Server] = []
_places: list[Path] = []


def is_postgres() -> bool:
    """Say whether stores are on PostgreSQL now."""
    return os.environ.get(CHOICE) == POSTGRES


@contextmanager
def chosen(name: str) -> Iterator[None]:
    """Have stores on this engine within the block."""
    before = os.environ.get(CHOICE, SQLITE)
    os.environ[CHOICE] = name
    if name == POSTGRES:
        server()  # now: other processes find one that runs
    try:
        yield
    finally:
        os.environ[CHOICE] = before


@contextmanager
def session(place: Path) -> Iterator[None]:
    """Have what `server` starts within the block keep its log in ``place``, and end with the block."""
    _places.append(place)
    try:
        if is_postgres():
            server()  # now: as above
        yield
    finally:
        _ended.close()
        _servers.clear()
        _places.clear()
        _made.clear()
        os.environ.pop(SOCKETS, None)


def server() -> Server:
    """Give the server, started now unless it runs."""
    if not _servers:
        if sockets := os.environ.get(SOCKETS):
            _servers.append(Server(Path(), Path(sockets), Path(), QUICK))
        else:
            _servers.append(_started())
    return _servers[0]


def fresh() -> str:
    """Give the URL of a new database with the store's tables in it."""
    running = server()
    return running.fresh(like=running.url(TEMPLATE))


def database(folder: Path) -> str | None:
    """Give the URL of the database that goes with a data folder; None on SQLite."""
    return _database(folder.resolve()) if is_postgres() else None


def open_store(folder: Path, **options: Any) -> Store:
    """Open the store of a data folder on the tests' engine; ``options`` are those of `store.open_store`."""
    return store.open_store(folder, database_url=database(folder), **options)


def environment(folder: Path) -> dict[str, str]:
    """Give what the environment of a server says of the data folder and what goes with it."""
    url = database(folder)
    return {"VIGIL_DATA": str(folder)} | ({"VIGIL_DATABASE_URL": url} if url else {})


def disks(folder: Path) -> list[Path]:
    """Give the folders in which all lies that a store leaves: its own, and PostgreSQL's whole one."""
    return [folder, server().data, server().log.parent] if database(folder) else [folder]


def copied(source: Path, target: Path) -> None:
    """Copy a data folder that nobody uses, with its database, to where there is none."""
    shutil.copytree(source, target)
    if is_postgres():
        _drop(target.resolve())
        server().create(_name(target.resolve()), like=_database(source.resolve()))
        _made[target.resolve()] = _name(target.resolve())


def removed(folder: Path) -> None:
    """Remove a data folder, where there is one, with its database."""
    shutil.rmtree(folder, ignore_errors=True)
    if is_postgres():
        _drop(folder.resolve())


def end_databases(folder: Path) -> None:
    """Drop the databases of all data folders in ``folder`` that this process has asked for."""
    for path in [path for path in _made if path.is_relative_to(folder.resolve())]:
        _drop(path)


def _started() -> Server:
    assert _places, "the tests' PostgreSQL runs only within pytest"
    found = _ended.enter_context(running(_places[0], **QUICK))
    os.environ[SOCKETS] = str(found.sockets)
    found.create(TEMPLATE)
    open_database(found.url(TEMPLATE)).end()
    return found


def _database(folder: Path) -> str:
    name = _name(folder)
    if folder not in _made:
        with suppress(DuplicateDatabase, UniqueViolation):  # another process has made it
            server().create(name, like=server().url(TEMPLATE))
        _made[folder] = name
    return server().url(name)


def _drop(folder: Path) -> None:
    server().drop(server().url(_name(folder)))
    _made.pop(folder, None)


def _name(folder: Path) -> str:
    return f"d{sha256(os.fsencode(folder)).hexdigest()[:24]}"
