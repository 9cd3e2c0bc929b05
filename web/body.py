"""A form's body read as it arrives: text into memory within limits, files into sinks, nothing anywhere else.

`read` is the only way a body is parsed. A file goes to its sink piece by piece while it comes, so it can be
sealed before it is stored. A file that is too large or that its sink refuses does not end the form: the
rest is read past, the other fields and files arrive, and the body says which file had what problem.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from werkzeug.http import parse_options_header

from web import blocking, multipart, urlencoded
from web.fields import Fields
from web.incoming import Incoming
from web.receiving import TOO_LARGE, TOO_MANY, Body, FileSink, Problem, Receiver, Upload
from web.refusals import BadBody, BodyError, Refused, Stalled, TooLarge, UnknownEncoding
from web.request import Request

__all__ = [
    "TOO_LARGE", "TOO_MANY", "BadBody", "Body", "BodyError", "Fields", "FileSink", "Limits", "Problem",
    "Refused", "Stalled", "TooLarge", "UnknownEncoding", "Upload", "read",
]  # fmt: skip

MAX_BOUNDARY = 200  # bytes; RFC 2046 says 70
BREATHE_EVERY = 200  # parts of a form, which take some ten microseconds each


@dataclass(frozen=True)
class Limits:
    """How much one request may hold.

    ``fields`` counts the parts of a form, files and empty ones too; ``other_bytes`` all bytes that are not a
    file's, names and headers included; ``file_bytes`` one file; ``files`` those that are taken: of twice as
    many the names are kept, to say which were not. ``overshoot`` is how many bytes beyond them are read past,
    so that the browser gets to see the answer: by default one file more, 64 MiB at least.
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

    :raises TooLarge: more text, fields or files than ``limits``, or refused files beyond the overshoot; its
        fields end with as much as came of a text that was too long.
    :raises BadBody: not what its Content-Type says, or it ends too early.
    :raises UnknownEncoding: the Content-Type is no form's.
    :raises Stalled: it came too slowly.
    :raises werkzeug.exceptions.ClientDisconnected: the client went.
    """
    limits = limits or Limits()
    incoming = request.incoming
    text = _Text(limits)
    files = Receiver(open_file, limits.file_bytes, limits.files, limits.overshoot, text.fields)
    with ExitStack() as undo:
        undo.callback(files.abandon)
        try:
            _parse(request.headers.get("Content-Type", ""), incoming, text, files)
        except BodyError as error:
            error.fields = text.fields.decoded()
            files.abandon()
            if not isinstance(error, Stalled):
                # Should it also stall or be garbled further on, the first reason is the one to tell.
                with suppress(BodyError):
                    incoming.drain(limits.overshoot - files.passed)
            raise
        undo.pop_all()
    return Body(text.fields.decoded(), files.whole, files.problems)


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
    def take(found: Iterable[tuple[bytes, bytes] | None]) -> None:
        for field in found:
            text.count()
            if field is not None:
                text.add(*field)

    for piece in incoming.pieces():
        take(decoder.feed(piece))
        try:
            text.check(decoder.overhead + decoder.held)
        except TooLarge:
            text.fields.add(*decoder.unfinished())
            raise
    take(decoder.finish())
    text.check(decoder.overhead)


def _multipart(decoder: multipart.Decoder, incoming: Incoming, text: "_Text", files: Receiver) -> None:
    name = b""
    value = bytearray()
    for piece in incoming.pieces():
        for event in decoder.feed(piece):
            if isinstance(event, bytes):
                if files.coming:
                    files.write(event)
                else:
                    value += event
            elif isinstance(event, multipart.Part):
                text.count()
                name = event.name.encode()
                if event.filename is not None:
                    files.begin(event.name, event.filename, event.type)
            elif files.coming:
                files.end()
            else:
                text.add(name, bytes(value))
                value.clear()
        # One piece is at most 256 KiB: what it adds is bounded before it is counted.
        try:
            text.check(decoder.overhead + len(value))
        except TooLarge:
            if value:
                text.fields.add(name, bytes(value))
            raise
    decoder.finish()


class _Text:
    """The text fields, within limits."""

    def __init__(self, limits: Limits) -> None:
        self.fields = Fields()
        self._limits = limits
        self._count = 0
        self._bytes = 0

    def count(self) -> None:
        """Count a part of the form: a field, a file or an empty one.

        :raises TooLarge: there are too many.
        """
        self._count += 1
        if self._count > self._limits.fields:
            raise TooLarge("too many fields")
        if self._count % BREATHE_EVERY == 0:
            blocking.breathe()

    def add(self, name: bytes, value: bytes) -> None:
        """Keep a field that is whole.

        :raises TooLarge: it is too much text, but for as much as fits.
        """
        self._bytes += len(name) + len(value)
        self.fields.add(name, value)
        self.check(0)

    def check(self, more: int) -> None:
        """Count ``more`` bytes that belong to no whole field.

        :raises TooLarge: it is too much text.
        """
        if self._bytes + more > self._limits.other_bytes:
            raise TooLarge("too much text")
