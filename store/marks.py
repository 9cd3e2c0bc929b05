"""What desks say they hold, opened and whole: once every one that is needed says so, it goes from here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from peewee import JOIN, fn

from store.clock import Today
from store.engine import Database, Eraser
from store.erasing import pieces
from store.models import CLAIMED, OF_REPORTS, Blob, Body, Mark, Signer, Slot, State
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
        """Note that a desk holds these, and delete what all of ``needed`` hold that may be able to open it.

        A desk that was first listed on the day on which something came, or later, is not waited for.

        :raises NotScrubbed: all of it is done, but the log could not be cut
        :raises StoreError: the disk failed, or others kept the database busy; again, it goes on where it was
        """
        unknown = self._note(desk, list(digests), blobs=False) + self._note(desk, list(blobs), blobs=True)
        gone = 0, 0
        since = self._since(needed)
        while step := self._database.again(lambda: self._collect(since)):
            gone = gone[0] + step[0], gone[1] + step[1]
        self._eraser.scrub()
        return Marked(*gone, unknown)

    def _note(self, desk: bytes, things: list[bytes], *, blobs: bool) -> int:
        """Note marks on things that are here; say how many are not."""
        unknown = 0
        for some in pieces(dict.fromkeys(things)):
            query = (
                Blob.select(Blob.id).where(Blob.id.in_(some), CLAIMED, OF_REPORTS).order_by(Blob.id)
                if blobs
                else Body.select(Body.digest).where(Body.digest.in_(some)).order_by(Body.digest)
            )
            unknown += len(some) - self._database.again(partial(self._note_some, desk, query))
        return unknown

    def _note_some(self, desk: bytes, query: Any) -> int:
        with self._database.writing():
            here = self._held(query)
            rows = [{"thing": thing, "desk": desk} for thing in sorted(here)]
            if rows:
                Mark.insert_many(rows).on_conflict_ignore().execute(self._database)
        return len(here)

    def waiting(self, desk: bytes, needed: Collection[bytes]) -> dict[bytes, int]:
        """Give the desks of ``needed`` that things wait for which ``desk`` has, each with how many."""
        found = {}
        since = self._since(needed)
        with self._database.reading():
            for other, day in sorted(since.items()):
                query = _dated().where(Mark.desk == desk, _came > day.isoformat(), ~_marked_by(other))
                if number := query.count(self._database):
                    found[other] = number
        return found

    def _since(self, needed: Collection[bytes]) -> dict[bytes, date]:
        """Give the day after which each desk is waited for; one of no trusted list is from the first."""
        with self._database.reading():
            query = Signer.select(Signer.sign, Signer.day).where(Signer.sign.in_(list(needed)))
            days = dict(query.tuples().execute(self._database))
        return {desk: days.get(desk, date.min) for desk in needed}

    def _collect(self, since: Mapping[bytes, date]) -> tuple[int, int] | None:
        """Delete some of what all have: say how many envelopes and blobs; None when nothing is left."""
        if not since:
            return None
        with self._database.writing():
            self._database.alone("marks")
            things = self._had_by(since)
            if not things:
                return None
            slots = self._held(Body.select(Body.id).where(Body.digest.in_(things)).order_by(Body.id))
            blobs = self._held(
                Blob.select(Blob.id).where(Blob.id.in_(things), CLAIMED, OF_REPORTS).order_by(Blob.id)
            )
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

    def _held(self, query: Any) -> list[bytes]:
        return [row for (row,) in self._database.hold(query).tuples().execute(self._database)]

    def _had_by(self, since: Mapping[bytes, date]) -> list[bytes]:
        query = _dated().where(Mark.desk.in_(list(since)))
        for desk, day in since.items():
            query = query.where((_came <= day.isoformat()) | _marked_by(desk))
        rows = query.distinct().limit(AT_ONCE).tuples().execute(self._database)
        return [thing for (thing,) in rows]


# On which day a marked thing came: a report's envelope has it in its slot.
_came = fn.COALESCE(Slot.day, Blob.day)


def _dated() -> Any:
    query = Mark.select(Mark.thing).join(Body, JOIN.LEFT_OUTER, on=Body.digest == Mark.thing)
    query = query.join(Slot, JOIN.LEFT_OUTER, on=Slot.id == Body.id)
    return query.join(Blob, JOIN.LEFT_OUTER, on=Blob.id == Mark.thing)


def _marked_by(desk: bytes) -> Any:
    other = Mark.alias()
    return fn.EXISTS(other.select(other.thing).where(other.thing == Mark.thing, other.desk == desk))
