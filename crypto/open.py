"""Open envelopes: the desk's alone. The web server never imports this module."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from crypto import padding, xwing
from crypto.envelope import LENGTH, MOST_BODY, Kind, Parts, parts
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, NotForThisKey, Refused
from crypto.primitives import hpke_open, xwing_private
from crypto.schedule import payload_keys, wrap_info
from crypto.secret import EpochSeed, FileKey
from crypto.stream import StreamOpener


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed: all of it, checked."""

    kind: Kind
    epoch: Epoch
    body: bytes = field(repr=False)


class Opener:
    """Opens envelopes with some seeds, whose private keys it works out once.

    An envelope names no desk, so each seed is tried on each stanza (some 0.1 ms a try): give only the seeds
    of the epoch that ``crypto.envelope.header`` reads.
    """

    def __init__(self, seeds: Iterable[EpochSeed]) -> None:
        self._privates = [xwing_private(*xwing.expand(seed)) for seed in seeds]

    def opened(self, envelope: bytes) -> Opened:
        """Open an envelope with the first seed that fits.

        :raises BadEnvelope: damaged, forged, truncated, or of an unknown version or kind.
        :raises NotForThisKey: whole as far as one can see, but sealed to other keys or another epoch.
        """
        pieces = parts(envelope)
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
                    continue  # sealed to another desk: the next one may be ours
        raise NotForThisKey("no key given opens it")


def opened(envelope: bytes, seeds: Iterable[EpochSeed]) -> Opened:
    """Open one envelope; who opens many keeps an Opener.

    :raises BadEnvelope: as Opener.opened.
    :raises NotForThisKey: as Opener.opened.
    """
    return Opener(seeds).opened(envelope)


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
