"""A form's body read as it arrives: text into memory within limits, files into sinks, nothing anywhere else.

`read` is the only way a body is parsed. A file goes to its sink piece by piece while it comes, so it can be
sealed before it is stored. A file that is too large or that its sink refuses does not end the form: the
rest is read past, the other fields and files arrive, and the body says which file had what problem.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from werkzeug.http import parse_options_header

from web import multipart, urlencoded
from web.incoming import Incoming
from web.receiving import TOO_LARGE, TOO_MANY, Body, FileSink, Problem, Receiver, Upload
from web.refusals import BadBody, BodyError, Refused, Stalled, TooLarge, UnknownEncoding
from web.request import Request

__all__ = [
    "TOO_LARGE", "TOO_MANY", "BadBody", "Body", "BodyError", "FileSink", "Limits", "Problem", "Refused",
    "Stalled", "TooLarge", "UnknownEncoding", "Upload", "read",
]  # fmt: skip

MAX_BOUNDARY = 200  # bytes; RFC 2046 says 70


@dataclass(frozen=True)
class Limits:
    """How much one request may hold.

    ``fields`` counts text fields; ``other_bytes`` all bytes that are not a file's, names and headers
    included; ``file_bytes`` one file; ``files`` those that are taken. ``overshoot`` is how many bytes beyond
    them are read past, so that the browser gets to see the answer: by default one file more, 64 MiB at least.
    """

    fields: int = 6_000
    other_bytes: int = 1 << 20
    file_bytes: int = 500_000_000
    files: int = 40
    overshoot: int = -1

    def __post_init__(self) -> None:
        if self.overshoot < 0:
            object.__setattr__(self, "overshoot", max(64 << 20, self.file_bytes))


def read(
    request: Request, open_file: Callable[[Upload], FileSink] | None = None, limits: Limits | None = None
) -> Body:
    """Read the whole body of ``request``, in either encoding of a form.

    ``open_file`` is called when a file begins, and may raise `Refused`; without it files are read past.
    When this raises, every sink has been abandoned.

    :raises TooLarge: more text or fields than ``limits``, or refused files beyond the overshoot.
    :raises BadBody: not what its Content-Type says, or it ends too early.
    :raises UnknownEncoding: the Content-Type is no form's.
    :raises Stalled: it came too slowly.
    :raises werkzeug.exceptions.ClientDisconnected: the client went.
    """
    limits = limits or Limits()
    incoming = request.incoming
    body = Body()
    files = Receiver(open_file, limits.file_bytes, limits.files, limits.overshoot, body)
    with ExitStack() as undo:
        undo.callback(files.abandon)
        try:
            _parse(request.headers.get("Content-Type", ""), incoming, _Text(body, limits), files)
        except BodyError as error:
            error.fields = body.fields
            files.abandon()
            if not isinstance(error, Stalled):
                incoming.drain(limits.overshoot - files.passed)
            raise
        undo.pop_all()
    return body


def _parse(content_type: str, incoming: Incoming, text: "_Text", files: Receiver) -> None:
    kind, options = parse_options_header(content_type)
    if kind == "multipart/form-data":
        boundary = options.get("boundary", "").encode("latin-1", "replace")
        if not 0 < len(boundary) <= MAX_BOUNDARY:
            raise BadBody("no boundary")
        _multipart(multipart.Decoder(boundary), incoming, text, files)
    elif kind == "application/x-www-form-urlencoded":
        _urlencoded(urlencoded.Decoder(), incoming, text)
    elif content_type or any(incoming.pieces()):
        raise UnknownEncoding


def _urlencoded(decoder: urlencoded.Decoder, incoming: Incoming, text: "_Text") -> None:
    for piece in incoming.pieces():
        for name, value in decoder.feed(piece):
            text.add(name, value)
        text.check(decoder.overhead + decoder.held)
    for name, value in decoder.finish():
        text.add(name, value)
    text.check(decoder.overhead)


def _multipart(decoder: multipart.Decoder, incoming: Incoming, text: "_Text", files: Receiver) -> None:
    name = ""
    value = bytearray()
    for piece in incoming.pieces():
        for event in decoder.feed(piece):
            if isinstance(event, bytes):
                if files.coming:
                    files.write(event)
                else:
                    value += event
            elif isinstance(event, multipart.Part):
                name = event.name
                if event.filename is not None:
                    files.begin(name, event.filename, event.type)
            elif files.coming:
                files.end()
            else:
                text.add(name, value.decode("utf-8", "replace"))
                value.clear()
        # One piece is at most 256 KiB: what it adds is bounded before it is counted.
        text.check(decoder.overhead + len(value))
    decoder.finish()


class _Text:
    """The text fields, within limits."""

    def __init__(self, body: Body, limits: Limits) -> None:
        self._fields = body.fields
        self._limits = limits
        self._count = 0
        self._bytes = 0

    def add(self, name: str, value: str) -> None:
        """Keep a field that is whole."""
        self._count += 1
        self._bytes += len(name.encode("utf-8", "surrogatepass")) + len(
            value.encode("utf-8", "surrogatepass")
        )
        if self._count > self._limits.fields:
            raise TooLarge("too many fields")
        self.check(0)
        self._fields.add(name, value)

    def check(self, more: int) -> None:
        """Count ``more`` bytes that belong to no whole field."""
        if self._bytes + more > self._limits.other_bytes:
            raise TooLarge("too much text")
