"""Seal and sign replies: the desk's alone. The web server never imports this module."""

from crypto.envelope import Kind
from crypto.mailbox import signed_part
from crypto.primitives import sign as signature_of
from crypto.primitives import signing_public
from crypto.seal import sealed
from crypto.secret import SigningSeed
from crypto.xwing import PublicKey


def seal_reply(mailbox_public: PublicKey, slot: bytes, body: bytes, sign: SigningSeed) -> bytes:
    """Seal a reply to one mailbox for one id (16 bytes) in it, signed inside by this desk.

    :raises UnsafeKey: a mailbox's key that nothing can be sealed to.
    :raises ValueError: an id of another length, or a body over 16 MiB less 96 bytes.
    :raises TypeError: a key that is not a PublicKey.
    """
    seed = sign.reveal()
    signed = signing_public(seed) + signature_of(seed, signed_part(mailbox_public, slot, body)) + body
    return sealed(Kind.REPLY, None, [mailbox_public], signed)
