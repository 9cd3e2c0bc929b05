"""The team's identity: the one key that signs team.keys. Offline, and kept apart from every desk."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Self

from crypto import passphrase, strict_base64
from crypto.epoch import Epoch
from crypto.errors import BadKeyFile
from crypto.passphrase import MODERATE, PRACTICE, Cost, FileKind
from crypto.primitives import sign, signing_public
from crypto.secret import SigningSeed
from crypto.teambody import Desk, TeamBody
from crypto.teamkeys import LABEL, LABEL_PREVIOUS, MAGIC, TeamKeys, fingerprint

__all__ = ["MODERATE", "PRACTICE", "Cost", "Identity", "locked", "unlocked"]


@dataclass(frozen=True, slots=True)
class Identity:
    """An Ed25519 identity: its seed."""

    seed: SigningSeed

    @classmethod
    def new(cls) -> Self:
        """Draw a new one."""
        return cls(SigningSeed.new())

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return signing_public(self.seed.reveal())

    @property
    def fingerprint(self) -> str:
        """The fingerprint as it is printed."""
        return fingerprint(self.public)

    def team_keys(
        self,
        desks: tuple[Desk, ...],
        *,
        version: int,
        practice: bool,
        expires: date | None = None,
        previous: "Identity | None" = None,
    ) -> bytes:
        """Sign a list of desks and give the bytes of team.keys, read back and verified.

        The list holds the months that the first desk has keys for; every other desk must have the same ones.

        :param expires: by default the last day of the last month listed.
        :param previous: the identity that this one takes over from, which then signs too.
        :raises BadTeamKeys: the list breaks a rule of FORMAT.md, "Team keys".
        :raises ValueError: no desk, or a first desk without keys.
        """
        if not desks or not desks[0].epochs:
            raise ValueError("a list needs a desk that has keys")
        oldest, newest = min(desks[0].epochs), max(desks[0].epochs)
        body = TeamBody(
            identity=self.public,
            version=version,
            practice=practice,
            expires=expires or _last_day(newest),
            oldest=oldest,
            newest=newest,
            desks=desks,
            previous=None if previous is None else previous.public,
        )
        return self.signed(body.to_bytes(), previous)

    def signed(self, body: bytes, previous: "Identity | None" = None) -> bytes:
        """Sign a body's bytes as they stand and give the bytes of team.keys, read back and verified.

        :raises BadTeamKeys: what nobody would accept is not signed.
        """
        lines = [body, sign(self.seed.reveal(), LABEL + body)]
        if previous is not None:
            lines.append(sign(previous.seed.reveal(), LABEL_PREVIOUS + body))
        data = MAGIC + b"".join(strict_base64.encoded(line) + b"\n" for line in lines)
        return TeamKeys.read(data).raw


def locked(identity: Identity, phrase: str, cost: Cost = MODERATE) -> bytes:
    """Give the bytes of the identity file.

    :raises ValueError: an empty passphrase.
    """
    return passphrase.lock(FileKind.IDENTITY, identity.seed.reveal(), phrase, cost)


def unlocked(data: bytes, phrase: str) -> Identity:
    """Open the bytes of an identity file.

    :raises WrongPassphrase: the passphrase does not open it; the file is whole.
    :raises BadKeyFile: it is damaged or no identity file.
    """
    plain = passphrase.unlock(FileKind.IDENTITY, data, phrase)
    try:
        return Identity(SigningSeed(plain))
    except ValueError:
        raise BadKeyFile("what it holds is not an identity") from None


def _last_day(epoch: Epoch) -> date:
    year, month = divmod(epoch.number, 100)
    return date(year, month, calendar.monthrange(year, month)[1])
