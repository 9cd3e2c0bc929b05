"""What is compared of each table, on either engine: keys and small values as they are, the rest by digest."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from peewee import BlobField, BooleanField, DateField, TextField
from psycopg import sql

from store.models import MODELS, Blob
from store.postgres.rows import Table

Row: TypeAlias = tuple[Any, ...]
Key: TypeAlias = tuple[Any, ...]
# Whether a sweep has shuffled a file is said of each engine's own.
OWN = {"settled"}
# Another column of its row is its digest already.
NAMED = {"body": "envelope"}


class Compared:
    """A table as it is compared: its key first, then what else a row says; what is long, by its SHA-256.

    ``quick``: without what another column names by its digest.
    """

    def __init__(self, table: Table, *, quick: bool = False) -> None:
        self.table = table
        self.name = table.name
        self.key = table.key
        fields: Any = table.model._meta.fields  # noqa: SLF001 - peewee's own way
        self._kinds = {name: type(fields[name]) for name in table.columns}
        left = {NAMED.get(table.name)} if quick else set()
        self._rest = [name for name in table.columns if name not in {*table.key, *OWN, *left}]

    def key_of(self, row: Row) -> Key:
        """Give the key of a compared row."""
        return row[: len(self.key)]

    def whole_key(self, row: Row) -> Key:
        """Give the key of a whole row."""
        return tuple(row[self.table.columns.index(name)] for name in self.key)

    def plain(self, row: Sequence[Any]) -> Row:
        """Give what SQLite has as PostgreSQL has it."""
        return tuple(convert(value) for convert, value in zip(self._converters, row, strict=True))

    def from_sqlite(self, row: Sequence[Any]) -> Row:
        """Give a whole row as PostgreSQL has it."""
        return self.table.from_sqlite(row)

    def to_sqlite(self, key: Key) -> Key:
        """Give a key as SQLite has it."""
        return tuple(value.isoformat() if isinstance(value, date) else value for value in key)

    def page_of_sqlite(self, *, after: bool) -> str:
        """Give the query of a page, by the key, after a key or from the start; the last is its limit."""
        key = ", ".join(f'"{name}"' for name in self.key)
        digest = [f'sha256("{name}")' if self._is_long(name) else f'"{name}"' for name in self._rest]
        where = f" WHERE ({key}) > ({', '.join('?' * len(self.key))})" if after else ""
        columns = ", ".join([key, *digest])
        return f'SELECT {columns} FROM "{self.name}"{where} ORDER BY {key} LIMIT ?'  # noqa: S608 - names of ours

    def one_of_sqlite(self) -> str:
        """Give the query of a whole row by its key."""
        columns = ", ".join(f'"{name}"' for name in self.table.columns)
        where = " AND ".join(f'"{name}" = ?' for name in self.key)
        return f'SELECT {columns} FROM "{self.name}" WHERE {where}'  # noqa: S608 - names of ours

    def page_of_postgres(self, *, after: bool) -> sql.Composed:
        """Give the same query of a page for PostgreSQL, in the same order."""
        key = sql.SQL(", ").join(map(self._ordered, self.key))
        columns: list[sql.Composable] = [sql.Identifier(name) for name in self.key]
        for name in self._rest:
            plain = sql.Identifier(name)
            columns.append(sql.SQL("sha256({})").format(plain) if self._is_long(name) else plain)
        places = sql.SQL(", ").join([sql.Placeholder()] * len(self.key))
        where = sql.SQL(" WHERE ({}) > ({})").format(key, places) if after else sql.SQL("")
        return sql.SQL("SELECT {} FROM {}{} ORDER BY {} LIMIT {}").format(
            sql.SQL(", ").join(columns), sql.Identifier(self.name), where, key, sql.Placeholder()
        )

    def upsert(self) -> sql.Composed:
        """Give the statement that writes a row, new or in the place of the one of the same key."""
        names = self.table.columns
        others = [name for name in names if name not in {*self.key, *OWN}]
        changed = sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in others
        )
        end = sql.SQL("DO UPDATE SET {}").format(changed) if others else sql.SQL("DO NOTHING")
        return sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) {}").format(
            sql.Identifier(self.name),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(self._placeholder(name) for name in names),
            sql.SQL(", ").join(map(sql.Identifier, self.key)),
            end,
        )

    def remove(self) -> sql.Composed:
        """Give the statement that deletes the row of a key."""
        return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(self.name), self._of_key())

    def one_key(self) -> sql.Composed:
        """Give the query whether there is a row of a key."""
        return sql.SQL("SELECT 1 FROM {} WHERE {}").format(sql.Identifier(self.name), self._of_key())

    def _of_key(self) -> sql.Composed:
        return sql.SQL(" AND ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), self._placeholder(name)) for name in self.key
        )

    def _is_long(self, name: str) -> bool:
        return issubclass(self._kinds[name], BlobField)

    def _ordered(self, name: str) -> sql.Composable:
        # SQLite orders text by its bytes.
        plain = sql.Identifier(name)
        return sql.SQL('{} COLLATE "C"').format(plain) if self._kinds[name] is TextField else plain

    def _placeholder(self, name: str) -> sql.Placeholder:
        return sql.Placeholder(format="b") if self._is_long(name) else sql.Placeholder()

    @cached_property
    def _converters(self) -> list[Callable[[Any], Any]]:
        kinds: dict[type, Callable[[Any], Any]] = {BooleanField: bool, DateField: _day}
        return [kinds.get(self._kinds[name], _same) for name in (*self.key, *self._rest)]


def _same(value: Any) -> Any:
    return value


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


class Blobs(Compared):
    """The table of files, beside which their bytes lie."""

    def size_of(self, row: Row) -> int:
        """Give how many bytes the file of a whole row has."""
        return int(row[self.table.columns.index("size")])


BLOBS = Blobs(Table.of(Blob))
TABLES = tuple(BLOBS if model is Blob else Compared(Table.of(model)) for model in MODELS)
QUICK = tuple(Compared(table.table, quick=True) if table.name in NAMED else table for table in TABLES)
