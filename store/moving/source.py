"""The site that is moved: its rows and files, read a little at a time, and what closes it at the end."""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Any

from store import done
from store.disk import failures_named, make_folder, sync_file, sync_folder
from store.moving.tables import Compared, Key, Row
from store.sqlite.database import NAME, Database
from store.sqlite.done import last
from store.sqlite.folder import NEW_FILE, BlobFolder
from store.sqlite.gate import CLOSED, FOLDER, MOVED

TOKEN = "token"  # noqa: S105 - it names a move, and opens nothing
PAGE = 500
NOTED = (done.BEGUN, done.SWEEP, done.BACKUP, done.EXPORT, done.RESTORE)


class Source:
    """A data folder whose site may be running; for one thread.

    Each page of rows is a read of its own: nobody waits for it, and the log can be cut in between.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._place = data / FOLDER
        self._files = BlobFolder(data)
        # Of its own: the site's goes on without what this one can do.
        self._database = Database(data / NAME)
        self._database.register_function(_digest, "sha256", 1)
        with failures_named():
            make_folder(self._place)

    def close(self) -> None:
        """Let go of the database."""
        self._database.end()

    def compared(self, table: Compared) -> Iterator[Row]:
        """Give what is compared of each row, by its key."""
        last: Key | None = None
        while True:
            rows = self._all(table.page_of_sqlite(after=last is not None), (*(last or ()), PAGE))
            if not rows:
                return
            last = tuple(rows[-1][: len(table.key)])
            yield from map(table.plain, rows)

    def rows(self, table: Compared, keys: Sequence[Key]) -> Iterator[Row]:
        """Give whole rows, as PostgreSQL has them, of those keys that are here still."""
        for key in keys:
            yield from map(table.from_sqlite, self._all(table.one_of_sqlite(), table.to_sqlite(key)))

    def open(self, blob: bytes) -> BufferedReader | None:
        """Open a file; None where there is none, deleted or lost."""
        try:
            return self._files.open(blob)
        except FileNotFoundError:
            return None

    def done(self) -> dict[str, date]:
        """Give the days on which nightly work was last done."""
        days = ((what, last(self.data, what)) for what in NOTED)
        return {what: day for what, day in days if day is not None}

    def size(self) -> int:
        """Give how many bytes there are, rows and files, nearly."""
        with failures_named():
            files = self._all("SELECT COALESCE(SUM(size), 0) FROM blob", ())[0][0]
            return int(files) + (self.data / NAME).stat().st_size

    def token(self) -> tuple[str, bool]:
        """Give the name of the move that was begun here, and whether its target was found empty then."""
        try:
            name, _, word = (self._place / TOKEN).read_text("ascii").strip().partition(" ")
        except FileNotFoundError:
            return "", False
        return name, word == "begun"

    def note(self, name: str, *, begun: bool) -> None:
        """Note a move's name; on disk when this returns."""
        with failures_named():
            _write(self._place / TOKEN, f"{name} {'begun' if begun else 'new'}\n")

    def shut(self) -> None:
        """Refuse what would be written from now on; when this returns, nobody is writing.

        For whoever holds the move's lock.

        :raises Busy: others wrote for too long
        """
        with failures_named():
            _write(self._place / CLOSED, "")
            # Whoever had SQLite's write lock before this may not have seen that file.
            with self._database.connection_context(), self._database.atomic("IMMEDIATE"):
                """Nobody is writing."""

    def reopen(self) -> None:
        """Take things in again."""
        with failures_named():
            (self._place / CLOSED).unlink(missing_ok=True)
            sync_folder(self._place)

    def give_up(self) -> None:
        """Let another database have it for good; on disk when this returns."""
        with failures_named():
            _write(self._place / MOVED, "")

    def forget(self) -> None:
        """Forget that a move was begun."""
        self.reopen()
        with failures_named():
            (self._place / TOKEN).unlink(missing_ok=True)
            sync_folder(self._place)

    def _all(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._database.reading():
            return list(self._database.execute_sql(sql, values).fetchall())  # type: ignore[no-untyped-call]  # peewee leaves it open


def _digest(data: bytes) -> bytes:
    return sha256(data).digest()


def _write(path: Path, text: str) -> None:
    """Put a small file in its place whole; on disk when this returns."""
    copy = path.with_suffix(".new")
    copy.unlink(missing_ok=True)
    with os.fdopen(os.open(copy, NEW_FILE, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        sync_file(file.fileno())
    copy.replace(path)
    sync_folder(path.parent)
