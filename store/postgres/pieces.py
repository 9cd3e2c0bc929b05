"""The pieces of files: read one after the other, and taken away some at a time."""

from collections.abc import Sequence
from io import SEEK_CUR, SEEK_SET, RawIOBase, UnsupportedOperation
from typing import Any

from store.postgres.database import Database

PIECE = 256 * 1024
# Pieces, 100 MB, that go by one transaction: PostgreSQL takes away each 2 KB of them by itself.
AT_ONCE = 400
_CLEAR = """WITH gone AS (DELETE FROM piece WHERE (blob, number) IN
    (SELECT blob, number FROM piece AS p WHERE blob = ANY(%b)
        AND NOT EXISTS (SELECT FROM blob WHERE id = p.blob)
        AND NOT EXISTS (SELECT FROM arriving WHERE id = p.blob) LIMIT %s) RETURNING 1)
    SELECT count(*) FROM gone"""


def clear_some(database: Database, blobs: Sequence[bytes]) -> bool:
    """Delete pieces of files without a row, in the transaction at hand; say whether none can be left."""
    row = database.run(_CLEAR, list(blobs), AT_ONCE)
    return row is None or row[0] < AT_ONCE


def clear(database: Database, blobs: Sequence[bytes]) -> None:
    """Delete what is left of files without a row. What a kill leaves here goes with a sweep.

    :raises StoreError: the database failed
    """

    def some() -> bool:
        with database.writing():
            return clear_some(database, blobs)

    done = False
    while not done:
        done = database.again(some)


class Pieces(RawIOBase):
    """One file, read piece by piece, each on whatever connection there is."""

    def __init__(self, database: Database, blob: bytes, size: int) -> None:
        self._database = database
        self._blob = blob
        self._size = self._left = size
        self._next = 0
        self._piece = memoryview(b"")

    def seekable(self) -> bool:
        """Say that it can be read again from its beginning."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """Go to the beginning, or say where it is; give that.

        :raises UnsupportedOperation: to any other place
        """
        if (offset, whence) == (0, SEEK_SET):
            self._left, self._next, self._piece = self._size, 0, memoryview(b"")
        elif (offset, whence) != (0, SEEK_CUR):
            raise UnsupportedOperation
        return self._size - self._left

    def readable(self) -> bool:
        """Say that it is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; give how many bytes, 0 at the end.

        :raises FileNotFoundError: it was deleted meanwhile, or has not all its bytes
        :raises StoreError: the database failed
        """
        if self._left and not self._piece:
            self._piece = memoryview(self._database.again(self._read))[: self._left]
            self._next += 1
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._piece))
        view[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        self._left -= count
        return count

    def _read(self) -> bytes:
        with self._database.reading():
            sql = "SELECT data FROM piece WHERE blob = %b AND number = %s"
            row = self._database.run(sql, self._blob, self._next)
        if row is None or not row[0]:
            raise FileNotFoundError(self._blob.hex())
        return bytes(row[0])
