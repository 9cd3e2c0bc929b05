"""application/x-www-form-urlencoded taken apart as it arrives.

Six megabytes of "%41" make urllib build two million small objects at once. Decoded piece by piece, a body
costs no more memory than what it says.
"""

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes


class Decoder:
    """Takes pieces of a body and gives back its fields.

    ``held`` counts the decoded bytes of the field that is not whole yet, ``overhead`` the separators.
    """

    def __init__(self) -> None:
        self._escape = b""  # the beginning of an escape that the last piece cut in two
        self._name: bytes | None = None
        self._value = bytearray()
        self.overhead = 0

    @property
    def held(self) -> int:
        """Decoded bytes of the field that has not ended yet."""
        return len(self._name or b"") + len(self._value)

    def feed(self, piece: bytes) -> Iterator[tuple[bytes, bytes] | None]:
        """Give the fields, name and value, that ``piece`` completes, and None for each that is empty.

        Empty ones too, so that whoever counts can stop: a megabyte of "&" is a million of them.
        """
        piece = self._escape + piece
        cut = piece.find(b"%", max(0, len(piece) - 2))
        self._escape = piece[cut:] if cut >= 0 else b""
        yield from self._decode(piece[:cut] if cut >= 0 else piece)

    def finish(self) -> Iterator[tuple[bytes, bytes] | None]:
        """Give the last field, if there is one."""
        rest, self._escape = self._escape, b""
        yield from self._decode(rest)  # it may be no escape, and hold a separator
        if (last := self._field()) is not None:
            yield last

    def unfinished(self) -> tuple[bytes, bytes]:
        """Give the field that has not ended, as far as it came."""
        return self._name or b"", bytes(self._value)

    def _decode(self, piece: bytes) -> Iterator[tuple[bytes, bytes] | None]:
        at = 0
        while (end := piece.find(b"&", at)) >= 0:
            self._extend(piece[at:end])
            self.overhead += 1
            yield self._field()
            at = end + 1
        self._extend(piece[at:])

    def _extend(self, raw: bytes) -> None:
        if self._name is None and b"=" in raw:
            name, _, raw = raw.partition(b"=")
            self._value += _plain(name)
            self._name = bytes(self._value)
            self._value.clear()
            self.overhead += 1
        self._value += _plain(raw)

    def _field(self) -> tuple[bytes, bytes] | None:
        name, value = self._name, bytes(self._value)
        self._name = None
        self._value.clear()
        if name is None:
            # A field without "=" is a name with an empty value, as browsers read it.
            return (value, b"") if value else None
        return name, value


def _plain(raw: bytes) -> bytes:
    return unquote_to_bytes(raw.replace(b"+", b" "))
