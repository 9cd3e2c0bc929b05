"""Look at a store as a whole: is its database sound, and is every file there that it names?"""

import os
from dataclasses import dataclass
from datetime import date, timedelta

from peewee import fn

from store.database import Database
from store.disk import failures_named
from store.folder import BlobFolder
from store.models import CLAIMED, Blob, Body, Failure, Reply, Slot

# A database up to this size is read through; that takes a second or two.
READ_THROUGH = 500_000_000


@dataclass(frozen=True)
class Looked:
    """What was found. ``sound``: None where the database is too large to be read through for this.

    ``lost`` files are named and not there. ``newest``: the last day on which anything was
    kept. ``failures``: kind, place and count of what went wrong unexpectedly in the last days.
    """

    sound: bool | None
    reports: int
    waiting: int
    replies: int
    files: int
    lost: int
    newest: date | None
    bytes: int
    failures: tuple[tuple[str, str, int], ...]


def look(database: Database, folder: BlobFolder, today: date, days: int = 7) -> Looked:
    """Look at a store; failures of the last ``days``.

    :raises StoreError: it cannot be read
    """
    with database.reading():
        pages, page = (database.run(f"PRAGMA page_{what}")[0] for what in ("count", "size"))
        sound = database.run("PRAGMA quick_check(1)") == ("ok",) if pages * page <= READ_THROUGH else None
        rows = dict(Blob.select(Blob.id, Blob.size).where(CLAIMED).tuples().execute(database))
        reports, waiting, replies = (model.select().count(database) for model in (Slot, Body, Reply))
        newest = max(
            (day for model in (Slot, Blob, Reply) if (day := _newest(database, model)) is not None),
            default=None,
        )
        recent = Failure.select(Failure.kind, Failure.place, fn.SUM(Failure.count))
        recent = recent.where(Failure.day > today - timedelta(days=days)).group_by(
            Failure.kind, Failure.place
        )
        failures = tuple(recent.order_by(Failure.kind, Failure.place).tuples().execute(database))
    lost = _lost(database, folder, rows)
    return Looked(sound, reports, waiting, replies, len(rows), lost, newest, pages * page, failures)


def _newest(database: Database, model: type[Slot] | type[Blob] | type[Reply]) -> date | None:
    row = model.select(model.day).order_by(model.day.desc()).limit(1).tuples().first(database)
    return None if row is None else row[0]


def _lost(database: Database, folder: BlobFolder, rows: dict[bytes, int]) -> int:
    with failures_named(), os.scandir(folder.path) as entries:
        names = {entry.name for entry in entries}
    suspect = [blob for blob in rows if blob.hex() not in names]
    with database.reading():
        # A sweep may have exchanged it meanwhile, and what was deleted meanwhile is not lost.
        return sum(
            not folder.holds(blob) and Blob.select().where(Blob.id == blob).exists(database)
            for blob in suspect
        )
