"""One store on SQLite: its parts, put together."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import date
from pathlib import Path

from store.clock import Today
from store.disk import failures_named
from store.looking import Looked
from store.machines import Machines
from store.room import Limits, Room
from store.space import FreeSpace, free_space
from store.sqlite import done
from store.sqlite.blobs import Files
from store.sqlite.database import Database, open_database
from store.sqlite.erasing import Eraser
from store.sqlite.folder import BlobFolder
from store.sqlite.gate import check_not_moved
from store.sqlite.looking import look
from store.sqlite.pinned import Pinned, Pins
from store.sqlite.rebuild import Rebuilder
from store.sqlite.refill import Refill, Refills, check_finished
from store.sqlite.scrub import Scrubber
from store.sqlite.snapshot import Snapshot, Snapshots
from store.sqlite.sweep import Sweep
from store.sweep import SweepReport


class SqliteEngine:
    """A database and a folder of sealed files, both in ``data``."""

    # One machine alone can use these.
    machines: Machines | None = None
    forgets_at_once = True

    def __init__(self, data: Path, database: Database, limits: Limits, free: FreeSpace, today: Today) -> None:
        self._data = data
        self._free = free
        self.database = database
        self.folder = BlobFolder(data)
        self.files = Files(database, self.folder)
        self.room = Room(database, self.files, limits, self.free)
        self._pins = Pins(data, database, self.folder)
        self._snapshots = Snapshots(data, database, self.folder, self.room)
        self._refills = Refills(data, database, self.folder, self.room, today)
        folders = self.folder.path, self.folder.writing, self._pins.links, self._snapshots.place
        self.scrubber = Scrubber(database, folders, today)
        rebuilder = Rebuilder(data, database, self.room, self.scrubber)
        self.eraser = Eraser(data, database, self.folder, self.scrubber, rebuilder)
        self._sweep = Sweep(data, database, self.folder, self.room, self.scrubber, rebuilder, self.eraser)
        self._sweep.tidy()
        self._pins.tidy()
        self._snapshots.tidy()

    def free(self) -> int:
        """Give the bytes that the disk of the files has left.

        :raises StoreError: it cannot be asked
        """
        with failures_named():
            return self._free(self.folder.path)

    def pinned(self) -> AbstractContextManager[Pinned]:
        """Keep what is here readable meanwhile, for an export.

        :raises Busy: another process has pinned it
        """
        return self._pins.pinned()

    def importing(self) -> AbstractContextManager[Callable[[], None]]:
        """Do nothing, and give what does nothing: no other machine can use it."""
        return nullcontext(lambda: None)

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Keep all of the store readable as it is now, for a backup.

        :raises Busy: another process takes one
        :raises NoRoom: there is no room for a copy of the database
        """
        return self._snapshots.taken()

    def refilling(self) -> AbstractContextManager[Refill]:
        """Lend the store to be filled. Without a commit it is as empty as before.

        :raises StoreUnusable: it is not empty
        """
        return self._refills.refilling()

    def look(self, today: date) -> Looked:
        """Look at all of it: a few seconds with very many files."""
        return look(self.database, self.folder, today)

    def sweep(self, today: date) -> SweepReport:
        """Do the nightly sweep.

        :raises Busy: another sweep is running, or others keep the database busy
        """
        self._pins.tidy()
        self._snapshots.tidy()
        return self._sweep.run(today)

    def scrub(self) -> None:
        """Cut the database's log and blank its index: they tell what was written together.

        :raises Busy: others kept the database busy for a minute
        """
        self.scrubber.insist()

    def try_scrub(self) -> bool:
        """Do the same unless others are busy for a second; say whether it is done."""
        return self.scrubber.try_once()

    def note_done(self, what: str, day: date) -> None:
        """Note that one of `store.done`'s things was done on a day."""
        done.note(self._data, what, day)

    def last_done(self, what: str) -> date | None:
        """Give the day on which it was last done; None where that is not known."""
        return done.last(self._data, what)

    def close(self) -> None:
        """Close every connection. Any number of times."""
        self.database.end()
        self.scrubber.close()
        self.eraser.close()


def open_engine(
    data: Path, limits: Limits, free: FreeSpace | None, today: Today, *, restoring: bool
) -> tuple[SqliteEngine, Room]:
    """Open the database in the folder ``data``, made when absent, and its files.

    :raises FutureDatabase: a newer version of the program has changed the database
    :raises StoreUnusable: all of it was moved to another engine
    :raises StoreError: the folder or the database cannot be used
    """
    with failures_named():
        check_not_moved(data)
        database = open_database(data)
        with ExitStack() as undo:
            undo.callback(database.end)
            if not restoring:
                check_finished(data, database)
            engine = SqliteEngine(data, database, limits, free or free_space, today)
            undo.pop_all()
    return engine, engine.room
