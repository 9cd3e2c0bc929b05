"""Delete for good: rows in one transaction, with the bytes of files, or the first of very large ones.

A piece without a row is a leftover, which the sweep takes, too. What the server's disk still has of all this
until its pages are rewritten is the sweep's.
"""

from collections.abc import Collection, Mapping

from store.erasing import Rows, pieces
from store.postgres.database import Database
from store.postgres.pieces import clear, clear_some


class Eraser(Rows):
    """Takes things away from one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def delete(
        self, slots: Mapping[bytes, Collection[bytes]], replies: Mapping[bytes, Collection[bytes]]
    ) -> None:
        """Delete reports, replies and their files; each row is named with the ids of all its files.

        :raises StoreError: the database failed; the same call may be made again
        """
        named = {blob for blobs in (*slots.values(), *replies.values()) for blob in blobs}
        with self._database.writing():
            self.erase(slots, replies)
        self.unlink(named)

    def forget_blobs(self, blobs: Collection[bytes]) -> None:
        """Delete rows of files, and which desks have them, in the transaction at hand; then `unlink`."""
        super().forget_blobs(blobs)
        for some in pieces(sorted(blobs)):
            clear_some(self._database, some)

    def unlink(self, blobs: Collection[bytes], leftovers: Collection[bytes] = ()) -> None:
        """Take away what is left of the bytes of files that have no row.

        :raises StoreError: the database failed
        """
        for some in pieces(sorted({*blobs, *leftovers})):
            with self._database.reading():
                left = self._database.run("SELECT 1 FROM piece WHERE blob = ANY(%b) LIMIT 1", some)
            if left:
                clear(self._database, some)

    def scrub(self) -> None:
        """Do nothing: other machines' transactions are in the same log, and only the sweep can rewrite it."""
