"""What was kept at one moment, to be read for as long as that takes, whatever is deleted meanwhile.

All of it is read in one transaction that sees that moment. Nobody who reads, writes or deletes waits for it;
the nightly sweep does, a while, which exchanges whole tables. Until it ends PostgreSQL keeps what others
delete.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader

from psycopg import sql

from store.postgres.alone import Turn, alone
from store.postgres.database import Database
from store.postgres.errors import failures_named
from store.postgres.rows import TABLES
from store.postgres.stream import Connection, opened

PAGE = 500
# Seconds to wait for a sweep that is exchanging a table.
LOCK_SECONDS = 30
# Whoever goes through the envelopes asks for them by their digests, one by one: so many are read at once.
AHEAD = 16


def stand_still(connection: Connection) -> None:
    """Begin a transaction that sees everything as it is now.

    :raises Busy: a sweep has some of it for too long
    :raises StoreError: the database does not answer
    """
    names = sql.SQL(", ").join(sql.Identifier(name) for name in (*(table.name for table in TABLES), "piece"))
    with failures_named():
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        # Before anything is read: a table whose rows a sweep has moved since the moment would look empty.
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
        # The first thing that is read is the moment.
        connection.execute("SELECT 1")


class Pinned:
    """All envelopes and all files of reports, as they were when it was made; for one thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ahead: dict[bytes, bytes] = {}

    def envelopes(self) -> Iterator[tuple[bytes, int]]:
        """Give digest and size of every envelope, by digest."""
        return self._pages(
            "SELECT digest, octet_length(envelope) FROM body WHERE digest > %b ORDER BY digest LIMIT %s"
        )

    def envelope(self, digest: bytes) -> bytes:
        """Give the envelope with this SHA-256 digest.

        :raises KeyError: there is none
        """
        if digest not in self._ahead:
            query = "SELECT digest, envelope FROM body WHERE digest >= %b ORDER BY digest LIMIT %s"
            with failures_named(), self._connection.cursor(binary=True) as cursor:
                self._ahead = dict(cursor.execute(query, (digest, AHEAD)).fetchall())
        try:
            return self._ahead[digest]
        except KeyError:
            raise KeyError(digest.hex()) from None

    def kept_blobs(self) -> Iterator[tuple[bytes, int]]:
        """Give id and size of every file of a report, by id."""
        return self._pages(
            "SELECT id, size FROM blob WHERE kept AND expires IS NULL AND id > %b ORDER BY id LIMIT %s"
        )

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises FileNotFoundError: it was not here
        """
        return opened(self._connection, blob)

    def _pages(self, query: str) -> Iterator[tuple[bytes, int]]:
        last = b""
        while True:
            with failures_named(), self._connection.cursor(binary=True) as cursor:
                rows = cursor.execute(query.encode(), (last, PAGE)).fetchall()
            if not rows:
                return
            yield from ((bytes(key), int(size)) for key, size in rows)
            last = rows[-1][0]


class Pins:
    """Pins one store; one at a time, whichever machine asks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def pinned(self) -> Iterator[Pinned]:
        """Keep what is here readable meanwhile.

        :raises Busy: another has pinned it
        :raises StoreError: the database does not answer
        """
        with alone(self._database, Turn.EXPORT) as connection:
            stand_still(connection)
            yield Pinned(connection)

    def tidy(self) -> None:
        """Do nothing: what a killed process held, the database has let go of."""
