"""What bundles from the desks have brought so far, and what the desks are to be told about it."""

from collections.abc import Collection, Mapping
from datetime import date

from store.clock import Today
from store.engine import Database
from store.models import Desk, Refused, Signer, Trusted

_ONLY = 1


class Imports:
    """The last bundle of each desk, refused replies, the newest list of team keys, whoever was listed."""

    def __init__(self, database: Database, today: Today) -> None:
        self._database = database
        self._today = today

    def last(self, desk: bytes) -> tuple[int, bytes] | None:
        """Give the sequence number and the manifest's digest of a desk's last bundle, or None."""
        query = Desk.select(Desk.seq, Desk.manifest).where(Desk.sign == desk)
        with self._database.reading():
            row: tuple[int, bytes] | None = query.tuples().first(self._database)
        return row

    def note(
        self, desk: bytes, seq: int, manifest: bytes, refused: Mapping[bytes, str], listed: Collection[bytes]
    ) -> None:
        """Note a desk's last bundle and what was refused of it, in one transaction.

        A lower number than the one noted changes nothing of that. What was refused of this desk before goes:
        it has sent that again; and so does what was of desks that are not ``listed``, nor this one.

        :raises StoreError: the disk failed; nothing is noted then
        """
        rows: list[dict[str, object]] = [
            {"slot": slot, "desk": desk, "why": why} for slot, why in sorted(refused.items())
        ]
        others = sorted({*listed} - {desk})
        self._database.again(lambda: self._note(desk, seq, manifest, rows, others))

    def _note(
        self, desk: bytes, seq: int, manifest: bytes, rows: list[dict[str, object]], others: list[bytes]
    ) -> None:
        with self._database.writing():
            self._database.alone("imports")
            Refused.delete().where(Refused.desk.not_in(others)).execute(self._database)
            for row in rows:
                Refused.insert(**row).execute(self._database)
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

    def refused(self) -> list[tuple[bytes, bytes, str]]:
        """Give id, desk and reason of every refused reply, by id."""
        query = Refused.select(Refused.slot, Refused.desk, Refused.why).order_by(Refused.slot, Refused.desk)
        with self._database.reading():
            return list(query.tuples().execute(self._database))

    def trusted(self) -> bytes | None:
        """Give the newest list of team keys that was trusted here, as it came, or None."""
        with self._database.reading():
            return self._trusted()

    def trust(self, keys: bytes, signers: Collection[bytes], before: bytes | None) -> bool:
        """Put a list of team keys in the place of ``before``; say whether it is the trusted one now.

        It is not where another has come meanwhile; nothing is changed then. ``signers``, the signing keys
        that it names, are remembered from this day on; those of the first list, from the first day there is.

        :raises StoreError: the disk failed
        """
        return self._database.again(lambda: self._trust(keys, signers, before))

    def _trust(self, keys: bytes, signers: Collection[bytes], before: bytes | None) -> bool:
        with self._database.writing():
            self._database.alone("trusted keys")
            now = self._trusted()
            if now is not None and now not in (before, keys):
                return False
            day = date.min if now is None else self._today()
            rows = [{"sign": sign, "day": day} for sign in sorted(set(signers))]
            if rows:
                Signer.insert_many(rows).on_conflict_ignore().execute(self._database)
            Trusted.insert(id=_ONLY, keys=keys).on_conflict(
                conflict_target=[Trusted.id], update={Trusted.keys: keys}
            ).execute(self._database)
        return True

    def signers(self) -> list[bytes]:
        """Give every signing key that a trusted list has ever named."""
        with self._database.reading():
            rows = Signer.select(Signer.sign).order_by(Signer.sign).tuples().execute(self._database)
            return [sign for (sign,) in rows]

    def _trusted(self) -> bytes | None:
        row = Trusted.select(Trusted.keys).where(Trusted.id == _ONLY).tuples().first(self._database)
        return None if row is None else bytes(row[0])
