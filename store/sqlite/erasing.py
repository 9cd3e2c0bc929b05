"""Delete for good, on the running server: rows, then files, then what the log remembers of both."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import fn

from store.disk import failures_named, sync_folder
from store.erasing import Rows, pieces
from store.errors import Busy, NotScrubbed
from store.locks import locked
from store.models import Blob, Body, Reply, Slot
from store.sqlite import remains
from store.sqlite.database import Database
from store.sqlite.folder import BlobFolder
from store.sqlite.rebuild import Rebuilder
from store.sqlite.scrub import Scrubber

LOCK = "exchange.lock"
# Seconds that a deletion waits for others to let the log be cut.
PATIENCE = 2.0
# A page keeps no more of a row than this; the rest is on pages of its own, which are zeroed when they go.
_ON_PAGE = 1100
_START = fn.SUBSTR(Body.envelope, 1, _ON_PAGE)
_START_OF_REPLY = fn.SUBSTR(Reply.envelope, 1, _ON_PAGE)


class Eraser(Rows):
    """Takes things away from one store, in an order in which a kill at any moment brings nothing back.

    A file without a row is a leftover: when a process is killed after the rows went, the next that opens the
    store, or the next sweep, takes the file.
    """

    def __init__(
        self,
        data: Path,
        database: Database,
        folder: BlobFolder,
        scrubber: Scrubber,
        rebuilder: Rebuilder,
    ) -> None:
        super().__init__(database)
        self._lock = data / LOCK
        self._database = database
        self._folder = folder
        self._scrubber = scrubber
        self._rebuilder = rebuilder
        self._file_fd: int | None = None

    def delete(
        self, slots: Mapping[bytes, Collection[bytes]], replies: Mapping[bytes, Collection[bytes]]
    ) -> None:
        """Delete rows in one transaction, then the files, then every trace in the database.

        :raises NotScrubbed: all of it is deleted, but the traces could not be
        :raises Busy: others kept the database busy; nothing is deleted then
        :raises StoreError: the disk failed
        """
        blobs = {blob for named in (*slots.values(), *replies.values()) for blob in named}
        with self._database.writing():
            deleted = [*slots, *replies, *blobs, *self._contents(slots, replies)]
            going = self.erase(slots, replies)
        # What has a row still is no leftover: `unlink` sees that.
        self.unlink(going, leftovers=blobs - going)
        self._leave_nothing(deleted)

    def _contents(self, slots: Collection[bytes], replies: Collection[bytes]) -> list[bytes]:
        """Give what the rows that are to go hold, as far as their pages do."""
        found: list[bytes] = []
        for some in pieces(slots):
            found += self._content(Slot.select(Slot.record).where(Slot.id.in_(some)))
            found += self._content(Body.select(Body.digest, _START).where(Body.id.in_(some)))
        for some in pieces(replies):
            found += self._content(Reply.select(_START_OF_REPLY).where(Reply.id.in_(some)))
        return found

    def _content(self, query: Any) -> list[bytes]:
        return [value for row in query.tuples().execute(self._database) for value in row]

    def _leave_nothing(self, deleted: list[bytes]) -> None:
        """Cut the log; where SQLite left copies of what was deleted in its pages, rewrite them all."""
        left = False

        def look() -> None:
            nonlocal left
            left = remains.are_left(self._pages(), self._roots(), deleted)

        self.scrub(look)
        if left:
            try:
                wanted = self._rebuilder.rebuild()
            except Busy as error:
                raise NotScrubbed from error
            if wanted:
                raise NotScrubbed
            self.scrub()

    def _roots(self) -> list[int]:
        cursor = self._database.execute_sql("SELECT rootpage FROM sqlite_master WHERE rootpage > 0")  # type: ignore[no-untyped-call]  # peewee's types leave it open
        return [root for (root,) in cursor.fetchall()]

    def _pages(self) -> remains.ReadPage:
        # Kept open: to close any handle of the database drops all locks that SQLite holds on it here.
        if self._file_fd is None:
            self._file_fd = os.open(self._database.database, os.O_RDONLY | os.O_CLOEXEC)
        return remains.pages_of(self._file_fd, self._database.run("PRAGMA page_size")[0])

    def close(self) -> None:
        """Let go of the database's file, once every connection of this process is closed."""
        if self._file_fd is not None:
            os.close(self._file_fd)
            self._file_fd = None

    def unlink(self, blobs: Collection[bytes], leftovers: Collection[bytes] = ()) -> None:
        """Unlink the files of blobs whose rows went, and return once the disk has forgotten their names.

        ``leftovers``: where a file of theirs is neither being written nor has a row, it goes, too.

        :raises Busy: a sweep did not let go of a file in time
        :raises StoreError: the disk failed
        """
        if not blobs and not leftovers:
            return
        with failures_named(), self.no_exchange():
            for blob in blobs:
                self._folder.erase(blob)
            for blob in leftovers:
                with self._folder.unless_written(blob) as ours, self._database.reading():
                    if ours and not Blob.select().where(Blob.id == blob).exists(self._database):
                        self._folder.erase(blob)
            sync_folder(self._folder.path)

    def scrub(self, then: Callable[[], None] = lambda: None) -> None:
        """Cut the log, insisting; ``then`` is called while all is in the database's file and nobody writes.

        :raises NotScrubbed: others kept the database busy
        """
        try:
            self._scrubber.insist(PATIENCE, then=then)
        except Busy as error:
            raise NotScrubbed from error

    @contextmanager
    def no_exchange(self) -> Iterator[None]:
        """Let nobody else exchange files for copies, or unlink them, meanwhile.

        :raises Busy: it was not possible in time
        """
        with locked(self._lock):
            yield
