"""`keys.backup`: a desk's live keys and its list, sealed to the recovery secret, which is on paper only.

Recovery is no recipient of reports: it opens this file, and this file opens them. The desk keeps the recovery
secret's public key alone. Offline only; FORMAT.md, "Backup", specifies the bytes.
"""

from dataclasses import dataclass

from crypto import keyfile, xwing
from crypto.envelope import Kind
from crypto.errors import BadEnvelope, BadKeyFile, BadTeamKeys
from crypto.kdf import hkdf
from crypto.keyfile import DeskKeys
from crypto.seal import sealed
from crypto.secret import RecoverySecret, XWingSeed
from crypto.teamkeys import TeamKeys
from crypto.unsealing import Unsealer
from crypto.xwing import PublicKey

_LENGTH = 4
_LABEL = b"vigil/v1/recovery\0"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the desk's keys, and the list as it knew it."""

    keys: DeskKeys
    team: TeamKeys


def recovery_public(secret: RecoverySecret) -> PublicKey:
    """Give the public key that backups are sealed to."""
    return xwing.public_of(_seed(secret))


def locked(backup: Backup, public: PublicKey) -> bytes:
    """Give the bytes of `keys.backup`."""
    keys = keyfile.packed(backup.keys)
    return sealed(Kind.BACKUP, None, [public], len(keys).to_bytes(_LENGTH, "big") + keys + backup.team.raw)


def unlocked(data: bytes, secret: RecoverySecret) -> Backup:
    """Open the bytes of `keys.backup`.

    :raises NotForThisKey: another secret's, as far as one can see.
    :raises BadEnvelope: damaged, or no backup.
    """
    body = Unsealer([_seed(secret)], {Kind.BACKUP}).opened(data).body
    end = _LENGTH + int.from_bytes(body[:_LENGTH], "big")
    if len(body) < end:
        raise BadEnvelope("what it holds is not a desk's keys")
    try:
        return Backup(keyfile.unpacked(body[_LENGTH:end]), TeamKeys.read(body[end:]))
    except (BadKeyFile, BadTeamKeys):
        raise BadEnvelope("what it holds is not a desk's keys") from None


def _seed(secret: RecoverySecret) -> XWingSeed:
    return XWingSeed(hkdf(secret.reveal(), salt=b"", label=_LABEL))
