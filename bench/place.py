"""Where a measurement is taken: on SQLite in the site's folder, or on a PostgreSQL that the bench runs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import postgres, server

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
# The database's memory for a machine of some GB. All else is as it comes: what is committed is on the disk.
SETTINGS = {"shared_buffers": "256MB"}


@dataclass(frozen=True)
class Place:
    """Gives each measurement a folder of its own, and a database."""

    database: postgres.Server | None = None

    @property
    def name(self) -> str:
        """What the rows measured here say of it."""
        return POSTGRES if self.database else SQLITE

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for a site, on the disk that the site itself would use, emptied afterwards."""
        with server.work_folder() as folder:
            if self.database is None:
                yield folder
                return
            url = self.database.fresh()
            (folder / server.DATABASE).write_text(url)
            try:
                yield folder
            finally:
                self.database.drop(url)


@contextmanager
def on_postgres() -> Iterator[Place]:
    """A place on a PostgreSQL, which runs until the block ends.

    :raises server.SetUpFailed: there is none, or it does not start.
    """
    with (
        tempfile.TemporaryDirectory(prefix="vgb") as folder,
        postgres.running(Path(folder), **SETTINGS) as running,
    ):
        yield Place(running)
