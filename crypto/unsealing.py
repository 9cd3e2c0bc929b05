"""Open envelopes with X-Wing seeds: what the desk and a mailbox have in common.

No key comes from here and none is read: who holds the seed of a mailbox opens its replies, and nothing else.
"""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from crypto import padding, xwing
from crypto.envelope import LENGTH, MOST_BODY, Kind, Parts, parts
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, NotForThisKey, Refused
from crypto.primitives import hpke_open, xwing_private
from crypto.schedule import payload_keys, wrap_info
from crypto.secret import FileKey, XWingSeed
from crypto.stream import StreamOpener


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed: all of it, checked. A reply and a backup have no epoch."""

    kind: Kind
    epoch: Epoch | None
    body: bytes = field(repr=False)


class Unsealer:
    """Opens envelopes of some kinds with some seeds, whose private keys it works out once.

    An envelope names no reader, so each seed is tried on each stanza (some 0.1 ms a try).
    """

    def __init__(self, seeds: Iterable[XWingSeed], kinds: Collection[Kind]) -> None:
        self._privates = [xwing_private(*xwing.expand(seed)) for seed in seeds]
        self._kinds = frozenset(kinds)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def opened(self, envelope: bytes) -> Opened:
        """Open an envelope with the first seed that fits.

        :raises BadEnvelope: damaged, forged, truncated, of an unknown version or kind, or of one that this
            reader does not take.
        :raises NotForThisKey: whole as far as one can see, but sealed to other keys or another epoch.
        """
        pieces = parts(envelope)
        if pieces.header.kind not in self._kinds:
            raise BadEnvelope("of a kind that does not belong here")
        stream_key = _checked_key(self._unwrapped(pieces), pieces)
        try:
            reader = StreamOpener(stream_key, pieces.stream_header)
            plain = b"".join([reader.open(chunk, last=last) for chunk, last in pieces.chunks()])
        except Refused as refused:
            raise BadEnvelope(str(refused)) from None
        return Opened(pieces.header.kind, pieces.header.epoch, _unpadded(plain))

    def _unwrapped(self, pieces: Parts) -> FileKey:
        fixed = pieces.header.fixed()
        stanzas = tuple(pieces.stanzas())
        for private in self._privates:
            for index, stanza in enumerate(stanzas):
                try:
                    return FileKey(hpke_open(private, wrap_info(fixed, index), stanza))
                except Refused:
                    continue  # sealed to another reader: the next one may be ours
        raise NotForThisKey("no key given opens it")


def _checked_key(key: FileKey, pieces: Parts) -> bytes:
    commitment, stream_key = payload_keys(key, pieces.head)
    if not hmac.compare_digest(commitment, pieces.commitment):
        raise BadEnvelope("wrong commitment")
    return stream_key


def _unpadded(plain: bytes) -> bytes:
    length = int.from_bytes(plain[:LENGTH], "big")
    used = LENGTH + length
    if used > len(plain) or length > MOST_BODY:
        raise BadEnvelope("the length inside is too big")
    if padding.envelope_size(used) != len(plain):
        raise BadEnvelope("padded to a wrong size")
    if plain[used:].strip(b"\0"):
        raise BadEnvelope("the padding is not zeros")
    return plain[LENGTH:used]
