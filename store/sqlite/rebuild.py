"""Rewrite the whole database: nothing of the order of writing, nor of deleted rows, stays in its pages."""

from pathlib import Path

from store.disk import failures_named
from store.errors import NoRoom
from store.room import Room
from store.sqlite.database import Database
from store.sqlite.scrub import Scrubber

# Bytes before each page in SQLite's log.
LOG_HEADER = 24


class Rebuilder:
    """Rewrites one store's database where there is room for it."""

    def __init__(self, data: Path, database: Database, room: Room, scrubber: Scrubber) -> None:
        self._data = data
        self._database = database
        self._room = room
        self._scrubber = scrubber

    def rebuild(self) -> int:
        """Rewrite the database; give 0, or how many bytes would have to be free for it.

        :raises Busy: others kept the database busy
        :raises StoreError: the disk failed
        """
        # What the log holds by now is not to stand beside a second copy of it.
        self._scrubber.try_once()
        with self._database.reading():
            (pages,), (page,) = (
                self._database.run("PRAGMA page_count"),
                self._database.run("PRAGMA page_size"),
            )
            # SQLite builds a copy in an unnamed file, and writes that to the log, each page with a header.
            copies = 2 * pages * (page + LOG_HEADER)
            if not self._room.has_room_to_copy(copies):
                return self._room.needed_to_copy(copies)
            # On the same disk, where there is room, not in /tmp.
            folder = str(self._data.absolute()).replace("'", "''")
            self._database.run(f"PRAGMA temp_store_directory = '{folder}'")
            try:
                with failures_named():
                    self._database.run("VACUUM")
            except NoRoom:
                return self._room.needed_to_copy(copies)
        return 0
