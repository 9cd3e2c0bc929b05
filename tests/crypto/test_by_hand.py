"""Open what was sealed by the words of FORMAT.md alone, with nothing of this package's but the sealing.

Were a label, a salt or a length in the code another than on the page, sealing and opening would still agree
with each other; they would not agree with this.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from nacl import bindings

from crypto import kdf
from crypto.attachment import AttachmentSealer
from crypto.mailbox import Mailbox
from crypto.reply import seal_reply
from crypto.returncode import read_words, root
from tests.crypto.made import DESKS, envelope
from tests.crypto.mailboxes import ANNA, sign_public

BODY = b"The white van came again. " * 4_000


def hkdf(secret: bytes, salt: bytes, label: bytes, length: int) -> bytes:
    key, block, found = hmac.digest(salt or bytes(32), secret, "sha256"), b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + label + bytes((number,)), "sha256")
        found += block
    return found[:length]


def pulled(key: bytes, header: bytes, chunks: bytes) -> bytes:
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    plain, tags = b"", []
    for at in range(0, len(chunks), 65_553):
        piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
            state, chunks[at : at + 65_553], None
        )
        plain += piece
        tags.append(tag)
    assert tags == [0] * (len(tags) - 1) + [3]
    return plain


def test_an_envelope_opens_by_hand() -> None:
    sealed = envelope(BODY, 3)
    index = 1
    fixed, head = sealed[:13], sealed[: 13 + 3 * 1168]
    assert fixed == b"VIGIL\n" + bytes((1, 1)) + (202611).to_bytes(4, "big") + bytes((3,))
    both = hashlib.shake_256(DESKS[index].reveal()).digest(96)
    private = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(both[:64]), X25519PrivateKey.from_private_bytes(both[64:])
    )
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    stanza = head[13 + index * 1168 : 13 + (index + 1) * 1168]
    file_key = suite.decrypt(stanza, private, info=b"vigil/v1/wrap\0" + fixed + bytes((index,)))
    assert len(file_key) == 32
    keys = hkdf(file_key, hashlib.sha256(head).digest(), b"vigil/v1/payload\0", 64)
    rest = sealed[len(head) :]
    assert rest[:32] == keys[:32]
    plain = pulled(keys[32:], rest[32:56], rest[56:])
    assert len(plain) == 104_448  # 104,004 rounded up to a multiple of 2,048
    assert plain == len(BODY).to_bytes(4, "big") + BODY + bytes(len(plain) - 4 - len(BODY))


def expand(secret: bytes, label: bytes, length: int) -> bytes:
    block, found = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(secret, block + label + bytes((number,)), "sha256")
        found += block
    return found[:length]


def ids_of(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[at : at + 16] for at in range(0, len(joined), 16))


# A vector of BIP39's own.
CODE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
ROOT = hkdf(b"\x7f" * 16, b"", b"vigil/v1/mailbox\0", 32)


def test_a_return_code_gives_its_ids_by_hand() -> None:
    mailbox = Mailbox(root(read_words(CODE)))
    own = expand(expand(ROOT, b"vigil/v1/own\0", 32), b"vigil/v1/own-ids\0", 2048)
    reply_key = expand(ROOT, b"vigil/v1/reply\0", 32)
    replies = expand(reply_key, b"vigil/v1/reply-ids\0" + sign_public(ANNA), 512)
    assert mailbox.own_ids == ids_of(own)
    assert mailbox.reply_key.reveal() == reply_key
    assert mailbox.reply_ids(sign_public(ANNA)) == ids_of(replies)
    assert (len(mailbox.own_ids), len(mailbox.reply_ids(sign_public(ANNA)))) == (128, 32)


def test_a_record_opens_by_hand() -> None:
    row, blobs = bytes(range(16)), [bytes([number]) * 16 for number in (7, 8)]
    record = Mailbox(root(read_words(CODE))).seal_record(row, blobs)
    key = expand(ROOT, b"vigil/v1/record\0", 32)
    plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(record[24:], row, record[:24], key)
    assert plain == (b"\x02" + blobs[0] + blobs[1]).ljust(641, b"\0")


def test_a_reply_opens_by_hand() -> None:
    mailbox, slot, said = Mailbox(root(read_words(CODE))), bytes(range(16)), b"{}"
    sealed = seal_reply(mailbox.public, slot, said, ANNA)
    both = hashlib.shake_256(expand(ROOT, b"vigil/v1/box\0", 32)).digest(96)
    halves = MLKEM768PrivateKey.from_seed_bytes(both[:64]), X25519PrivateKey.from_private_bytes(both[64:])
    public = b"".join(half.public_key().public_bytes_raw() for half in halves)
    assert mailbox.public == public
    fixed, head = sealed[:13], sealed[: 13 + 1168]
    assert fixed == b"VIGIL\n" + bytes((1, 2)) + bytes(4) + bytes((1,))
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    info = b"vigil/v1/wrap\0" + fixed + b"\0"
    file_key = suite.decrypt(head[13:], MLKEM768X25519PrivateKey(*halves), info=info)
    keys = hkdf(file_key, hashlib.sha256(head).digest(), b"vigil/v1/payload\0", 64)
    rest = sealed[len(head) :]
    assert rest[:32] == keys[:32]
    plain = pulled(keys[32:], rest[32:56], rest[56:])
    assert plain == ((98).to_bytes(4, "big") + plain[4:100] + said).ljust(4096, b"\0")
    assert plain[4:36] == sign_public(ANNA)
    digests = hashlib.sha256(public).digest() + slot + hashlib.sha256(said).digest()
    bindings.crypto_sign_open(plain[36:100] + b"vigil/v1/reply-sig\0" + digests, plain[4:36])


def test_an_attachment_opens_by_hand() -> None:
    sealer = AttachmentSealer()
    sealed = b"".join([sealer.write(BODY), *sealer.finish()])
    assert sealed[:8] == b"VIGILA\n\x01"
    key = hkdf(sealer.key.reveal(), sealed[:8], b"vigil/v1/attachment\0", 32)
    assert pulled(key, sealed[8:32], sealed[32:]) == BODY.ljust(104_448, b"\0")


def test_keys_are_derived_as_rfc_5869_says() -> None:
    """Test cases 1 and 3 of its appendix A."""
    long = kdf.hkdf(b"\x0b" * 22, salt=bytes(range(13)), label=bytes(range(0xF0, 0xFA)), length=42)
    assert long.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
    bare = kdf.hkdf(b"\x0b" * 22, salt=b"", label=b"", length=42)
    assert bare.hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )
    assert bare == hkdf(b"\x0b" * 22, b"", b"", 42)
