"""The bytes of sealed files as rows of pieces: written as they come, and read again, never all in memory.

A small file is written with its row, in one transaction. Of a larger one the pieces go ahead, each committed
by itself and not waited for: the log is one sequence, and the last transaction, which is waited for, comes
behind them. Should a server that takes over have lost some, then `arriving` says so, and nothing counts.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from io import BufferedReader
from typing import Any

import psycopg

from store.clock import Today
from store.errors import Busy, DiskFailed, NoRoom
from store.models import ID_BYTES, Blob
from store.postgres.connection import Connection
from store.postgres.database import Database, number_of
from store.postgres.errors import Again, failures_named
from store.postgres.pieces import PIECE, Pieces, clear, clear_some

TAKEN = "too many files are waiting for a report, and this was among the largest"
OTHER = "another process is writing this file"
LOST = "the database has lost a part of a file while another server took over: send it again"
# Advisory locks of those who write a reply's file; see database.SUBJECTS.
WRITERS = 0x76696777

# One statement, one way there and back: the file's note, if it is as it should be, and then the piece, unless
# it is here. One that a sweep has moved to a part is seen by looking; one in the table itself conflicts, also
# where the transaction that brought it ends only now.
_FIRST = """INSERT INTO arriving AS a (id, size, day, writer) VALUES (%b, %s, %s, %b)
    ON CONFLICT (id) DO UPDATE SET size = excluded.size
    WHERE a.size = excluded.size AND a.writer IS NOT DISTINCT FROM excluded.writer RETURNING id"""
_NEXT = """UPDATE arriving SET size = %s WHERE id = %b AND size IN (%s, %s)
    AND writer IS NOT DISTINCT FROM %b RETURNING id"""
_PUT = """WITH quick AS (SELECT set_config('synchronous_commit', 'off', true) AS off), noted AS ({}),
    put AS (INSERT INTO piece (blob, number, data) SELECT id, %s, %b FROM noted, quick
        WHERE NOT EXISTS (SELECT FROM piece WHERE blob = %b AND number = %s) ON CONFLICT DO NOTHING)
    SELECT 1 FROM noted, quick"""
_ARRIVED = "DELETE FROM arriving WHERE id = %b AND size = %s AND writer IS NOT DISTINCT FROM %b RETURNING 1"
_PUT_FIRST, _PUT_NEXT = _PUT.format(_FIRST), _PUT.format(_NEXT)


class NewFile:
    """One file that arrives. ``turn``: a connection that has its writer's lock, and is closed with it."""

    def __init__(
        self,
        database: Database,
        today: Today,
        blob: bytes,
        writer: bytes | None = None,
        turn: Connection | None = None,
        beside: "dict[bytes, NewFile] | None" = None,
    ) -> None:
        self._database = database
        self._today = today
        self._writer = writer
        self._turn = turn
        self._beside = {} if beside is None else beside
        self._beside[blob] = self
        self._held = bytearray()
        self.taken = False
        self._pieces = 0
        self._tried = False
        self.id = blob
        self.closed = False

    def write(self, data: bytes) -> None:
        """Append bytes.

        :raises NoRoom: others have taken it away
        :raises StoreError: the database failed
        """
        if self.taken:
            raise NoRoom(TAKEN)
        self._held += data
        while len(self._held) >= PIECE:
            piece = bytes(self._held[:PIECE])
            self._database.again(partial(self._put, piece))
            self._pieces += 1
            del self._held[:PIECE]

    def _put(self, piece: bytes) -> None:
        before, after = self._pieces * PIECE, (self._pieces + 1) * PIECE
        what = self._pieces, piece, self.id, self._pieces
        with self._database.reading(patient=True):
            if self._pieces:
                done = self._database.run(_PUT_NEXT, after, self.id, before, after, self._writer, *what)
            else:
                done = self._database.run(_PUT_FIRST, self.id, after, self._today(), self._writer, *what)
            if done is None:
                raise self._what_happened()

    def _what_happened(self) -> NoRoom | DiskFailed | Busy:
        row = self._database.run("SELECT writer FROM arriving WHERE id = %b", self.id)
        if self._writer is not None and (row is None or row[0] != self._writer):
            return Busy(OTHER)
        return NoRoom(TAKEN) if row is None else DiskFailed(LOST)

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return self._pieces * PIECE + len(self._held)

    def is_there(self) -> bool:
        """Say whether nobody has taken it away meanwhile.

        :raises StoreError: the database failed
        """
        if self.taken or not self._pieces:
            return not self.taken
        with self._database.reading():
            return self._database.run("SELECT 1 FROM arriving WHERE id = %b", self.id) == (1,)

    def keep(self, row: Mapping[str, object]) -> bool:
        """Return once bytes and row are on disk for good; False where somebody took it away.

        :raises StoreError: the database failed
        """
        if self.taken or not self._database.again(lambda: self._keep(row)):
            return False
        self._close()
        return True

    def _keep(self, row: Mapping[str, object]) -> bool:
        run = self._database.run
        with self._database.writing():
            # It is here where the end of the first try was lost. Held: nobody drops it before this ends.
            if self._tried and run("SELECT 1 FROM blob WHERE id = %b FOR UPDATE", self.id):
                return True
            self._tried = True
            if self._pieces and run(_ARRIVED, self.id, self._pieces * PIECE, self._writer) is None:
                happened = self._what_happened()
                if isinstance(happened, NoRoom):
                    return False
                raise happened
            if self._held:
                run("INSERT INTO piece VALUES (%b, %s, %b)", self.id, self._pieces, bytes(self._held))
            Blob.insert(id=self.id, **row).execute(self._database)
        return True

    def remove(self) -> None:
        """Leave nothing of it. Any number of times. What cannot be reached goes with a sweep.

        :raises StoreError: the database failed
        """
        if self.closed:
            return
        with suppress(Again):
            if self._pieces:
                self._database.again(self._remove)
        self._close()

    def _remove(self) -> None:
        with self._database.writing():
            sql = "DELETE FROM arriving WHERE id = %b AND writer IS NOT DISTINCT FROM %b"
            self._database.run(sql, self.id, self._writer)
            all_gone = clear_some(self._database, [self.id])
        if not all_gone:
            clear(self._database, [self.id])

    def _close(self) -> None:
        self.closed = True
        self._beside.pop(self.id, None)
        self._held.clear()
        if self._turn is not None:
            with suppress(psycopg.Error):
                self._turn.close()


class Files:
    """The bytes of one database's files."""

    def __init__(self, database: Database, today: Today) -> None:
        self._database = database
        self._today = today
        # Files of reports that this process writes: what a small one has by now is nowhere else.
        self._here: dict[bytes, NewFile] = {}

    def holds(self, blob: bytes) -> bool:
        """Say whether all bytes of a file that has a row are here.

        :raises StoreError: the database failed
        """
        return self._database.run(_HOLDS, blob) == (True,)

    def open(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises FileNotFoundError: it is not here
        :raises StoreError: the database failed
        """
        row = self._database.again(lambda: self._size(blob))
        if row is None or (row[0] and not row[1]):
            raise FileNotFoundError(blob.hex())
        return BufferedReader(Pieces(self._database, blob, row[0]), PIECE)

    def _size(self, blob: bytes) -> tuple[Any, ...] | None:
        sql = "SELECT size, EXISTS (SELECT FROM piece WHERE blob = id) FROM blob WHERE id = %b"
        with self._database.reading():
            return self._database.run(sql, blob)

    def being_written(self) -> dict[bytes, int]:
        """Give the files of reports that are being written, with the bytes they have by now.

        Those of other processes are among them from their first whole piece on.

        :raises StoreError: the database failed
        """
        with self._database.reading(), failures_named():
            rows = self._database.cursor().execute("SELECT id, size FROM arriving WHERE writer IS NULL")
            sizes = {bytes(blob): size for blob, size in rows.fetchall()}
        return sizes | {file.id: file.size for file in list(self._here.values())}

    def drop(self, blob: bytes) -> bool:
        """Forget a file, row and bytes, unless something has claimed it; say whether it is gone.

        :raises StoreError: the database failed
        """
        run = self._database.run
        if (file := self._here.pop(blob, None)) is not None:
            file.taken = True
        with self._database.writing():
            # Whoever ends it just now is waited for: then it has a row.
            run("DELETE FROM arriving WHERE id = %b", blob)
            row = run("SELECT kept FROM blob WHERE id = %b FOR UPDATE", blob)
            if row == (True,):
                return False
            run("DELETE FROM blob WHERE id = %b", blob)
            all_gone = clear_some(self._database, [blob])
        if not all_gone:
            clear(self._database, [blob])
        return True

    def new(self) -> NewFile:
        """Begin a file under a new id."""
        return NewFile(self._database, self._today, secrets.token_bytes(ID_BYTES), beside=self._here)

    def new_as(self, blob: bytes) -> NewFile:
        """Begin a file under this id; what is here without all its bytes is what a killed process left.

        :raises Busy: another process is writing it, or has written it
        :raises StoreError: the database failed
        """
        turn = self._turn_to_write(blob)
        try:
            self._clear(blob)
        except BaseException:
            with suppress(psycopg.Error):
                turn.close()
            raise
        return NewFile(self._database, self._today, blob, secrets.token_bytes(ID_BYTES), turn)

    def _turn_to_write(self, blob: bytes) -> Connection:
        with failures_named():
            connection = self._database.connected()
            # For as long as the connection is open; where it breaks, `arriving` tells the writers apart.
            sql = "SELECT pg_try_advisory_lock(%s, %s)"
            row = connection.execute(sql, (WRITERS, number_of(blob))).fetchone()
            if row == (True,):
                return connection
            connection.close()
        raise Busy(OTHER)

    def _clear(self, blob: bytes) -> None:
        run = self._database.run
        with self._database.writing():
            run("DELETE FROM arriving WHERE id = %b", blob)
            if run("SELECT 1 FROM blob WHERE id = %b FOR UPDATE", blob) and self.holds(blob):
                raise Busy(OTHER)
            run("DELETE FROM blob WHERE id = %b", blob)
        clear(self._database, [blob])

    def forget_arriving(self, before: date) -> int:
        """Take away what was begun before a day and never ended; give the number of files.

        :raises StoreError: the database failed
        """
        with self._database.reading(), failures_named():
            rows = self._database.cursor().execute("SELECT id FROM arriving WHERE day < %s", (before,))
            old = [bytes(blob) for (blob,) in rows.fetchall()]
        return sum(self._database.again(partial(self.drop, blob)) for blob in old)


_HOLDS = """SELECT size = COALESCE((SELECT sum(octet_length(data)) FROM piece WHERE blob = id), 0)
    FROM blob WHERE id = %b"""
