"""Delete for good, on the running server: rows, then files, then what the log remembers of both."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from store.database import Database
from store.disk import failures_named, sync_folder
from store.errors import Busy, NotScrubbed
from store.folder import BlobFolder
from store.locks import locked
from store.models import Blob, Body, Mark, Reply, Slot
from store.scrub import Scrubber

LOCK = "exchange.lock"
# Seconds that a deletion waits for others to let the log be cut.
PATIENCE = 20.0
# SQLite takes a bounded number of values with one statement.
AT_ONCE = 500


class Eraser:
    """Takes things away from one store, in an order in which a kill at any moment brings nothing back.

    A file without a row is a leftover: when a process is killed after the rows went, the next that opens the
    store, or the next sweep, takes the file.
    """

    def __init__(self, data: Path, database: Database, folder: BlobFolder, scrubber: Scrubber) -> None:
        self._lock = data / LOCK
        self._database = database
        self._folder = folder
        self._scrubber = scrubber

    def delete(self, slots: Collection[bytes], replies: Collection[bytes], blobs: Collection[bytes]) -> None:
        """Delete rows in one transaction, then the files, then every trace in the log.

        :raises NotScrubbed: all of it is deleted, but the log could not be cut
        :raises Busy: others kept the database busy; nothing is deleted then
        :raises StoreError: the disk failed
        """
        with self._database.writing():
            for some in pieces(slots):
                self.forget_bodies(some)
                Slot.delete().where(Slot.id.in_(some)).execute(self._database)
            for some in pieces(replies):
                Reply.delete().where(Reply.id.in_(some)).execute(self._database)
            had_rows = self.forget_blobs(blobs)
        self.unlink(had_rows, leftovers=set(blobs) - had_rows)
        self.scrub()

    def forget_bodies(self, slots: Sequence[bytes]) -> None:
        """Delete the envelopes of some slots, and which desks have them, in the transaction at hand."""
        digests = Body.select(Body.digest).where(Body.id.in_(slots))
        Mark.delete().where(Mark.thing.in_(digests)).execute(self._database)
        Body.delete().where(Body.id.in_(slots)).execute(self._database)

    def forget_blobs(self, blobs: Collection[bytes]) -> set[bytes]:
        """Delete the rows of blobs, and which desks have them, in the transaction at hand; then `unlink`.

        Give those that had one.
        """
        had_rows: set[bytes] = set()
        for some in pieces(blobs):
            rows = Blob.select(Blob.id).where(Blob.id.in_(some)).tuples().execute(self._database)
            had_rows.update(blob for (blob,) in rows)
            Mark.delete().where(Mark.thing.in_(some)).execute(self._database)
            Blob.delete().where(Blob.id.in_(some)).execute(self._database)
        return had_rows

    def unlink(self, blobs: Collection[bytes], leftovers: Collection[bytes] = ()) -> None:
        """Unlink the files of blobs whose rows went, and return once the disk has forgotten their names.

        ``leftovers`` had no row: where a file of theirs is neither being written nor has one, it goes, too.

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

    def scrub(self) -> None:
        """Cut the log, insisting.

        :raises NotScrubbed: others kept the database busy
        """
        try:
            self._scrubber.insist(PATIENCE)
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
