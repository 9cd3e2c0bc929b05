"""Which rows go when something is deleted: the same for both engines, in the transaction at hand."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from store.engine import Database
from store.models import OF_REPORTS, Blob, Body, Mark, Reply, Slot

# A database takes a bounded number of values with one statement.
AT_ONCE = 500


class Rows:
    """Takes rows away; what becomes of the bytes of files, the engine says."""

    def __init__(self, database: Database) -> None:
        self._rows_of = database

    def erase(
        self, slots: Mapping[bytes, Collection[bytes]], replies: Mapping[bytes, Collection[bytes]]
    ) -> set[bytes]:
        """Delete reports and replies, each named with the ids of its files; give the files that go with them.

        A report's file goes with the last report that names it, and only a row that is here gives up its
        claim; a reply's file goes at once.
        """
        going = self._let_go(slots) | self._of_replies(replies)
        for some in pieces(sorted(slots)):
            self.forget_bodies(some)
            Slot.delete().where(Slot.id.in_(some)).execute(self._rows_of)
        for some in pieces(sorted(replies)):
            Reply.delete().where(Reply.id.in_(some)).execute(self._rows_of)
        self.forget_blobs(going)
        return going

    def forget_bodies(self, slots: Collection[bytes]) -> None:
        """Delete the envelopes of some slots, and which desks have them, in the transaction at hand."""
        digests = Body.select(Body.digest).where(Body.id.in_(slots))
        Mark.delete().where(Mark.thing.in_(digests)).execute(self._rows_of)
        Body.delete().where(Body.id.in_(slots)).execute(self._rows_of)

    def forget_blobs(self, blobs: Collection[bytes]) -> None:
        """Delete the rows of blobs, and which desks have them, in the transaction at hand; then `unlink`."""
        for some in pieces(sorted(blobs)):
            Mark.delete().where(Mark.thing.in_(some)).execute(self._rows_of)
            Blob.delete().where(Blob.id.in_(some)).execute(self._rows_of)

    def _let_go(self, slots: Mapping[bytes, Collection[bytes]]) -> set[bytes]:
        """Give up the claims of those reports that are here; give the files that nobody claims any more."""
        claims: Counter[bytes] = Counter()
        for some in pieces(sorted(slots)):
            # Held: a report that two machines delete at once gives up its claims once.
            query = self._rows_of.hold(Slot.select(Slot.id).where(Slot.id.in_(some)).order_by(Slot.id))
            rows = query.tuples().execute(self._rows_of)
            claims.update(blob for (slot,) in rows for blob in set(slots[slot]))
        for blob, number in sorted(claims.items()):
            fewer = Blob.update(claims=Blob.claims - number)
            fewer.where(Blob.id == blob, OF_REPORTS).execute(self._rows_of)
        return self._those(claims, OF_REPORTS, Blob.claims <= 0)

    def _of_replies(self, replies: Mapping[bytes, Collection[bytes]]) -> set[bytes]:
        """Give the files of those replies that are here, none that came with a report."""
        named: set[bytes] = set()
        for some in pieces(sorted(replies)):
            rows = Reply.select(Reply.id).where(Reply.id.in_(some)).tuples().execute(self._rows_of)
            named.update(blob for (reply,) in rows for blob in replies[reply])
        return self._those(named, Blob.expires.is_null(False))

    def _those(self, blobs: Collection[bytes], *conditions: Any) -> set[bytes]:
        found: set[bytes] = set()
        for some in pieces(blobs):
            query = Blob.select(Blob.id).where(Blob.id.in_(some), *conditions)
            found.update(blob for (blob,) in query.tuples().execute(self._rows_of))
        return found


def pieces(ids: Collection[bytes]) -> Iterator[list[bytes]]:
    """Give the ids in lists that one statement can take."""
    all_ids = list(ids)
    for at in range(0, len(all_ids), AT_ONCE):
        yield all_ids[at : at + AT_ONCE]
