"""Fill an empty store from a backup: files first, then all rows in one transaction.

Until that transaction has ended nothing counts: files without rows are leftovers. Meanwhile there is a folder
`restoring/`; where a killed process leaves it, the store does not open until the restore is run again, or
the folder removed. A site that runs on the empty store meanwhile loses nothing: whatever it takes in before
the transaction makes the restore fail, and from then on it has all of it.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from peewee import SQL, Model

from store.clock import Today
from store.disk import failures_named, make_folder, set_day, sync_file, sync_folder
from store.errors import StoreUnusable
from store.locks import locked
from store.models import (
    MODELS,
    Blob,
    Body,
    Desk,
    Failure,
    Mark,
    Refused,
    Reply,
    Signer,
    Slot,
    Trusted,
)
from store.room import Room
from store.sqlite.archived import take
from store.sqlite.database import NAME, Database
from store.sqlite.folder import BlobFolder
from store.sqlite.sweep import LOCK as SWEEP_LOCK

FOLDER = "restoring"
# Seconds to wait for a sweep to end.
PATIENCE = 5.0
# What an empty store has no row of; what counts failures, and who is trusted, may have some.
CONTENT: tuple[type[Model], ...] = (Slot, Body, Blob, Reply, Mark, Desk, Refused)
REPLACED: tuple[type[Model], ...] = (Signer, Trusted, Failure)


class Refill:
    """One restore under way."""

    def __init__(self, data: Path, database: Database, folder: BlobFolder, room: Room, today: Today) -> None:
        self._place = data / FOLDER
        self._database = database
        self._folder = folder
        self._room = room
        self._today = today
        self._done = False
        self.blobs: dict[bytes, tuple[int, date]] = {}

    def check_room(self, database: int, blobs: int) -> None:
        """Make sure that so many bytes fit: the database is here three times for a while.

        :raises NoRoom: they do not
        """
        self._room.check_text(3 * database + blobs)

    def take_database(self, pieces: Iterable[bytes]) -> bytes | None:
        """Take the backup's database aside and bring it up to date; give the list of keys that it trusts.

        From then on ``blobs`` says what files belong to it: id, size and day.

        :raises FutureDatabase: a newer version of the program made it
        :raises StoreUnusable: it is not such a database, or not whole
        :raises StoreError: the disk failed
        """
        found = take(self._place, pieces)
        self.blobs = found.blobs
        return found.trusted

    def put_blob(self, blob: bytes, pieces: Iterable[bytes]) -> None:
        """Put a file of ``blobs`` where it belongs; it counts once all is committed.

        :raises StoreError: the disk failed
        """
        with failures_named():
            file = self._folder.create_as(blob)
            if file is None:
                raise StoreUnusable("a sweep has just taken a file that is restored", "restore again")
            with file:
                for piece in pieces:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[file.write(rest) :]
                set_day(file.fileno(), self.blobs[blob][1])
                sync_file(file.fileno())

    def commit(self, trusted: bytes, signers: Collection[bytes]) -> None:
        """Let all of it count, ``trusted`` as the list of team keys; ``signers`` are those that it names.

        :raises StoreUnusable: the store is not empty any more
        :raises StoreError: the disk failed; nothing counts then
        """
        with failures_named():
            sync_folder(self._folder.path)
        database = self._database
        with database.reading():
            database.execute_sql("ATTACH DATABASE ? AS restored", (str(self._place / NAME),))  # type: ignore[no-untyped-call]  # peewee leaves it open
            try:
                with database.atomic("IMMEDIATE"):
                    check_empty(database)
                    for model in REPLACED:
                        model.delete().execute(database)
                    for model in MODELS:
                        _copy(database, model)
                    day = self._today()
                    new = [{"sign": sign, "day": day} for sign in sorted(set(signers))]
                    Signer.insert_many(new).on_conflict_ignore().execute(database)
                    Trusted.insert(id=1, keys=trusted).on_conflict_replace().execute(database)
                self._done = True
            finally:
                database.run("DETACH DATABASE restored")

    def undo(self) -> None:
        """Take the files away again that were put here, unless they count by now."""
        if self._done:
            return
        for blob in self.blobs:
            self._folder.remove(blob)


class Refills:
    """Fills one store, where it is empty."""

    def __init__(self, data: Path, database: Database, folder: BlobFolder, room: Room, today: Today) -> None:
        self._data = data
        self._database = database
        self._parts = data, database, folder, room, today

    @contextmanager
    def refilling(self) -> Iterator[Refill]:
        """Lend the store to be filled. Without a commit it is as empty as before.

        :raises StoreUnusable: it is not empty
        :raises Busy: a sweep is running
        :raises StoreError: the disk failed
        """
        # Under the lock of the sweep nobody takes files without rows for leftovers.
        with locked(self._data / SWEEP_LOCK, PATIENCE), failures_named():
            with self._database.reading():
                check_empty(self._database)
            place = self._data / FOLDER
            _remove(place)
            make_folder(place)
            sync_folder(self._data)
            refill = Refill(*self._parts)
            try:
                yield refill
            except BaseException:
                refill.undo()
                raise
            finally:
                _remove(place)


def check_finished(data: Path, database: Database) -> None:
    """Make sure that no restore was left unfinished here; take away what one left that has all its rows in.

    :raises StoreUnusable: one was, or is at work
    """
    place = data / FOLDER
    if not place.exists():
        return
    with database.reading():
        empty = _is_empty(database)
    if empty:
        raise StoreUnusable(
            f"a restore into {data} is not finished",
            f"wait for it, or run it again; to begin with an empty site instead, remove {place}",
        )
    _remove(place)


def check_empty(database: Database) -> None:
    """Make sure that nothing is kept.

    :raises StoreUnusable: something is
    """
    if not _is_empty(database):
        raise StoreUnusable(
            "there are reports, replies or files here already: a restore never overwrites",
            "set VIGIL_DATA to a new, empty folder, and restore there",
        )


def _is_empty(database: Database) -> bool:
    return not any(model.select(SQL("1")).limit(1).tuples().first(database) for model in CONTENT)


def _remove(place: Path) -> None:
    if place.exists():
        # Whoever opens the store after the last row is in may do the same.
        shutil.rmtree(place, ignore_errors=True)
        sync_folder(place.parent)


def _copy(database: Database, model: type[Model]) -> None:
    meta: Any = model._meta  # noqa: SLF001 - peewee's own way
    columns = ", ".join(f'"{name}"' for name in meta.sorted_field_names)
    order = ", ".join(
        f'"{name}"' for name in getattr(meta.primary_key, "field_names", [meta.primary_key.name])
    )
    rows = f'SELECT {columns} FROM restored."{meta.table_name}" ORDER BY {order}'  # noqa: S608 - names of ours
    sql = f'INSERT INTO main."{meta.table_name}" ({columns}) {rows}'
    database.execute_sql(sql)  # type: ignore[no-untyped-call]  # peewee leaves it open
