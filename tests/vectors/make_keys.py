"""The vectors of X-Wing public keys."""

from typing import Any

from tests.vectors.build import fixed_bytes
from tests.vectors.changes import Change
from tests.vectors.xwing_draft import ENCAPSULATED, PUBLIC, SEED, SHARED

ABOUT = (
    "X-Wing public keys. base64(bases[base]) with changes (see changes.py) made in order is the key "
    "that a reader gets. outcome is 'opens', meaning that the key may be used, or an error and its "
    "reason. draft is test vector 1 of draft-connolly-cfrg-xwing-kem: seed gives the key of base draft, "
    "and decapsulates to shared."
)
DRAFT = {"seed": SEED, "encapsulated": "".join(ENCAPSULATED.split()), "shared": SHARED}
BASES = {"draft": bytes.fromhex(PUBLIC)}

MLKEM_ZERO = "UnsafeKey: the ML-KEM half is all zeros"
X25519_ZERO = "UnsafeKey: the X25519 half is all zeros"
LENGTH = "UnsafeKey: a public key has 1216 bytes"
NO_KEY = "UnsafeKey: a half is not a key"

# A point of order 8 (RFC 7748's curve): agreeing with it gives zero, whoever does it.
ORDER_8 = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"


def entry(name: str, changes: list[Change], outcome: str) -> dict[str, Any]:
    """Make one vector."""
    return {"name": name, "base": "draft", "changes": changes, "outcome": outcome}


def keys() -> list[dict[str, Any]]:
    """Keys that may be used, and keys that would protect nothing."""
    return [
        entry("the draft's first key", [], "opens"),
        entry("another matrix seed", [{"at": 1152, "write": fixed_bytes("matrix").hex()}], "opens"),
        entry("ML-KEM half all zeros", [{"at": 0, "write": "00" * 1184}], MLKEM_ZERO),
        entry("ML-KEM half zeros with a matrix seed", [{"at": 0, "write": "00" * 1152}], MLKEM_ZERO),
        entry("ML-KEM half of numbers too big", [{"at": 0, "write": "ff" * 1152}], NO_KEY),
        entry("X25519 half all zeros", [{"at": 1184, "write": "00" * 32}], X25519_ZERO),
        entry("X25519 half the point 1", [{"at": 1184, "write": "01" + "00" * 31}], NO_KEY),
        entry("X25519 half of order 8", [{"at": 1184, "write": ORDER_8}], NO_KEY),
        entry("X25519 half the prime", [{"at": 1184, "write": "ed" + "ff" * 30 + "7f"}], NO_KEY),
        entry("no byte", [{"cut": 0}], LENGTH),
        entry("the ML-KEM half alone", [{"cut": 1184}], LENGTH),
        entry("one byte too few", [{"cut": 1215}], LENGTH),
        entry("one byte too many", [{"append": "00"}], LENGTH),
    ]
