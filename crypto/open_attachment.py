"""Open attachments: at the desk those of reports, in the web server those of a reply, for its source.

A key is all it takes, and that lives inside an envelope: who cannot open the envelope opens no file of it.
"""

from collections.abc import Iterator
from typing import BinaryIO

from crypto import padding, stream
from crypto.attachment import PREFIX, stream_key
from crypto.errors import BadAttachment, Refused
from crypto.secret import AttachmentKey
from crypto.stream import StreamOpener


def opened(source: BinaryIO, key: AttachmentKey, size: int) -> Iterator[bytes]:
    """Open a sealed file of ``size`` bytes; give them in pieces of at most 64 KiB.

    Every piece is authentic when it comes. That nothing is missing is known only when the iterator ends by
    itself: throw away what was written when it raises. ``source`` gives the sealed bytes from its position.

    :raises BadAttachment: damaged, truncated, of an unknown version, under another key, or of another size.
    """
    if size < 0:
        raise BadAttachment("a negative size")
    try:
        yield from _opened(source, key, size)
    except Refused as refused:
        raise BadAttachment(str(refused)) from None


def _opened(source: BinaryIO, key: AttachmentKey, size: int) -> Iterator[bytes]:
    reader = StreamOpener(stream_key(key), _stream_header(source))
    left = size
    for length, last in stream.chunks(padding.attachment_size(size)):
        plain = reader.open(_exactly(source, length + stream.OVERHEAD), last=last)
        if last and source.read(1):
            raise Refused("bytes follow the end")
        if plain[left:].strip(b"\0"):
            raise Refused("the padding is not zeros")
        if left:
            yield plain[:left]
        left -= min(left, length)


def _stream_header(source: BinaryIO) -> bytes:
    prefix = _exactly(source, len(PREFIX))
    if prefix[:-1] != PREFIX[:-1]:
        raise Refused("not an attachment")
    if prefix != PREFIX:
        raise Refused("unknown version")
    return _exactly(source, stream.HEADER)


def _exactly(source: BinaryIO, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        piece = source.read(count - len(found))
        if not piece:
            raise Refused("truncated")
        found += piece
    return bytes(found)
