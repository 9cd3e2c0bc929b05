"""A connection of one's own, for what reads or writes for minutes: an export, a backup, a restore, a move.

Where of all machines only one is to do such a thing at a time, the connection holds a lock of the database's
for as long as it is open. What breaks it ends the lock, too, and whatever was begun: nothing goes on beside
another.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from store.errors import Busy
from store.postgres.database import Database
from store.postgres.errors import failures_named
from store.postgres.stream import Connection

# The first half of the locks' numbers: other programs' locks, in the same database, have another one.
OURS = 0x7669676C
# Whoever stands still for so long, an export into a pipe that nobody reads, lets go of the database.
STILL = "10min"
# No statement here takes so long, but for those that read, or make, very much at once.
LONGEST = "30min"
# Seconds to wait for another machine, or process, to end.
PATIENCE = 5.0


class Turn(IntEnum):
    """What only one does at a time."""

    EXPORT = 1
    REFILL = 2
    IMPORT = 3


BUSY = {
    Turn.EXPORT: "another export reads the database",
    Turn.REFILL: "another restore, or move, is at work on the database",
    Turn.IMPORT: "another machine imports a bundle",
}
SETTINGS = f"SET idle_in_transaction_session_timeout = '{STILL}'; SET statement_timeout = '{LONGEST}'"


@contextmanager
def by_itself(database: Database) -> Iterator[Connection]:
    """Lend a new connection (autocommit).

    :raises StoreError: the database does not answer
    """
    with failures_named():
        connection = database.connected()
    try:
        with failures_named():
            connection.execute(SETTINGS)
        yield connection
    finally:
        connection.close()


@contextmanager
def alone(database: Database, turn: Turn) -> Iterator[Connection]:
    """Lend a new connection (autocommit) whose turn it is, until it is closed, or breaks.

    :raises Busy: it is another's turn
    :raises StoreError: the database does not answer
    """
    with by_itself(database) as connection:
        until = time.monotonic() + PATIENCE
        while not _is_mine(connection, turn):
            if time.monotonic() >= until:
                raise Busy(BUSY[turn])
            time.sleep(0.05)
        yield connection


def _is_mine(connection: Connection, turn: Turn) -> bool:
    """Take the turn unless another has it; say whether it is this connection's now."""
    with failures_named():
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (OURS, int(turn))).fetchone()
    return row is not None and bool(row[0])


def still(connection: Connection) -> None:
    """Make sure that its turn has not ended, as it does where the connection broke.

    :raises Busy: it may have, and be another's
    """
    with failures_named():
        connection.execute("SELECT 1")
