"""The key of an onion service, sealed to the desks: who has it is that service, who loses it has no address.

The server seals it, so that the address outlives the machine; a desk opens it. FORMAT.md, "Onion keys",
specifies the bytes, and what tor has in its three files.
"""

import base64
from dataclasses import dataclass
from hashlib import sha3_256
from typing import Self

from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

from crypto.envelope import Kind, header
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, Refused
from crypto.primitives import refusing
from crypto.seal import sealed
from crypto.secret import EpochSeed, OnionKey
from crypto.teamkeys import TeamKeys
from crypto.unsealing import Unsealer

HOSTNAME = "hostname"
SECRET_FILE = "hs_ed25519_secret_key"  # noqa: S105 - a file's name
PUBLIC_FILE = "hs_ed25519_public_key"
FILES = (HOSTNAME, PUBLIC_FILE, SECRET_FILE)
_SECRET_TITLE = b"== ed25519v1-secret: type0 ==\0\0\0"
_PUBLIC_TITLE = b"== ed25519v1-public: type0 ==\0\0\0"
_CHECKSUM = b".onion checksum"
_VERSION = b"\3"


@dataclass(frozen=True, slots=True)
class OnionKeys:
    """What makes one onion service of version 3: its expanded secret key, and its public key 32.

    :raises BadEnvelope: the one is not the other's.
    """

    secret: OnionKey
    public: bytes

    def __post_init__(self) -> None:
        if public_of(self.secret) != self.public:
            raise BadEnvelope("what it holds is not the keys of an onion service")

    @classmethod
    def of_files(cls, files: dict[str, bytes]) -> Self:
        """Read tor's three files, by their names.

        :raises BadEnvelope: one is missing, is not what tor writes, or is another service's.
        """
        secret, public = files.get(SECRET_FILE, b""), files.get(PUBLIC_FILE, b"")
        if secret[:32] != _SECRET_TITLE or len(secret) != 96:
            raise BadEnvelope(f"{SECRET_FILE} is not as tor writes it")
        if public[:32] != _PUBLIC_TITLE or len(public) != 64:
            raise BadEnvelope(f"{PUBLIC_FILE} is not as tor writes it")
        try:
            keys = cls(OnionKey(secret[32:]), public[32:])
        except BadEnvelope:
            raise BadEnvelope(f"{SECRET_FILE} and {PUBLIC_FILE} do not belong together") from None
        if files.get(HOSTNAME, b"").strip() != keys.address.encode("ascii"):
            raise BadEnvelope(f"{HOSTNAME} is not the address of these keys")
        return keys

    @property
    def address(self) -> str:
        """The service's host name."""
        checksum = sha3_256(_CHECKSUM + self.public + _VERSION).digest()[:2]
        return base64.b32encode(self.public + checksum + _VERSION).decode("ascii").lower() + ".onion"

    def files(self) -> dict[str, bytes]:
        """Give tor's three files, by their names. One of them is the secret: put it nowhere else."""
        return {
            HOSTNAME: self.address.encode("ascii") + b"\n",
            PUBLIC_FILE: _PUBLIC_TITLE + self.public,
            SECRET_FILE: _SECRET_TITLE + self.secret.reveal(),
        }


def public_of(secret: OnionKey) -> bytes:
    """Give the public key of an expanded secret key.

    :raises BadEnvelope: it is none.
    """
    try:
        with refusing("not a key"):
            return crypto_scalarmult_ed25519_base_noclamp(secret.reveal()[:32])
    except Refused:
        raise BadEnvelope("what it holds is not the keys of an onion service") from None


def locked(keys: OnionKeys, team: TeamKeys) -> bytes:
    """Seal them to every desk of the list, to the keys of its last month: they can be opened until then."""
    body = keys.secret.reveal() + keys.public
    return sealed(Kind.ONION, team.newest, team.recipients(team.newest), body)


def month_of(data: bytes) -> Epoch:
    """Give the month whose keys open it.

    :raises BadEnvelope: it holds no onion keys.
    """
    found = header(data)
    if found.kind is not Kind.ONION or found.epoch is None:
        raise BadEnvelope("of a kind that does not belong here")
    return found.epoch


def unlocked(data: bytes, seed: EpochSeed) -> OnionKeys:
    """Open them with a desk's key of that month.

    :raises NotForThisKey: it is sealed to other desks, as far as one can see.
    :raises BadEnvelope: damaged, or no onion keys.
    """
    body = Unsealer([seed], {Kind.ONION}).opened(data).body
    if len(body) != OnionKey.SIZE + 32:
        raise BadEnvelope("what it holds is not the keys of an onion service")
    return OnionKeys(OnionKey(body[: OnionKey.SIZE]), body[OnionKey.SIZE :])
