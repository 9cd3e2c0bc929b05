"""What an onion service tells its visitors: its descriptor, opened as their Tor opens it (rend-spec-v3).

opened(tor.descriptor(), tor.onion) -> the inner layer's lines
"""

import base64
import re
from hashlib import sha3_256, shake_256

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SALT, MAC = 16, 32
SIGNED_BY = 4  # a certificate's extension: the key that signed it


def opened(descriptor: str, onion: str) -> list[str]:
    """Open both layers, without a client's key.

    :raises AssertionError: it is not such a descriptor, or is of another service.
    """
    identity = base64.b32decode(onion.removesuffix(".onion").upper())[:32]
    blinded = _blinded(_block(descriptor, "ED25519 CERT"))
    subcredential = sha3_256(
        b"subcredential" + sha3_256(b"credential" + identity).digest() + blinded
    ).digest()
    counter = re.search(r"^revision-counter (\d+)$", descriptor, re.MULTILINE)
    assert counter, descriptor
    secret = blinded + subcredential + int(counter[1]).to_bytes(8)
    outer = _decrypted(_block(descriptor, "MESSAGE"), secret, b"hsdir-superencrypted-data")
    inner = _decrypted(_block(outer, "MESSAGE"), secret, b"hsdir-encrypted-data")
    assert inner.startswith("create2-formats "), inner
    return inner.splitlines()


def _block(text: str, kind: str) -> bytes:
    found = re.search(rf"-----BEGIN {kind}-----\n(.*?)-----END {kind}-----", text, re.DOTALL)
    assert found, text
    return base64.b64decode(found[1])


def _blinded(certificate: bytes) -> bytes:
    """The key that signed the certificate: the service's own, blinded for this period."""
    at = 40  # behind version, type, expiry, kind of key, key, number of extensions
    for _ in range(certificate[39]):
        length, kind = int.from_bytes(certificate[at : at + 2]), certificate[at + 2]
        if kind == SIGNED_BY:
            return certificate[at + 4 : at + 4 + length]
        at += 4 + length
    raise AssertionError("the certificate does not say who signed it")


def _decrypted(sealed: bytes, secret: bytes, label: bytes) -> str:
    salt, text, mac = sealed[:SALT], sealed[SALT:-MAC], sealed[-MAC:]
    keys = shake_256(secret + salt + label).digest(32 + 16 + 32)
    key, iv, mac_key = keys[:32], keys[32:48], keys[48:]
    lengths = len(mac_key).to_bytes(8), len(salt).to_bytes(8)
    assert sha3_256(lengths[0] + mac_key + lengths[1] + salt + text).digest() == mac, (
        "it is of another service"
    )
    decryptor = Cipher(algorithms.AES256(key), modes.CTR(iv)).decryptor()
    return (decryptor.update(text) + decryptor.finalize()).rstrip(b"\0").decode()
