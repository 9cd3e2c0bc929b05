"""Seal bytes to public keys: what the web server does with a report, and the desk with all that it writes."""

from collections.abc import Sequence

from crypto import padding, stream, xwing
from crypto.envelope import LENGTH, MOST_BODY, Header, Kind
from crypto.epoch import Epoch
from crypto.errors import Refused, UnsafeKey
from crypto.schedule import payload_keys, wrap_info
from crypto.secret import FileKey
from crypto.stream import StreamSealer


def sealed(kind: Kind, epoch: Epoch | None, recipients: Sequence[xwing.PublicKey], body: bytes) -> bytes:
    """Seal ``body`` (at most 16 MiB) so that each of 1 to 4 desks can open it, and nobody else.

    ``recipients`` are the public keys of that epoch, in the order of the team's list. A reply and a backup
    have no epoch, and one recipient.

    :raises UnsafeKey: a key that nothing can be sealed to.
    :raises ValueError: no desk, too many, one twice, a body too long, or an epoch that is wrong for the kind.
    :raises TypeError: a recipient that is not a PublicKey.
    """
    if not all(isinstance(public, xwing.PublicKey) for public in recipients):
        raise TypeError("each recipient is a PublicKey, which was checked")
    if len(body) > MOST_BODY:
        raise ValueError(f"a body has at most {MOST_BODY} bytes")
    if len(set(recipients)) != len(recipients):
        raise ValueError("a desk is listed twice")
    fixed = Header(kind, epoch, len(recipients)).fixed()
    key = FileKey.new()
    head = fixed + b"".join(
        _stanza(public, wrap_info(fixed, index), key) for index, public in enumerate(recipients)
    )
    commitment, stream_key = payload_keys(key, head)
    writer = StreamSealer(stream_key)
    return b"".join((head, commitment, writer.header, *_chunks(writer, body)))


def _stanza(public: xwing.PublicKey, info: bytes, key: FileKey) -> bytes:
    try:
        return xwing.wrapped(public, info, key)
    except Refused:
        raise UnsafeKey("nothing can be sealed to this key") from None


def _chunks(writer: StreamSealer, body: bytes) -> list[bytes]:
    used = LENGTH + len(body)
    total = padding.envelope_size(used)
    plain = len(body).to_bytes(LENGTH, "big") + body + bytes(total - used)
    starts = range(0, total, stream.CHUNK)
    return [writer.seal(plain[at : at + stream.CHUNK], last=at + stream.CHUNK >= total) for at in starts]
