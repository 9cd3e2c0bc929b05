"""Where a picture or a document ends by its own structure: what follows is something else."""

import mmap
import re

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SCAN, _END_OF_PICTURE = 0xDA, 0xD9
_MOST_STEPS = 200_000

View = mmap.mmap | bytes


def end_of(code: str, data: View) -> int:
    """Give where a file of a kind ends, or its length where that cannot be told."""
    found = _ENDS[code](data) if code in _ENDS else len(data)
    return found if 0 < found <= len(data) else len(data)


def _png(data: View) -> int:
    at = 8
    for _ in range(_MOST_STEPS):
        kind = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if kind == b"IEND" or at > len(data):
            break
    return at


def _jpeg(data: View) -> int:
    at = 2
    for _ in range(_MOST_STEPS):
        found = _NEXT_MARKER.search(data, at)
        if found is None:
            return len(data)
        marker = data[found.start() + 1]
        at = found.end()
        if marker == _END_OF_PICTURE:
            return at
        # A segment's own bytes are passed over: a small picture inside has an end of its own.
        if marker != _SCAN:
            at += int.from_bytes(data[at : at + 2], "big")
    return len(data)


def _gif(data: View) -> int:
    at = 13 + _colours(data[10:11])
    for _ in range(_MOST_STEPS):
        match data[at : at + 1]:
            case b"\x21":  # an extension
                at = _after_blocks(data, at + 2)
            case b"\x2c":  # a picture
                at = _after_blocks(data, at + 11 + _colours(data[at + 9 : at + 10]))
            case b"\x3b":
                return at + 1
            case _:
                return len(data)
    return len(data)


def _colours(flags: bytes) -> int:
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _after_blocks(data: View, at: int) -> int:
    for _ in range(_MOST_STEPS):
        size = data[at : at + 1]
        at += 1 + (size[0] if size else 0)
        if size in (b"\0", b""):
            break
    return at


def _riff(data: View) -> int:
    size = int.from_bytes(data[4:8], "little")
    return 8 + size + size % 2


def _pdf(data: View) -> int:
    at = data.rfind(b"%%EOF")
    return len(data) if at < 0 else at + 5


_ENDS = {"png": _png, "jpeg": _jpeg, "gif": _gif, "webp": _riff, "wav": _riff, "pdf": _pdf}
