"""PostgreSQL's log (WAL): who wrote what, before what, and when. Let it drop what it does not need any more.

It holds every transaction with its time, and what is deleted, too. After a checkpoint PostgreSQL needs none
of what came before, and deletes those files, where its settings tell it to (`wal_recycle`) and no copy of the
database, nor an archive, waits for them.
"""

from contextlib import suppress
from time import monotonic

from psycopg.errors import InsufficientPrivilege

from store.postgres.connection import Connection
from store.postgres.waiting import pause

# Copies that have not read all of it by then keep it until the next checkpoint.
PATIENCE = 30.0
_BEHIND = "SELECT 1 FROM pg_stat_replication WHERE flush_lsn < %s::pg_lsn LIMIT 1"


def cut(connection: Connection) -> None:
    """Let PostgreSQL drop all that the log holds by now, as far as this role may.

    What it may not is told by `remarks`.

    :raises psycopg.Error: the database failed
    """
    with suppress(InsufficientPrivilege):
        # A file is kept as long as anything in it is needed: from here on nothing of this one is.
        connection.execute("SELECT pg_switch_wal()")
    _wait_for_copies(connection)
    with suppress(InsufficientPrivilege):
        connection.execute("CHECKPOINT")


def _wait_for_copies(connection: Connection) -> None:
    row = connection.execute("SELECT pg_current_wal_lsn()::text").fetchone()
    until = monotonic() + PATIENCE
    while connection.execute(_BEHIND, row).fetchone() is not None and monotonic() < until:
        pause(0.1)
