"""team.keys as the server and the desks read it: nothing in it counts before its signature is checked.

Public keys only; the identity that signs it is kept offline (``identity``).
"""

import base64
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Self

from crypto import strict_base64, teambody
from crypto.epoch import Epoch
from crypto.errors import BadTeamKeys, Refused
from crypto.primitives import verify
from crypto.teambody import Desk, TeamBody
from crypto.xwing import PublicKey

__all__ = ["LABEL", "LABEL_PREVIOUS", "MAGIC", "MAX_FILE", "Desk", "TeamBody", "TeamKeys", "fingerprint"]

MAGIC = b"vigil team keys v1\n"
MAX_FILE = 1024 * 1024  # four desks of 60 months are 530 KB
LABEL = b"vigil/v1/team\0"
LABEL_PREVIOUS = b"vigil/v1/team-previous\0"
LABEL_FINGERPRINT = b"vigil/v1/fingerprint\0"


def fingerprint(identity: bytes) -> str:
    """Give an identity's fingerprint as it is printed: eight groups of four of A to Z and 2 to 7."""
    text = base64.b32encode(sha256(LABEL_FINGERPRINT + identity).digest()[:20]).decode("ascii")
    return " ".join(text[start : start + 4] for start in range(0, 32, 4))


@dataclass(frozen=True, slots=True)
class TeamKeys:
    """A verified team.keys; make one by ``read``."""

    body: TeamBody
    raw: bytes

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read and verify the file's bytes.

        Whether this identity is the right one is for the reader to know: by its fingerprint, or by
        ``check_follows`` with the list that was trusted before.

        :raises BadTeamKeys: says which rule of FORMAT.md, "Team keys", is broken.
        """
        body, signature, previous_signature = _lines(data)
        value, identity, previous = teambody.read_identity(body)
        _verify(identity, LABEL + body, signature, "the signature is wrong")
        if previous is not None:
            if previous_signature is None:
                raise BadTeamKeys("the previous identity's signature is missing")
            _verify(
                previous,
                LABEL_PREVIOUS + body,
                previous_signature,
                "the previous identity's signature is wrong",
            )
        elif previous_signature is not None:
            raise BadTeamKeys("it has a second signature, and names no previous identity")
        return cls(teambody.read_body(value, identity, previous), data)

    @property
    def identity(self) -> bytes:
        """The Ed25519 key, 32 bytes, that signed it."""
        return self.body.identity

    @property
    def fingerprint(self) -> str:
        """The identity's fingerprint, fit for print."""
        return fingerprint(self.body.identity)

    @property
    def version(self) -> int:
        """A number that only grows."""
        return self.body.version

    @property
    def practice(self) -> bool:
        """True for keys made to try things out: never take real reports with them."""
        return self.body.practice

    @property
    def expires(self) -> date:
        """The last day (UTC) on which a new list is not overdue."""
        return self.body.expires

    @property
    def oldest(self) -> Epoch:
        """The first month that has keys."""
        return self.body.oldest

    @property
    def newest(self) -> Epoch:
        """The last month that has keys."""
        return self.body.newest

    @property
    def desks(self) -> tuple[Desk, ...]:
        """One to four desks, in the order of the list."""
        return self.body.desks

    def epoch(self, today: date) -> Epoch:
        """Give the month whose keys to seal to on a day (UTC): its own, or the nearest that has keys."""
        return Epoch.of(today).clamp(self.oldest, self.newest)

    def recipients(self, epoch: Epoch) -> tuple[PublicKey, ...]:
        """Give every desk's public key for a month.

        :raises BadTeamKeys: the list has none for it.
        """
        if not self.oldest <= epoch <= self.newest:
            raise BadTeamKeys(f"epoch {epoch} is not listed")
        return tuple(desk.epochs[epoch] for desk in self.desks)

    def check_follows(self, older: "TeamKeys") -> None:
        """Check that this list may take the place of an older one that is trusted.

        :raises BadTeamKeys: it is older, is another of the same version, comes from an identity that the
            trusted one did not sign for, or turns practice keys into real ones or the reverse.
        """
        if self.raw == older.raw:
            return
        if self.identity != older.identity and self.body.previous != older.identity:
            raise BadTeamKeys("it comes from another identity, which the one before did not sign for")
        if self.practice != older.practice:
            raise BadTeamKeys("practice keys do not become real ones, nor real ones practice")
        if self.version < older.version:
            raise BadTeamKeys(f"version {self.version} is older than version {older.version}, known here")
        if self.version == older.version:
            raise BadTeamKeys(f"it is another version {self.version} than the one known here")


def _lines(data: bytes) -> tuple[bytes, bytes, bytes | None]:
    if len(data) > MAX_FILE:
        raise BadTeamKeys(f"it is larger than {MAX_FILE} bytes")
    if not data.startswith(MAGIC):
        other = data.startswith(b"vigil team keys v")
        raise BadTeamKeys("it is of an unknown version" if other else "it is not a team.keys file")
    lines = data[len(MAGIC) :].split(b"\n")
    if lines.pop() != b"":
        raise BadTeamKeys("it is cut short: the last line has no end")
    if len(lines) not in (2, 3):
        raise BadTeamKeys(f"it has {len(lines)} lines after the first, not 2 or 3")
    try:
        body, *signatures = [strict_base64.decoded(line) for line in lines]
    except strict_base64.Base64Error:
        raise BadTeamKeys("a line is not base64") from None
    return body, signatures[0], signatures[1] if len(signatures) == 2 else None


def _verify(public: bytes, message: bytes, signature: bytes, reason: str) -> None:
    try:
        verify(public, message, signature)
    except Refused:
        raise BadTeamKeys(reason) from None
