"""X-Wing public keys (ML-KEM-768 and X25519 together), checked before anything is sealed to them."""

from hashlib import shake_256
from typing import Self

from crypto.errors import Refused, UnsafeKey
from crypto.primitives import hpke_seal, try_x25519, xwing_public, xwing_public_halves
from crypto.secret import FileKey, XWingSeed

MLKEM_PUBLIC = 1184
MLKEM_MATRIX_SEED = 32  # the end of an ML-KEM public key; what stands before it is the key proper
X25519_PUBLIC = 32
PUBLIC = MLKEM_PUBLIC + X25519_PUBLIC


class PublicKey(bytes):
    """1216 bytes that were looked at: ML-KEM-768 (1184) || X25519 (32).

    An all-zero ML-KEM key seals without any error and protects nothing, so that no trial finds it: each half
    is checked here, where keys come in.

    :raises UnsafeKey: wrong length, a half that is all zeros, a half that is no key.
    """

    __slots__ = ()

    def __new__(cls, value: bytes) -> Self:
        if len(value) != PUBLIC:
            raise UnsafeKey(f"a public key has {PUBLIC} bytes")
        # Zeros with a matrix seed behind them are as weak as zeros alone.
        if not any(value[: MLKEM_PUBLIC - MLKEM_MATRIX_SEED]):
            raise UnsafeKey("the ML-KEM half is all zeros")
        if not any(value[MLKEM_PUBLIC:]):
            raise UnsafeKey("the X25519 half is all zeros")
        try:
            xwing_public(bytes(value[:MLKEM_PUBLIC]), bytes(value[MLKEM_PUBLIC:]))
            try_x25519(bytes(value[MLKEM_PUBLIC:]))
        except Refused:
            raise UnsafeKey("a half is not a key") from None
        return super().__new__(cls, value)

    @property
    def mlkem(self) -> bytes:
        """Give the ML-KEM-768 half, 1184 bytes."""
        return self[:MLKEM_PUBLIC]

    @property
    def x25519(self) -> bytes:
        """Give the X25519 half, 32 bytes."""
        return self[MLKEM_PUBLIC:]

    def __repr__(self) -> str:
        return f"<PublicKey {self[:4].hex()}…>"


def expand(seed: XWingSeed) -> tuple[bytes, bytes]:
    """Give the private halves of a seed: ML-KEM's d || z (64 bytes) and X25519's scalar (32 bytes)."""
    both = shake_256(seed.reveal()).digest(96)
    return both[:64], both[64:]


def public_of(seed: XWingSeed) -> PublicKey:
    """Give the public key of a seed."""
    return PublicKey(b"".join(xwing_public_halves(*expand(seed))))


def wrapped(public: PublicKey, info: bytes, key: FileKey) -> bytes:
    """Wrap a file key for one reader by HPKE: enc 1120 || ciphertext 32 || tag 16.

    :raises Refused: the key is of no use.
    """
    return hpke_seal(xwing_public(public.mlkem, public.x25519), info, key.reveal())
