"""The tables' shape: files of plain SQL, applied in their order, each with the day on which it was."""

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from store.clock import utc_today
from store.errors import FutureDatabase
from store.postgres.errors import failures_named

if TYPE_CHECKING:
    from store.postgres.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(database: "Database") -> None:
    """Apply what is new, in the transaction at hand: whichever machine begins first does it for all.

    :raises FutureDatabase: a newer version of the program has changed the database
    :raises StoreError: the database failed; nothing is applied then
    """
    files = {path.stem: path for path in sorted(MIGRATIONS.glob("*.sql"))}
    database.alone("migrations")
    with failures_named():
        cursor: psycopg.Cursor[tuple[str]] = database.cursor()
        cursor.execute("CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, day date NOT NULL)")
        applied = {name for (name,) in cursor.execute("SELECT name FROM migration").fetchall()}
        if unknown := applied - files.keys():
            raise FutureDatabase(
                f"the database was changed by a newer version: {', '.join(sorted(unknown))}",
                "install that version again, or restore a backup made before it",
            )
        for name in sorted(files.keys() - applied):
            # Without values it may be several statements, as text.
            cursor.connection.cursor().execute(files[name].read_bytes())
            cursor.execute("INSERT INTO migration VALUES (%s, %s)", (name, utc_today()))
