"""application/x-www-form-urlencoded taken apart as it arrives.

Six megabytes of "%41" make urllib build two million small objects at once. Decoded piece by piece, a body
costs no more memory than what it says.
"""

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from web.parts import End, Event, Part
from web.refusals import TooLarge

MAX_NAME = 16 * 1024  # bytes of a field's name, which is held until it is whole; in multipart as much fits


class Decoder:
    """Takes pieces of a body and gives back its fields."""

    overhead = 0  # two separators a field, and whoever counts bytes counts fields

    def __init__(self) -> None:
        self._escape = b""  # the beginning of an escape that the last piece cut in two
        self._name = bytearray()
        self._in_value = False

    def feed(self, piece: bytes) -> Iterator[Event]:
        """Give what ``piece`` completes, and End.NOTHING for each field that is empty.

        Empty ones too, so that whoever counts can stop: a megabyte of "&" is a million of them.

        :raises TooLarge: a name that no form has.
        """
        piece = self._escape + piece
        cut = piece.find(b"%", max(0, len(piece) - 2))
        self._escape = piece[cut:] if cut >= 0 else b""
        yield from self._decode(piece[:cut] if cut >= 0 else piece)

    def finish(self) -> Iterator[Event]:
        """Give the rest of the last field, if there is one.

        :raises TooLarge: as `feed`.
        """
        rest, self._escape = self._escape, b""
        yield from self._decode(rest)  # it may be no escape, and hold a separator
        if self._in_value or self._name:
            yield from self._end()

    def _decode(self, piece: bytes) -> Iterator[Event]:
        at = 0
        while (end := piece.find(b"&", at)) >= 0:
            yield from self._more(piece[at:end])
            yield from self._end()
            at = end + 1
        yield from self._more(piece[at:])

    def _more(self, raw: bytes) -> Iterator[Event]:
        if not self._in_value:
            name, equals, raw = raw.partition(b"=")
            self._name += _plain(name)
            if len(self._name) > MAX_NAME:
                raise TooLarge("a name is too long")
            if not equals:
                return
            self._in_value = True
            yield self._part()
        if raw:
            yield _plain(raw)

    def _end(self) -> Iterator[Event]:
        if self._in_value:
            self._in_value = False
            yield End.PART
        elif self._name:
            # A field without "=" is a name with an empty value, as browsers read it.
            yield self._part()
            yield End.PART
        else:
            yield End.NOTHING

    def _part(self) -> Part:
        name = self._name.decode("utf-8", "replace")
        self._name.clear()
        return Part(name)


def _plain(raw: bytes) -> bytes:
    return unquote_to_bytes(raw.replace(b"+", b" "))
