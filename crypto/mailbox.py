"""A source's mailbox: its ids, its records, and the replies in it. It holds no key of the team's.

Everything comes from the root that a return code gives, and lives for one request. FORMAT.md, "Mailbox" and
"Reply", specifies it; to whoever lacks the root, all of it is unrelated random bytes.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from crypto import xwing
from crypto.envelope import Kind
from crypto.errors import BadEnvelope, BadRecord, BadReply, Refused
from crypto.kdf import expand
from crypto.primitives import MAC, NONCE, SIGNATURE, aead_open, aead_seal, verify
from crypto.secret import BoxSeed, MailboxRoot, ReplyKey
from crypto.teamkeys import TeamKeys
from crypto.unsealing import Unsealer

ID = 16
OWN_IDS = 128
REPLY_IDS = 32
MOST_BLOBS = 40
RECORD = NONCE + 1 + MOST_BLOBS * ID + MAC  # 681
SIGNER = 32

_OWN = b"vigil/v1/own\0"
_OWN_IDS = b"vigil/v1/own-ids\0"
_REPLY = b"vigil/v1/reply\0"
_REPLY_IDS = b"vigil/v1/reply-ids\0"
_REPLY_SIGNATURE = b"vigil/v1/reply-sig\0"
_BOX = b"vigil/v1/box\0"
_RECORD = b"vigil/v1/record\0"


@dataclass(frozen=True, slots=True)
class OpenedReply:
    """A reply whose signature was checked: which desk wrote it (its name and key, 32 bytes), and what."""

    desk: str
    sign: bytes
    body: bytes = field(repr=False)


class Mailbox:
    """One source's mailbox. Making one costs nothing, looking up ids little, the public key some 0.5 ms."""

    def __init__(self, root: MailboxRoot) -> None:
        self._root = root

    def __repr__(self) -> str:
        return "<Mailbox>"

    @cached_property
    def public(self) -> xwing.PublicKey:
        """The key that replies are sealed to, 1216 bytes; it goes into the payload."""
        return xwing.public_of(self._box())

    @property
    def own_ids(self) -> tuple[bytes, ...]:
        """The 128 ids (16 bytes) of the source's own rows: a writer takes a random free one."""
        return _ids(expand(self._key(_OWN), label=_OWN_IDS, length=OWN_IDS * ID))

    @property
    def reply_key(self) -> ReplyKey:
        """What the ids of replies come from; it goes into the payload, so that a desk can place one."""
        return ReplyKey(self._key(_REPLY))

    def reply_ids(self, sign: bytes) -> tuple[bytes, ...]:
        """Give the 32 ids (16 bytes) at which a desk leaves replies; ``sign``, 32 bytes, is its signing key.

        :raises ValueError: a key of another length.
        """
        return reply_ids(self.reply_key, sign)

    def seal_record(self, row: bytes, blobs: Sequence[bytes]) -> bytes:
        """Note which blobs (at most 40 ids of 16 bytes) belong to a row, for the source alone: 681 bytes.

        :raises ValueError: too many blobs, or an id that is not 16 bytes.
        """
        if len(blobs) > MOST_BLOBS:
            raise ValueError(f"a row has at most {MOST_BLOBS} blobs")
        for each in (row, *blobs):
            _check_id(each)
        plain = bytes((len(blobs),)) + b"".join(blobs).ljust(MOST_BLOBS * ID, b"\0")
        return aead_seal(self._key(_RECORD), plain, row)

    def open_record(self, row: bytes, record: bytes) -> tuple[bytes, ...]:
        """Give the ids of a row's blobs.

        :raises BadRecord: it was not made by this mailbox for this row.
        """
        if len(record) != RECORD:
            raise BadRecord("a record has 681 bytes")
        try:
            plain = aead_open(self._key(_RECORD), record, row)
        except Refused:
            raise BadRecord("the record does not open") from None
        used = plain[0] * ID
        if plain[0] > MOST_BLOBS or plain[1 + used :].strip(b"\0"):
            raise BadRecord("the record is not well formed")
        return _ids(plain[1 : 1 + used])

    def open_reply(self, slot: bytes, envelope: bytes, team: TeamKeys) -> OpenedReply:
        """Open the reply that lies at an id of this mailbox, and check who wrote it, for whom and for where.

        :raises BadReply: damaged, or not signed for this mailbox and this id by a desk that ``team`` lists.
        :raises NotForThisKey: sealed to another mailbox.
        """
        try:
            body = self._unsealer.opened(envelope).body
        except BadEnvelope as bad:
            raise BadReply(str(bad)) from None
        signer, signature, said = (
            body[:SIGNER],
            body[SIGNER : SIGNER + SIGNATURE],
            body[SIGNER + SIGNATURE :],
        )
        desk = next((desk for desk in team.desks if desk.sign_public == signer), None)
        if desk is None:
            raise BadReply("no desk of the team signed it")
        try:
            verify(signer, signed_part(self.public, slot, said), signature)
        except Refused:
            raise BadReply("the signature is wrong") from None
        return OpenedReply(desk.name, signer, said)

    @cached_property
    def _unsealer(self) -> Unsealer:
        return Unsealer([self._box()], [Kind.REPLY])

    def _box(self) -> BoxSeed:
        return BoxSeed(self._key(_BOX))

    def _key(self, label: bytes) -> bytes:
        return expand(self._root.reveal(), label=label)


def reply_ids(reply_key: ReplyKey, sign: bytes) -> tuple[bytes, ...]:
    """Give the 32 ids (16 bytes) at which the desk that signs with ``sign`` (32 bytes) leaves its replies.

    :raises ValueError: a signing key of another length.
    """
    if len(sign) != SIGNER:
        raise ValueError(f"a signing key has {SIGNER} bytes")
    return _ids(expand(reply_key.reveal(), label=_REPLY_IDS + sign, length=REPLY_IDS * ID))


def signed_part(public: xwing.PublicKey, slot: bytes, said: bytes) -> bytes:
    """Give what a desk signs of a reply: whom it is for, where it lies (16 bytes), and what it says.

    :raises ValueError: an id that is not 16 bytes.
    """
    _check_id(slot)
    return _REPLY_SIGNATURE + sha256(public).digest() + slot + sha256(said).digest()


def no_record(_row: bytes = b"") -> bytes:
    """Give 681 random bytes, for a row that has no mailbox: nobody can tell them from a record."""
    return secrets.token_bytes(RECORD)


def _ids(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[at : at + ID] for at in range(0, len(joined), ID))


def _check_id(value: bytes) -> None:
    if len(value) != ID:
        raise ValueError(f"an id has {ID} bytes")
