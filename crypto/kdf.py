"""The one way keys and ids are derived from keys: HKDF-SHA256 (RFC 5869)."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand


def hkdf(secret: bytes, *, salt: bytes, label: bytes, length: int = 32) -> bytes:
    """Derive ``length`` bytes (at most 8,160) from ``secret`` for the one use that ``label`` names.

    An empty salt stands for 32 zero bytes, as RFC 5869 has it.
    """
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=label).derive(secret)


def expand(secret: bytes, *, label: bytes, length: int = 32) -> bytes:
    """Derive ``length`` bytes (at most 8,160) from 32 bytes that HKDF gave: its second half alone."""
    return HKDFExpand(algorithm=SHA256(), length=length, info=label).derive(secret)
