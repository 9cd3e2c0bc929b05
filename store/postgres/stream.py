"""Sealed files as rows of pieces: read one after the other, or written, never more than one in memory."""

import io
from collections.abc import Iterable, Iterator

from store.postgres.connection import Connection
from store.postgres.errors import failures_named

__all__ = ["PIECE", "Connection", "Pieces", "broken", "evened", "opened", "put"]
PIECE = 256 * 1024


class Pieces(io.RawIOBase):
    """One file, read on a connection that others may use in between; what they see, this sees."""

    def __init__(self, connection: Connection, blob: bytes) -> None:
        self._connection = connection
        self._blob = blob
        self._next = 0
        self._left = memoryview(b"")
        self._read = 0

    def readable(self) -> bool:
        """Say that it is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read into a buffer; give how many bytes, 0 at the end.

        :raises StoreError: the database does not answer
        """
        view = memoryview(buffer)  # type: ignore[arg-type]  # the parent's type is not public
        if not self._left:
            self._left = memoryview(self._piece())
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        self._read += count
        return count

    def tell(self) -> int:
        """Give how many bytes were read."""
        return self._read

    def _piece(self) -> bytes:
        sql = "SELECT data FROM piece WHERE blob = %b AND number = %s"
        with failures_named(), self._connection.cursor(binary=True) as cursor:
            row = cursor.execute(sql, (self._blob, self._next)).fetchone()
        if row is None:
            return b""
        self._next += 1
        return bytes(row[0])


def opened(connection: Connection, blob: bytes) -> io.BufferedReader:
    """Open a file for reading.

    :raises FileNotFoundError: it is not here, or nothing is left of it
    """
    with failures_named():
        row = connection.execute(
            "SELECT size, EXISTS (SELECT FROM piece WHERE blob = id) FROM blob WHERE id = %b", (blob,)
        ).fetchone()
    if row is None or (row[0] and not row[1]):
        raise FileNotFoundError(blob.hex())
    return io.BufferedReader(Pieces(connection, blob), PIECE)


def put(connection: Connection, blob: bytes, parts: Iterable[bytes]) -> int:
    """Write a file's pieces, in the transaction at hand; give its size.

    What ``parts`` raises goes on to the caller, and the transaction is over then.
    """
    size = 0
    sql = "COPY piece (blob, number, data) FROM STDIN (FORMAT BINARY)"
    with failures_named(), connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.set_types(["bytea", "int4", "bytea"])
        for number, piece in enumerate(evened(parts)):
            copy.write_row((blob, number, piece))
            size += len(piece)
    return size


def evened(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Give the same bytes in pieces of one length, but for the last."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def broken(connection: Connection) -> Iterator[bytes]:
    """Give the ids of the files that have not the bytes that their rows say.

    :raises StoreError: the database does not answer
    """
    sql = (
        "SELECT id FROM blob LEFT JOIN (SELECT blob, sum(octet_length(data)) AS bytes, count(*) AS pieces,"
        " max(number) AS last FROM piece GROUP BY blob) AS found ON found.blob = id"
        " WHERE size <> COALESCE(bytes, 0) OR COALESCE(pieces <> last + 1, false) ORDER BY id"
    )
    with failures_named(), connection.cursor(binary=True) as cursor:
        yield from (bytes(row[0]) for row in cursor.execute(sql).fetchall())
