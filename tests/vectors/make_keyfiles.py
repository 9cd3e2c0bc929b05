"""The vectors of key files, identity files and backups: whole ones, and ones that no writer made."""

import struct
from hashlib import sha256
from typing import Any

from nacl import bindings

from crypto import backup, keyfile
from crypto.backup import Backup, recovery_public
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.passphrase import LABEL
from crypto.primitives import argon2id
from crypto.seal import sealed
from crypto.secret import EpochSeed, RecoverySecret, SigningSeed
from crypto.teamkeys import TeamKeys
from tests.vectors.build import fixed_bytes, seed
from tests.vectors.changes import Change, difference

ABOUT = (
    "Files that hold keys. base64(bases[base]) with changes (see changes.py) made in order is the file. as "
    "is 'desk', 'identity' or 'backup'; the passphrase is passphrase, the recovery secret recovery, save "
    "where the vector gives another. outcome is 'opens' (then sha256 is of what a key file holds, see plain "
    "in FORMAT.md; of a backup, of that and team.keys behind it) or an error and its reason."
)
PHRASE = "Zo\u00eb's six words"
RECOVERY = RecoverySecret(fixed_bytes("recovery"))
GIVEN = {"passphrase": PHRASE, "recovery": RECOVERY.reveal().hex()}
KEYS = DeskKeys(
    "Zo\u00eb",
    SigningSeed(fixed_bytes("desk's signing key")),
    {Epoch(month): EpochSeed(seed(f"Zoe {month}").reveal()) for month in (202611, 202612)},
)
IDENTITY = Identity(SigningSeed(fixed_bytes("identity")))
TEAM = TeamKeys.read(IDENTITY.team_keys((KEYS.public(),), version=2, practice=True))
PLAIN = keyfile.packed(KEYS)
PUBLIC = recovery_public(RECOVERY)

DAMAGED = "BadKeyFile: the file is damaged"
KIND = "BadKeyFile: it holds another kind of key"
WORK = "BadKeyFile: it asks for more work than any honest file"
WRONG = "WrongPassphrase: the passphrase does not open it"
NOT_KEYS = "BadKeyFile: what it holds is not a desk's keys"
NOT_BACKUP = "BadEnvelope: what it holds is not a desk's keys"


def made(
    plain: bytes,
    *,
    kind: int = 1,
    version: int = 1,
    cost: tuple[int, int] = (1, 8),
    magic: bytes = b"VIGILK\n",
) -> bytes:
    """Lock what is given, as FORMAT.md has it, with a salt and a nonce that are the same each time."""
    salt, nonce = fixed_bytes("salt", 16), fixed_bytes("nonce", 24)
    header = magic + struct.pack(">BBII", version, kind, *cost) + salt
    key = argon2id(PHRASE.encode(), salt, operations=1, memory=8 * 1024)
    seal = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt
    body = header + nonce + seal(plain, LABEL + header, nonce, key)
    return body + sha256(body).digest()


def backed_up(body: bytes) -> bytes:
    """Seal any body to the recovery secret."""
    return sealed(Kind.BACKUP, None, [PUBLIC], body)


LENGTH = len(PLAIN).to_bytes(4, "big")
BASES = {
    "desk": made(PLAIN),
    "identity": made(IDENTITY.seed.reveal(), kind=2),
    "no keys": made(b"\0\0"),
    "no identity": made(bytes(31), kind=2),
    "backup": backup.locked(Backup(KEYS, TEAM), PUBLIC),
    "backup of nothing": backed_up(b""),
    "backup without a list": backed_up(LENGTH + PLAIN),
    "backup with a length too big": backed_up(b"\xff\xff\xff\xff" + PLAIN + TEAM.raw),
    "report to the recovery secret": sealed(
        Kind.INCOMING, Epoch(202611), [PUBLIC], LENGTH + PLAIN + TEAM.raw
    ),
}
SIZE = len(BASES["desk"])
HEAD = 13 + 1168  # of a backup


def _one(name: str, base: str, outcome: str, *changes: Change, **more: str) -> dict[str, Any]:
    kind = "backup" if base not in ("desk", "identity", "no keys", "no identity") else "desk"
    kind = "identity" if "identity" in base else kind
    return {"name": name, "base": base, "changes": list(changes), "as": kind, "outcome": outcome} | more


def _remade(name: str, outcome: str, wanted: bytes) -> dict[str, Any]:
    return _one(name, "desk", outcome, *difference(BASES["desk"], wanted))


def _redigested(place: int) -> bytes:
    data = bytearray(BASES["desk"])
    data[place] ^= 1
    return bytes(data[:-32]) + sha256(data[:-32]).digest()


def _good() -> list[dict[str, Any]]:
    whole = sha256(PLAIN + TEAM.raw).hexdigest()
    return [
        _one("a desk's keys", "desk", "opens", sha256=sha256(PLAIN).hexdigest()),
        _one(
            "the passphrase's accent apart",
            "desk",
            "opens",
            sha256=sha256(PLAIN).hexdigest(),
            passphrase=PHRASE.replace("\u00eb", "e\u0308"),
        ),
        _one("an identity", "identity", "opens", sha256=sha256(IDENTITY.seed.reveal()).hexdigest()),
        _one("a backup", "backup", "opens", sha256=whole),
    ]


def _key_files() -> list[dict[str, Any]]:
    cut = [
        _one(f"cut to {length} bytes", "desk", outcome, {"cut": length})
        for length, outcome in (
            (0, "BadKeyFile: it is not a key file"),
            (6, "BadKeyFile: it is not a key file"),
            (33, "BadKeyFile: the file is cut short"),
            (104, "BadKeyFile: the file is cut short"),
            (105, DAMAGED),
            (SIZE - 1, DAMAGED),
        )
    ]
    costs = [
        _remade(f"{operations} operations, {memory} KiB", WORK, made(PLAIN, cost=(operations, memory)))
        for operations, memory in ((0, 8), (17, 8), (1, 7), (1, 1_048_577), (9, 1_048_576))
    ]
    flips = [
        _one(f"a bit of the {part}", "desk", DAMAGED, {"at": place, "flip": 1})
        for part, place in (
            ("salt", 20),
            ("nonce", 40),
            ("sealed part", 60),
            ("tag", SIZE - 33),
            ("digest", SIZE - 1),
        )
    ]
    return [
        _one("another passphrase", "desk", WRONG, passphrase=PHRASE + " "),
        _one("no passphrase", "desk", WRONG, passphrase=""),
        _remade("another prefix", "BadKeyFile: it is not a key file", made(PLAIN, magic=b"VIGILA\n")),
        _remade("version 2", "BadKeyFile: it is of an unknown version", made(PLAIN, version=2)),
        _remade("kind 2 for a desk", KIND, made(PLAIN, kind=2)),
        _one("a desk's keys for an identity", "desk", KIND) | {"as": "identity"},
        *costs,
        *cut,
        _one("a byte behind", "desk", DAMAGED, {"append": "00"}),
        _one("over 1 MiB", "desk", "BadKeyFile: the file is too large", {"append_zeros": 1_048_577 - SIZE}),
        *flips,
        _remade("a bit of the salt, digest made right", WRONG, _redigested(20)),
        _remade("a bit of the sealed part, digest made right", WRONG, _redigested(60)),
        _one("it holds no keys", "no keys", NOT_KEYS),
        _one("it holds no identity", "no identity", "BadKeyFile: what it holds is not an identity"),
    ]


def _backups() -> list[dict[str, Any]]:
    other = fixed_bytes("another recovery secret").hex()
    to_another = "NotForThisKey: no key given opens it"
    return [
        _one("another recovery secret", "backup", to_another, recovery=other),
        _one(
            "a backup's epoch",
            "backup",
            "BadEnvelope: it names an epoch and has none",
            {"at": 11, "write": "01"},
        ),
        _one(
            "a backup for two",
            "backup",
            "BadEnvelope: wrong number of desks",
            {"at": 12, "write": "02"},
        ),
        _one("a bit of a backup's stanza", "backup", to_another, {"at": 100, "flip": 1}),
        _one(
            "a bit of a backup's commitment",
            "backup",
            "BadEnvelope: wrong commitment",
            {"at": HEAD, "flip": 1},
        ),
        _one(
            "a report for a backup",
            "report to the recovery secret",
            "BadEnvelope: of a kind that does not belong here",
        ),
        _one("a backup of nothing", "backup of nothing", NOT_BACKUP),
        _one("a backup without a list", "backup without a list", NOT_BACKUP),
        _one("a backup with a length too big", "backup with a length too big", NOT_BACKUP),
    ]


def found() -> list[dict[str, Any]]:
    """Give the vectors."""
    return [*_good(), *_key_files(), *_backups()]
