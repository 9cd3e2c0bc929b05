"""What both sides of an envelope derive: the wrapping's context, and the keys that come from the file key."""

from hashlib import sha256

from crypto.envelope import COMMITMENT
from crypto.kdf import hkdf
from crypto.secret import FileKey

_WRAP = b"vigil/v1/wrap\0"
_PAYLOAD = b"vigil/v1/payload\0"


def wrap_info(fixed: bytes, index: int) -> bytes:
    """Give the HPKE info of the stanza at ``index`` (from 0): it binds the stanza to header and place."""
    return _WRAP + fixed + bytes((index,))


def payload_keys(key: FileKey, head: bytes) -> tuple[bytes, bytes]:
    """Give the commitment (stored) and the stream's key (secret), 32 bytes each, for a whole header.

    The commitment is what makes two texts under two keys impossible: a secretstream alone does not.
    """
    both = hkdf(key.reveal(), salt=sha256(head).digest(), label=_PAYLOAD, length=64)
    return both[:COMMITMENT], both[COMMITMENT:]
