"""A page rendered and compressed once, with a hole for what changes each time."""

import zlib

from flask import Response

from web.request import current_request

# In no page's text: rendered where the hole shall be.
HOLE = "vigil-hole-6f1a0c"

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_WINDOW = 32 * 1024
_MOST_STORED = 65_535  # bytes that one stored block holds
_KEPT_LENGTHS = 4


class BlankPiece:
    """A piece of a page whose holes are filled for each request, one after the other.

    ``html`` holds HOLE any number of times. What fills one is put in as it is, so it must need no escaping.
    """

    def __init__(self, html: str) -> None:
        self._start, *self._parts = html.split(HOLE)

    def fill(self, *fillings: str) -> str:
        """Give the piece with its holes filled.

        :raises ValueError: there are more holes, or fewer.
        """
        pairs = zip(fillings, self._parts, strict=True)
        return self._start + "".join([text for pair in pairs for text in pair])


class BlankPage:
    """A page whose hole is filled for each request.

    ``html`` holds HOLE exactly once. What fills it is put in as it is, so it must need no escaping.
    """

    def __init__(self, html: str) -> None:
        parts = html.encode().split(HOLE.encode())
        if len(parts) != 2:
            raise ValueError(f"the page has {len(parts) - 1} holes, and needs one")
        self._before, self._after = parts
        self._crc_before = zlib.crc32(self._before)
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        # A sync flush ends on a whole byte, so that a stored block can follow.
        self._packed_before = packer.compress(self._before) + packer.flush(zlib.Z_SYNC_FLUSH)
        self._packed_after: dict[int, bytes] = {}

    def fill(
        self, filling: str, status: int = 200, *, cache: str = "private, no-cache", compress: bool = True
    ) -> Response:
        """Answer with the page, gzipped when the browser takes it and ``compress`` allows it."""
        hole = filling.encode()
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", cache)]
        if not compress:
            return Response(self._before + hole + self._after, status, headers)
        headers.append(("Vary", "Accept-Encoding"))
        if current_request().takes_gzip and len(hole) <= _MOST_STORED:
            headers.append(("Content-Encoding", "gzip"))
            return Response(self.gzipped(hole), status, headers)
        return Response(self._before + hole + self._after, status, headers)

    def gzipped(self, hole: bytes) -> bytes:
        """Give the filled page as one gzip member; only its checksum is computed anew.

        ``hole`` has at most 65,535 bytes.
        """
        size = len(hole)
        if size not in self._packed_after:
            if len(self._packed_after) >= _KEPT_LENGTHS:
                self._packed_after.clear()
            self._packed_after[size] = self._pack_after(size)
        crc = zlib.crc32(self._after, zlib.crc32(hole, self._crc_before))
        total = (len(self._before) + size + len(self._after)) & 0xFFFFFFFF
        return b"".join((
            _GZIP_HEADER,
            self._packed_before,
            b"\x00", size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), hole,
            self._packed_after[size],
            crc.to_bytes(4, "little"), total.to_bytes(4, "little"),
        ))  # fmt: skip

    def _pack_after(self, size: int) -> bytes:
        """Deflate what follows a hole of ``size`` bytes, referring to what stands before the hole.

        The browser will have the real filling in its window where the dictionary has 0xFF: no UTF-8 text
        holds that byte, so nothing refers to it.
        """
        window = (self._before + b"\xff" * size)[-_WINDOW:]
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=window)
        return packer.compress(self._after) + packer.flush()
