"""The models' rows between two engines, some at a time, by their primary keys.

SQLite keeps days as text and truths as numbers; PostgreSQL has types of their own for both. A row here is a
tuple of plain values in the order of its table's columns, as PostgreSQL has them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from peewee import BooleanField, DateField, Model
from psycopg import sql

from store.models import MODELS
from store.postgres.errors import failures_named
from store.postgres.stream import Connection

Row = tuple[Any, ...]
PAGE = 200


def _same(value: Any) -> Any:
    return value


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


@dataclass(frozen=True)
class Table:
    """A model's table: its name, its columns, and which of these are its primary key, in order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    model: type[Model]

    @classmethod
    def of(cls, model: type[Model]) -> "Table":
        """Ask a model."""
        meta: Any = model._meta  # noqa: SLF001 - peewee's own way
        key = tuple(getattr(meta.primary_key, "field_names", (meta.primary_key.name,)))
        return cls(meta.table_name, tuple(meta.sorted_field_names), key, model)

    def pages(self, connection: Connection) -> Iterator[list[Row]]:
        """Give all rows, some at a time, by the primary key.

        :raises StoreError: the database does not answer
        """
        places = [self.columns.index(name) for name in self.key]
        key = sql.SQL(", ").join(map(sql.Identifier, self.key))
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        start = sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(self.name))
        after = sql.SQL(" WHERE ({}) > ({})").format(
            key, sql.SQL(", ").join([sql.Placeholder()] * len(places))
        )
        end = sql.SQL(" ORDER BY {} LIMIT {}").format(key, sql.Literal(PAGE))
        last: Row | None = None
        while True:
            with failures_named(), connection.cursor(binary=True) as cursor:
                query = start + end if last is None else start + after + end
                rows = cursor.execute(query, last).fetchall()
            if not rows:
                return
            last = tuple(rows[-1][at] for at in places)
            yield rows

    def insert(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Write new rows, in the transaction at hand.

        :raises StoreError: the database does not take them
        """
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        table = sql.Identifier(self.name)
        with failures_named(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT {} FROM {} LIMIT 0").format(names, table))
            types = [column.type_code for column in cursor.description or ()]
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(table, names)) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)

    def from_sqlite(self, row: Sequence[Any]) -> Row:
        """Give a row of SQLite's as PostgreSQL has it."""
        return tuple(convert(value) for convert, value in zip(self._converters, row, strict=True))

    @cached_property
    def _converters(self) -> list[Callable[[Any], Any]]:
        fields: Any = self.model._meta.fields  # noqa: SLF001 - as above
        kinds: dict[type, Callable[[Any], Any]] = {BooleanField: bool, DateField: _day}
        return [kinds.get(type(fields[name]), _same) for name in self.columns]


TABLES = tuple(map(Table.of, MODELS))


def to_sqlite(row: Row) -> Row:
    """Give a row as SQLite keeps it."""
    return tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def copied_out(connection: Connection, table: Table, out: sqlite3.Connection, only: str | None) -> None:
    """Write the rows of a table into one of SQLite's; of a column, ``only`` those where that is true."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    places = ", ".join("?" * len(table.columns))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608 - names of ours
    for rows in table.pages(connection):
        wanted = rows if only is None else [row for row in rows if row[table.columns.index(only)]]
        out.executemany(statement, map(to_sqlite, wanted))


def read_from(source: sqlite3.Connection, table: Table) -> Iterator[Row]:
    """Give all rows of a table of SQLite's, by the primary key, as PostgreSQL has them."""
    names, key = (", ".join(f'"{name}"' for name in some) for some in (table.columns, table.key))
    cursor = source.execute(f'SELECT {names} FROM "{table.name}" ORDER BY {key}')  # noqa: S608 - names of ours
    while rows := list(islice(cursor, PAGE)):
        yield from map(table.from_sqlite, rows)
