"""What is kept at one moment, for a backup: a copy of the database, and links to the files that it names.

The copy is made by VACUUM INTO, which nobody waits for and which keeps nothing of the order of writing. Files
that no report has claimed are left out: their keys are in forms alone. All of it is in `snapshot/` for as
long as it is read; what a killed backup leaves there goes when the store is opened next, and with the sweep.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from peewee import SqliteDatabase

from store.disk import failures_named, make_folder
from store.errors import Busy, NoRoom
from store.locks import locked
from store.models import CLAIMED, Blob, Trusted
from store.room import MB, Room
from store.sqlite.database import NAME, Database
from store.sqlite.folder import NEW_FILE, BlobFolder, open_untouched

LOCK = "snapshot.lock"
FOLDER = "snapshot"
# Seconds to wait for another backup to end.
PATIENCE = 5.0


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

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises OSError: it cannot be read
        """
        return open_untouched(self.database.parent / blob.hex())


class Snapshots:
    """Takes them of one store; one at a time, whichever process asks."""

    def __init__(self, data: Path, database: Database, folder: BlobFolder, room: Room) -> None:
        self._lock = data / LOCK
        self.place = data / FOLDER
        self._database = database
        self._folder = folder
        self._room = room
        make_folder(self.place)

    @contextmanager
    def taken(self) -> Iterator[Snapshot]:
        """Give what is kept now, readable until the block ends, whatever is deleted meanwhile.

        :raises Busy: another process takes one
        :raises NoRoom: the disk has no room for a copy of the database
        :raises StoreError: the disk failed
        """
        with locked(self._lock, PATIENCE):
            self._let_go()
            try:
                yield self._take()
            finally:
                self._let_go()

    def tidy(self) -> None:
        """Remove what a killed process left; not what one is at work on."""
        with suppress(Busy), locked(self._lock, seconds=0.0):
            self._let_go()

    def _take(self) -> Snapshot:
        with self._database.reading():
            pages, page = (self._database.run(f"PRAGMA page_{what}")[0] for what in ("count", "size"))
        if not self._room.has_room_to_copy(2 * pages * page):
            wanted = self._room.needed_to_copy(2 * pages * page)
            raise NoRoom(f"a backup needs {-(-wanted // MB):,} MB free where the data are, for a while")
        # Linked before as well as after: only what comes and goes within the copying can be missed.
        with self._database.reading():
            now = list(Blob.select(Blob.id).where(CLAIMED).tuples().execute(self._database))
        self._link(blob for (blob,) in now)
        copy = self.place / NAME
        with failures_named(), self._database.reading():
            os.close(os.open(copy, NEW_FILE, 0o600))
            self._database.execute_sql("VACUUM INTO ?", (str(copy),))  # type: ignore[no-untyped-call]  # peewee leaves it open
        return self._completed(copy)

    def _completed(self, copy: Path) -> Snapshot:
        database = SqliteDatabase(str(copy), pragmas={"journal_mode": "off"}, autoconnect=False)
        with failures_named(), database.connection_context():
            rows = Blob.select(Blob.id, Blob.size).where(CLAIMED).order_by(Blob.id)
            named: dict[bytes, int] = dict(rows.tuples().execute(database))
            gone = named.keys() - {blob for blob in self._link(named) if self._is_whole(blob, named[blob])}
            lost = {blob for blob in gone if self._is_wanted(blob)}
            Blob.delete().where(~CLAIMED).execute(database)
            for blob in gone - lost:
                Blob.delete().where(Blob.id == blob).execute(database)
            row = Trusted.select(Trusted.keys).tuples().first(database)
            database.execute_sql("VACUUM")  # type: ignore[no-untyped-call]  # as above
        here = {blob: size for blob, size in named.items() if blob not in gone}
        return Snapshot(copy, here, len(lost), None if row is None else bytes(row[0]))

    def _link(self, blobs: Iterable[bytes]) -> set[bytes]:
        """Link files, and give those that have a link now."""
        linked = set()
        with failures_named():
            for blob in blobs:
                link = self.place / blob.hex()
                if link.exists() or self._folder.link(blob, link):
                    linked.add(blob)
        return linked

    def _is_whole(self, blob: bytes, size: int) -> bool:
        return (self.place / blob.hex()).stat().st_size == size

    def _is_wanted(self, blob: bytes) -> bool:
        with self._database.reading():
            return Blob.select().where(Blob.id == blob).exists(self._database)

    def _let_go(self) -> None:
        with failures_named():
            for path in self.place.iterdir():
                path.unlink(missing_ok=True)
