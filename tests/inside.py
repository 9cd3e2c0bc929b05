"""What lies inside a store, seen past it, and how to harm it: on either engine, by its data folder.

Ids are bytes here, and contents are sealed ones. Nothing here goes through the store's own code.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests import engine

Value = bytes | str | int | None
_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_IDS = "SELECT id FROM blob UNION SELECT id FROM arriving UNION SELECT blob FROM piece"
_POSTGRES_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def readable(folder: Path) -> Iterator[bytes]:
    """Give what everybody reads who has the data folder and the database: every file, and every value."""
    yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    if engine.is_postgres():
        yield from (str(value).encode() for _, value in values(folder) if not isinstance(value, bytes))
        yield from (value for _, value in values(folder) if isinstance(value, bytes))
        yield from blobs(folder).values()


def run(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement that both engines understand, and give what it found."""
    if url := engine.database(folder):
        with psycopg.connect(url) as connection:
            found = connection.execute(sql)
            return found.fetchall() if found.description else []
    # Who only reads leaves the log as it is, also where nobody else has the database open.
    mode = "ro" if sql.startswith("SELECT") else "rw"
    path = f"file:{folder / 'vigil.db'}?mode={mode}"
    with closing(sqlite3.connect(path, timeout=60, uri=True)) as database, database:
        return database.execute(sql).fetchall()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let nobody else write to the database, as another program may; everybody can read."""
    if url := engine.database(folder):
        tables = ", ".join(name for (name,) in run(folder, _POSTGRES_TABLES))
        with psycopg.connect(url) as other:
            other.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
            other.rollback()
        return
    with closing(sqlite3.connect(folder / "vigil.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.execute("ROLLBACK")


def hexed(data: bytes) -> str:
    """Write bytes as a literal of a statement."""
    return f"'\\x{data.hex()}'" if engine.is_postgres() else f"x'{data.hex()}'"


def count(folder: Path, table: str) -> int:
    """Give the number of rows of a table."""
    return int(run(folder, f"SELECT count(*) FROM {table}")[0][0])


def values(folder: Path) -> Iterator[tuple[str, Value]]:
    """Give every value of every table, with its table and column, but for the pieces of files."""
    tables = [name for (name,) in run(folder, _POSTGRES_TABLES if engine.is_postgres() else _SQLITE_TABLES)]
    for table in sorted(set(tables) - {"piece"}):
        for column, found in _columns(folder, table):
            yield from ((f"{table}.{column}", value) for value in found)


def blobs(folder: Path) -> dict[bytes, bytes]:
    """Give the content of every sealed file that there is, half ones too, by id."""
    if not engine.is_postgres():
        return {
            bytes.fromhex(path.name): path.read_bytes()
            for path in (folder / "blobs").rglob("*")
            if path.is_file()
        }
    found = dict.fromkeys(ids(folder), b"")
    for blob, data in run(folder, "SELECT blob, data FROM piece ORDER BY blob, number"):
        found[bytes(blob)] += bytes(data)
    return found


def ids(folder: Path) -> set[bytes]:
    """Give the ids of all sealed files that there are, half ones too."""
    if not engine.is_postgres():
        return {bytes.fromhex(path.name) for path in (folder / "blobs").iterdir()}
    return {bytes(row[0]) for row in run(folder, _IDS)}


def arriving(folder: Path) -> set[bytes]:
    """Give the ids of those that are noted as being written."""
    if not engine.is_postgres():
        return {bytes.fromhex(path.name) for path in (folder / "writing").iterdir()}
    return {bytes(row[0]) for row in run(folder, "SELECT id FROM arriving")}


def lose(folder: Path, blob: bytes) -> None:
    """Let the content of a file be gone, as a damaged disk would."""
    if engine.is_postgres():
        run(folder, f"DELETE FROM piece WHERE blob = {hexed(blob)}")
    else:
        (folder / "blobs" / blob.hex()).unlink()


def alter(folder: Path, blob: bytes, content: bytes) -> None:
    """Let another content stand in a file's place."""
    if engine.is_postgres():
        lose(folder, blob)
        run(folder, f"INSERT INTO piece VALUES ({hexed(blob)}, 0, {hexed(content)})")
    else:
        (folder / "blobs" / blob.hex()).write_bytes(content)


def forget_done(folder: Path, what: str) -> None:
    """Take away the note of when something was last done."""
    if engine.is_postgres():
        run(folder, f"DELETE FROM done WHERE what = '{what}'")
    else:
        (folder / "done" / what).unlink()


def leave_half(folder: Path, blob: bytes, content: bytes) -> None:
    """Leave what a process leaves that was killed while it wrote a file."""
    if engine.is_postgres():
        run(folder, f"INSERT INTO piece VALUES ({hexed(blob)}, 0, {hexed(content)})")
        run(folder, f"INSERT INTO arriving VALUES ({hexed(blob)}, {len(content)}, '2000-01-01')")
    else:
        (folder / "blobs" / blob.hex()).write_bytes(content)
        (folder / "writing" / blob.hex()).touch()


def leave_half_restored(folder: Path) -> None:
    """Leave in an empty store what a restore leaves that was killed as soon as it began."""
    if engine.is_postgres():
        run(folder, "INSERT INTO done VALUES ('restoring', '2000-01-01')")
    else:
        (folder / "restoring").mkdir()


def _columns(folder: Path, table: str) -> Iterator[tuple[str, list[Value]]]:
    if url := engine.database(folder):
        with psycopg.connect(url) as connection:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names, found = [column.name for column in cursor.description or ()], cursor.fetchall()
    else:
        with closing(sqlite3.connect(f"file:{folder / 'vigil.db'}?mode=ro", uri=True)) as database:
            read = database.execute(f'SELECT * FROM "{table}"')
            names, found = [column[0] for column in read.description], read.fetchall()
    for place, name in enumerate(names):
        yield name, [row[place] for row in found]
