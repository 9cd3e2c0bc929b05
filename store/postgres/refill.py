"""Fill an empty database from a backup: files and rows in one transaction, on a connection of its own.

Until it ends nothing of it is seen, and what a killed restore leaves is room that PostgreSQL takes back; so
that nobody takes such a database for an empty site, a row says that a restore is not finished. A site that
runs on the empty database meanwhile loses nothing: what it takes in before the end makes the restore fail.
"""

import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

from psycopg import sql
from psycopg.pq import TransactionStatus

from store.clock import Today
from store.disk import failures_named as disk_failures_named
from store.disk import make_folder, sync_folder
from store.done import BEGUN
from store.errors import NoRoom, StoreUnusable
from store.locks import locked
from store.models import Blob, Body, Desk, Failure, Mark, Refused, Reply, Signer, Slot, Trusted
from store.postgres.alone import Turn, alone
from store.postgres.database import Database
from store.postgres.errors import failures_named
from store.postgres.rows import TABLES, Table, read_from
from store.postgres.stream import Connection, put
from store.room import Room
from store.space import FreeSpace
from store.sqlite.archived import take

FOLDER = "restoring"
LOCK = "restoring.lock"
# Rows among the notes of what was done: something has begun to fill the database, and has not ended.
RESTORING = "restoring"
MOVING = "moving"
# Seconds to wait for another process here.
PATIENCE = 5.0
# Seconds to wait for what a running site is writing.
LOCK_SECONDS = 30
# What an empty store has no row of; what counts failures, and who is trusted, may have some.
CONTENT = tuple(map(Table.of, (Slot, Body, Blob, Reply, Mark, Desk, Refused)))
REPLACED = tuple(map(Table.of, (Signer, Trusted, Failure)))


class Refill:
    """One restore under way."""

    def __init__(
        self, connection: Connection, place: Path, room: Room, free: FreeSpace, today: Today
    ) -> None:
        self._connection = connection
        self._place = place
        self._room = room
        self._free = free
        self._today = today
        self._database: Path | None = None
        self.done = False
        self.blobs: dict[bytes, tuple[int, date]] = {}

    def check_room(self, database: int, blobs: int) -> None:
        """Make sure that so many bytes fit; the backup's database is on this machine's disk for a while, too.

        :raises NoRoom: they do not
        """
        if self._free(self._place) < 2 * database:
            raise NoRoom("there is no room for the backup's database where the data are")
        self._room.check_text(2 * database + blobs)

    def take_database(self, pieces: Iterable[bytes]) -> bytes | None:
        """Take the backup's database aside and bring it up to date; give the list of keys that it trusts.

        From then on ``blobs`` says what files belong to it: id, size and day.

        :raises FutureDatabase: a newer version of the program made it
        :raises StoreUnusable: it is not such a database, or not whole
        :raises StoreError: the disk failed
        """
        found = take(self._place, pieces)
        self._database = found.path
        self.blobs = found.blobs
        return found.trusted

    def put_blob(self, blob: bytes, pieces: Iterable[bytes]) -> None:
        """Put a file of ``blobs`` where it belongs; it counts once all is committed.

        :raises StoreError: the database failed
        """
        self._begin()
        put(self._connection, blob, pieces)

    def commit(self, trusted: bytes, signers: Collection[bytes]) -> None:
        """Let all of it count, ``trusted`` as the list of team keys; ``signers`` are those that it names.

        :raises StoreUnusable: the store is not empty any more
        :raises StoreError: the database failed; nothing counts then
        """
        if self._database is None:
            raise ValueError("there is no database to restore")
        self._begin()
        connection = self._connection
        with failures_named():
            # Whoever writes now ends first, and nobody begins before this has ended.
            connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            names = sql.SQL(", ").join(sql.Identifier(table.name) for table in TABLES)
            connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(names))
            check_empty(connection)
            for table in REPLACED:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
            with closing(sqlite3.connect(self._database)) as source:
                for table in TABLES:
                    table.insert(connection, read_from(source, table))
            day = self._today()
            connection.cursor().executemany(
                "INSERT INTO signer (sign, day) VALUES (%b, %s) ON CONFLICT DO NOTHING",
                [(sign, day) for sign in sorted(set(signers))],
            )
            connection.execute(
                "INSERT INTO trusted (id, keys) VALUES (1, %b)"
                " ON CONFLICT (id) DO UPDATE SET keys = excluded.keys",
                (trusted,),
            )
            connection.execute("DELETE FROM done WHERE what = %s", (RESTORING,))
            connection.commit_for_good()
        self.done = True

    def _begin(self) -> None:
        if self._connection.info.transaction_status == TransactionStatus.IDLE:
            with failures_named():
                self._connection.execute("BEGIN")


class Refills:
    """Fills one store, where it is empty."""

    def __init__(self, data: Path, database: Database, room: Room, free: FreeSpace, today: Today) -> None:
        self._data = data
        self._database = database
        self._room = room
        self._free = free
        self._today = today

    @contextmanager
    def refilling(self) -> Iterator[Refill]:
        """Lend the store to be filled. Without a commit it is as empty as before.

        :raises StoreUnusable: it is not empty, or something else is filling it
        :raises Busy: another machine restores into it
        :raises StoreError: the disk, or the database, failed
        """
        place = self._data / FOLDER
        with ExitStack() as held:
            held.enter_context(locked(self._data / LOCK, PATIENCE))
            connection = held.enter_context(alone(self._database, Turn.REFILL))
            check_empty(connection)
            begin(connection, RESTORING, self._today())
            # What a killed one left in the database's files.
            take_room_back(connection)
            held.callback(_remove, place)
            _remove(place)
            with disk_failures_named():
                make_folder(place)
            refill = Refill(connection, place, self._room, self._free, self._today)
            try:
                yield refill
            finally:
                if not refill.done:
                    _undo(connection)


def begin(connection: Connection, what: str, day: date) -> None:
    """Note that something begins to fill the database: no site opens it before that has ended."""
    with failures_named():
        connection.execute("INSERT INTO done (what, day) VALUES (%s, %s) ON CONFLICT DO NOTHING", (what, day))


def take_room_back(connection: Connection) -> None:
    """Have PostgreSQL shorten its files by what nobody sees any more, where that is possible."""
    with failures_named():
        connection.execute("VACUUM piece")


def check_finished(database: Database, today: date) -> None:
    """Make sure that nothing has begun to fill this database, and not ended; note that a site starts on it.

    :raises StoreUnusable: something has, or is at work
    :raises StoreError: the database failed
    """
    with database.writing():
        # First, since whoever begins to fill it looks for that after having noted its own beginning.
        noted = database.run(
            "INSERT INTO done (what, day) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1", BEGUN, today
        )
    try:
        _check_finished(database)
    except StoreUnusable:
        if noted is not None:
            with database.writing():
                database.run("DELETE FROM done WHERE what = %s", BEGUN)
        raise


def _check_finished(database: Database) -> None:
    with database.reading():
        connection: Connection = database.connection()  # type: ignore[no-untyped-call]  # peewee leaves it open
        if begun_here(connection, MOVING) is not None:
            raise StoreUnusable(
                "a move into this database is not finished",
                "run `flask --app app move --to` this database `--switch` where the site is now",
            )
        if begun_here(connection, RESTORING) is None:
            return
        if _is_empty(connection):
            raise StoreUnusable(
                "a restore into this database is not finished",
                "wait for it, or run it again; to begin with an empty site instead, make a new database",
            )
    with database.writing():
        # A site took something in before the restore ended, which failed by that.
        database.run("DELETE FROM done WHERE what = %s", RESTORING)


def begun_here(connection: Connection, what: str) -> str | None:
    """Give what says that something has begun to fill the database; None where nothing does."""
    with failures_named():
        row = connection.execute("SELECT what FROM done WHERE starts_with(what, %s)", (what,)).fetchone()
    return None if row is None else str(row[0])


def check_empty(connection: Connection) -> None:
    """Make sure that nothing is kept.

    :raises StoreUnusable: something is
    """
    if not _is_empty(connection):
        raise StoreUnusable(
            "there are reports, replies or files here already: a restore never overwrites",
            "make a new, empty database, set VIGIL_DATABASE_URL to it, and restore there",
        )


def _is_empty(connection: Connection) -> bool:
    some = sql.SQL(" OR ").join(
        sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(table.name)) for table in CONTENT
    )
    with failures_named():
        row = connection.execute(sql.SQL("SELECT {}").format(some)).fetchone()
    return row is not None and not row[0]


def _undo(connection: Connection) -> None:
    """Leave the database as it was; where it does not answer any more, it has done so by itself."""
    if connection.closed or connection.broken:
        return
    with failures_named():
        connection.rollback()
        connection.execute("DELETE FROM done WHERE what = %s", (RESTORING,))
        take_room_back(connection)


def _remove(place: Path) -> None:
    if place.exists():
        shutil.rmtree(place, ignore_errors=True)
        sync_folder(place.parent)
