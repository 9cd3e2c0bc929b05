"""Delete for good: rows and the bytes of files in one transaction.

What the server's disk still has of them until its pages are rewritten is the sweep's.
"""

from collections.abc import Collection, Mapping

from store.erasing import Rows, pieces
from store.postgres.database import Database


class Eraser(Rows):
    """Takes things away from one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def delete(
        self, slots: Mapping[bytes, Collection[bytes]], replies: Mapping[bytes, Collection[bytes]]
    ) -> None:
        """Delete reports, replies and their files; each row is named with the ids of all its files.

        :raises StoreError: the database failed; nothing is deleted then
        """
        with self._database.writing():
            self.erase(slots, replies)

    def forget_blobs(self, blobs: Collection[bytes]) -> None:
        """Delete files, rows and bytes, and which desks have them, in the transaction at hand."""
        super().forget_blobs(blobs)
        for some in pieces(sorted(blobs)):
            self._database.run("DELETE FROM piece WHERE blob = ANY(%b)", some)

    def unlink(self, blobs: Collection[bytes], leftovers: Collection[bytes] = ()) -> None:
        """Do nothing: the bytes went with the rows. What is half here goes with the sweep."""

    def scrub(self) -> None:
        """Do nothing: other machines' transactions are in the same log, and only the sweep can rewrite it."""
