"""What is kept at one moment, for a backup: its rows in a database of SQLite's, its files where they are.

So a backup has one format, whichever engine it is of, and goes back into either. Rows and files are read in
one transaction that sees one moment. Files that no report has claimed are left out: their keys are in forms
alone. The database made here is in `snapshot/` for as long as it is read; what a killed backup leaves there
goes with the next, or when the store is opened.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from store.disk import failures_named as disk_failures_named
from store.disk import make_folder, sync_file
from store.errors import Busy, NoRoom
from store.locks import locked
from store.models import Blob
from store.postgres.alone import by_itself
from store.postgres.database import Database
from store.postgres.errors import failures_named
from store.postgres.pinned import stand_still
from store.postgres.rows import TABLES, copied_out
from store.postgres.stream import Connection, broken, opened
from store.space import FreeSpace
from store.sqlite.database import NAME, open_database

LOCK = "snapshot.lock"
FOLDER = "snapshot"
# Seconds to wait for another backup to end.
PATIENCE = 5.0
MB = 1_000_000
# So much is left free where the copy lies.
RESERVE = 64 * MB
# What a row has besides its envelope, with its place in the indexes.
ROW = 1_500


@dataclass(frozen=True)
class Snapshot:
    """One moment of a store: ``database`` is a file, ``blobs`` gives the size of every file that is here.

    ``lost`` are those that the database names and that are gone, or too short. ``trusted`` is the
    list of team keys that the database holds.
    """

    database: Path
    blobs: Mapping[bytes, int]
    lost: int
    trusted: bytes | None
    connection: Connection

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises OSError: it cannot be read
        """
        return opened(self.connection, blob)


class Snapshots:
    """Takes them of one store; each machine one at a time."""

    def __init__(self, data: Path, database: Database, free: FreeSpace) -> None:
        self._lock = data / LOCK
        self.place = data / FOLDER
        self._database = database
        self._free = free
        with disk_failures_named():
            make_folder(self.place)

    @contextmanager
    def taken(self) -> Iterator[Snapshot]:
        """Give what is kept now, readable until the block ends, whatever is deleted meanwhile.

        :raises Busy: another process takes one
        :raises NoRoom: the disk has no room for a copy of the database
        :raises StoreError: the disk, or the database, failed
        """
        with locked(self._lock, PATIENCE), by_itself(self._database) as connection:
            self._let_go()
            try:
                stand_still(connection)
                yield self._take(connection)
            finally:
                self._let_go()

    def tidy(self) -> None:
        """Remove what a killed process left; not what one is at work on."""
        with suppress(Busy), locked(self._lock, seconds=0.0):
            self._let_go()

    def _take(self, connection: Connection) -> Snapshot:
        self._check_room(connection)
        with disk_failures_named():
            copy = self._copied(connection)
        gone = set(broken(connection))
        with failures_named(), connection.cursor(binary=True) as cursor:
            named = cursor.execute("SELECT id, size FROM blob WHERE kept ORDER BY id").fetchall()
            trusted = cursor.execute("SELECT keys FROM trusted").fetchone()
        here = {bytes(blob): int(size) for blob, size in named if blob not in gone}
        keys = None if trusted is None else bytes(trusted[0])
        return Snapshot(copy, here, len(named) - len(here), keys, connection)

    def _check_room(self, connection: Connection) -> None:
        sql = (
            "SELECT (SELECT count(*) FROM blob) + (SELECT count(*) FROM slot) + (SELECT count(*) FROM mark),"
            " (SELECT sum(octet_length(envelope)) FROM body), (SELECT sum(octet_length(envelope)) FROM reply)"
        )
        with failures_named():
            rows, *sealed = connection.execute(sql).fetchone() or (0, 0, 0)
        wanted = rows * ROW + sum(int((some or 0) * 5 // 4) for some in sealed) + RESERVE
        if self._free(self.place) < wanted:
            raise NoRoom(f"a backup needs {-(-wanted // MB):,} MB free where the data are, for a while")

    def _copied(self, connection: Connection) -> Path:
        path = self.place / NAME
        open_database(self.place).end()
        # Nothing counts before the whole of it is in the backup: it needs no log of its own.
        with closing(sqlite3.connect(path, isolation_level=None)) as out:
            for mode in ("delete", "off"):
                out.execute(f"PRAGMA journal_mode = {mode}")
            out.execute("PRAGMA synchronous = off")
            out.execute("BEGIN")
            for table in TABLES:
                copied_out(connection, table, out, "kept" if table.model is Blob else None)
            out.execute("COMMIT")
        with path.open("rb") as file:
            sync_file(file.fileno())
        return path

    def _let_go(self) -> None:
        with disk_failures_named():
            for path in self.place.iterdir():
                path.unlink(missing_ok=True)
