"""multipart/form-data taken apart as it arrives, to the byte.

Not Werkzeug's MultipartDecoder: when a read ends between the last boundary and its "--", version 3.1.9
adds a carriage return to the file, and its header parser takes a backslash out of a file name. A report's
files must come out as they were put in, so this one is strict: lines end in CRLF, as every browser writes
them, names are read the way the HTML standard writes them, and nothing is buffered beyond one piece.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from web.parts import End, Event, Part
from web.refusals import BadBody

MAX_HEADERS = 16 * 1024  # bytes of one part's headers; a file name of 1,000 characters fits several times
MAX_LINES = 20  # of one part's headers; browsers write two, of two parameters at most
MAX_PARAMETERS = 10
# What makes a boundary of its letters: blanks may follow (RFC 2046 allows them, nobody sends them) and a line
# break, or "--". What ends within it may still become one. Possessive, so that nothing is tried twice.
_REST = rb"(?:(?P<last>--)|[ \t]{0,100}+(?:(?P<line>\r\n)|\r?\Z)|-\Z)"
_AFTER = re.compile(_REST)
# Near misses that are looked at one by one, before an expression is made for this one boundary: that takes
# longer than all else about a form.
FEW = 8

# The headers of a text field as every browser writes them.
_FIELD = re.compile(rb'Content-Disposition: form-data; name="([^"\\%\r\n]*)"')

_PARAMETER = re.compile(r'\s*;\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*(?:"(.*?)"(?=\s*(?:;|$))|([^;\s"]*))')
_ESCAPED = re.compile("%22|%0D|%0A", re.IGNORECASE)
_UNESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n"}


class _Where(Enum):
    PREAMBLE = auto()
    HEADERS = auto()
    CONTENT = auto()
    EPILOGUE = auto()


class Decoder:
    """Takes pieces of a body and gives back its parts.

    ``overhead`` counts the bytes that belong to no part's content: headers, and text before and after.
    """

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        # The first boundary may stand at the very start, without the line break that is part of it.
        self._held = b"\r\n"
        self._where = _Where.PREAMBLE
        self.overhead = 0

    def feed(self, piece: bytes) -> Iterator[Event]:
        """Give what ``piece`` completes: a Part, then its content in any number of bytes, then End.PART.

        :raises BadBody: a part without a name, or with headers that do not end.
        """
        buffer = self._held + piece if self._held else piece
        self._held = b""
        at = 0
        while at < len(buffer):
            if self._where is _Where.EPILOGUE:
                self.overhead += len(buffer) - at
                return
            if self._where is _Where.HEADERS:
                end = buffer.find(b"\r\n\r\n", at)
                if (len(buffer) if end < 0 else end) - at > MAX_HEADERS:
                    raise BadBody("a part's headers are too long")
                if end < 0:
                    self._held = buffer[at:]
                    return
                self.overhead += end + 4 - at
                yield part_of(buffer[at:end])
                self._where = _Where.CONTENT
                at = end + 4
                continue
            end, after, where = self._boundary(buffer, at)
            if self._where is _Where.PREAMBLE:
                self.overhead += end - at
            elif end > at:
                yield buffer[at:end] if at or end < len(buffer) else buffer
            if where is None:
                self._held = buffer[end:]
                return
            if self._where is _Where.CONTENT:
                yield End.PART
            self._where = where
            at = after

    def finish(self) -> Iterator[Event]:
        """Give nothing more: the last part ended with its boundary.

        :raises BadBody: the body has ended before its last boundary.
        """
        if self._where is not _Where.EPILOGUE:
            raise BadBody("the body has no end boundary")
        return iter(())

    def _boundary(self, buffer: bytes, at: int) -> tuple[int, int, _Where | None]:
        """Find the next boundary from ``at``: where content ends, where the rest begins, what the rest is.

        Without a whole boundary the last is None, and content ends where one might begin.
        """
        first, found = self._first(buffer, at)
        if found is None:
            return (held := self._possible(buffer, at)), held, None
        match found.lastgroup:
            case "last":
                return first, found.end(), _Where.EPILOGUE
            case "line":
                return first, found.end(), _Where.HEADERS
            case _:
                return first, first, None

    def _first(self, buffer: bytes, at: int) -> tuple[int, re.Match[bytes] | None]:
        """Find where the first boundary from ``at`` stands, or what may become one, and what follows it."""
        # Nothing finds bytes as fast as `find`; but a file made of near misses would be many calls of it.
        for _ in range(FEW):
            first = buffer.find(self._delimiter, at)
            if first < 0:
                return first, None
            found = _AFTER.match(buffer, first + len(self._delimiter))
            if found is not None:
                return first, found
            at = first + 1
        found = re.compile(re.escape(self._delimiter) + _REST).search(buffer, at)
        return (-1 if found is None else found.start()), found

    def _possible(self, buffer: bytes, start: int) -> int:
        """Where the earliest beginning of a boundary stands at the buffer's end, or the end itself."""
        at = buffer.find(b"\r", max(start, len(buffer) - len(self._delimiter) + 1))
        while at >= 0:
            if self._delimiter.startswith(buffer[at:]):
                return at
            at = buffer.find(b"\r", at + 1)
        return len(buffer)


def part_of(headers: bytes) -> Part:
    """Read one part's headers.

    :raises BadBody: no Content-Disposition with a name, or too many lines.
    """
    if plain := _FIELD.fullmatch(headers):
        return Part(plain[1].decode("utf-8", "replace"))
    name = filename = None
    content_type = ""
    lines = headers.decode("utf-8", "replace").split("\r\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        raise BadBody("a part has too many headers")
    for line in lines:
        key, _, value = line.partition(":")
        match key.strip().lower():
            case "content-disposition":
                parameters = parameters_of(value)
                name, filename = parameters.get("name"), parameters.get("filename")
            case "content-type":
                content_type = value.strip()
    if name is None:
        raise BadBody("a part has no name")
    return Part(name, filename, content_type)


def parameters_of(disposition: str) -> dict[str, str]:
    """Read the parameters of a Content-Disposition value as browsers write them.

    They leave backslashes alone and write a quote as %22; older programs write it as a backslash and a
    quote. Both come out as they were meant; the first of two equal names counts, and ten at most are read.
    """
    parameters: dict[str, str] = {}
    at = disposition.find(";")
    for _ in range(MAX_PARAMETERS):
        found = _PARAMETER.match(disposition, at) if at >= 0 else None
        if found is None:
            break
        name, quoted, bare = found.groups()
        value = bare if quoted is None else quoted
        if '"' in value:
            value = value.replace('\\"', '"').replace("\\\\", "\\")
        parameters.setdefault(name.lower(), _ESCAPED.sub(lambda escape: _UNESCAPED[escape[0].upper()], value))
        at = found.end()
    return parameters
