"""The nightly sweep: what nobody claimed goes, and what PostgreSQL notes of order and time is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from time import monotonic
from typing import LiteralString

from store.engine import Eraser
from store.errors import Busy, Sweeping
from store.models import UNCLAIMED, Blob, Failure, Reply, Slot, State
from store.postgres import log
from store.postgres.alone import OURS, Turn, by_itself
from store.postgres.connection import Connection
from store.postgres.database import Database
from store.postgres.errors import failures_named
from store.postgres.files import Files
from store.postgres.settling import PARTED, Settled, Settler
from store.postgres.waiting import pause
from store.room import Room
from store.sweep import DAYS_OF_FAILURES, DAYS_PENDING, SweepReport

# The number of the sweep's lock, among those of `alone`.
SWEEP = 4
# Seconds to wait for another sweep to end.
PATIENCE = 5.0
# What moves much at once takes as long as that takes; what waits for others is bounded otherwise.
SETTINGS = "SET statement_timeout = '1h'; SET lock_timeout = '30s'"
FILES = "piece"
_LOST = (
    "SELECT count(*) FROM blob LEFT JOIN"
    " (SELECT blob, sum(octet_length(data)) AS bytes FROM piece GROUP BY blob) AS found ON blob = id"
    " WHERE kept AND size <> COALESCE(bytes, 0)"
)
# Both are read as of one moment; whoever writes a file has noted that it arrives before its first piece came.
_LEFTOVERS = (
    "DELETE FROM piece WHERE NOT EXISTS (SELECT FROM blob WHERE id = piece.blob)"
    " AND NOT EXISTS (SELECT FROM arriving WHERE id = piece.blob) RETURNING blob"
)


class Sweep:
    """One database's sweep; only one runs at a time, whichever machine began it."""

    def __init__(self, database: Database, files: Files, room: Room, eraser: Eraser) -> None:
        self._database = database
        self._files = files
        self._room = room
        self._eraser = eraser

    def run(self, today: date) -> SweepReport:
        """Sweep. A sweep that is killed leaves everything in place for the next.

        :raises Sweeping: another sweep is running
        :raises Busy: others held on to a table for so long that its order is left; all else is done
        :raises StoreError: the database failed
        """
        with self._alone() as connection, failures_named():
            slots, replies, reply_blobs = self._drop_expired(today)
            unclaimed = self._drop_unclaimed(today)
            partial = self._drop_partial(connection, today)
            self._forget_failures(today)
            lost = _number(connection, _LOST)
            done, moved, left = self._settle(connection)
            log.cut(connection)
        if done.busy:
            tables = ", ".join(done.busy)
            raise Busy(
                f"others hold on to the database (an export, a backup?): {tables} could not be rewritten"
            )
        return SweepReport(unclaimed, partial, moved, left, lost, done.wanted, slots, replies, reply_blobs)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """Lend a connection whose turn it is, until it is closed, or breaks."""
        with by_itself(self._database) as connection, failures_named():
            connection.execute(SETTINGS)
            until = monotonic() + PATIENCE
            while not _is_mine(connection, SWEEP):
                if monotonic() >= until:
                    raise Sweeping
                pause(0.1)
            if not _is_mine(connection, Turn.REFILL):
                # It has pieces here that no row names yet.
                raise Busy("a restore, or a move, is at work on the database")
            yield connection

    def _drop_expired(self, today: date) -> tuple[int, int, int]:
        """Delete what has outlived its last day. What waits for the desk has none, be the clock wrong."""
        old = Blob.select(Blob.id).where(Blob.expires < today)
        with self._database.writing():
            over = (Slot.state == State.COLLECTED) & (Slot.expires < today)
            slots = Slot.delete().where(over).execute(self._database)
            replies = Reply.delete().where(Reply.expires < today).execute(self._database)
            blobs = [bytes(blob) for (blob,) in old.tuples().execute(self._database)]
            self._eraser.forget_blobs(blobs)
        self._eraser.unlink(blobs)
        return slots, replies, len(blobs)

    def _drop_unclaimed(self, today: date) -> int:
        old = Blob.select(Blob.id).where(UNCLAIMED, Blob.day < today - timedelta(days=DAYS_PENDING))
        with self._database.reading():
            ids = [bytes(blob) for (blob,) in old.tuples().execute(self._database)]
        return sum(self._room.drop(blob) for blob in ids)

    def _drop_partial(self, connection: Connection, today: date) -> int:
        """Drop what was begun and never ended. Until then it counts, as what waits for a report does."""
        gone = self._files.forget_arriving(today - timedelta(days=1))
        rows = connection.execute(_LEFTOVERS).fetchall()
        return gone + len(set(rows))

    def _settle(self, connection: Connection) -> tuple[Settled, int, int]:
        """Rewrite everything; say what came of it, and how many files were moved, and how many were not."""
        settler = Settler(connection, self._needed)
        tables = settler.tables()
        first = settler.settle(table for table in tables if table in PARTED)
        moved = left = 0
        if FILES in (*first.left, *first.busy):
            left = _number(connection, "SELECT count(*) FROM blob WHERE kept AND NOT settled")
        else:
            moved = connection.execute("UPDATE blob SET settled = true WHERE kept AND NOT settled").rowcount
        # Among these is `blob`, where that was noted.
        return first.with_(settler.settle(table for table in tables if table not in PARTED)), moved, left

    def _needed(self, size: int) -> int:
        return 0 if self._room.has_room_to_copy(size) else self._room.needed_to_copy(size)

    def _forget_failures(self, today: date) -> None:
        with self._database.writing():
            old = Failure.day < today - timedelta(days=DAYS_OF_FAILURES)
            Failure.delete().where(old).execute(self._database)


def _number(connection: Connection, query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return 0 if row is None else int(row[0])


def _is_mine(connection: Connection, turn: int) -> bool:
    return connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (OURS, turn)).fetchone() == (True,)
