"""What differs between the engines: SQLite and a folder of files, or one PostgreSQL for several machines.

Tables and queries are the same for both. What is here says what each engine does in its own way: locks, the
bytes of sealed files, deleting for good, and the copies that an export and a backup read from.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol, TypeVar

import peewee

from store.looking import Looked
from store.machines import Machines
from store.sweep import SweepReport

T = TypeVar("T")


class Database(peewee.Database, ABC):
    """A database of peewee's, whose connections are lent to one thread at a time."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Lend this thread a connection.

        :raises StoreError: the database failed
        """

    @abstractmethod
    def writing(self, *, patient: bool = True) -> AbstractContextManager[None]:
        """Lend this thread a connection and run what follows as one transaction, committed at its end.

        Without being ``patient`` it waits for a server that is away no longer than whoever reads.

        :raises StoreError: the database failed; nothing of it is kept then
        """

    @abstractmethod
    def again(self, call: Callable[[], T]) -> T:
        """Give what ``call`` gives; where the connection broke within it, call it again for a while.

        It may have been done before it failed: it has to be one that changes nothing when it is done twice.
        """

    @abstractmethod
    def hold(self, query: Any) -> Any:
        """Give a query whose rows nobody else changes until the transaction at hand ends."""

    @abstractmethod
    def alone(self, subject: str) -> None:
        """Wait until no other transaction, on any machine, is within the same subject; then keep them out."""

    @abstractmethod
    def only_index(self, index: str) -> str:
        """Give what has to stand behind a table's name for a query that reads nothing but an index of it."""

    @abstractmethod
    def end(self) -> None:
        """Close for good."""


class NewFile(Protocol):
    """The bytes of one sealed file while it arrives; nothing of it counts before `keep`."""

    id: bytes

    @property
    def closed(self) -> bool:
        """Whether it is kept, or nothing remains of it."""

    def write(self, data: bytes) -> None:
        """Append bytes.

        :raises NoRoom: there is none, or others have taken it away for want of room
        :raises StoreError: the disk, or the database, failed
        """

    def is_there(self) -> bool:
        """Say whether nobody has taken it away meanwhile."""

    def keep(self, row: Mapping[str, object]) -> bool:
        """Put all of it on disk for good, with a row of these columns; False where somebody took it away.

        :raises StoreError: the disk, or the database, failed
        """

    def remove(self) -> None:
        """Leave nothing of it. Any number of times."""


class Files(Protocol):
    """The bytes of all sealed files; which of them count, the rows say."""

    def holds(self, blob: bytes) -> bool:
        """Say whether the bytes are here."""

    def open(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises FileNotFoundError: it is not here
        """

    def being_written(self) -> dict[bytes, int]:
        """Give the files that are being written, by any process, and how many bytes they have by now."""

    def drop(self, blob: bytes) -> bool:
        """Forget a file, row and bytes, unless something has claimed it; say whether it is gone.

        Whoever is writing it sees that it is gone.
        """

    def new(self) -> NewFile:
        """Begin a file under a new id."""

    def new_as(self, blob: bytes) -> NewFile:
        """Begin a file under this id; what a killed process left of it goes.

        :raises Busy: another process is writing it, or has written it
        """


class Eraser(Protocol):
    """Takes things away for good."""

    def delete(
        self, slots: Mapping[bytes, Collection[bytes]], replies: Mapping[bytes, Collection[bytes]]
    ) -> None:
        """Delete reports, replies and their files; each row is named with the ids of all its files.

        :raises NotScrubbed: all of it is deleted, but traces of it are still there
        """

    def forget_bodies(self, slots: Collection[bytes]) -> None:
        """Delete the envelopes of some slots, and which desks have them, in the transaction at hand."""

    def forget_blobs(self, blobs: Collection[bytes]) -> None:
        """Delete the rows of blobs, and which desks have them, in the transaction at hand; then `unlink`."""

    def unlink(self, blobs: Collection[bytes], leftovers: Collection[bytes] = ()) -> None:
        """Take away the bytes of blobs whose rows went; those of ``leftovers``, where they have no row."""

    def scrub(self) -> None:
        """Leave no trace of what was deleted, as far as that can be done at once.

        :raises NotScrubbed: it cannot
        """


class Pinned(Protocol):
    """All envelopes and all files of reports, as they were at one moment; for one thread."""

    def envelopes(self) -> Iterator[tuple[bytes, int]]:
        """Give digest and size of every envelope, by digest."""

    def envelope(self, digest: bytes) -> bytes:
        """Give the envelope with this SHA-256 digest.

        :raises KeyError: there is none
        """

    def kept_blobs(self) -> Iterator[tuple[bytes, int]]:
        """Give id and size of every file of a report, by id."""

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises FileNotFoundError: it was not here
        """


class Snapshot(Protocol):
    """One moment of a store: ``database`` is a file of SQLite's, ``blobs`` gives the size of every file.

    ``lost`` are those that the database names and that are gone, or too short. ``trusted`` is the
    list of team keys that the database holds.
    """

    @property
    def database(self) -> Path:
        """The path of the database."""

    @property
    def blobs(self) -> Mapping[bytes, int]:
        """The sizes of the sealed files that are here."""

    @property
    def lost(self) -> int:
        """How many are not."""

    @property
    def trusted(self) -> bytes | None:
        """The list of team keys, as it came."""

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a file for reading.

        :raises OSError: it cannot be read
        """


class Refill(Protocol):
    """One restore under way."""

    @property
    def blobs(self) -> Mapping[bytes, tuple[int, date]]:
        """What files belong to the backup's database: id, size and day."""

    def check_room(self, database: int, blobs: int) -> None:
        """Make sure that so many bytes fit.

        :raises NoRoom: they do not
        """

    def take_database(self, pieces: Iterable[bytes]) -> bytes | None:
        """Take the backup's database aside; give the list of keys that it trusts.

        :raises StoreUnusable: it is not such a database, or not whole
        """

    def put_blob(self, blob: bytes, pieces: Iterable[bytes]) -> None:
        """Put a file of ``blobs`` where it belongs; it counts once all is committed."""

    def commit(self, trusted: bytes, signers: Collection[bytes]) -> None:
        """Let all of it count, ``trusted`` as the list of team keys; ``signers`` are those that it names.

        :raises StoreUnusable: the store is not empty any more
        """


class Engine(Protocol):
    """One open engine. Everything here raises a StoreError when it fails, besides what is named."""

    @property
    def database(self) -> Database:
        """Its tables."""

    @property
    def files(self) -> Files:
        """The bytes of its sealed files."""

    @property
    def eraser(self) -> Eraser:
        """What takes things away from it."""

    @property
    def machines(self) -> Machines | None:
        """The web machines that share it; None where one alone can use it."""

    @property
    def forgets_at_once(self) -> bool:
        """Whether nothing stays of what is deleted; else sealed bytes of it do, until the next sweep."""

    def free(self) -> int:
        """Give the bytes that may still be written."""

    def pinned(self) -> AbstractContextManager[Pinned]:
        """Keep what is here readable meanwhile, for an export.

        :raises Busy: another process has pinned it
        """

    def importing(self) -> AbstractContextManager[Callable[[], None]]:
        """Let no other machine import meanwhile; give what raises Busy where one may have begun to.

        :raises Busy: another one imports
        """

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Keep all of the store readable as it is now, for a backup.

        :raises Busy: another process takes one
        :raises NoRoom: there is no room for a copy of the database
        """

    def refilling(self) -> AbstractContextManager[Refill]:
        """Lend the store to be filled. Without a commit it is as empty as before.

        :raises StoreUnusable: it is not empty
        """

    def look(self, today: date) -> Looked:
        """Look at all of it."""

    def sweep(self, today: date) -> SweepReport:
        """Do the nightly sweep.

        :raises Busy: another sweep is running
        """

    def scrub(self) -> None:
        """Leave no trace of transactions.

        :raises Busy: others kept the database busy
        """

    def try_scrub(self) -> bool:
        """Do the same unless others are busy for a second; say whether it is done."""

    def note_done(self, what: str, day: date) -> None:
        """Note that one of `store.done`'s things was done on a day."""

    def last_done(self, what: str) -> date | None:
        """Give the day on which it was last done; None where that is not known."""

    def close(self) -> None:
        """Close every connection. Any number of times."""
