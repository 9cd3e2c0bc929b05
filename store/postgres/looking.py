"""Look at a store as a whole: is it sound, is every file there that it names, and how is its server set?"""

from datetime import date
from typing import LiteralString

import psycopg

from store.looking import Looked, newest_day, recent_failures
from store.models import CLAIMED, Blob, Body, Reply, Slot
from store.postgres.alone import by_itself
from store.postgres.connection import Connection
from store.postgres.database import Database
from store.postgres.errors import failures_named
from store.postgres.files import Files
from store.postgres.remarks import remarks

# A database up to this size is read through; that takes a second or two.
READ_THROUGH = 500_000_000
_LOST = (
    "SELECT count(*) FROM blob LEFT JOIN"
    " (SELECT blob, sum(octet_length(data)) AS bytes FROM piece GROUP BY blob) AS found ON blob = id"
    " WHERE kept AND size <> COALESCE(bytes, 0)"
)
# Reads every page of what is long; a page whose checksum is wrong is an error.
_THROUGH = (
    "SELECT count(*) = 0 FROM body WHERE sha256(envelope) <> digest",
    "SELECT count(*) >= 0 FROM piece WHERE sha256(data) = ''",
    "SELECT count(*) >= 0 FROM reply WHERE sha256(envelope) = ''",
    "SELECT count(*) >= 0 FROM slot WHERE sha256(record) = ''",
    "SELECT COALESCE(sum(checksum_failures), 0) = 0 FROM pg_stat_database WHERE datname = current_database()",
)


def look(database: Database, files: Files, today: date, days: int = 7) -> Looked:  # noqa: ARG001 - as the engine asks
    """Look at a store; failures of the last ``days``.

    :raises StoreError: it cannot be read
    """
    with database.reading():
        reports, waiting, replies = (model.select().count(database) for model in (Slot, Body, Reply))
        kept = Blob.select().where(CLAIMED).count(database)
        newest = newest_day(database)
        failures = recent_failures(database, today, days)
    with by_itself(database) as connection, failures_named():
        size = _number(connection, "SELECT pg_database_size(current_database())")
        sound = _is_sound(connection) if size <= READ_THROUGH else None
        lost = 0 if sound is False else _number(connection, _LOST)
        told = remarks(connection)
    return Looked(sound, reports, waiting, replies, kept, lost, newest, size, failures, told)


def _is_sound(connection: Connection) -> bool:
    try:
        return all(connection.execute(query).fetchone() == (True,) for query in _THROUGH)
    except (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted, psycopg.errors.InternalError_):
        return False


def _number(connection: Connection, query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return 0 if row is None else int(row[0])
