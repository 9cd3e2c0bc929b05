"""A server's disk as somebody finds it who took it away: for each row, everything that can be read of it."""

import ctypes
import os
import sqlite3
import struct
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from store.sqlite.database import NAME
from tests.unlinkable.pages import Pages, Place

TABLES = ("slot", "body", "blob", "reply")
_AT_FDCWD = -100
_BIRTH = 0x800
_STATX_BYTES = 256
# Where statx puts the seconds and the nanoseconds of the birth time.
_BIRTH_AT = 0x50


@dataclass
class Row:
    """One row by what is to be compared: numbers, and bytes."""

    numbers: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, bytes] = field(default_factory=dict)


def read(folder: Path) -> dict[str, dict[bytes, Row]]:
    """Read everything about slots, blobs and replies, by their ids; a slot with what its body tells."""
    log = folder / f"{NAME}-wal"
    assert not log.exists() or not log.stat().st_size
    pages = Pages((folder / NAME).read_bytes())
    with closing(sqlite3.connect(f"file:{folder / NAME}?immutable=1", uri=True)) as db:
        db.row_factory = sqlite3.Row
        roots = dict(db.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"))
        tables = {table: _table(db, table, pages.places(roots[table])) for table in TABLES}
    for slot, row in tables["slot"].items():
        body = tables["body"].get(slot, Row())
        row.numbers |= {f"body {name}": value for name, value in body.numbers.items()}
        row.bytes |= {f"body {name}": value for name, value in body.bytes.items()}
    _add_files(folder / "blobs", tables["blob"])
    return {table: tables[table] for table in ("slot", "blob", "reply")}


def _table(db: sqlite3.Connection, table: str, places: dict[bytes, Place]) -> dict[bytes, Row]:
    rows = {}
    for number, found in enumerate(db.execute(f"SELECT * FROM {table}")):
        row = Row()
        for column, value in dict(found).items():
            _add(row, column, value)
        place = places[found["id"]]
        row.numbers |= {
            "order": number,
            "page": place.page,
            "cell": place.cell,
            "offset": place.offset,
            "place": place.page * 65536 + place.offset,
        }
        if place.overflow:
            row.numbers["overflow"] = place.overflow
        rows[found["id"]] = row
    assert rows.keys() == places.keys()
    return rows


def _add(row: Row, column: str, value: object) -> None:
    if isinstance(value, bytes):
        row.bytes[column] = value
        row.numbers[f"{column} length"] = len(value)
        row.numbers[f"{column} as number"] = int.from_bytes(value[:16], "big")
        row.numbers[f"{column} end"] = int.from_bytes(value[-8:], "big")
    elif isinstance(value, str):
        row.numbers[column] = date.fromisoformat(value).toordinal()
    elif isinstance(value, int):
        row.numbers[column] = value


def _add_files(folder: Path, blobs: dict[bytes, Row]) -> None:
    with os.scandir(folder) as entries:
        order = [entry.name for entry in entries]
    for number, name in enumerate(order):
        path = folder / name
        status = path.stat()
        blobs[bytes.fromhex(name)].numbers |= {
            "file order": number,
            "inode": status.st_ino,
            "accessed": status.st_atime_ns,
            "modified": status.st_mtime_ns,
            "changed": status.st_ctime_ns,
            "born": birth(path),
            "file size": status.st_size,
            "blocks": status.st_blocks,
        }


def birth(path: Path) -> int:
    """Give when a file was made, in nanoseconds, where the system tells; else 0."""
    if sys.platform != "linux":
        return int(getattr(path.stat(), "st_birthtime", 0) * 10**9)
    buffer = ctypes.create_string_buffer(_STATX_BYTES)
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "statx") or libc.statx(_AT_FDCWD, os.fsencode(path), 0, _BIRTH, buffer):
        return 0
    seconds, nanoseconds = struct.unpack_from("=qI", buffer, _BIRTH_AT)
    return int(seconds * 10**9 + nanoseconds)
