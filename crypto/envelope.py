"""What an envelope looks like from outside: its header and its parts, read without any secret.

fixed 13 | stanza 1168, once a desk | commitment 32 | stream header 24 | sealed chunks
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, unique

from crypto import padding, stream
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, Refused

MAGIC = b"VIGIL\n"
VERSION = 1
FIXED = 13
STANZA = 1_168
COMMITMENT = 32
MOST_DESKS = 4
LENGTH = 4  # the length prefix inside
MOST_BODY = 16 * 1024 * 1024


@unique
class Kind(IntEnum):
    """What is inside, as far as anyone may see.

    All that a source sends is INCOMING: only inside, sealed, is it said whether it is a report, a contact or
    a follow-up. NOTE is what the desk wrote, KEPT a report that it sealed anew, both to the desks themselves.
    A REPLY is sealed to a mailbox and a BACKUP to the recovery secret: to one reader, and to no month.
    ONION is what the server seals of its own, to the desks: the key of its onion service.
    """

    INCOMING = 1
    REPLY = 2
    NOTE = 3
    KEPT = 4
    BACKUP = 5
    ONION = 6

    @property
    def has_epoch(self) -> bool:
        """Whether it is sealed to the desks' keys of one month."""
        return self not in (Kind.REPLY, Kind.BACKUP)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in the first 13 bytes, for anyone to see; ``recipients`` is the number of desks, 1 to 4.

    A reply and a backup have no epoch and one recipient.

    :raises ValueError: another number of recipients, or an epoch where none belongs, or the reverse.
    """

    kind: Kind
    epoch: Epoch | None
    recipients: int

    def __post_init__(self) -> None:
        if not 1 <= self.recipients <= MOST_DESKS:
            raise ValueError(f"an envelope is sealed to 1 to {MOST_DESKS} desks")
        if self.kind.has_epoch != (self.epoch is not None):
            raise ValueError("a reply and a backup have no epoch, everything else has one")
        if not self.kind.has_epoch and self.recipients != 1:
            raise ValueError("a reply and a backup are sealed to one key")

    def fixed(self) -> bytes:
        """Give these first 13 bytes."""
        return (
            MAGIC
            + bytes((VERSION, self.kind))
            + (0 if self.epoch is None else self.epoch.number).to_bytes(4, "big")
            + bytes((self.recipients,))
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """An envelope cut into its parts; ``plain`` is the length of its padded plain bytes."""

    header: Header
    head: bytes
    commitment: bytes
    stream_header: bytes
    sealed: memoryview
    plain: int

    def stanzas(self) -> Iterator[bytes]:
        """Give the wrapped file key, 1168 bytes, once a desk."""
        for start in range(FIXED, len(self.head), STANZA):
            yield self.head[start : start + STANZA]

    def chunks(self) -> Iterator[tuple[bytes, bool]]:
        """Give each sealed chunk, and whether it is the last."""
        start = 0
        for length, last in stream.chunks(self.plain):
            end = start + length + stream.OVERHEAD
            yield bytes(self.sealed[start:end]), last
            start = end


def header(envelope: bytes) -> Header:
    """Read the header of an envelope, and check that the rest has a possible length.

    :raises BadEnvelope: not an envelope, of an unknown version or kind, truncated or with bytes too many.
    """
    return parts(envelope).header


def parts(envelope: bytes) -> Parts:
    """Cut an envelope into its parts. Nothing is authentic yet: whoever opens it checks that.

    :raises BadEnvelope: as ``header`` does.
    """
    read = _header(envelope[:FIXED])
    commitment = FIXED + read.recipients * STANZA
    stream_header = commitment + COMMITMENT
    sealed = stream_header + stream.HEADER
    try:
        plain = stream.plain_size(len(envelope) - sealed)
    except Refused as refused:
        raise BadEnvelope(str(refused)) from None
    if plain != padding.envelope_size(plain):
        raise BadEnvelope("no envelope has this length")
    return Parts(
        header=read,
        head=bytes(envelope[:commitment]),
        commitment=bytes(envelope[commitment:stream_header]),
        stream_header=bytes(envelope[stream_header:sealed]),
        sealed=memoryview(envelope)[sealed:],
        plain=plain,
    )


def _header(fixed: bytes) -> Header:
    if len(fixed) < FIXED:
        raise BadEnvelope("truncated")
    if fixed[:6] != MAGIC:
        raise BadEnvelope("not an envelope")
    if fixed[6] != VERSION:
        raise BadEnvelope("unknown version")
    try:
        kind = Kind(fixed[7])
    except ValueError:
        raise BadEnvelope("unknown kind") from None
    epoch = _epoch(kind, int.from_bytes(fixed[8:12], "big"))
    if not 1 <= fixed[12] <= (MOST_DESKS if kind.has_epoch else 1):
        raise BadEnvelope("wrong number of desks")
    return Header(kind, epoch, fixed[12])


def _epoch(kind: Kind, number: int) -> Epoch | None:
    if not kind.has_epoch:
        if number:
            raise BadEnvelope("it names an epoch and has none")
        return None
    try:
        return Epoch(number)
    except ValueError:
        raise BadEnvelope("the epoch is not a month") from None
