"""What bundles from the desks have brought so far, and what the desks are to be told about it."""

from store.database import Database
from store.models import Desk, Refused, Trusted

_ONLY = 1


class Imports:
    """The last bundle of each desk, refused replies, and the newest list of team keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, desk: bytes) -> tuple[int, bytes] | None:
        """Give the sequence number and the manifest's digest of a desk's last bundle, or None."""
        query = Desk.select(Desk.seq, Desk.manifest).where(Desk.sign == desk)
        with self._database.reading():
            row: tuple[int, bytes] | None = query.tuples().first(self._database)
        return row

    def note(self, desk: bytes, seq: int, manifest: bytes) -> None:
        """Note a desk's last bundle; a lower number than the one noted changes nothing.

        :raises StoreError: the disk failed
        """
        with self._database.writing():
            Desk.insert(sign=desk, seq=seq, manifest=manifest).on_conflict(
                conflict_target=[Desk.sign],
                update={Desk.seq: seq, Desk.manifest: manifest},
                where=Desk.seq < seq,
            ).execute(self._database)

    def all_last(self) -> dict[bytes, int]:
        """Give the last sequence number of every desk that has sent a bundle, by its signing key."""
        query = Desk.select(Desk.sign, Desk.seq).order_by(Desk.sign)
        with self._database.reading():
            return dict(query.tuples().execute(self._database))

    def refuse(self, slot: bytes, desk: bytes, why: str) -> None:
        """Note that a desk's reply could not be taken; what was noted of this id before is replaced.

        :raises StoreError: the disk failed
        """
        with self._database.writing():
            Refused.insert(slot=slot, desk=desk, why=why).on_conflict_replace().execute(self._database)

    def refused(self) -> list[tuple[bytes, bytes, str]]:
        """Give id, desk and reason of every refused reply, by id."""
        query = Refused.select(Refused.slot, Refused.desk, Refused.why).order_by(Refused.slot)
        with self._database.reading():
            return list(query.tuples().execute(self._database))

    def forget_refused(self, desk: bytes) -> None:
        """Forget what was refused of a desk: it has been told, and has sent another bundle.

        :raises StoreError: the disk failed
        """
        with self._database.writing():
            Refused.delete().where(Refused.desk == desk).execute(self._database)

    def trusted(self) -> bytes | None:
        """Give the newest list of team keys that was trusted here, as it came, or None."""
        with self._database.reading():
            row = Trusted.select(Trusted.keys).where(Trusted.id == _ONLY).tuples().first(self._database)
        return None if row is None else bytes(row[0])

    def trust(self, keys: bytes) -> None:
        """Put a list of team keys in the place of the one that was trusted before.

        :raises StoreError: the disk failed
        """
        with self._database.writing():
            Trusted.insert(id=_ONLY, keys=keys).on_conflict_replace().execute(self._database)
