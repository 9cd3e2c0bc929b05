"""A site on SQLite that is moved to a PostgreSQL of the tests', and what it keeps on either."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from click.testing import Result
from flask import Flask

import commands
from commands.running import Stopped
from config import Config
from store import Store, open_store
from tests import engine
from tests.commands.backups import Server, pending, report
from tests.commands.conftest import TODAY

TABLES = ("slot", "body", "blob", "reply", "mark", "desk", "refused", "signer", "trusted", "failure")


@dataclass
class Moving:
    """A site in a data folder, and a new database; ``other`` is where a second machine has its folder."""

    old: Server
    url: str
    other: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Result:
        """Run `flask move` beside the site."""
        settings = {"VIGIL_DATA": str(self.old.data), "VIGIL_PRACTICE": "1", **self.settings}
        app = Flask(__name__)
        app.extensions["vigil.stopped"] = Stopped(Config.read(settings), "no keys", "bring them")
        commands.register(app)
        return app.test_cli_runner().invoke(args=["move", *arguments])

    def to(self, *arguments: str) -> Result:
        """Run it with the database's URL; it has to succeed."""
        done = self.run("--to", self.url, *arguments)
        assert done.exit_code == 0, done.output
        return done

    def opened(self) -> Store:
        """Open the site where it was moved to."""
        return open_store(self.other, database_url=self.url, today=lambda: TODAY)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database past the store."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


@contextmanager
def database() -> Iterator[str]:
    """Give the URL of a new database without a table."""
    server = engine.server()
    name = f"m{secrets.token_hex(8)}"
    server.create(name)
    yield server.url(name)
    server.drop(server.url(name))


def filled(store: Store) -> bytes:
    """Keep some of everything; give the id of a file that no report has claimed."""
    report(store, os.urandom(300_000), b"", slot=b"s" * 16)
    report(store, b"x")
    report(store)
    store.keep_reply(b"r" * 16, b"an answer")
    blob = store.take_blob(b"f" * 16)
    blob.write(b"a file of the answer")  # type: ignore[union-attr]  # it is new
    blob.finish()  # type: ignore[union-attr]  # as above
    digests = [digest for digest, _ in store.envelopes()]
    store.mark(b"1" * 32, digests[:2], [], [b"1" * 32, b"2" * 32])
    store.note_import(b"1" * 32, 4, b"m" * 32, {b"q" * 16: "no room"})
    store.count_failure("KeyError", "views/é.py:1")
    store.count_failure("KeyError", "views/z.py:1")
    return pending(store, b"waits" * 1000)


def rows_of_sqlite(data: Path) -> dict[str, set[tuple[object, ...]]]:
    """Give all rows of all tables, but for whether a file is shuffled."""
    with engine.chosen(engine.SQLITE):
        store = engine.open_store(data)
    try:
        return {table: _rows(store, table) for table in TABLES}
    finally:
        store.close()


def rows(store: Store) -> dict[str, set[tuple[object, ...]]]:
    """Give the same of an open store."""
    return {table: _rows(store, table) for table in TABLES}


def _rows(store: Store, table: str) -> set[tuple[object, ...]]:
    database = store._database
    with database.reading():
        cursor = database.execute_sql(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        return {
            tuple(_plain(value) for name, value in sorted(zip(names, row, strict=True)) if name != "settled")
            for row in cursor.fetchall()
        }


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return (
        bytes(value)
        if isinstance(value, memoryview)
        else str(value)
        if hasattr(value, "isoformat")
        else value
    )


def files(store: Store) -> dict[bytes, bytes]:
    """Give the bytes of every file that has a row."""
    database = store._database
    with database.reading():
        ids = [bytes(blob) for (blob,) in database.execute_sql("SELECT id FROM blob").fetchall()]
    found = {}
    for blob in ids:
        with store.open_blob(blob) as file:
            found[blob] = file.read()
    return found
