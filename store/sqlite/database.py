"""The SQLite database: how it is opened, shared between threads and processes, and brought up to date."""

import os
import sqlite3
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime, time
from pathlib import Path
from typing import Any, TypeVar

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from store import engine
from store.clock import utc_today
from store.disk import failures_named, sync_folder
from store.errors import Busy, Closed, FutureDatabase
from store.locks import locked
from store.sqlite.gate import Gate

NAME = "vigil.db"
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
# Once somebody has waited in vain for the write lock, others wait no longer than this, until one has had it:
# those who queue for the same few threads would else wait for each other's waiting.
HURRIED_SECONDS = 1
IDLE_CONNECTIONS = 16
PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("fullfsync", 1),
    ("checkpoint_fullfsync", 1),
    ("secure_delete", 1),
    ("foreign_keys", 1),
    ("trusted_schema", 0),
)

T = TypeVar("T")


class Database(engine.Database, SqliteDatabase):
    """Connections that stay open between uses, each lent to one thread at a time, none carried over a fork.

    A connection is lent for as long as `reading` or `writing` lasts, and then waits for the next: a pool of
    threads needs no more of them than run at once, and none is tied to a thread that ends.
    """

    def __init__(self, path: Path) -> None:
        # Set first: the parent's constructor closes what might be open.
        self._idle: deque[sqlite3.Connection] = deque()
        self._ended = False
        self._in_vain = False
        self._gate = Gate(path.parent)
        super().__init__(
            str(path), pragmas=PRAGMAS, timeout=BUSY_SECONDS, autoconnect=False, check_same_thread=False
        )
        # The lent connection is kept by thread, and a deque is safe by itself. A lock made under gevent would
        # be shared between its threads and its event loop, for nothing.
        self._lock = nullcontext()
        _databases.add(self)

    def _connect(self) -> sqlite3.Connection:
        if self._ended:
            raise Closed
        try:
            return self._idle.pop()
        except IndexError:
            connection: sqlite3.Connection = super()._connect()  # type: ignore[misc]  # peewee leaves it untyped
            return connection

    def _close(self, conn: sqlite3.Connection) -> None:
        if self._ended or conn.in_transaction or len(self._idle) >= IDLE_CONNECTIONS:
            conn.close()
        else:
            self._idle.append(conn)

    def run(self, sql: str) -> tuple[Any, ...]:
        """Run one statement of SQLite's own on the connection lent to this thread; give its first row."""
        cursor = self.execute_sql(sql)  # type: ignore[no-untyped-call]  # peewee's types leave it open
        return tuple(cursor.fetchone() or ())

    def close_idle(self) -> None:
        """Close every connection that nobody is using."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            connection.close()

    def end(self) -> None:
        """Close for good: what is lent closes when it comes back."""
        self._ended = True
        self.close_idle()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Lend this thread a connection.

        :raises StoreError: as `failures_named` says
        """
        with failures_named(), self.connection_context():
            yield

    @contextmanager
    def writing(self, *, patient: bool = True) -> Iterator[None]:  # noqa: ARG002 - there is no server
        """Lend this thread a connection and run what follows as one transaction, committed at its end.

        It takes the write lock at its start: a transaction that reads first and writes later fails under
        two processes.

        :raises Busy: the store is moving to another engine, too
        :raises StoreError: as `failures_named` says; nothing of it is kept then
        """
        begun = False
        try:
            with failures_named(), self.connection_context(), self._hurried(), self.atomic("IMMEDIATE"):
                begun, self._in_vain = True, False
                self._gate.check()
                yield
        except Busy:
            self._in_vain = not begun
            raise

    def again(self, call: Callable[[], T]) -> T:
        """Give what ``call`` gives: no connection breaks here."""
        return call()

    def hold(self, query: Any) -> Any:
        """Give the query as it is: whoever writes has all of the database."""
        return query

    def alone(self, subject: str) -> None:
        """Do nothing: as above."""

    def only_index(self, index: str) -> str:
        """Make a query read this index, and not the table: SQLite would take that, by its primary key."""
        return f'INDEXED BY "{index}"'

    @contextmanager
    def _hurried(self) -> Iterator[None]:
        if not self._in_vain:
            yield
            return
        self.run(f"PRAGMA busy_timeout = {HURRIED_SECONDS * 1000}")
        try:
            yield
        finally:
            self.run(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


_databases: "weakref.WeakSet[Database]" = weakref.WeakSet()


def _before_fork() -> None:
    # SQLite must not be used, nor even closed, in a child whose parent opened it.
    for database in list(_databases):
        database.close_idle()


os.register_at_fork(before=_before_fork)


def open_database(folder: Path) -> Database:
    """Open the database in ``folder``, made when absent (0600), and bring it up to date.

    :raises FutureDatabase: a newer version of the program has changed it
    :raises StoreError: it cannot be opened
    """
    path = folder / NAME
    with locked(folder / "vigil.lock"), failures_named():
        # Opened here only to make it: closing a handle of a database drops all locks that SQLite holds on
        # it in this process. The log and its index take over its mode.
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            sync_folder(folder)
        path.chmod(0o600)
        with ExitStack() as undo:
            database = Database(path)
            undo.callback(database.end)
            with database.connection_context():
                _bring_up_to_date(database)
            undo.pop_all()
    return database


def _bring_up_to_date(database: Database) -> None:
    runner = Runner(database, str(MIGRATIONS))
    states = runner.status()
    unknown = [state.name for state in states if state.path is None]
    if unknown:
        raise FutureDatabase(
            f"the database was changed by a newer version: {', '.join(unknown)}",
            "install that version again, or restore a backup made before it",
        )
    if any(state.applied is None for state in states):
        runner.up()
        # The history of migrations notes the second; a day says enough.
        today = datetime.combine(utc_today(), time())
        runner.History.update(applied=today).execute()
