"""The one door to what the server keeps."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from io import BufferedReader
from pathlib import Path

from store import failures
from store.blobs import PendingBlob
from store.clock import Today, utc_today
from store.database import Database, open_database
from store.disk import failures_named
from store.folder import BlobFolder
from store.reports import Reports
from store.room import Limits, Room
from store.scrub import Scrubber
from store.space import FreeSpace, free_space
from store.sweep import Sweep, SweepReport


class Store:
    """Sealed envelopes and sealed files in one folder, shared by any number of processes and threads.

    Every method may block on the disk. Every method raises a StoreError when the disk or the database
    fails, besides what is named.
    """

    def __init__(self, data: Path, database: Database, limits: Limits, free: FreeSpace, today: Today) -> None:
        self.data = data
        self._today = today
        self._database = database
        self._folder = BlobFolder(data)
        self._room = Room(self._database, self._folder, limits, free)
        self._reports = Reports(self._database, self._folder, self._room, today)
        self._scrubber = Scrubber(self._database, (self._folder.path, self._folder.writing), today)
        self._sweep = Sweep(data, self._database, self._folder, self._room, self._scrubber)
        self._sweep.tidy()

    def close(self) -> None:
        """Close every connection. Any number of times."""
        self._database.end()
        self._scrubber.close()

    def start_blob(self, expected: int | None = None) -> PendingBlob:
        """Begin a sealed file of about ``expected`` bytes.

        :raises NoRoom: the disk has no room for it, or today's files have taken too much of it
        """
        self._room.check_day(self._today())
        self._room.check_file(expected or 0)
        return PendingBlob(self._database, self._folder, self._room, self._today)

    def keep_report(self, envelope: bytes, blobs: Sequence[bytes]) -> None:
        """Keep a sealed report and claim its blobs; when this returns, the disk holds all of it.

        The same envelope a second time changes nothing. Blobs that another report has claimed may be named
        again.

        :raises MissingBlobs: some blobs are gone; nothing is kept then
        :raises NoRoom: the disk is full down to the reserve; nothing is kept then
        """
        self._reports.keep(envelope, blobs)

    def missing(self, blobs: Sequence[bytes]) -> list[bytes]:
        """Give those of ``blobs`` that are gone, in their order."""
        return self._reports.missing(blobs)

    def drop_pending(self, blob: bytes) -> bool:
        """Forget a blob unless a report has claimed it; say whether it is gone."""
        gone = self._room.drop(blob)
        self.try_scrub()
        return gone

    def envelopes(self) -> Iterator[tuple[bytes, int]]:
        """Give digest and size of every kept envelope, by digest."""
        return self._reports.envelopes()

    def envelope(self, digest: bytes) -> bytes:
        """Give the envelope with this SHA-256 digest.

        :raises KeyError: there is none
        """
        return self._reports.envelope(digest)

    def kept_blobs(self) -> Iterator[tuple[bytes, int]]:
        """Give id and sealed size of every blob that a report has claimed, by id."""
        return self._reports.kept_blobs()

    def blob_path(self, blob: bytes) -> Path:
        """Give the path of a blob's file; a sweep may be exchanging it, so read it by `open_blob`."""
        return self._folder.file(blob)

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a blob for reading.

        :raises FileNotFoundError: it is not here
        """
        return self._folder.open(blob)

    def count_failure(self, kind: str, place: str) -> None:
        """Add one to today's count of a kind of failure at a place in the code; give no values."""
        failures.count(self._database, self._today(), kind, place)

    def failures(self) -> Iterator[tuple[date, str, str, int]]:
        """Give day, kind, place and count of what went wrong, by day."""
        return failures.counts(self._database)

    def scrub(self) -> None:
        """Cut the database's log and blank its index: they tell what was written together.

        :raises Busy: others kept the database busy for a minute
        """
        self._scrubber.insist()

    def try_scrub(self) -> bool:
        """Do the same unless others are busy for a second; say whether it is done."""
        return self._scrubber.try_once()

    def sweep(self, today: date | None = None) -> SweepReport:
        """Do the nightly sweep.

        :raises Busy: another sweep is running, or others keep the database busy
        """
        return self._sweep.run(today or self._today())


def open_store(
    data: Path, *, limits: Limits | None = None, free: FreeSpace = free_space, today: Today = utc_today
) -> Store:
    """Open the store in the folder ``data``, made when absent (0700). What killed processes left there goes.

    :raises FutureDatabase: a newer version of the program has changed the database
    :raises StoreError: the folder or the database cannot be used
    """
    with failures_named():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = open_database(data)
        with ExitStack() as undo:
            undo.callback(database.end)
            store = Store(data, database, limits or Limits(), free, today)
            undo.pop_all()
        return store
