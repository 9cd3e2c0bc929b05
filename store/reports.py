"""Reports as the server knows them: a sealed envelope, a day, a random id."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence

from peewee import fn

from store.clock import Today
from store.database import Database
from store.errors import MissingBlobs
from store.folder import ID_BYTES, BlobFolder
from store.models import CLAIMED, Blob, Body, Slot, State
from store.room import Room

PAGE = 500


class Reports:
    """What the tables hold, asked and changed by whole transactions."""

    def __init__(self, database: Database, folder: BlobFolder, room: Room, today: Today) -> None:
        self._database = database
        self._folder = folder
        self._room = room
        self._today = today

    def keep(self, envelope: bytes, blobs: Sequence[bytes]) -> None:
        """Keep an envelope and claim its blobs, in one transaction.

        :raises MissingBlobs: some of them are gone; nothing is kept then
        :raises NoRoom: the disk is full down to the reserve; nothing is kept then
        :raises StoreError: the disk failed; nothing is kept then
        """
        self._room.check_text(len(envelope))
        digest = hashlib.sha256(envelope).digest()
        ids = list(dict.fromkeys(blobs))
        with self._database.writing():
            missing = self._missing(ids)
            if missing:
                raise MissingBlobs(missing)
            Blob.update(kept=True).where(Blob.id.in_(ids)).execute(self._database)
            if Body.select().where(Body.digest == digest).exists(self._database):
                return
            slot = secrets.token_bytes(ID_BYTES)
            Slot.insert(id=slot, day=self._today(), state=State.KEPT).execute(self._database)
            Body.insert(id=slot, digest=digest, envelope=envelope).execute(self._database)

    def missing(self, blobs: Sequence[bytes]) -> list[bytes]:
        """Give those of ``blobs`` that are gone, in their order."""
        with self._database.reading():
            return self._missing(list(dict.fromkeys(blobs)))

    def _missing(self, ids: list[bytes]) -> list[bytes]:
        rows = Blob.select(Blob.id).where(Blob.id.in_(ids)).tuples().execute(self._database)
        here = {blob for (blob,) in rows}
        return [blob for blob in ids if blob not in here or not self._folder.holds(blob)]

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
        """Give id and size of every blob that a report has claimed, by id."""
        last = b""
        while True:
            query = Blob.select(Blob.id, Blob.size).where(CLAIMED, Blob.id > last)
            with self._database.reading():
                rows = list(query.order_by(Blob.id).limit(PAGE).tuples().execute(self._database))
            if not rows:
                return
            yield from rows
            last = rows[-1][0]
