"""One connection to PostgreSQL: how long it waits, when what it says is believed, and whether it is alive."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, tuple_row

from store.errors import DiskFailed
from store.postgres.errors import Again
from store.postgres.waiting import INTERVAL

# One statement waits no longer for its answer: a server that is frozen, or whose standby is away, says
# nothing. What waits for another's lock gives up before.
ANSWER_SECONDS = 15.0
# What takes no lock is answered at once, or by nobody.
ALIVE_SECONDS = 3.0
# What the URL does not say itself. A server that is cut off is given up after some seconds.
DEFAULTS = {
    "connect_timeout": "3",
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "6000",
    "target_session_attrs": "read-write",
    "application_name": "vigil",
    "client_encoding": "UTF8",
}
SETTINGS = (
    "-c lock_timeout=10s -c statement_timeout=14s -c idle_in_transaction_session_timeout=60s"
    " -c default_transaction_isolation=read\\ committed"
)


class Connection(psycopg.Connection[TupleRow]):
    """A connection that one thread has at a time, and that knows whether its server has warned it."""

    def __init__(self, pgconn: psycopg.pq.abc.PGconn, row_factory: Any = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        # Under gevent, psycopg's own lock would be gevent's.
        self.lock = nullcontext()  # type: ignore[assignment]  # all that is asked of it
        self.warned = False
        # None: for a connection of its own, whose statements may take as long as they like.
        self.longest: float | None = None
        self.add_notice_handler(self._noticed)

    def _noticed(self, notice: psycopg.errors.Diagnostic) -> None:
        self.warned = self.warned or notice.severity_nonlocalized == "WARNING"

    def wait(self, gen: Any, interval: float = INTERVAL, timeout: float | None = None) -> Any:
        """Wait for an answer, as psycopg asks for it.

        :raises psycopg.OperationalError: there was none in time; the connection is closed then
        """
        try:
            return super().wait(gen, interval, timeout or self.longest)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - psycopg hands it to whoever sets a limit
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer in time") from None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Wait for an answer no longer than one takes that waits for nobody."""
        before, self.longest = self.longest, ALIVE_SECONDS
        try:
            yield
        finally:
            self.longest = before

    def commit_for_good(self) -> None:
        """Commit; return once the server, and its standby where it waits for one, has it on disk.

        :raises Again: it has not, or nobody knows
        :raises DiskFailed: a statement had failed before: nothing is kept
        :raises psycopg.Error: as the server says
        """
        self.warned = False
        said = self.execute("COMMIT").statusmessage
        if said != "COMMIT":
            raise DiskFailed("the database took back what was written")
        if self.warned:
            # It has stopped waiting for its standby, which may have it or not.
            raise Again("the database's standby does not answer")


def is_idle(connection: Connection) -> bool:
    """Bring a connection out of the transaction in which it is; say whether it can be lent again."""
    try:
        if connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            with connection.at_once():
                connection.execute("ROLLBACK")
    except psycopg.Error:
        return False
    return not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE


def is_alive(connection: Connection, *, ask: bool) -> bool:
    """Say whether a connection that waited may be lent: its server has not closed it, and answers."""
    try:
        # What it said before it closed is read first, and that it has closed after that.
        for _ in range(2):
            connection.pgconn.consume_input()
        if ask:
            with connection.at_once():
                connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return not connection.closed


def let_go(connection: Connection) -> None:
    """Close a connection, whatever has become of it."""
    with suppress(psycopg.Error):
        connection.close()
