"""The database that comes in a backup: taken aside, looked at before it is used, and brought up to date."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from store.disk import failures_named
from store.errors import StoreUnusable
from store.models import CLAIMED, Blob, Trusted
from store.sqlite.database import NAME, Database, open_database
from store.sqlite.folder import NEW_FILE

NOT_A_STORE = "the database in the backup is not one of this program's"
NOT_WHOLE = "restore another backup: this one is damaged, or was changed"


@dataclass(frozen=True)
class Archived:
    """A backup's database: its file, its files' sizes and days by id, the list of keys that it trusts."""

    path: Path
    blobs: dict[bytes, tuple[int, date]]
    trusted: bytes | None


def take(place: Path, pieces: Iterable[bytes]) -> Archived:
    """Write a backup's database into the folder ``place``, check it, and bring it up to date.

    :raises FutureDatabase: a newer version of the program made it
    :raises StoreUnusable: it is not such a database, or not whole
    :raises StoreError: the disk failed
    """
    path = place / NAME
    with failures_named(), os.fdopen(os.open(path, NEW_FILE, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
    _check_whole(path)
    theirs = open_database(place)
    try:
        with theirs.reading():
            if _shape(theirs) != _ours(place):
                raise StoreUnusable(NOT_A_STORE, NOT_WHOLE)
            rows = Blob.select(Blob.id, Blob.size, Blob.day).where(CLAIMED)
            blobs = {blob: (size, day) for blob, size, day in rows.tuples().execute(theirs)}
            if Blob.select().where(~CLAIMED).exists(theirs):
                raise StoreUnusable(NOT_A_STORE, NOT_WHOLE)
            row = Trusted.select(Trusted.keys).tuples().first(theirs)
    finally:
        theirs.end()
    return Archived(path, blobs, None if row is None else bytes(row[0]))


def _ours(place: Path) -> list[tuple[object, ...]]:
    """Give the shape of a database that this version makes."""
    with failures_named(), tempfile.TemporaryDirectory(dir=place) as folder:
        new = open_database(Path(folder))
        try:
            with new.reading():
                return _shape(new)
        finally:
            new.end()


def _check_whole(path: Path) -> None:
    """Look at a database before anything of it is run.

    :raises StoreUnusable: it is not whole, or has more in it than tables and indexes
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as found:
            found.execute("PRAGMA trusted_schema = 0")
            kinds = {kind for (kind,) in found.execute("SELECT type FROM sqlite_master")}
            checked = found.execute("PRAGMA integrity_check").fetchone()
            whole = {"table"} <= kinds <= {"table", "index"} and checked == ("ok",)
    except sqlite3.Error:
        whole = False
    if not whole:
        raise StoreUnusable(NOT_A_STORE, NOT_WHOLE)


def _shape(database: Database) -> list[tuple[Any, ...]]:
    """Give every table and index with its columns."""
    sql = (
        "SELECT m.type, m.name, c.name, c.pk FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c"
        " WHERE m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2, c.cid"
    )
    return list(database.execute_sql(sql).fetchall())  # type: ignore[no-untyped-call]  # peewee leaves it open
