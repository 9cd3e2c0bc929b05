"""What cameras and programs write into the tracks of a film for nobody's eyes: left out, or written over.

It stands in the pictures of a film of JPEGs, between those of MPEG-4 and older, and in the heads of tracks.
"""

import re
from collections.abc import Iterator

from .frames import Cannot

_BLANK = b" "
_USER_DATA = re.compile(rb"\x00\x00\x01\xb2(.*?)(?=\x00\x00\x01|\Z)", re.DOTALL)
_UNIT = re.compile(rb"\x00\x00\x01(.+?)(?=\x00\x00\x01|\Z)", re.DOTALL)
_HAS_USER_DATA = frozenset({"mpeg4", "mpeg1video", "mpeg2video", "msmpeg4v3", "h263"})
_FEWEST = 4  # bytes that could say something
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# Of a JPEG what its picture is made of: no word of an application, no comment.
_KEPT = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDA})
_START, _END, _SCAN, _ADOBE = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xEE
_ADOBE_SIZE = 16  # bytes: what tells how its colours are to be read
Span = tuple[int, int]


def of_packet(codec: str, data: bytes) -> bytes:
    """Give a packet without what is for nobody's eyes.

    :raises Cannot: it is written so that this cannot be told.
    """
    if codec == "mjpeg":
        return _jpegs(data)
    return _over(data, _user_data(data)) if codec in _HAS_USER_DATA else data


def changes(codec: str) -> bool:
    """Tell whether `of_packet` has something to do for a codec."""
    return codec == "mjpeg" or codec in _HAS_USER_DATA


def write_over(out: memoryview, heads: list[tuple[str, bytes]]) -> None:
    """Write over, in a file, what the heads of its tracks (codec, bytes) say for nobody's eyes.

    :raises Cannot: some of it is left.
    """
    for codec, head in heads:
        spans = list(_spans(codec, head))
        if not spans:
            continue
        _put(out, head, _over(head, spans))
        for start, end in spans:
            told = head[start:end]
            if re.search(re.escape(told), out):
                _put(out, told, _over(told, [(0, len(told))]))
            if re.search(re.escape(told), out):
                raise Cannot("no-cleaning")


def _put(out: memoryview, wanted: bytes, instead: bytes) -> None:
    places = [match.start() for match in re.finditer(re.escape(wanted), out)]
    for at in places:
        out[at : at + len(instead)] = instead


def _over(data: bytes, spans: list[Span]) -> bytes:
    made = bytearray(data)
    for start, end in spans:
        made[start:end] = _BLANK * (end - start)
    return bytes(made)


def _spans(codec: str, head: bytes) -> Iterator[Span]:
    if codec in _HAS_USER_DATA:
        yield from _user_data(head)
    elif codec in ("h264", "hevc"):
        found = _boxed_units(head) if codec == "hevc" and head[:1] == b"\1" else _open_units(head)
        yield from (_said(codec, span) for span in found if _is_remark(codec, head[slice(*span)]))
    elif codec in ("vorbis", "theora"):
        yield from _comments(head, b"\x03vorbis" if codec == "vorbis" else b"\x81theora")


def _user_data(data: bytes) -> list[Span]:
    return [match.span(1) for match in _USER_DATA.finditer(data) if len(match[1]) >= _FEWEST]


def _boxed_units(head: bytes) -> Iterator[Span]:
    at = 23
    for _ in range(head[22] if len(head) > 22 else 0):
        count = int.from_bytes(head[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            size = int.from_bytes(head[at : at + 2], "big")
            yield at + 2, min(len(head), at + 2 + size)
            at += 2 + size


def _open_units(head: bytes) -> Iterator[Span]:
    yield from (match.span(1) for match in _UNIT.finditer(head))


def _is_remark(codec: str, unit: bytes) -> bool:
    if not unit:
        return False
    return unit[0] & 0x1F == 6 if codec == "h264" else (unit[0] >> 1) & 0x3F in (39, 40)


def _said(codec: str, span: Span) -> Span:
    # Behind the head of the unit, up to the bit that ends it.
    start, end = span
    return min(end, start + (1 if codec == "h264" else 2)), max(start, end - 1)


def _comments(head: bytes, sign: bytes) -> Iterator[Span]:
    at = head.find(sign) + len(sign)
    if at < len(sign):
        raise Cannot("no-cleaning")

    def size() -> int:
        return int.from_bytes(head[at : at + 4], "little")

    # The program's name, how many words follow, and they.
    left = 1
    named = False
    while left:
        end = at + 4 + size()
        if end > len(head):
            raise Cannot("no-cleaning")
        if end - at - 4 >= _FEWEST:
            yield at + 4, end
        at, left = end, left - 1
        if not named:
            named, left = True, size()
            at += 4


def _jpegs(data: bytes) -> bytes:
    """Give the pictures of a packet, one or the two halves of one, each without its words."""
    made, at = bytearray(), 0
    while data[at : at + 2] == _START:
        made += _START
        at += 2
        while data[at : at + 2] != _END:
            kept, at = _segment(data, at)
            made += kept
            if at >= len(data):  # many cameras leave the end out
                break
        made += _END
        at += 2
        while data[at : at + 1] == b"\0":
            at += 1
    if not made:
        raise Cannot("no-cleaning")
    return bytes(made)


def _segment(data: bytes, at: int) -> tuple[bytes, int]:
    """Give what is kept of a segment, and where the next one begins."""
    if data[at : at + 1] != b"\xff" or len(data) < at + 4:
        raise Cannot("no-cleaning")
    marker = data[at + 1]
    if marker == 0xFF:  # a filling byte
        return b"", at + 1
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if marker == _ADOBE and data[at + 4 : at + 9] == b"Adobe" and end - at == _ADOBE_SIZE:
        return data[at : at + 9] + bytes(6) + data[end - 1 : end], end
    if marker not in _KEPT:
        return b"", end
    if marker == _SCAN:
        found = _NEXT_MARKER.search(data, end)
        end = found.start() if found else len(data)
    return data[at:end], end
