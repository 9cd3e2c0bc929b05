"""Replies as the server knows them: sealed bytes under ids that mean nothing here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from store.blobs import ReplyBlob
from store.clock import Today
from store.engine import Database, Files
from store.lookup import here
from store.models import ID_BYTES, OF_REPORTS, Blob, Reply
from store.retention import Retention
from store.room import Room


class KeptReply(Enum):
    """What came of keeping a reply, or a file of one."""

    NEW = "new"
    SAME = "it was here already"
    TAKEN = "something else is under its id, and stays"


@dataclass(frozen=True)
class ReplyRow:
    """A kept reply: id (16 bytes), UTC day on which it came, sealed bytes."""

    id: bytes = field(repr=False)
    day: date
    envelope: bytes = field(repr=False)


class Replies:
    """What the desk answered, until it is deleted or its day comes."""

    def __init__(
        self, database: Database, files: Files, room: Room, retention: Retention, today: Today
    ) -> None:
        self._database = database
        self._files = files
        self._room = room
        self._retention = retention
        self._today = today

    def replies(self, ids: Sequence[bytes]) -> Iterator[ReplyRow]:
        """Give the replies that there are under ``ids``, newest day first, each read when it is asked for.

        Writes nothing, and keeps nothing open in between: what is deleted meanwhile is left out.
        """
        with self._database.reading():
            found = here(self._database, Reply, ids)
            rows = []
            if found:
                query = Reply.select(Reply.id).where(Reply.id.in_(found))
                rows = list(query.order_by(Reply.day.desc(), Reply.id).tuples().execute(self._database))
        for (slot,) in rows:
            query = Reply.select(Reply.id, Reply.day, Reply.envelope).where(Reply.id == slot)
            with self._database.reading():
                row = query.tuples().first(self._database)
            if row is not None:
                yield ReplyRow(*row)

    def keep(self, slot: bytes, envelope: bytes, expires: date | None) -> KeptReply:
        """Keep a reply under its id, unless there is one.

        :raises NoRoom: the disk is full down to the reserve; nothing is kept then
        :raises StoreError: the disk failed; nothing is kept then
        :raises ValueError: the id has not 16 bytes
        """
        _check(slot)
        self._room.check_text(len(envelope))
        return self._database.again(lambda: self._keep(slot, envelope, expires))

    def _keep(self, slot: bytes, envelope: bytes, expires: date | None) -> KeptReply:
        with self._database.writing():
            query = Reply.select(Reply.envelope).where(Reply.id == slot)
            # Held: PostgreSQL's sweep does not move what comes meanwhile to where it would not be in the way.
            row = self._database.hold(query).tuples().first(self._database)
            if row is not None:
                return KeptReply.SAME if row[0] == envelope else KeptReply.TAKEN
            today = self._today()
            last = self._retention.of_reply(today, expires)
            Reply.insert(id=slot, day=today, envelope=envelope, expires=last).execute(self._database)
        return KeptReply.NEW

    def take_blob(self, blob: bytes, expires: date | None) -> ReplyBlob | KeptReply:
        """Begin a reply's file under the id that the desk drew, or say that it is here, or something else.

        :raises NoRoom: the disk has no room for more files
        :raises Busy: another process is writing it
        :raises StoreError: the disk failed
        :raises ValueError: the id has not 16 bytes
        """
        _check(blob)
        with self._database.reading():
            here = Blob.select().where(Blob.id == blob)
            if here.where(OF_REPORTS).exists(self._database):
                return KeptReply.TAKEN
            same = here.exists(self._database) and self._files.holds(blob)
        today = self._today()
        last = self._retention.of_reply_blob(today, expires)
        if same and self._database.again(lambda: self._stays_until(blob, last)):
            return KeptReply.SAME
        self._room.check_file()
        return self._database.again(lambda: ReplyBlob(self._files, self._room, self._today, blob, last))

    def _stays_until(self, blob: bytes, last: date) -> bool:
        """Keep a file as long as the reply that comes now may stay; say whether it is still here."""
        with self._database.writing():
            Blob.update(expires=last).where(Blob.id == blob, Blob.expires < last).execute(self._database)
            return Blob.select().where(Blob.id == blob).exists(self._database)


def _check(number: bytes) -> None:
    if len(number) != ID_BYTES:
        raise ValueError(f"an id has {ID_BYTES} bytes")
