"""A page rendered and compressed once, with a hole for what changes each time."""

import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import Response, current_app, request

# Not in any page: rendered where the hole will be.
_HOLE = "vigil-hole-6f1a0c"
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_WINDOW = 32 * 1024
_MOST_STORED = 65_535  # bytes in one stored block
_KEPT_LENGTHS = 4


@dataclass(frozen=True)
class _Around:
    """The page before and after its hole."""

    before: bytes
    after: bytes
    packed_before: bytes
    crc_before: int


class BlankPage:
    """Renders a page once for each ``key`` (as the language) and fills its hole for each request.

    ``render`` gets what to put where the hole will be, and gives the page's HTML with it exactly once; it is
    called within a request. What fills the hole must need no escaping.
    """

    def __init__(self, render: Callable[[str], str]) -> None:
        self._render = render
        self._pages: dict[Hashable, _Around] = {}
        self._packed_after: dict[tuple[Hashable, int], bytes] = {}

    def answer(self, filling: str, key: Hashable = None, *, cache: str = "private, no-cache") -> Response:
        """The page with ``filling`` in its hole, gzipped when the browser takes it."""
        around = self._pages.get(key) or self._rendered(key)
        hole = filling.encode()
        response = current_app.response_class(mimetype="text/html")
        response.headers["Cache-Control"] = cache
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings.quality("gzip") > 0 and len(hole) <= _MOST_STORED:
            response.headers["Content-Encoding"] = "gzip"
            response.set_data(self._gzipped(around, key, hole))
        else:
            response.set_data(around.before + hole + around.after)
        return response

    def _rendered(self, key: Hashable) -> _Around:
        parts = self._render(_HOLE).encode().split(_HOLE.encode())
        if len(parts) != 2:
            raise ValueError(f"the page has {len(parts) - 1} holes, and needs one")
        before, after = parts
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        # A sync flush ends on a byte, so that a stored block can follow.
        packed = packer.compress(before) + packer.flush(zlib.Z_SYNC_FLUSH)
        around = _Around(before, after, packed, zlib.crc32(before))
        self._pages[key] = around
        return around

    def _gzipped(self, around: _Around, key: Hashable, hole: bytes) -> bytes:
        size = len(hole)
        packed_after = self._packed_after.get((key, size))
        if packed_after is None:
            packed_after = _packed_after(around, size)
            if len(self._packed_after) >= _KEPT_LENGTHS * len(self._pages):
                self._packed_after.clear()
            self._packed_after[key, size] = packed_after
        crc = zlib.crc32(around.after, zlib.crc32(hole, around.crc_before))
        total = (len(around.before) + size + len(around.after)) & 0xFFFFFFFF
        return b"".join((
            _GZIP_HEADER,
            around.packed_before,
            b"\x00", size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), hole,
            packed_after,
            crc.to_bytes(4, "little"), total.to_bytes(4, "little"),
        ))  # fmt: skip


def _packed_after(around: _Around, size: int) -> bytes:
    """Deflate what follows a hole of ``size`` bytes, so that it may refer to what stands before the hole.

    The decoder will have the real filling in its window where the dictionary has 0xFF: no UTF-8 text
    holds that byte, so nothing will refer to it.
    """
    window = (around.before + b"\xff" * size)[-_WINDOW:]
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=window)
    return packer.compress(around.after) + packer.flush()
