"""Form keys that several web machines have in common: from one day's key each derives the next day's.

One way only: who finds today's key can make tomorrow's, and no earlier one. See FORMAT.md, "Tokens".
"""

import struct
from collections.abc import Iterable

from crypto.kdf import expand, hkdf

__all__ = ["CHECK", "check", "following"]

LABEL_NEXT = b"vigil/v1/form-key-next\0"
LABEL_CHECK = b"vigil/v1/form-key-check\0"
CHECK = 16


def following(key: bytes) -> bytes:
    """Give the form key (32 bytes) of the day after the one whose key (32 bytes) is given."""
    return expand(key, label=LABEL_NEXT)


def check(seeds: Iterable[tuple[int, bytes]]) -> bytes:
    """Give 16 bytes that agree where the form keys do, from a day on, and tell nothing of them.

    ``seeds`` are the ordinal and the key (32 bytes) of that day, then of each later day whose key does not
    follow from the one before.
    """
    secret = b"".join(struct.pack(">I", ordinal) + key for ordinal, key in seeds)
    return hkdf(secret, salt=b"", label=LABEL_CHECK, length=CHECK)
