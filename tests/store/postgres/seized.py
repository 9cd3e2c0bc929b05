"""A PostgreSQL's data folder as somebody reads it who took it away: pages and log, with no server to ask.

The layout is that of PostgreSQL 15 ("Database Page Layout"): a page's header has 24 bytes, then come pointers
of 4 bytes to its rows; a row's header begins with the transactions that made and that deleted it. Nothing is
decoded behind that: rows are known by random bytes that a test put in.
"""

import re
import struct
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.postgres import Server, binaries

PAGE = 8192
SHORT = 1_000_000
_HEADER = 24
_UNUSED, _NORMAL, _REDIRECT, _DEAD = range(4)
_FILES = (
    "SELECT c.relname::text, pg_relation_filepath(c.oid), pg_relation_filepath(nullif(c.reltoastrelid, 0)),"
    " ARRAY(SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid = c.oid)"
    " FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
)


@dataclass(frozen=True)
class Found:
    """One row, live or not, as it lies in its page: where, by which transaction it came, and its bytes."""

    place: int
    xmin: int
    flags: int
    data: bytes

    @property
    def value(self) -> int:
        """The number of the large value of which this is a part, where it is one."""
        return int(struct.unpack_from("<I", self.data)[0])


@dataclass(frozen=True)
class Table:
    """The files of a table and of its parts."""

    rows: tuple[Path, ...]
    values: tuple[Path, ...]
    indexes: tuple[Path, ...]


def table(server: Server, url: str, name: str) -> Table:
    """Ask a running server for the files of a table; once all is in them, they may be read."""
    with psycopg.connect(url) as connection:
        found = [
            row
            for row in connection.execute(_FILES).fetchall()
            if re.fullmatch(rf"{name}(_[0-9a-f]+)?", row[0])
        ]
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return Table(
        tuple(server.data / rows for _, rows, _, _ in found),
        tuple(server.data / values for _, _, values, _ in found if values),
        tuple(server.data / index for _, _, _, indexes in found for index in indexes),
    )


def rows(files: Sequence[Path], marks: Collection[bytes]) -> dict[bytes, Found]:
    """Give the newest rows in which marks are, by these."""
    found: dict[bytes, Found] = {}
    for row in all_rows(files):
        for mark in marks:
            if mark in row.data and (mark not in found or found[mark].xmin < row.xmin):
                found[mark] = row
    assert found.keys() == set(marks)
    return found


def all_rows(files: Sequence[Path]) -> Iterator[Found]:
    """Give every row that a pointer leads to, of all files one after the other."""
    for number, file in enumerate(files):
        content = file.read_bytes()
        for at in range(0, len(content), PAGE):
            page = content[at : at + PAGE]
            lower = struct.unpack_from("<H", page, 12)[0]
            for place in range(_HEADER, lower, 4):
                pointer = struct.unpack_from("<I", page, place)[0]
                start, kind, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
                if kind == _NORMAL:
                    xmin = struct.unpack_from("<I", page, start)[0]
                    flags, size = struct.unpack_from("<HB", page, start + 20)
                    where = (number << 40) + (at << 10) + place
                    yield Found(where, xmin, flags, page[start + size : start + length])


def places(files: Sequence[Path], marks: Sequence[bytes]) -> list[int]:
    """Give where in the files each mark is, whatever it belongs to; the last one where there are more."""
    content = b"".join(file.read_bytes() for file in files)
    return [content.rindex(mark) for mark in marks]


def left(folder: Path, secrets: Sequence[bytes]) -> dict[str, int]:
    """Give the files in a folder that hold any of some random bytes, each with how many of them."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            # What is text is short: a log, or statistics.
            text = content if len(content) < SHORT else b""
            if number := sum(secret in content or secret.hex().encode() in text for secret in secrets):
                found[str(path.relative_to(folder))] = number
    return found


def logged(server: Server) -> set[int]:
    """Give the transactions of whose end, and its time, the log (WAL) tells."""
    found: set[int] = set()
    for segment in sorted((server.data / "pg_wal").glob("0000*")):
        # It reads to the end of what is written, and then says that there it ends.
        said = subprocess.run(
            [binaries() / "pg_waldump", "--rmgr=Transaction", segment],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        found |= {int(number) for number in re.findall(r"tx: +(\d+),.* COMMIT \d{4}-", said)}
    return found
