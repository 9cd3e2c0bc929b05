"""Rewrite what the database keeps: nothing of its pages is to tell what was written together, or before what.

PostgreSQL notes on each row by which transaction it came (xmin), puts rows where there is room, numbers large
values in their order (TOAST), and leaves what is deleted where it was. VACUUM, also VACUUM FULL, keeps the
first of these. So rows are written anew, in the order of their keys, which are random.

Envelopes and files are many: their tables have parts (children, by inheritance), each written by one night.
A night moves what is in the table itself, which is what came since, to a new part, and with it what is left
of parts from which something was deleted, and small ones: some at a time, so that writers wait for moments.
Then the emptied table gets a new file. The other tables are short, and are written anew at once, while nobody
else can use them.

To a reader whose snapshot is older such a table would look empty. Whoever reads in one snapshot for long has
to lock the tables before it is taken; the sweep waits for them a while, and then says that it could not.
"""

import random
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from store.errors import Busy
from store.postgres.catalogue import Catalogue
from store.postgres.connection import Connection
from store.postgres.waiting import pause

# Tables with parts, and where most of a row's bytes are: in these nothing is changed, only added and deleted.
PARTED = {"body": "envelope", "reply": "envelope", "piece": "data"}
# What moves in one transaction: others wait so long to write there.
ROWS_AT_ONCE = 200
BYTES_AT_ONCE = 2_000_000
# Of so many of these transactions one is waited for until it is on disk, here and at the copies.
WAITED_FOR = 8
# What came meanwhile is moved by another pass; on a busy site some always did.
PASSES = 5
# A part is joined with what comes when it is smaller than this, or than that.
SMALL = 64_000_000
# A short table is sorted up to so many bytes; PostgreSQL may be set to allow no larger file for that.
SORTED = 200_000_000
# While this waits for a table, everyone else does: it gives up soon, and tries again.
# PostgreSQL ends a vacuum of its own that is in the way after one second.
LOCK_SECONDS = 2.0
# Whoever has used a table for so long goes on for minutes, as an export does: it is not asked for meanwhile.
LONG = 2.0
# In all, whatever the number of tables. After that each is tried once.
PATIENCE = 60.0
OTHERS = (LockNotAvailable, DeadlockDetected)

# Who is in nobody's way that wants a lock. PostgreSQL's own vacuum gives way to whoever asks.
_HARMLESS: dict[str, list[str]] = {
    "ACCESS EXCLUSIVE": [],
    "EXCLUSIVE": ["AccessShareLock"],
    "SHARE UPDATE EXCLUSIVE": ["AccessShareLock", "RowShareLock", "RowExclusiveLock"],
}
_HELD = (
    "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE relation = %s::regclass AND granted"
    " AND mode <> ALL(%s) AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    " AND xact_start < clock_timestamp() - make_interval(secs => %s) LIMIT 1"
)


@dataclass
class Settled:
    """What came of it.

    ``left``: the tables that were not rewritten for want of room, for which ``wanted`` bytes have to be free.
    ``busy``: those that others used for so long that they could not be.
    """

    wanted: int = 0
    left: list[str] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)

    def with_(self, other: "Settled") -> "Settled":
        """Give what came of both."""
        return Settled(max(self.wanted, other.wanted), self.left + other.left, self.busy + other.busy)


class Settler:
    """Rewrites a database over a connection (autocommit) of its own; one at a time."""

    def __init__(
        self, connection: Connection, needed: Callable[[int], int], patience: float = PATIENCE
    ) -> None:
        """``needed`` gives how many bytes have to be free before so many can be written, or 0: they can."""
        self._connection = connection
        self._catalogue = Catalogue(connection)
        self._needed = needed
        self._patience = patience

    def tables(self) -> list[str]:
        """Give what there is to settle, those with parts first."""
        return sorted(self._catalogue.tables(), key=lambda table: (table not in PARTED, table))

    def settle(self, tables: Iterable[str]) -> Settled:
        """Rewrite those for which there is room, and which nobody holds on to.

        Killed at any moment, it leaves every row at one place, and the rest to the next night.

        :raises psycopg.Error: the database failed
        """
        done = Settled()
        # What a crash of the server takes back of this was at its old place.
        self._connection.execute("SET synchronous_commit = off")
        for table in tables:
            try:
                wanted = self._settle_parts(table) if table in PARTED else self._rewrite(table)
            except (Busy, *OTHERS):
                done.busy.append(table)
                if table in PARTED:
                    self._let_vacuum(table)
                continue
            if wanted:
                done.wanted = max(done.wanted, wanted)
                done.left.append(table)
        return done

    # ---- tables with parts

    def _settle_parts(self, table: str) -> int:
        sources, size = self._sources(table)
        if not sources:
            return 0
        if wanted := self._needed(size):
            return wanted
        target = f"{table}_{secrets.token_hex(4)}"
        move = Move(
            sources, target, self._catalogue.columns(table), self._catalogue.key(table), PARTED[table]
        )
        with self._locked(table, "SHARE UPDATE EXCLUSIVE"):
            # No vacuum of PostgreSQL's own is to be in the way while everyone waits.
            self._run("ALTER TABLE {} SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)", table)
        with self._locked(table):
            # A reader that knew of no such part would miss what moves there: none is at work now.
            self._make_part(table, target)
        moved = 0
        for _ in range(PASSES):
            number = self._pass(move)
            moved += number
            if number < ROWS_AT_ONCE:
                break
        with self._locked(table):
            moved += self._connection.execute(move.statement()).rowcount
            self._run("TRUNCATE ONLY {}", table)
            self._run("ALTER TABLE {} RESET (autovacuum_enabled, toast.autovacuum_enabled)", table)
            for part in sources[1:] if moved else [*sources[1:], target]:
                self._run("DROP TABLE {}", part)
            if moved:
                note = sql.SQL("COMMENT ON TABLE {} IS {}")
                self._connection.execute(note.format(sql.Identifier(target), sql.Literal(str(moved))))
        if moved:
            self._freeze(target)
        return 0

    def _sources(self, table: str) -> tuple[list[str], int]:
        """Give the table, and the parts to be joined with it, and how many bytes they have.

        Nothing, where nothing came or went since.
        """
        parts = self._catalogue.parts(table)
        moving = [part for part in parts if not part.whole]
        if not moving and self._catalogue.is_blank(table):
            return [], 0
        size = self._catalogue.size(table) + sum(part.size for part in moving)
        moving += [part for part in parts if part.whole and part.size <= max(SMALL, size)]
        # So much has to be written, besides what is here.
        size = self._catalogue.size(table) + sum(part.size for part in moving)
        return [table, *(part.name for part in moving)], size

    def _let_vacuum(self, table: str) -> None:
        """Give a table back to PostgreSQL's own vacuum, unless somebody is in the way of that, too."""
        with suppress(*OTHERS):
            self._run("ALTER TABLE {} RESET (autovacuum_enabled, toast.autovacuum_enabled)", table)

    def _make_part(self, table: str, part: str) -> None:
        self._run("CREATE TABLE {0} (LIKE {1} INCLUDING ALL) INHERITS ({1})", part, table)
        for column in self._catalogue.columns_of_bytes(table):
            # Statistics would keep values that are deleted.
            self._run("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS 0", part, column)

    def _pass(self, move: "Move") -> int:
        """Move what is there, some at a time, in the order of the keys; give the number of rows."""
        moved = 0
        last: Sequence[object] = ()
        for batch in count(1):
            rows = self._connection.execute(move.next(last), last).fetchall()
            if not rows:
                break
            end = _end(rows)
            with self._locked(move.sources[0], "EXCLUSIVE"):
                if batch % WAITED_FOR == 0:
                    # A copy of the database is to keep up with this.
                    self._connection.execute("SET LOCAL synchronous_commit = on")
                bounds = [*last, *end] * len(move.sources)
                moved += self._connection.execute(move.statement(last, end), bounds).rowcount
            last = end
        return moved

    # ---- tables that are short

    def _rewrite(self, table: str) -> int:
        if self._catalogue.is_blank(table):
            return 0
        size = self._catalogue.size(table)
        if wanted := self._needed(2 * size):
            return wanted
        copy = f"copy_{secrets.token_hex(4)}"
        columns, key = _list(self._catalogue.columns(table)), _list(self._catalogue.key(table))
        names = {"copy": sql.Identifier(copy), "table": sql.Identifier(table), "columns": columns}
        names["rows"] = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(columns, names["table"], key)
        with self._locked(table):
            for statement in (
                # What is large is read by the key's index, slowly: a sort would need too large a file.
                "SET LOCAL work_mem = '64MB'" if size <= SORTED else "SET LOCAL enable_sort = off",
                "CREATE TEMPORARY TABLE {copy} ON COMMIT DROP AS {rows}",
                "TRUNCATE {table}",
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM {copy}",
            ):
                self._connection.execute(sql.SQL(statement).format(**names))
        self._freeze(table)
        return 0

    # ---- what both need

    @contextmanager
    def _locked(self, table: str, mode: str = "ACCESS EXCLUSIVE") -> Iterator[None]:
        """Run what follows as one transaction during which nobody else uses the table, or changes it.

        :raises Busy: others use it for too long
        """
        before = monotonic()
        while self._is_held(table, mode) or not self._begun(table, mode):
            if self._patience <= 0:
                raise Busy(f"others hold on to {table}")
            pause(LOCK_SECONDS * random.uniform(0.2, 1))  # noqa: S311 - no secret
            now = monotonic()
            self._patience, before = self._patience - (now - before), now
        try:
            yield
        except BaseException:
            if not self._connection.broken:
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _is_held(self, table: str, mode: str) -> bool:
        """Say whether others have used a table for so long that it is of no use to make everyone wait."""
        return self._connection.execute(_HELD, (table, _HARMLESS[mode], LONG)).fetchone() is not None

    def _begun(self, table: str, mode: str) -> bool:
        """Begin a transaction that has locked the table; say False where others use it."""
        self._connection.execute("BEGIN")
        try:
            self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            self._connection.execute(
                sql.SQL("LOCK TABLE ONLY {} IN {} MODE").format(sql.Identifier(table), sql.SQL(mode))
            )
        except OTHERS:
            self._connection.execute("ROLLBACK")
            return False
        return True

    def _freeze(self, table: str) -> None:
        # Who first reads a row notes on it that its transaction is over. Here nobody is to be the first.
        self._run("VACUUM (FREEZE) {}", table)

    def _run(self, text: str, *names: str) -> None:
        self._connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


class Move:
    """The statements that move rows from some tables of the same columns to another one.

    Each gives, or takes, rows by their ``key``; ``value`` is the column that has most of a row's bytes.
    """

    def __init__(
        self, sources: Sequence[str], target: str, columns: Sequence[str], key: Sequence[str], value: str
    ) -> None:
        self.sources = sources
        self._target = sql.Identifier(target)
        self._columns = _list(columns)
        self._key = _list(key)
        self._value = sql.Identifier(value)
        self._bounds = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(key)))

    def next(self, last: Sequence[object]) -> sql.Composed:
        """Ask for the keys that come next after ``last``, each with its bytes."""
        some = [
            sql.SQL("SELECT {}, {} AS value FROM ONLY {}").format(
                self._key, self._value, sql.Identifier(source)
            )
            for source in self.sources
        ]
        query = "SELECT {0}, octet_length(value) FROM ({1}) AS waiting {2} ORDER BY {0} LIMIT {3}"
        return sql.SQL(query).format(
            self._key, sql.SQL(" UNION ALL ").join(some), self._where(last, ()), sql.Literal(ROWS_AT_ONCE)
        )

    def statement(self, last: Sequence[object] = (), end: Sequence[object] = ()) -> sql.Composed:
        """Move what comes after ``last`` up to ``end``; without them, all there is."""
        deletes, taken = [], []
        for number, source in enumerate(self.sources):
            name = sql.Identifier(f"gone{number}")
            delete = "{} AS (DELETE FROM ONLY {} {} RETURNING {})"
            where = self._where(last, end)
            deletes.append(sql.SQL(delete).format(name, sql.Identifier(source), where, self._columns))
            taken.append(sql.SQL("SELECT * FROM {}").format(name))
        return sql.SQL("WITH {} INSERT INTO {} ({}) SELECT * FROM ({}) AS gone ORDER BY {}").format(
            sql.SQL(", ").join(deletes),
            self._target,
            self._columns,
            sql.SQL(" UNION ALL ").join(taken),
            self._key,
        )

    def _where(self, last: Sequence[object], end: Sequence[object]) -> sql.Composable:
        pairs = ((last, "({}) > {}"), (end, "({}) <= {}"))
        found = [sql.SQL(text).format(self._key, self._bounds) for given, text in pairs if given]
        return sql.SQL("WHERE ") + sql.SQL(" AND ").join(found) if found else sql.SQL("")


def _end(rows: Sequence[Sequence[object]]) -> Sequence[object]:
    """Give the key of the last row that one transaction moves; each ends with its number of bytes."""
    total = 0
    for before, row in enumerate(rows):
        total += int(str(row[-1]))
        if total > BYTES_AT_ONCE and before:
            return rows[before - 1][:-1]
    return rows[-1][:-1]


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
