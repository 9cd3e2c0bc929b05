"""The vectors of an onion service's keys, sealed to the desks: a whole one, and ones that no writer made."""

from hashlib import sha256, sha512
from typing import Any

from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

from crypto import onionkeys, xwing
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.onionkeys import OnionKeys
from crypto.seal import sealed
from crypto.secret import OnionKey
from tests.vectors.build import fixed_bytes, seed
from tests.vectors.changes import Change

MONTH = Epoch(202611)
SEED = seed("desk a")
OTHER = seed("a stranger")


def expanded(name: str) -> bytes:
    """Give an expanded secret key, made from a seed as tor makes it."""
    digest = bytearray(sha512(fixed_bytes(name)).digest())
    digest[0] &= 248
    digest[31] = digest[31] & 63 | 64
    return bytes(digest)


SECRET = expanded("onion service")
KEYS = OnionKeys(OnionKey(SECRET), crypto_scalarmult_ed25519_base_noclamp(SECRET[:32]))
ABOUT = (
    "Onion keys. base64(bases[base]) with changes (see changes.py) made in order is the file; the reader has "
    "the seed seed, or, where the vector says so, another. outcome is 'opens' (then address is the "
    "service's, and sha256 is of secret key || public key) or an error and its reason."
)
GIVEN = {"seed": SEED.reveal().hex(), "other": OTHER.reveal().hex()}
NOT_KEYS = "BadEnvelope: what it holds is not the keys of an onion service"
NOT_MINE = "NotForThisKey: no key given opens it"
HEAD = 13 + 1168


def _to(body: bytes, kind: Kind = Kind.ONION) -> bytes:
    return sealed(kind, MONTH, [xwing.public_of(SEED)], body)


BASES = {
    "keys": _to(SECRET + KEYS.public),
    "no body": _to(b""),
    "a byte short": _to((SECRET + KEYS.public)[:-1]),
    "a byte behind": _to(SECRET + KEYS.public + b"\0"),
    "another public key": _to(SECRET + bytes(crypto_scalarmult_ed25519_base_noclamp(expanded("other")[:32]))),
    "a secret of zeros": _to(bytes(64) + KEYS.public),
    "a report": _to(SECRET + KEYS.public, Kind.INCOMING),
    "a note": _to(SECRET + KEYS.public, Kind.NOTE),
}


def _one(name: str, base: str, outcome: str, *changes: Change, **more: str) -> dict[str, Any]:
    return {"name": name, "base": base, "changes": list(changes), "outcome": outcome} | more


def found() -> list[dict[str, Any]]:
    """Give all vectors."""
    kind = "BadEnvelope: of a kind that does not belong here"
    whole = {"address": KEYS.address, "sha256": sha256(SECRET + KEYS.public).hexdigest()}
    return [
        _one("the keys of an onion service", "keys", "opens", **whole),
        _one("another desk's key", "keys", NOT_MINE, seed="other"),
        _one("an epoch of another month", "keys", NOT_MINE, {"at": 11, "flip": 1}),
        _one("a bit of the stanza", "keys", NOT_MINE, {"at": 100, "flip": 1}),
        _one("a bit of the commitment", "keys", "BadEnvelope: wrong commitment", {"at": HEAD, "flip": 1}),
        _one("cut short", "keys", "BadEnvelope: truncated", {"cut": HEAD}),
        _one("onion keys as a report", "keys", kind, {"at": 7, "write": "01"}),
        _one("a report that holds the same", "a report", kind),
        _one("a note that holds the same", "a note", kind),
        _one("a note, said to be onion keys", "a note", NOT_MINE, {"at": 7, "write": "06"}),
        _one("nothing inside", "no body", NOT_KEYS),
        _one("a byte too few inside", "a byte short", NOT_KEYS),
        _one("a byte too many inside", "a byte behind", NOT_KEYS),
        _one("the public key of another service", "another public key", NOT_KEYS),
        _one("a secret key of zeros", "a secret of zeros", NOT_KEYS),
    ]


def opened(data: bytes, other: bool) -> OnionKeys:
    """Read a vector's bytes as a desk does."""
    onionkeys.month_of(data)
    return onionkeys.unlocked(data, OTHER if other else SEED)
