"""A PostgreSQL's pages as somebody finds them: for each row, everything that can be read of it.

What its server tells of them (which transaction made a row, where it is, the numbers of large values) is what
stands in them: tests/store/postgres/seized.py reads the same from the files.
"""

from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from tests.unlinkable.seized import TABLES, Row

# What most of a row's bytes are in: kept apart, under a number.
VALUES = {"body": "envelope", "reply": "envelope", "piece": "data"}
START = 24
Connection = psycopg.Connection[Any]


def read(url: str) -> dict[str, dict[bytes, Row]]:
    """Read everything about slots, blobs and replies, by their ids; ``url`` is one that may read all."""
    with psycopg.connect(url) as connection:
        tables = {table: _rows(connection, table, "id") for table in TABLES}
        pieces = _rows(connection, "piece", "blob", "WHERE number = 0")
    _join(tables["slot"], tables["body"], "body")
    _join(tables["blob"], pieces, "piece")
    return {table: tables[table] for table in ("slot", "blob", "reply")}


def _join(rows: dict[bytes, Row], others: dict[bytes, Row], name: str) -> None:
    for key, row in rows.items():
        other = others.get(key, Row())
        row.numbers |= {f"{name} {column}": value for column, value in other.numbers.items()}
        row.bytes |= {f"{name} {column}": value for column, value in other.bytes.items()}


def _rows(connection: Connection, table: str, key: str, where: sql.LiteralString = "") -> dict[bytes, Row]:
    query = "SELECT tableoid::bigint, ctid::text, xmin::text::bigint, * FROM {} {}"
    cursor = connection.execute(sql.SQL(query).format(sql.Identifier(table), sql.SQL(where)))
    columns = [column.name for column in cursor.description or ()][3:]
    values = _values(connection, table) if table in VALUES else {}
    rows = {}
    for number, (part, ctid, xmin, *found) in enumerate(cursor.fetchall()):
        row = Row({"order": number, "part": part, "made by": xmin, **_place(part, ctid)})
        for column, value in zip(columns, found, strict=True):
            _add(row, column, value)
        if table in VALUES:
            start = bytes(found[columns.index(VALUES[table])][:START])
            row.numbers |= values.get(start, {})
        rows[bytes(found[columns.index(key)])] = row
    return rows


def _values(connection: Connection, table: str) -> dict[bytes, dict[str, int]]:
    """Give what can be told of each large value, by how it begins."""
    kept = (
        "SELECT reltoastrelid::bigint, reltoastrelid::regclass::text FROM pg_class"
        " WHERE oid = %(table)s::regclass"
        " OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %(table)s::regclass)"
    )
    found = {}
    for part, name in connection.execute(kept, {"table": table}).fetchall():
        query = (
            "SELECT ctid::text, xmin::text::bigint, chunk_id::bigint, chunk_data FROM {} WHERE chunk_seq = 0"
        )
        _, toast = name.split(".")
        where = sql.Identifier("pg_toast", toast)
        for ctid, xmin, number, data in connection.execute(sql.SQL(query).format(where)).fetchall():
            told = {"number": number, "made by": xmin, **_place(part, ctid)}
            found[bytes(data[:START])] = {f"value {column}": value for column, value in told.items()}
    return found


def _place(part: int, ctid: str) -> dict[str, int]:
    page, line = map(int, ctid.strip("()").split(","))
    return {"place": (part << 40) + (page << 16) + line}


def _add(row: Row, column: str, value: object) -> None:
    if isinstance(value, bytes):
        row.bytes[column] = value[:2000]
        row.numbers[f"{column} length"] = len(value)
        row.numbers[f"{column} as number"] = int.from_bytes(value[:16], "big")
        row.numbers[f"{column} end"] = int.from_bytes(value[-8:], "big")
    elif isinstance(value, date):
        row.numbers[column] = value.toordinal()
    elif isinstance(value, int):
        row.numbers[column] = value
