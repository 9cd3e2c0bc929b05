"""What desks say they hold, opened and whole: once every one that is needed says so, it goes from here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from peewee import fn

from store.clock import Today
from store.database import Database
from store.erasing import Eraser, pieces
from store.models import CLAIMED, OF_REPORTS, Blob, Body, Mark, Slot, State
from store.retention import Retention

# Envelopes, or blobs, that go by one transaction: others can write in between.
AT_ONCE = 100


@dataclass(frozen=True)
class Marked:
    """How many envelopes and blobs went, and how many of the things that were named are not here."""

    envelopes: int
    blobs: int
    unknown: int


class Marks:
    """Notes marks, and deletes what every desk that is needed has."""

    def __init__(self, database: Database, eraser: Eraser, retention: Retention, today: Today) -> None:
        self._database = database
        self._eraser = eraser
        self._retention = retention
        self._today = today

    def mark(
        self, desk: bytes, digests: Iterable[bytes], blobs: Iterable[bytes], needed: Collection[bytes]
    ) -> Marked:
        """Note that a desk holds these, and delete what all of ``needed`` hold.

        :raises NotScrubbed: all of it is done, but the log could not be cut
        :raises StoreError: the disk failed, or others kept the database busy; again, it goes on where it was
        """
        unknown = self._note(desk, list(digests), blobs=False) + self._note(desk, list(blobs), blobs=True)
        gone = 0, 0
        while step := self._collect(set(needed)):
            gone = gone[0] + step[0], gone[1] + step[1]
        self._eraser.scrub()
        return Marked(*gone, unknown)

    def _note(self, desk: bytes, things: list[bytes], *, blobs: bool) -> int:
        """Note marks on things that are here; say how many are not."""
        unknown = 0
        for some in pieces(dict.fromkeys(things)):
            query = (
                Blob.select(Blob.id).where(Blob.id.in_(some), CLAIMED, OF_REPORTS)
                if blobs
                else Body.select(Body.digest).where(Body.digest.in_(some))
            )
            with self._database.writing():
                here = [thing for (thing,) in query.tuples().execute(self._database)]
                rows = [{"thing": thing, "desk": desk} for thing in sorted(here)]
                if rows:
                    Mark.insert_many(rows).on_conflict_ignore().execute(self._database)
            unknown += len(some) - len(here)
        return unknown

    def _collect(self, needed: set[bytes]) -> tuple[int, int] | None:
        """Delete some of what all have: say how many envelopes and blobs; None when nothing is left."""
        if not needed:
            return None
        with self._database.writing():
            things = self._had_by(needed)
            if not things:
                return None
            bodies = Body.select(Body.id).where(Body.digest.in_(things)).tuples().execute(self._database)
            slots = [slot for (slot,) in bodies]
            rows = Blob.select(Blob.id).where(Blob.id.in_(things), CLAIMED, OF_REPORTS)
            blobs = [blob for (blob,) in rows.tuples().execute(self._database)]
            self._eraser.forget_bodies(slots)
            self._eraser.forget_blobs(blobs)
            Mark.delete().where(Mark.thing.in_(things)).execute(self._database)
            for slot in slots:
                last = self._retention.of_collected(self._today())
                Slot.update(state=State.COLLECTED, expires=last).where(Slot.id == slot).execute(
                    self._database
                )
        self._eraser.unlink(blobs)
        return len(slots), len(blobs)

    def _had_by(self, needed: set[bytes]) -> list[bytes]:
        query = Mark.select(Mark.thing).where(Mark.desk.in_(list(needed))).group_by(Mark.thing)
        query = query.having(fn.COUNT(Mark.desk) == len(needed)).limit(AT_ONCE)
        return [thing for (thing,) in query.tuples().execute(self._database)]
