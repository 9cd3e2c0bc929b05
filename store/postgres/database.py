"""The PostgreSQL database: how it is connected to, shared between threads, and tried again when it moves.

A connection may break at any time, and the server behind a URL may become another one. Nothing is kept on a
connection but what its server needs for one transaction. A transaction is begun again, for a while, until
there is a server that takes it; what is asked for whole, by `again`, is done again when its end was lost.
"""

import os
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from enum import IntEnum
from time import monotonic
from typing import Any, TypeVar
from zlib import crc32

import psycopg
from peewee import PostgresqlDatabase
from psycopg.rows import TupleRow

from store import engine
from store.errors import Closed, StoreUnusable
from store.postgres import connection as connecting
from store.postgres.connection import DEFAULTS, SETTINGS, Connection, is_alive, is_idle, let_go
from store.postgres.errors import Again, InVain, failures_named
from store.postgres.migrating import bring_up_to_date
from store.postgres.waiting import each_address, pause

__all__ = ["Connection", "Database", "number_of", "open_database"]

# Another server takes over within this time, in seconds, or whoever waits is told. It takes 22 to 24,
# measured, with Patroni as deploy/cluster has it.
PATIENCE = 30.0
READING_PATIENCE = 5.0
# Once somebody has waited in vain, whoever would wait as long waits no longer than this, until one has got
# through: those who queue for the same few threads would else wait for each other's waiting.
HURRIED = 1.0
IDLE_CONNECTIONS = 16
# After so many seconds unused, a connection is asked whether its server is still there.
UNSURE = 1.0
# Advisory locks of ours are pairs: this, and a number for each subject.
SUBJECTS = 0x76696773
T = TypeVar("T")


class Waited(IntEnum):
    """Who has waited in vain lately. A writer waits longer than a reader, who does not hurry one."""

    NOBODY = 0
    READER = 1
    WRITER = 2


class Database(engine.Database, PostgresqlDatabase):
    """Connections that stay open between uses, each lent to one thread at a time, none kept over a fork."""

    def __init__(self, url: str) -> None:
        # Set first: the parent's constructor closes what might be open.
        self._idle: deque[tuple[Connection, float]] = deque()
        self._ended = False
        self._in_vain = Waited.NOBODY
        self._unsure_until = 0.0
        self._near: tuple[Any, ...] = ()
        self._why = "it does not answer"
        self._url = url
        # Under no name that says where it is: peewee shows it.
        super().__init__("vigil", autoconnect=False)
        # The lent connection is kept by thread, and a deque is safe by itself. A lock made under gevent would
        # be shared between its threads and its event loop, for nothing.
        self._lock = nullcontext()
        _databases.add(self)

    def connected(self) -> Connection:
        """Give a new connection, by itself: to the first of the URL's servers that takes one, and writes.

        :raises psycopg.Error: there is none
        """
        failed: psycopg.Error | None = None
        # First where the last one was: a server that is cut off lets each of them wait.
        for params in sorted(each_address(self._url), key=lambda each: _place(each) != self._near):
            options = f"{SETTINGS} {params.get('options') or ''}"
            try:
                found = Connection.connect(**(DEFAULTS | params | {"options": options}), autocommit=True)
            except psycopg.Error as error:
                failed = error
            else:
                self._near = _place(params)
                return found
        self._why = _in_short(failed) if failed else "none of its hosts has an address"
        raise failed or psycopg.OperationalError(self._why)

    def why_not(self) -> str:
        """Say why there was no connection when the last one was wanted; it never holds the password."""
        return self._why

    def _connect(self) -> Connection:
        while True:
            if self._ended:
                raise Closed
            try:
                connection, used = self._idle.pop()
            except IndexError:
                connection = self.connected()
                connection.longest = connecting.ANSWER_SECONDS
                return connection
            if is_alive(connection, ask=monotonic() - used > UNSURE):
                return connection
            let_go(connection)

    def _close(self, conn: Connection) -> None:
        if is_idle(conn) and not self._ended and len(self._idle) < IDLE_CONNECTIONS:
            self._idle.append((conn, monotonic()))
        else:
            let_go(conn)

    def _set_server_version(self, conn: Connection) -> None:
        self.server_version = conn.info.server_version

    def cursor(self, named_cursor: None = None) -> "psycopg.Cursor[TupleRow]":  # noqa: ARG002 - peewee names it
        """Give a cursor of the connection lent to this thread; bytes come as they are, not as digits."""
        return self._lent().cursor(binary=True)

    def run(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """Run one statement on the connection lent to this thread; give its first row, if it has one."""
        with failures_named():
            cursor = self.cursor().execute(sql.encode(), values or None)
            return cursor.fetchone() if cursor.description else None

    def close_idle(self) -> None:
        """Close every connection that nobody is using."""
        with suppress(IndexError):
            while True:
                let_go(self._idle.pop()[0])

    def end(self) -> None:
        """Close for good: what is lent closes when it comes back."""
        self._ended = True
        self.close_idle()

    @contextmanager
    def reading(self, *, patient: bool = False) -> Iterator[None]:
        """Lend this thread a connection, of which each statement sees what is kept by then.

        ``patient``: it waits for a server as long as whoever writes.

        :raises StoreError: as `failures_named` says
        """
        self._lend(Waited.WRITER if patient else Waited.READER)
        with failures_named():
            try:
                yield
            finally:
                self.close()

    @contextmanager
    def writing(self, *, patient: bool = True) -> Iterator[None]:
        """Lend this thread a connection and run what follows as one transaction, committed at its end.

        Without being ``patient`` it waits for a server no longer than whoever reads.

        :raises Again: the connection broke, perhaps after all of it was kept; or others were in the way
        :raises StoreError: as `failures_named` says; nothing of it is kept then
        """
        self._lend(Waited.WRITER if patient else Waited.READER, "BEGIN")
        with failures_named():
            try:
                if monotonic() < self._unsure_until:
                    # What is here may be so by a transaction that its standby has not, whose end was lost.
                    # With a record of its own in the log, this one waits for the standby, and so for both.
                    self.run("SELECT pg_logical_emit_message(true, 'vigil', '')")
                yield
                self._commit()
            finally:
                self.close()

    def _commit(self) -> None:
        try:
            self._lent().commit_for_good()
        except BaseException:
            self._unsure_until = monotonic() + 2 * PATIENCE
            raise

    def _lend(self, kind: Waited, begin: str = "") -> None:
        """Connect this thread to a server that answers, and writes.

        :raises InVain: for a while there was none
        :raises StoreError: it cannot be connected to
        """
        patience = PATIENCE if kind is Waited.WRITER else READING_PATIENCE
        until = monotonic() + (HURRIED if kind <= self._in_vain else patience)
        while True:
            try:
                with failures_named():
                    self.connect()
                    if begin:
                        self._begun(begin)
            except Again:
                if monotonic() >= until:
                    self._in_vain = max(self._in_vain, kind)
                    raise InVain from None
            else:
                self._in_vain = Waited.NOBODY
                return
            self.close_idle()
            pause(0.1)

    def _lent(self) -> Connection:
        connection: Connection = self.connection()  # type: ignore[no-untyped-call]  # peewee leaves it open
        return connection

    def _begun(self, statement: str) -> None:
        try:
            with self._lent().at_once():
                self.cursor().execute(statement.encode())
        except BaseException:
            self.close()
            raise

    def again(self, call: Callable[[], T]) -> T:
        """Give what ``call`` gives; where the connection broke within it, call it again for a while.

        It may have been done before it failed: it has to be one that changes nothing when it is done twice.
        """
        until = monotonic() + PATIENCE
        while True:
            try:
                return call()
            except InVain:
                raise
            except Again:
                if monotonic() >= until:
                    raise
            pause(0.05)

    def hold(self, query: Any) -> Any:
        """Give a query whose rows nobody else changes until the transaction at hand ends."""
        return query.for_update()

    def alone(self, subject: str) -> None:
        """Wait until no other transaction, on any machine, is within the same subject; then keep them out."""
        self.run("SELECT pg_advisory_xact_lock(%s, %s)", SUBJECTS, number_of(subject.encode()))

    def only_index(self, index: str) -> str:  # noqa: ARG002 - the other engine's
        """Give nothing: PostgreSQL knows of itself that an index is enough."""
        return ""


def _place(params: dict[str, Any]) -> tuple[Any, ...]:
    return params.get("host"), params.get("hostaddr"), params.get("port")


def number_of(subject: bytes) -> int:
    """Give the second number of a subject's advisory lock: 32 bits, with a sign."""
    return crc32(subject) - (1 << 31)


def _in_short(error: psycopg.Error) -> str:
    # libpq asks back in a second line, set in: "Is the server running on that host …?"
    return [line for line in f"{error}".strip().splitlines() if not line.startswith("\t")][-1]


_databases: "weakref.WeakSet[Database]" = weakref.WeakSet()


def _before_fork() -> None:
    # A connection that a child closed would be gone for its parent, too.
    for database in list(_databases):
        database.close_idle()


os.register_at_fork(before=_before_fork)


def open_database(url: str) -> Database:
    """Connect to a database and bring its tables up to date.

    :raises FutureDatabase: a newer version of the program has changed it
    :raises StoreUnusable: the URL is none, or no server answers
    :raises StoreError: the database failed
    """
    try:
        each_address(url)
    except psycopg.ProgrammingError:
        # Without psycopg's words: they may hold a part of the URL.
        raise StoreUnusable(
            "the URL of the database cannot be read",
            "it is like postgresql://vigil@db.example:5432/vigil, a password's odd characters written as %XX",
        ) from None
    database = Database(url)
    try:
        with database.writing():
            bring_up_to_date(database)
    except Again:
        database.end()
        raise StoreUnusable(
            f"no PostgreSQL server takes this site: {database.why_not()}",
            "see that one runs and takes writes, and that the URL, its user and its password are right",
        ) from None
    except BaseException:
        database.end()
        raise
    return database
