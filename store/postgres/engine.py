"""One store on PostgreSQL: its parts, put together. ``data`` holds what each web machine has for itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic

from store.clock import Today
from store.engine import Pinned, Refill, Snapshot
from store.looking import Looked
from store.postgres import done
from store.postgres.alone import Turn, alone, still
from store.postgres.database import Database, open_database
from store.postgres.erasing import Eraser
from store.postgres.errors import Again
from store.postgres.files import Files
from store.postgres.machines import Machines
from store.postgres.pinned import Pins
from store.postgres.refill import Refills, check_finished
from store.postgres.snapshot import Snapshots
from store.room import Limits, Room
from store.space import FreeSpace, free_space
from store.sweep import SweepReport

# Seconds for which the size of the database is as it was last seen.
SEEN = 1.0


class PostgresEngine:
    """A database for all web machines."""

    # PostgreSQL keeps deleted rows in its files, and all that was written in its log.
    forgets_at_once = False

    def __init__(
        self,
        data: Path,
        most: int,
        database: Database,
        limits: Limits,
        free: FreeSpace | None,
        today: Today,
    ) -> None:
        self._data = data
        self._most = most
        self._given = free
        self._size, self._seen = 0, -SEEN
        self.database = database
        self.files = Files(database, today)
        self.eraser = Eraser(database)
        self.machines: Machines | None = Machines(database)
        self.room = Room(database, self.files, limits, self.free)
        self._pins = Pins(database)
        disk = free or free_space
        self._snapshots = Snapshots(data, database, disk)
        self._refills = Refills(data, database, self.room, disk, today)
        self._snapshots.tidy()

    def free(self) -> int:
        """Give how many bytes the database may still take; while no server answers, as it was.

        Whoever writes then waits for one, and is told: to be told here would be too soon.

        :raises StoreError: it cannot be asked
        """
        if self._given is not None:
            return self._given(self._data)
        now = monotonic()
        if now - self._seen >= SEEN:
            # Set first: of many threads one asks.
            self._seen = now
            with suppress(Again), self.database.reading():
                row = self.database.run("SELECT pg_database_size(current_database())")
                self._size = row[0] if row else 0
        return self._most - self._size

    def pinned(self) -> AbstractContextManager[Pinned]:
        """Keep what is here readable meanwhile, for an export.

        :raises Busy: another process has pinned it
        """
        return self._pins.pinned()

    @contextmanager
    def importing(self) -> Iterator[Callable[[], None]]:
        """Let no other machine import meanwhile; give what raises Busy where one may have begun to.

        :raises Busy: another one imports
        """
        with alone(self.database, Turn.IMPORT) as connection:
            yield partial(still, connection)

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Keep all of the store readable as it is now, for a backup.

        :raises Busy: another process takes one
        :raises NoRoom: the disk of this machine has no room for a copy of the rows
        """
        return self._snapshots.taken()

    def refilling(self) -> AbstractContextManager[Refill]:
        """Lend the store to be filled. Without a commit it is as empty as before.

        :raises StoreUnusable: it is not empty
        """
        return self._refills.refilling()

    def look(self, today: date) -> Looked:
        """Look at all of it."""
        from store.postgres.looking import look

        return look(self.database, self.files, today)

    def sweep(self, today: date) -> SweepReport:
        """Do the nightly sweep.

        :raises Busy: another machine is sweeping
        """
        from store.postgres.sweep import Sweep

        return Sweep(self.database, self.files, self.room, self.eraser).run(today)

    def scrub(self) -> None:
        """Do nothing: what the server's files tell of the past is the sweep's."""

    def try_scrub(self) -> bool:
        """Do nothing, and say that it is done: as above."""
        return True

    def note_done(self, what: str, day: date) -> None:
        """Note that one of `store.done`'s things was done on a day, by any machine."""
        done.note(self.database, what, day)

    def last_done(self, what: str) -> date | None:
        """Give the day on which it was last done; None where that is not known."""
        return done.last(self.database, what)

    def close(self) -> None:
        """Close every connection. Any number of times."""
        self.database.end()


def open_engine(
    data: Path,
    url: str,
    most: int,
    limits: Limits,
    free: FreeSpace | None,
    today: Today,
    *,
    restoring: bool,
) -> tuple[PostgresEngine, Room]:
    """Connect to the database of ``url``, which may take ``most`` bytes, and bring it up to date.

    :raises FutureDatabase: a newer version of the program has changed the database
    :raises StoreError: the database cannot be used
    """
    database = open_database(url)
    with ExitStack() as undo:
        undo.callback(database.end)
        if not restoring:
            check_finished(database, today())
        engine = PostgresEngine(data, most, database, limits, free, today)
        undo.pop_all()
    return engine, engine.room
