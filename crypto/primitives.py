"""The one boundary to PyNaCl and cryptography: what they raise becomes Refused, and only here.

Both raise more than their own errors (TypeError, ValueError, UnsupportedAlgorithm); catching less than that
lets damaged input escape as a crash. Nothing here holds a label: a caller gives whole messages and keys.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import nacl.exceptions
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from nacl import bindings

from crypto.errors import Refused

NONCE = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES  # 24
MAC = bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES  # 16
SIGNATURE = bindings.crypto_sign_BYTES  # 64

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_LIBRARY_ERRORS = (
    nacl.exceptions.CryptoError,
    InvalidSignature,
    InvalidTag,
    UnsupportedAlgorithm,
    TypeError,
    ValueError,
)


@contextmanager
def refusing(reason: str) -> Iterator[None]:
    """Turn whatever a library raises for bad input into Refused, without its message (it may quote bytes).

    :raises Refused: with ``reason``.
    """
    try:
        yield
    except _LIBRARY_ERRORS:
        raise Refused(reason) from None


# X-Wing, and HPKE over it


def xwing_public(mlkem: bytes, x25519: bytes) -> MLKEM768X25519PublicKey:
    """Load a public key's two halves, 1184 and 32 bytes.

    :raises Refused: not a key.
    """
    with refusing("not a public key"):
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(mlkem), X25519PublicKey.from_public_bytes(x25519)
        )


def try_x25519(public: bytes) -> None:
    """Agree with a public point of 32 bytes once, to see that it can be agreed with.

    :raises Refused: a point of low order, which agrees with everyone on zero.
    """
    with refusing("not a public key"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))


def xwing_private(mlkem: bytes, x25519: bytes) -> MLKEM768X25519PrivateKey:
    """Load a private key from its two seeds, 64 and 32 bytes.

    :raises Refused: wrong lengths.
    """
    with refusing("not a private key"):
        return MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(mlkem), X25519PrivateKey.from_private_bytes(x25519)
        )


def xwing_public_halves(mlkem: bytes, x25519: bytes) -> tuple[bytes, bytes]:
    """Give the public halves, 1184 and 32 bytes, of the two private seeds, 64 and 32 bytes.

    :raises Refused: wrong lengths.
    """
    with refusing("not a private key"):
        return (
            MLKEM768PrivateKey.from_seed_bytes(mlkem).public_key().public_bytes_raw(),
            X25519PrivateKey.from_private_bytes(x25519).public_key().public_bytes_raw(),
        )


def hpke_seal(public: MLKEM768X25519PublicKey, info: bytes, plain: bytes) -> bytes:
    """Seal to one public key (HPKE base mode): enc 1120 || ciphertext || tag 16.

    :raises Refused: the key is of no use.
    """
    with refusing("the key does not seal"):
        return _SUITE.encrypt(plain, public, info=info)


def hpke_open(private: MLKEM768X25519PrivateKey, info: bytes, sealed: bytes) -> bytes:
    """Open what hpke_seal made with the same info.

    :raises Refused: another key, another info, or damage.
    """
    with refusing("the key does not open it"):
        return _SUITE.decrypt(sealed, private, info=info)


# XChaCha20-Poly1305


def aead_seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    """Seal under a 32-byte key: a random nonce 24 || ciphertext || tag 16.

    :raises Refused: a key of another length.
    """
    nonce = bindings.randombytes(NONCE)
    with refusing("not a key"):
        return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, nonce, key)


def aead_open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Open what aead_seal made with the same key and aad.

    :raises Refused: too short, another key, another aad, or damage.
    """
    if len(sealed) < NONCE + MAC:
        raise Refused("too short")
    nonce, ciphertext = sealed[:NONCE], sealed[NONCE:]
    with refusing("it does not authenticate"):
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, aad, nonce, key)


# Ed25519


def signing_public(seed: bytes) -> bytes:
    """Give the 32-byte public key of a 32-byte signing seed.

    :raises Refused: a seed of another length.
    """
    with refusing("not a signing seed"):
        return bindings.crypto_sign_seed_keypair(seed)[0]


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign with a 32-byte seed: 64 bytes.

    :raises Refused: a seed of another length.
    """
    with refusing("not a signing seed"):
        secret = bindings.crypto_sign_seed_keypair(seed)[1]
        return bindings.crypto_sign(message, secret)[:SIGNATURE]


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Check a signature of 64 bytes by a 32-byte public key.

    :raises Refused: it is not this key's over this message.
    """
    if len(signature) != SIGNATURE:
        raise Refused("a signature has 64 bytes")
    with refusing("the signature is wrong"):
        bindings.crypto_sign_open(signature + message, public)


# Argon2id


def argon2id(passphrase: bytes, salt: bytes, *, operations: int, memory: int) -> bytes:
    """Stretch a passphrase to 32 bytes; ``memory`` is in bytes, the salt has 16.

    :raises Refused: parameters that libsodium does not take, or no memory left.
    """
    with refusing("Argon2id refused its parameters"):
        return bindings.crypto_pwhash_alg(
            32, passphrase, salt, operations, memory, bindings.crypto_pwhash_ALG_ARGON2ID13
        )
