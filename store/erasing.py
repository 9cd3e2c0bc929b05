"""Delete for good, on the running server: rows, then files, then what the log remembers of both."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import fn

from store import remains
from store.database import Database
from store.disk import failures_named, sync_folder
from store.errors import Busy, NotScrubbed
from store.folder import BlobFolder
from store.locks import locked
from store.models import OF_REPORTS, Blob, Body, Mark, Reply, Slot
from store.rebuild import Rebuilder
from store.scrub import Scrubber

LOCK = "exchange.lock"
# Seconds that a deletion waits for others to let the log be cut.
PATIENCE = 2.0
# SQLite takes a bounded number of values with one statement.
AT_ONCE = 500
# A page keeps no more of a row than this; the rest is on pages of its own, which are zeroed when they go.
_ON_PAGE = 1100
_START = fn.SUBSTR(Body.envelope, 1, _ON_PAGE)
_START_OF_REPLY = fn.SUBSTR(Reply.envelope, 1, _ON_PAGE)


class Eraser:
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

        Each row comes with the ids of its files. A report's file goes with the last report that names it, and
        only a row that is here gives up its claim; a reply's file goes at once.

        :raises NotScrubbed: all of it is deleted, but the traces could not be
        :raises Busy: others kept the database busy; nothing is deleted then
        :raises StoreError: the disk failed
        """
        blobs = {blob for named in (*slots.values(), *replies.values()) for blob in named}
        deleted: list[bytes] = [*slots, *replies, *blobs]
        with self._database.writing():
            going = self._let_go(slots) | self._of_replies(replies)
            for some in pieces(slots):
                deleted += self._content(Slot.select(Slot.record).where(Slot.id.in_(some)))
                deleted += self._content(Body.select(Body.digest, _START).where(Body.id.in_(some)))
                self.forget_bodies(some)
                Slot.delete().where(Slot.id.in_(some)).execute(self._database)
            for some in pieces(replies):
                deleted += self._content(Reply.select(_START_OF_REPLY).where(Reply.id.in_(some)))
                Reply.delete().where(Reply.id.in_(some)).execute(self._database)
            self.forget_blobs(going)
        # What has a row still is no leftover: `unlink` sees that.
        self.unlink(going, leftovers=blobs - going)
        self._leave_nothing(deleted)

    def _let_go(self, slots: Mapping[bytes, Collection[bytes]]) -> set[bytes]:
        """Give up the claims of those reports that are here; give the files that nobody claims any more."""
        claims: Counter[bytes] = Counter()
        for some in pieces(slots):
            rows = Slot.select(Slot.id).where(Slot.id.in_(some)).tuples().execute(self._database)
            claims.update(blob for (slot,) in rows for blob in set(slots[slot]))
        for blob, number in claims.items():
            fewer = Blob.update(claims=Blob.claims - number)
            fewer.where(Blob.id == blob, OF_REPORTS).execute(self._database)
        return self._those(claims, OF_REPORTS, Blob.claims <= 0)

    def _of_replies(self, replies: Mapping[bytes, Collection[bytes]]) -> set[bytes]:
        """Give the files of those replies that are here, none that came with a report."""
        named: set[bytes] = set()
        for some in pieces(replies):
            rows = Reply.select(Reply.id).where(Reply.id.in_(some)).tuples().execute(self._database)
            named.update(blob for (reply,) in rows for blob in replies[reply])
        return self._those(named, Blob.expires.is_null(False))

    def _those(self, blobs: Collection[bytes], *conditions: Any) -> set[bytes]:
        found: set[bytes] = set()
        for some in pieces(blobs):
            query = Blob.select(Blob.id).where(Blob.id.in_(some), *conditions)
            found.update(blob for (blob,) in query.tuples().execute(self._database))
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

    def forget_bodies(self, slots: Sequence[bytes]) -> None:
        """Delete the envelopes of some slots, and which desks have them, in the transaction at hand."""
        digests = Body.select(Body.digest).where(Body.id.in_(slots))
        Mark.delete().where(Mark.thing.in_(digests)).execute(self._database)
        Body.delete().where(Body.id.in_(slots)).execute(self._database)

    def forget_blobs(self, blobs: Collection[bytes]) -> None:
        """Delete the rows of blobs, and which desks have them, in the transaction at hand; then `unlink`."""
        for some in pieces(blobs):
            Mark.delete().where(Mark.thing.in_(some)).execute(self._database)
            Blob.delete().where(Blob.id.in_(some)).execute(self._database)

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


def pieces(ids: Collection[bytes]) -> Iterator[list[bytes]]:
    """Give the ids in lists that one statement can take."""
    all_ids = list(ids)
    for at in range(0, len(all_ids), AT_ONCE):
        yield all_ids[at : at + AT_ONCE]
