"""Look for words where they must not be: in every file of a folder, whatever it is."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path


def files_of(*folders: Path) -> Iterator[Path]:
    """Every file below these folders."""
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def found(needles: Iterable[bytes], *folders: Path) -> list[str]:
    """Which needle is in which file's content or name, whatever the case of letters."""
    wanted = [needle.lower() for needle in needles]
    hits = []
    for path in files_of(*folders):
        content = path.read_bytes()
        content = str(path).encode() + b"\0" + content.lower()
        hits += [f"{needle!r} in {path}" for needle in wanted if needle in content]
    return hits


def values(database: Path) -> Iterator[tuple[str, object]]:
    """Every value of an SQLite database, with its table and column."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                yield from ((f"{table}.{column}", value) for column, value in zip(columns, row, strict=True))
