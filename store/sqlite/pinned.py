"""What was kept at one moment, to be read for as long as that takes, whatever is deleted meanwhile.

Envelopes are read from one transaction of SQLite's, files through links of their own in `pinned/`. Until they
are let go of, what is deleted meanwhile stays there, and the log cannot be cut: deletions say so.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from peewee import fn

from store.disk import failures_named, make_folder
from store.errors import Busy
from store.locks import locked
from store.models import CLAIMED, OF_REPORTS, Blob, Body
from store.sqlite.database import Database
from store.sqlite.folder import BlobFolder, open_untouched

LOCK = "pinned.lock"
# Seconds to wait for another process to let go.
PATIENCE = 5.0


class Pinned:
    """All envelopes and all files of reports, as they were when it was made; for one thread.

    A file that was deleted in the moment before it had a link is left out.
    """

    def __init__(self, snapshot: Database, links: Path) -> None:
        self._snapshot = snapshot
        self._links = links
        self.deleted: frozenset[bytes] = frozenset()

    def envelopes(self) -> Iterator[tuple[bytes, int]]:
        """Give digest and size of every envelope, by digest."""
        query = Body.select(Body.digest, fn.LENGTH(Body.envelope)).order_by(Body.digest)
        with failures_named():
            yield from query.tuples().iterator(self._snapshot)

    def envelope(self, digest: bytes) -> bytes:
        """Give the envelope with this SHA-256 digest.

        :raises KeyError: there is none
        """
        with failures_named():
            row = Body.select(Body.envelope).where(Body.digest == digest).tuples().first(self._snapshot)
        if row is None:
            raise KeyError(digest.hex())
        envelope: bytes = row[0]
        return envelope

    def kept_blobs(self) -> Iterator[tuple[bytes, int]]:
        """Give id and size of every file of a report, by id."""
        query = Blob.select(Blob.id, Blob.size).where(CLAIMED, OF_REPORTS).order_by(Blob.id)
        with failures_named():
            rows = query.tuples().iterator(self._snapshot)
            yield from ((blob, size) for blob, size in rows if blob not in self.deleted)

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises FileNotFoundError: it was not here
        """
        return open_untouched(self._links / blob.hex())


class Pins:
    """Pins one store; one at a time, whichever process asks."""

    def __init__(self, data: Path, database: Database, folder: BlobFolder) -> None:
        self._lock = data / LOCK
        self.links = data / "pinned"
        self._database = database
        self._folder = folder
        make_folder(self.links)

    @contextmanager
    def pinned(self) -> Iterator[Pinned]:
        """Keep what is here readable meanwhile.

        :raises Busy: another process has pinned it
        :raises StoreError: the disk failed
        """
        with locked(self._lock, PATIENCE):
            self._let_go()
            # Of its own: the others' connections go on seeing what is new.
            snapshot = Database(Path(self._database.database))
            try:
                with ExitStack() as held:
                    with failures_named():
                        held.enter_context(snapshot.connection_context())
                        held.enter_context(snapshot.atomic("DEFERRED"))
                        # SQLite's snapshot begins with the first thing read.
                        snapshot.run("SELECT COUNT(*) FROM sqlite_master")
                        here = Pinned(snapshot, self.links)
                        blobs = [blob for blob, _ in here.kept_blobs()]
                        here.deleted = frozenset(blob for blob in blobs if not self._link(blob))
                    yield here
            finally:
                snapshot.end()
                self._let_go()

    def tidy(self) -> None:
        """Remove the links that a killed process left; not those of one that is at work."""
        with suppress(Busy), locked(self._lock, seconds=0.0):
            self._let_go()

    def _link(self, blob: bytes) -> bool:
        """Link a file; say whether it is still wanted, be it there or lost."""
        if self._folder.link(blob, self.links / blob.hex()):
            return True
        with self._database.reading():
            return Blob.select().where(Blob.id == blob).exists(self._database)

    def _let_go(self) -> None:
        with failures_named():
            for link in self.links.iterdir():
                link.unlink(missing_ok=True)
