"""The database that a site is moved to; nobody else opens it before the move has ended."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256

from psycopg import Rollback, sql

from store import done
from store.errors import DiskFailed, NoRoom, StoreUnusable
from store.moving.tables import Blobs, Compared, Key, Row
from store.postgres.errors import failures_named
from store.postgres.refill import MOVING, RESTORING, begun_here, check_empty
from store.postgres.stream import Connection, broken, evened, put

PAGE = 500
MB = 1_000_000
ANOTHER = "make a new, empty database, and move to that"


class Target:
    """A database on a connection of its own, which has the turn to fill it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        with failures_named():
            # What comes last waits for the disk, and with it for all that was before.
            connection.execute("SET synchronous_commit = off")

    def begun_by(self) -> str | None:
        """Give the name of the move that has begun here; None where none has.

        :raises StoreUnusable: a restore has
        """
        if begun_here(self._connection, RESTORING) is not None:
            raise StoreUnusable("a restore into this database is not finished", ANOTHER)
        found = begun_here(self._connection, MOVING)
        return None if found is None else found.removeprefix(MOVING).strip()

    def mark(self, name: str, day: date) -> None:
        """Note that a move has begun: from then on no site opens this database."""
        with failures_named():
            self._connection.execute(
                "INSERT INTO done (what, day) VALUES (%s, %s) ON CONFLICT DO NOTHING", (_mark(name), day)
            )

    def check_unused(self) -> None:
        """Make sure that no site has ever been started on this database; call it after `mark`.

        :raises StoreUnusable: one was
        """
        check_empty(self._connection)
        with failures_named():
            used = self._connection.execute("SELECT FROM done WHERE what = %s", (done.BEGUN,)).fetchone()
        if used is not None:
            raise StoreUnusable("a site was started on this database already", ANOTHER)

    def check_room(self, more: int, most: int) -> None:
        """Make sure that ``more`` bytes fit into a database of ``most``.

        :raises NoRoom: they do not
        """
        with failures_named():
            row = self._connection.execute("SELECT pg_database_size(current_database())").fetchone()
        if row is not None and row[0] + more > most:
            needed = -(-(row[0] + more) // MB)
            raise NoRoom(f"the database would take {needed:,} MB, and VIGIL_DATABASE_MB is {most // MB:,}")

    def compared(self, table: Compared) -> Iterator[Row]:
        """Give what is compared of each row, by its key."""
        last: Key | None = None
        while True:
            with failures_named(), self._connection.cursor(binary=True) as cursor:
                query = table.page_of_postgres(after=last is not None)
                rows = cursor.execute(query, (*(last or ()), PAGE)).fetchall()
            if not rows:
                return
            last = table.key_of(rows[-1])
            yield from rows

    def write(self, table: Compared, rows: Sequence[Row]) -> None:
        """Write rows, new or changed, in a transaction."""
        with failures_named(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(table.upsert(), rows)

    def remove(self, table: Compared, keys: Sequence[Key]) -> None:
        """Delete rows, and what belongs to them, in a transaction."""
        with failures_named(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(table.remove(), keys)
            if isinstance(table, Blobs):
                cursor.executemany("DELETE FROM piece WHERE blob = %b", keys)

    def put(self, table: Blobs, row: Row, blob: bytes, parts: Iterable[bytes]) -> bool:
        """Write a file and its row, in one transaction; say whether what is there is what was read.

        Where it is not, or has another size than its row says, nothing is written.
        """
        read: list[bytes] = []
        whole = False
        with failures_named(), self._connection.transaction() as transaction:
            self._connection.execute("DELETE FROM piece WHERE blob = %b", (blob,))
            put(self._connection, blob, _digested(parts, read))
            whole = self._holds(blob, table.size_of(row), read)
            if not whole:
                raise Rollback(transaction)
            self._connection.execute(table.upsert(), row)
        return whole

    def has(self, table: Compared, key: Key) -> bool:
        """Say whether there is a row of this key."""
        with failures_named():
            return self._connection.execute(table.one_key(), key).fetchone() is not None

    def _holds(self, blob: bytes, size: int, read: list[bytes]) -> bool:
        """Have PostgreSQL read a file back."""
        with self._connection.cursor(binary=True) as cursor:
            rows = cursor.execute(
                "SELECT sha256(data), octet_length(data) FROM piece WHERE blob = %b ORDER BY number", (blob,)
            ).fetchall()
        return [digest for digest, _ in rows] == read and sum(length for _, length in rows) == size

    def drop_loose(self) -> None:
        """Delete the pieces of files that have no row: what a killed move left."""
        with failures_named():
            self._connection.execute(
                "DELETE FROM piece WHERE NOT EXISTS (SELECT FROM blob WHERE blob.id = piece.blob)"
            )

    def broken(self) -> set[bytes]:
        """Give the files that have not the bytes that their rows say."""
        return set(broken(self._connection))

    def check_envelopes(self) -> None:
        """Have PostgreSQL read every envelope, and compare it with its digest.

        :raises DiskFailed: one is not what it should be
        """
        with failures_named():
            bad = self._connection.execute(
                "SELECT 1 FROM body WHERE sha256(envelope) <> digest LIMIT 1"
            ).fetchone()
        if bad is not None:
            raise DiskFailed("an envelope in PostgreSQL is not what it was here")

    def vacuum(self) -> None:
        """Have PostgreSQL take back the room of what was deleted."""
        with failures_named():
            self._connection.execute("VACUUM")

    def finish(self, days: dict[str, date]) -> None:
        """Write when nightly work was last done; when this returns, all of the move is on disk."""
        with self._for_good():
            for what, day in sorted(days.items()):
                self._connection.execute(
                    "INSERT INTO done (what, day) VALUES (%s, %s) ON CONFLICT (what) DO UPDATE SET day = %s",
                    (what, day, day),
                )

    def open(self, name: str) -> None:
        """Let sites open this database; on disk when this returns."""
        with self._for_good():
            self._connection.execute("DELETE FROM done WHERE what = %s", (_mark(name),))

    @contextmanager
    def _for_good(self) -> Iterator[None]:
        """Run a transaction that is on disk at its end, with all before it, and on a standby that counts."""
        with failures_named():
            self._connection.execute("BEGIN")
            self._connection.execute("SET LOCAL synchronous_commit TO DEFAULT")
            yield
            self._connection.commit_for_good()

    def clear(self, tables: Iterable[Compared]) -> None:
        """Take away all that a move has brought here."""
        names = sql.SQL(", ").join(
            sql.Identifier(name) for name in [*(t.name for t in tables), "piece", "done"]
        )
        with failures_named():
            self._connection.execute(sql.SQL("TRUNCATE {}").format(names))


def _mark(name: str) -> str:
    return f"{MOVING} {name}"


def _digested(parts: Iterable[bytes], digests: list[bytes]) -> Iterator[bytes]:
    for piece in evened(parts):
        digests.append(sha256(piece).digest())
        yield piece
