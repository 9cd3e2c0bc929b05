"""Reports as the server knows them: a sealed envelope, a day, a random id."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from peewee import fn

from store.clock import Today
from store.engine import Database, Files
from store.errors import MailboxFull, MissingBlobs
from store.lookup import here
from store.models import CLAIMED, ID_BYTES, OF_REPORTS, RECORD_BYTES, Blob, Body, Slot, State
from store.room import Room

PAGE = 500


@dataclass(frozen=True)
class SlotRow:
    """What is kept about one report: id (16 bytes), UTC day, state, record (681 bytes, for its mailbox)."""

    id: bytes = field(repr=False)
    day: date
    state: State
    record: bytes = field(repr=False)


class Reports:
    """What the tables hold, asked and changed by whole transactions."""

    def __init__(self, database: Database, files: Files, room: Room, today: Today) -> None:
        self._database = database
        self._files = files
        self._room = room
        self._today = today

    def keep(
        self,
        envelope: bytes,
        blobs: Sequence[bytes],
        ids: Sequence[bytes],
        record: Callable[[bytes], bytes],
    ) -> None:
        """Keep an envelope under a free one of ``ids`` and claim its blobs, in one transaction.

        :raises MissingBlobs: some of them are gone; nothing is kept then
        :raises MailboxFull: none of ``ids`` is free; nothing is kept then
        :raises NoRoom: the disk is full down to the reserve; nothing is kept then
        :raises StoreError: the disk failed; nothing is kept then
        :raises ValueError: an id has not 16 bytes, or a record not 681
        """
        if any(len(slot) != ID_BYTES for slot in ids):
            raise ValueError(f"an id has {ID_BYTES} bytes")
        self._room.check_text(len(envelope))
        digest = hashlib.sha256(envelope).digest()
        claimed = list(dict.fromkeys(blobs))
        # Done twice, it is done once: the second time, the digest is there.
        self._database.again(lambda: self._keep(envelope, digest, claimed, ids, record))

    def _keep(
        self,
        envelope: bytes,
        digest: bytes,
        claimed: list[bytes],
        ids: Sequence[bytes],
        record: Callable[[bytes], bytes],
    ) -> None:
        with self._database.writing():
            missing = self._missing(claimed, claiming=True)
            if missing:
                raise MissingBlobs(missing)
            here = Body.select(Body.id).where(Body.digest == digest)
            # Held: PostgreSQL answers this transaction once its standby has that row, too.
            if self._database.hold(here).tuples().first(self._database) is not None:
                return
            # To make a statement costs peewee more than it costs SQLite to run it: none about no files.
            if claimed:
                claim = {Blob.kept: True, Blob.claims: Blob.claims + 1}
                Blob.update(claim).where(Blob.id.in_(claimed), OF_REPORTS).execute(self._database)
            slot = self._free_one(ids)
            row = {"day": self._today(), "state": State.KEPT, "record": _checked(record(slot))}
            Slot.insert(id=slot, **row).execute(self._database)
            Body.insert(id=slot, digest=digest, envelope=envelope).execute(self._database)

    def _free_one(self, ids: Sequence[bytes]) -> bytes:
        free = sorted(set(ids).difference(here(self._database, Slot, ids)))
        if not free:
            raise MailboxFull
        # Not the first one: which of its ids a mailbox uses is to tell nobody how many it has used.
        return secrets.choice(free)

    def slots(self, ids: Sequence[bytes]) -> list[SlotRow]:
        """Give the rows that there are under ``ids``, newest day first. Writes nothing."""
        return self._database.again(lambda: self._slots(ids))

    def _slots(self, ids: Sequence[bytes]) -> list[SlotRow]:
        with self._database.reading():
            found = here(self._database, Slot, ids)
            if not found:
                return []
            query = Slot.select(Slot.id, Slot.day, Slot.state, Slot.record).where(Slot.id.in_(found))
            rows = list(query.order_by(Slot.day.desc(), Slot.id).tuples().execute(self._database))
        return [SlotRow(slot, day, State(state), record) for slot, day, state, record in rows]

    def missing(self, blobs: Sequence[bytes]) -> list[bytes]:
        """Give those of ``blobs`` that are gone, in their order."""
        return self._database.again(lambda: self._looked_for(blobs))

    def _looked_for(self, blobs: Sequence[bytes]) -> list[bytes]:
        with self._database.reading():
            return self._missing(list(dict.fromkeys(blobs)))

    def _missing(self, ids: list[bytes], *, claiming: bool = False) -> list[bytes]:
        if not ids:
            return []
        query = Blob.select(Blob.id).where(Blob.id.in_(ids)).order_by(Blob.id)
        # Held while a report is kept: what waits for one is dropped before that, or not at all.
        rows = (self._database.hold(query) if claiming else query).tuples().execute(self._database)
        here = {blob for (blob,) in rows}
        return [blob for blob in ids if blob not in here or not self._files.holds(blob)]

    def envelopes(self) -> Iterator[tuple[bytes, int]]:
        """Give digest and size of every kept envelope, by digest; no transaction stays open in between."""
        last = b""
        while True:
            query = Body.select(Body.digest, fn.LENGTH(Body.envelope)).where(Body.digest > last)
            with self._database.reading():
                rows = list(query.order_by(Body.digest).limit(PAGE).tuples().execute(self._database))
            if not rows:
                return
            yield from rows
            last = rows[-1][0]

    def envelope(self, digest: bytes) -> bytes:
        """Give the envelope of a digest.

        :raises KeyError: there is none
        """
        with self._database.reading():
            row = Body.select(Body.envelope).where(Body.digest == digest).tuples().first(self._database)
        if row is None:
            raise KeyError(digest.hex())
        envelope: bytes = row[0]
        return envelope

    def kept_blobs(self) -> Iterator[tuple[bytes, int]]:
        """Give id and size of every blob that a report has claimed, by id; none that came with a reply."""
        last = b""
        while True:
            query = Blob.select(Blob.id, Blob.size).where(CLAIMED, OF_REPORTS, Blob.id > last)
            with self._database.reading():
                rows = list(query.order_by(Blob.id).limit(PAGE).tuples().execute(self._database))
            if not rows:
                return
            yield from rows
            last = rows[-1][0]


def _checked(record: bytes) -> bytes:
    if len(record) != RECORD_BYTES:
        raise ValueError(f"a record has {RECORD_BYTES} bytes")
    return record
