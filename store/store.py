"""The one door to what the server keeps."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from io import BufferedReader
from pathlib import Path
from types import MappingProxyType

from store import done, failures
from store.blobs import PendingBlob, ReplyBlob
from store.clock import Today
from store.engine import Engine, Pinned, Refill, Snapshot
from store.errors import NoRoom
from store.imports import Imports
from store.looking import Looked
from store.machines import Machines
from store.marks import Marked, Marks
from store.replies import KeptReply, Replies, ReplyRow
from store.reports import Reports, SlotRow
from store.retention import Retention
from store.room import Room
from store.sweep import SweepReport

_NONE: Mapping[bytes, Collection[bytes]] = MappingProxyType({})
_NO_REASONS: Mapping[bytes, str] = MappingProxyType({})


class Store:
    """Sealed envelopes and sealed files, shared by any number of processes and threads, and of machines.

    Every method may block on the disk. Every method raises a StoreError when the disk or the database
    fails, besides what is named.
    """

    def __init__(self, data: Path, engine: Engine, room: Room, retention: Retention, today: Today) -> None:
        self.data = data
        self.retention = retention
        self._today = today
        self._engine = engine
        self._database = database = engine.database
        self._room = room
        self._reports = Reports(database, engine.files, room, today)
        self._replies = Replies(database, engine.files, room, retention, today)
        self._imports = Imports(database, today)
        self._marks = Marks(database, engine.eraser, retention, today)
        if self.last_done(done.BEGUN) is None:
            # A full disk is no reason not to start: it is noted another day.
            with suppress(NoRoom):
                self.note_done(done.BEGUN)

    @property
    def machines(self) -> Machines | None:
        """The web machines that share this store; None where one alone can use it."""
        return self._engine.machines

    @property
    def forgets_at_once(self) -> bool:
        """Whether nothing stays of what is deleted; else sealed bytes of it do, until the next sweep."""
        return self._engine.forgets_at_once

    def close(self) -> None:
        """Close every connection. Any number of times."""
        self._engine.close()

    def start_blob(self, expected: int | None = None) -> PendingBlob:
        """Begin a sealed file of about ``expected`` bytes.

        :raises NoRoom: the disk has no room for it, or today's files have taken too much of it
        """
        self._room.check_day(self._today())
        self._room.check_file(expected or 0)
        return PendingBlob(self._engine.files, self._room, self._today)

    def keep_report(
        self,
        envelope: bytes,
        blobs: Sequence[bytes],
        ids: Sequence[bytes],
        record: Callable[[bytes], bytes],
    ) -> None:
        """Keep a sealed report and claim its blobs; when this returns, the disk holds all of it.

        ``ids`` (16 bytes each) are those that its mailbox may use: a random free one becomes the row's.
        ``record`` makes the row's record (681 bytes) from that id. What nobody comes back to has one random
        id and a random record. The same envelope a second time changes nothing. Blobs that another report
        has claimed may be named again.

        :raises MissingBlobs: some blobs are gone; nothing is kept then
        :raises MailboxFull: none of ``ids`` is free; nothing is kept then
        :raises NoRoom: the disk is full down to the reserve; nothing is kept then
        :raises ValueError: an id or a record is of the wrong length
        """
        self._reports.keep(envelope, blobs, ids, record)

    def slots(self, ids: Sequence[bytes]) -> list[SlotRow]:
        """Give the reports that there are under these ids, newest day first. Writes nothing."""
        return self._reports.slots(ids)

    def replies(self, ids: Sequence[bytes]) -> Iterator[ReplyRow]:
        """Give the replies that there are under these ids, newest day first. Writes nothing.

        Each is read when it is asked for, by a read of its own: a mailbox may hold hundreds of MB of them.
        """
        return self._replies.replies(ids)

    def delete(
        self,
        slots: Mapping[bytes, Collection[bytes]] = _NONE,
        replies: Mapping[bytes, Collection[bytes]] = _NONE,
    ) -> None:
        """Delete reports, replies and their files for good: rows in one transaction, files, then traces.

        Where the store does not forget at once, traces are left to the next sweep.

        Each row is named with the ids of all its files. A report's file goes with the last report that names
        it; a reply never takes a report's file. Ids that are not here are no error, and change nothing, so
        after any failure the same call may be made again.

        :raises NotScrubbed: all of it is deleted, but the traces that should have gone could not
        :raises Busy: others kept the database busy; call it again
        """
        self._database.again(lambda: self._engine.eraser.delete(slots, replies))

    def keep_reply(self, slot: bytes, envelope: bytes, *, expires: date | None = None) -> KeptReply:
        """Keep a sealed reply under the id that its desk drew, unless there is one: say so then.

        It goes by a sweep after ``expires``, or the store's usual number of days, and a blur of its own.

        :raises NoRoom: the disk is full down to the reserve; nothing is kept then
        """
        return self._replies.keep(slot, envelope, expires)

    def take_blob(self, blob: bytes, expires: date | None = None) -> ReplyBlob | KeptReply:
        """Begin a reply's file under the id that its desk drew; give KeptReply.SAME when it is here, whole.

        What a killed process left of it is begun anew. KeptReply.TAKEN says that a report's file has this id.

        :raises NoRoom: the disk has no room for it
        :raises Busy: another process is writing it
        """
        return self._replies.take_blob(blob, expires)

    def mark(
        self, desk: bytes, digests: Iterable[bytes], blobs: Iterable[bytes], needed: Collection[bytes]
    ) -> Marked:
        """Note that a desk holds these, opened and whole; delete what all of ``needed`` hold.

        Envelopes are named by their digests, desks by their signing keys. What came on the day on which a
        desk was first listed, or before, does not wait for that desk. Where ``needed`` is empty, nothing is
        deleted. After a kill or a failure the same call goes on where it was.

        :raises NotScrubbed: all of it is done, but the log could not be cut
        """
        return self._marks.mark(desk, digests, blobs, needed)

    def waiting(self, desk: bytes, needed: Collection[bytes]) -> dict[bytes, int]:
        """Give the desks of ``needed`` that things wait for which ``desk`` has, each with how many."""
        return self._marks.waiting(desk, needed)

    def last_import(self, desk: bytes) -> tuple[int, bytes] | None:
        """Give the sequence number and the manifest's digest of a desk's last bundle, or None."""
        return self._imports.last(desk)

    def note_import(
        self,
        desk: bytes,
        seq: int,
        manifest: bytes,
        refused: Mapping[bytes, str] = _NO_REASONS,
        listed: Collection[bytes] = (),
    ) -> None:
        """Note that a desk's bundle is in, and why which of its replies (by slot) were refused. Call it last.

        The same bundle again has nothing left to bring then: what a source has deleted since must not come
        back. What was refused before is forgotten, of this desk and of those that are not ``listed``.
        """
        self._imports.note(desk, seq, manifest, refused, listed)

    def last_imports(self) -> dict[bytes, int]:
        """Give the last sequence number of every desk that has sent a bundle."""
        return self._imports.all_last()

    def refused(self) -> list[tuple[bytes, bytes, str]]:
        """Give id, desk and reason of every refused reply, by id."""
        return self._imports.refused()

    def trusted_keys(self) -> bytes | None:
        """Give the newest list of team keys that was trusted here, as it came, or None."""
        return self._imports.trusted()

    def trust_keys(self, raw: bytes, signers: Collection[bytes], before: bytes | None = None) -> bool:
        """Put a list of team keys in the place of ``before``; say whether it is the trusted one now.

        It is not where another list is trusted than ``before``: read that, and judge again. ``signers`` are
        the desks' signing keys that it names: each is remembered for good, with the day.
        """
        return self._imports.trust(raw, signers, before)

    def signers(self) -> list[bytes]:
        """Give the signing key of every desk that a trusted list has ever named."""
        return self._imports.signers()

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

    def open_blob(self, blob: bytes) -> BufferedReader:
        """Open a blob for reading.

        :raises FileNotFoundError: it is not here
        """
        return self._engine.files.open(blob)

    @contextmanager
    def pinned(self) -> Iterator[Pinned]:
        """Keep all envelopes and files of reports readable as they are now, for an export.

        :raises Busy: another process has pinned them
        """
        with self._engine.pinned() as here:
            yield here
        self.note_done(done.EXPORT)

    def importing(self) -> AbstractContextManager[Callable[[], None]]:
        """Let no other machine import meanwhile; give what to call before anything that must not come twice.

        That raises Busy where another one may have begun, since the database went elsewhere.

        :raises Busy: another machine imports
        """
        return self._engine.importing()

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Keep all of the store readable as it is now, for a backup, whatever is deleted meanwhile.

        :raises Busy: another process does so
        :raises NoRoom: the disk has no room for a copy of the database
        """
        return self._engine.snapshot()

    def refilling(self) -> AbstractContextManager[Refill]:
        """Fill this store from a backup; it has to be empty.

        :raises StoreUnusable: it is not
        """
        return self._engine.refilling()

    def look(self) -> Looked:
        """Look at all of it: a few seconds with very many files."""
        return self._engine.look(self._today())

    def note_done(self, what: str) -> None:
        """Note that one of `store.done`'s things was done today."""
        self._engine.note_done(what, self._today())

    def last_done(self, what: str) -> date | None:
        """Give the day on which one of them was last done; None where that is not known."""
        return self._engine.last_done(what)

    def count_failure(self, kind: str, place: str) -> None:
        """Add one to today's count of a kind of failure at a place in the code; give no values."""
        failures.count(self._database, self._today(), kind, place)

    def failures(self) -> Iterator[tuple[date, str, str, int]]:
        """Give day, kind, place and count of what went wrong, by day."""
        return failures.counts(self._database)

    def scrub(self) -> None:
        """Cut a log that tells what was written together, where that can be done before a sweep.

        :raises Busy: others kept the database busy for a minute
        """
        self._engine.scrub()

    def try_scrub(self) -> bool:
        """Do the same unless others are busy for a second; say whether it is done."""
        return self._engine.try_scrub()

    def sweep(self, today: date | None = None) -> SweepReport:
        """Do the nightly sweep.

        :raises Busy: another sweep is running, or others keep the database busy
        """
        report = self._engine.sweep(today or self._today())
        self.note_done(done.SWEEP)
        return report
