"""A desk's private keys, and the bytes that its file has. The desk's alone: no server ever loads this."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from crypto import passphrase
from crypto.epoch import Epoch
from crypto.errors import BadKeyFile, BadTeamKeys
from crypto.passphrase import MODERATE, PRACTICE, Cost, FileKind
from crypto.primitives import signing_public
from crypto.secret import EpochSeed, SigningSeed
from crypto.teambody import Desk, check_name
from crypto.xwing import public_of

__all__ = ["MODERATE", "PRACTICE", "Cost", "DeskKeys", "locked", "unlocked"]

MONTHS = 24  # how many are made ahead
_COUNT = struct.Struct(">H")
_ENTRY = struct.Struct(">I32s")


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """What only one desk has: the seed it signs with, and a seed for each month that is not yet destroyed.

    :raises BadTeamKeys: a name that no list takes.
    """

    name: str
    sign: SigningSeed
    seeds: Mapping[Epoch, EpochSeed] = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        object.__setattr__(
            self, "seeds", MappingProxyType({key: self.seeds[key] for key in sorted(self.seeds)})
        )

    @classmethod
    def make(cls, name: str, first: Epoch, months: int = MONTHS) -> Self:
        """Draw the keys of a new desk, for so many months from the first."""
        return cls(name, SigningSeed.new(), {}).with_months(first, months)

    def with_months(self, first: Epoch, months: int = MONTHS) -> Self:
        """Give these keys and new ones for those of so many months, from the first, that have none."""
        seeds = dict(self.seeds)
        for _ in range(months):
            seeds.setdefault(first, EpochSeed.new())
            first = first.next()
        return type(self)(self.name, self.sign, seeds)

    def without(self, epochs: Iterable[Epoch]) -> Self:
        """Give these keys less some months'. Once written, the reports of those months are beyond reach."""
        gone = set(epochs)
        return type(self)(
            self.name, self.sign, {at: seed for at, seed in self.seeds.items() if at not in gone}
        )

    def public(self, epochs: Iterable[Epoch] | None = None, *, collects: bool = True) -> Desk:
        """Give the public part, for a list: of these months or of all.

        :raises KeyError: a month without a key.
        """
        listed = self.seeds if epochs is None else list(epochs)
        publics = {epoch: public_of(self.seeds[epoch]) for epoch in listed}
        return Desk(self.name, signing_public(self.sign.reveal()), collects, publics)


def locked(keys: DeskKeys, phrase: str, cost: Cost = MODERATE) -> bytes:
    """Give the bytes of the key file.

    :raises ValueError: an empty passphrase.
    """
    return passphrase.lock(FileKind.DESK_KEYS, packed(keys), phrase, cost)


def unlocked(data: bytes, phrase: str) -> DeskKeys:
    """Open the bytes of a key file.

    :raises WrongPassphrase: the passphrase does not open it; the file is whole.
    :raises BadKeyFile: it is damaged or no key file.
    """
    return unpacked(passphrase.unlock(FileKind.DESK_KEYS, data, phrase))


def packed(keys: DeskKeys) -> bytes:
    """Give what a key file holds, bare: for sealing only."""
    name = keys.name.encode("utf-8")
    plain = _COUNT.pack(len(name)) + name + keys.sign.reveal() + _COUNT.pack(len(keys.seeds))
    return plain + b"".join(_ENTRY.pack(epoch.number, seed.reveal()) for epoch, seed in keys.seeds.items())


def unpacked(plain: bytes) -> DeskKeys:
    """Read what ``packed`` wrote.

    :raises BadKeyFile: it is something else.
    """
    try:
        end = _COUNT.size + _COUNT.unpack_from(plain)[0]
        name = plain[_COUNT.size : end].decode("utf-8")
        sign = SigningSeed(plain[end : end + 32])
        (count,) = _COUNT.unpack_from(plain, end + 32)
        entries = list(_ENTRY.iter_unpack(plain[end + 32 + _COUNT.size :]))
        seeds = {Epoch(number): EpochSeed(seed) for number, seed in entries}
        if count != len(entries) or sorted(seeds) != [Epoch(number) for number, _ in entries]:
            raise ValueError("count or order")
        return DeskKeys(name, sign, seeds)
    except (ValueError, struct.error, BadTeamKeys):
        raise BadKeyFile("what it holds is not a desk's keys") from None
