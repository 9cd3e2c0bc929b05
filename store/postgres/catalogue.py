"""What PostgreSQL says of our tables: which there are, their columns, keys, sizes, and parts."""

from dataclasses import dataclass

from psycopg import sql

from store.postgres.connection import Connection

_COLUMNS = (
    "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    " AND NOT attisdropped ORDER BY attnum"
)
_BYTES = _COLUMNS.replace(" ORDER", " AND atttypid = 'bytea'::regtype ORDER")
_KEY = (
    "SELECT attname::text FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
    " WHERE indisprimary AND indrelid = %s::regclass ORDER BY array_position(indkey::int2[], attnum)"
)
_PARTS = (
    "SELECT relname::text, obj_description(oid, 'pg_class') FROM pg_inherits JOIN pg_class ON oid = inhrelid"
    " WHERE inhparent = %s::regclass ORDER BY relname"
)
_TABLES = (
    "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p'"
    " AND relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'USAGE')"
    " AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = oid) ORDER BY relname"
)


@dataclass(frozen=True)
class Part:
    """A table, or a part of one, and its bytes; ``whole``: all that one night moved here is here still."""

    name: str
    size: int
    whole: bool


class Catalogue:
    """Asks over a connection; tables are named by their names, in the schema of the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tables(self) -> list[str]:
        """Give our tables, without parts of them."""
        return self._names(_TABLES)

    def columns(self, table: str) -> list[str]:
        """Give the columns of a table."""
        return self._names(_COLUMNS, table)

    def columns_of_bytes(self, table: str) -> list[str]:
        """Give those of them that hold bytes."""
        return self._names(_BYTES, table)

    def key(self, table: str) -> list[str]:
        """Give the columns of a table's primary key."""
        return self._names(_KEY, table)

    def parts(self, table: str) -> list[Part]:
        """Give the parts of a table; whole are those that hold as many rows as were noted on them."""
        rows = self._connection.execute(_PARTS, (table,)).fetchall()
        return [Part(name, self.size(name), note == str(self.count(name))) for name, note in rows]

    def count(self, table: str) -> int:
        """Give the number of rows, without those of parts."""
        query = sql.SQL("SELECT count(*) FROM ONLY {}").format(sql.Identifier(table))
        return self._number(query)

    def size(self, table: str) -> int:
        """Give the bytes of a table with its indexes and its large values, without parts."""
        return self._number(sql.SQL("SELECT pg_total_relation_size({})").format(sql.Literal(table)))

    def is_blank(self, table: str) -> bool:
        """Say whether nothing was ever written to the table's present file."""
        return not self._number(sql.SQL("SELECT pg_relation_size({})").format(sql.Literal(table)))

    def _names(self, query: str, *table: str) -> list[str]:
        return [name for (name,) in self._connection.execute(query.encode(), table).fetchall()]

    def _number(self, query: sql.Composed) -> int:
        row = self._connection.execute(query).fetchone()
        return 0 if row is None else int(row[0])
