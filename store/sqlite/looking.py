"""Look at a store as a whole: is its database sound, and is every file there that it names?"""

import os
from datetime import date

from store.disk import failures_named
from store.looking import Looked, newest_day, recent_failures
from store.models import CLAIMED, Blob, Body, Reply, Slot
from store.sqlite.database import Database
from store.sqlite.folder import BlobFolder

# A database up to this size is read through; that takes a second or two.
READ_THROUGH = 500_000_000


def look(database: Database, folder: BlobFolder, today: date, days: int = 7) -> Looked:
    """Look at a store; failures of the last ``days``.

    :raises StoreError: it cannot be read
    """
    with database.reading():
        pages, page = (database.run(f"PRAGMA page_{what}")[0] for what in ("count", "size"))
        sound = database.run("PRAGMA quick_check(1)") == ("ok",) if pages * page <= READ_THROUGH else None
        rows = dict(Blob.select(Blob.id, Blob.size).where(CLAIMED).tuples().execute(database))
        reports, waiting, replies = (model.select().count(database) for model in (Slot, Body, Reply))
        newest = newest_day(database)
        failures = recent_failures(database, today, days)
    lost = _lost(database, folder, rows)
    return Looked(sound, reports, waiting, replies, len(rows), lost, newest, pages * page, failures)


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
