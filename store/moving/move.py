"""The move itself: its beginning, its looks round, and the minute in which the one becomes the other."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

from store.clock import Today
from store.errors import DiskFailed, StoreUnusable
from store.locks import locked
from store.moving.carrying import Carried, look_round
from store.moving.source import Source
from store.moving.tables import TABLES
from store.moving.target import ANOTHER, Target
from store.postgres.alone import Turn, alone
from store.postgres.database import open_database
from store.sqlite.database import open_database as open_sqlite
from store.sqlite.gate import LOCK, was_moved
from store.sqlite.sweep import LOCK as SWEEP_LOCK

# Seconds to wait for another move, and for a sweep, to end.
PATIENCE = 5.0
# So many looks round at the most: where people write all the time, each finds something.
MOST = 10
# A look that wrote or deleted no more than so much leaves little for the minute of the switch.
FEW = 500
FEW_BYTES = 50_000_000
# While nothing is taken in, the second look finds nothing to do.
LAST_LOOKS = 3

Tell = Callable[[Carried], None]


class Move:
    """One move under way; for one thread."""

    def __init__(self, source: Source, target: Target, name: str) -> None:
        self._source = source
        self._target = target
        self._name = name

    def run(self, tell: Tell) -> Carried:
        """Carry over what differs, until a look round finds nothing, or has found something many times.

        Each look is told. Give the last one.

        :raises StoreError: either side failed; again, it goes on from there
        """
        return self._looks(tell, lambda carried: not carried.changes)

    def switch(self, tell: Tell) -> Carried:
        """Carry over all of it, and let PostgreSQL have it from then on; give the last look round.

        For the last looks the site takes nothing in. When something fails before the end, it does again.

        :raises Busy: a sweep is running, or others write for too long
        :raises StoreError: either side failed; the site goes on here
        """
        source, target = self._source, self._target
        self._looks(tell, lambda carried: carried.changes <= FEW and carried.bytes <= FEW_BYTES)
        with locked(source.data / SWEEP_LOCK, PATIENCE):
            try:
                source.shut()
                last = self._last_looks(tell)
                target.finish(source.done())
                source.give_up()
            except BaseException:
                if not was_moved(source.data):
                    source.reopen()
                raise
        target.open(self._name)
        return last

    def _looks(self, tell: Tell, is_enough: Callable[[Carried], bool]) -> Carried:
        self._target.drop_loose()
        deleted = 0
        for _ in range(MOST):
            carried = look_round(self._source, self._target)
            tell(carried)
            deleted += carried.deleted
            if is_enough(carried):
                break
        if deleted:
            self._target.vacuum()
        return carried

    def _last_looks(self, tell: Tell) -> Carried:
        for _ in range(LAST_LOOKS):
            carried = look_round(self._source, self._target, quick=True)
            if not carried.changes:
                self._target.check_envelopes()
                return carried
            tell(carried)
        raise DiskFailed("the copy in PostgreSQL does not become what is here")


@contextmanager
def moving(data: Path, url: str, *, database_bytes: int, today: Today) -> Iterator[Move]:
    """Take hold of the site in ``data`` and of an empty database, or of one that it has begun to move to.

    :raises Busy: another move, or a restore, is at work
    :raises StoreUnusable: the site was moved already, or the database is another's
    :raises NoRoom: the database may not become so large
    :raises StoreError: either cannot be used
    """
    with _locked(data), _source(data) as source:
        if was_moved(data):
            raise StoreUnusable("this site was moved already", "set VIGIL_DATABASE_URL to where it is now")
        with _target(url) as target:
            name = _agreed(source, target, today())
            target.check_room(source.size(), database_bytes)
            yield Move(source, target, name)


def ended(data: Path, url: str) -> bool:
    """End a move that was killed after all of it was there; say whether there was one.

    :raises StoreError: either side failed
    """
    with _locked(data), _source(data) as source:
        if not was_moved(data):
            return False
        with _target(url) as target:
            name, _ = source.token()
            if target.begun_by() != name:
                return False
            # It may not have been on disk when it was killed.
            source.give_up()
            target.open(name)
            return True


def undo(data: Path, url: str | None) -> bool:
    """Forget a move that was begun; with ``url``, take away what it brought there: say whether that was done.

    :raises StoreUnusable: none was begun, or it has ended
    :raises StoreError: either side failed
    """
    with _locked(data), _source(data) as source:
        if was_moved(data):
            raise StoreUnusable(
                "the site was moved: what came since then is in PostgreSQL alone",
                "to come back, make a backup there, and restore it into a new, empty VIGIL_DATA",
            )
        name, _ = source.token()
        if not name:
            raise StoreUnusable("no move was begun here", "there is nothing to take back")
        cleared = False
        if url is not None:
            with _target(url) as target:
                if target.begun_by() != name:
                    raise StoreUnusable(
                        "this is not the database that the move was begun to", "name that one"
                    )
                target.clear(TABLES)
                cleared = True
        source.forget()
        return cleared


def _agreed(source: Source, target: Target, today: date) -> str:
    """Give the name of the move that both sides know, begun now or before.

    :raises StoreUnusable: the database is not empty, or somebody else's
    """
    name, checked = source.token()
    begun = target.begun_by()
    if begun is not None and begun != name:
        raise StoreUnusable("another move has begun to fill this database", ANOTHER)
    if begun is None:
        target.check_unused()
        name, checked = secrets.token_hex(8), False
        # First here: killed before the next line, the move has begun nowhere.
        source.note(name, begun=False)
        target.mark(name, today)
    if not checked:
        # Once more after the mark: whoever starts a site looks for that after having noted the start.
        try:
            target.check_unused()
        except StoreUnusable:
            target.open(name)
            raise
        source.note(name, begun=True)
    return name


@contextmanager
def _target(url: str) -> Iterator[Target]:
    database = open_database(url)
    try:
        with alone(database, Turn.REFILL) as connection:
            yield Target(connection)
    finally:
        database.end()


def _locked(data: Path) -> AbstractContextManager[None]:
    # The site has to see what closes it: the lock, and the file beside it.
    if data.stat().st_uid != os.geteuid():
        raise StoreUnusable(
            f"{data} is another user's", "run this as the user that the site runs as: `vigil move` does so"
        )
    return locked(data / LOCK, PATIENCE)


@contextmanager
def _source(data: Path) -> Iterator[Source]:
    open_sqlite(data).end()
    source = Source(data)
    try:
        yield source
    finally:
        source.close()
