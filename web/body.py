"""A form's body read as it arrives: text into memory within limits, files into sinks, nothing anywhere else.

`read` is the only way a body is parsed. A file goes to its sink piece by piece while it comes, so it can be
sealed before it is stored. A file that is too large or that its sink refuses does not end the form: the
rest is read past, the other fields and files arrive, and the body says which file had what problem. Nor does
a text that is too long hide the fields behind it: they are read before the body is refused.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from werkzeug.http import parse_options_header

from web import line, multipart, urlencoded
from web.fields import Fields
from web.incoming import Incoming
from web.parts import Decoder, End, Event, Part
from web.receiving import TOO_LARGE, TOO_MANY, Body, FileSink, Problem, Receiver, Upload
from web.refusals import BadBody, BodyError, Refused, Stalled, TooLarge, UnknownEncoding
from web.request import Request
from web.texts import Texts

__all__ = [
    "TOO_LARGE", "TOO_MANY", "BadBody", "Body", "BodyError", "Fields", "FileSink", "Limits", "Problem",
    "Refused", "Stalled", "TooLarge", "UnknownEncoding", "Upload", "read",
]  # fmt: skip

MAX_BOUNDARY = 200  # bytes; RFC 2046 says 70


@dataclass(frozen=True)
class Limits:
    """How much one request may hold.

    ``fields`` counts the parts of a form, files and empty ones too. ``field_bytes`` is what one text may
    have, ``other_bytes`` all texts and their names; what stands between them, headers too, as much again.
    ``file_bytes`` is what one file may have; ``files`` are taken, and of twice as many the names are kept, to
    say which were not. ``overshoot`` is how many bytes beyond all this are read past, so that the browser
    gets to see the answer: by default one file more, 64 MiB at least.
    """

    fields: int = 6_000
    field_bytes: int = 1 << 20
    other_bytes: int = 2 << 20
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

    :raises TooLarge: more text, fields or files than ``limits``, or refused files beyond the overshoot.
    :raises BadBody: not what its Content-Type says, or it ends too early.
    :raises UnknownEncoding: the Content-Type is no form's.
    :raises Stalled: it came too slowly.
    :raises werkzeug.exceptions.ClientDisconnected: the client went.
    """
    limits = limits or Limits()
    incoming = request.incoming
    came_by = line.of(request.environ)
    texts = Texts(limits.fields, limits.field_bytes, limits.other_bytes)
    files = Receiver(open_file, limits.file_bytes, limits.files, limits.overshoot, texts.fields)
    with ExitStack() as undo:
        undo.callback(files.abandon)
        try:
            decoder = _decoder(request.headers.get("Content-Type", ""), incoming)
            if decoder is not None:
                _parse(decoder, incoming, texts, files, limits, came_by)
        except BodyError as found:
            # Should it also stall or be garbled further on, the first reason is the one to tell.
            error = TooLarge("too much text") if texts.over else found
            files.abandon()
            if not isinstance(found, Stalled):
                with suppress(BodyError):
                    incoming.drain(limits.overshoot - files.passed - texts.passed)
            texts.break_off()
            error.fields, error.cut = texts.fields.decoded(), texts.cut
            raise error from None
        undo.pop_all()
    return Body(texts.fields.decoded(), files.whole, files.problems)


def _decoder(content_type: str, incoming: Incoming) -> Decoder | None:
    """Choose what takes the body apart; there is none to take apart where nothing was sent."""
    kind, options = parse_options_header(content_type)
    kind = kind.lower()
    if kind == "multipart/form-data":
        boundary = options.get("boundary", "").encode("latin-1", "replace")
        if not 0 < len(boundary) <= MAX_BOUNDARY:
            raise BadBody("no boundary")
        return multipart.Decoder(boundary)
    if kind == "application/x-www-form-urlencoded":
        return urlencoded.Decoder()
    if content_type or any(incoming.pieces()):
        raise UnknownEncoding
    return None


def _parse(
    decoder: Decoder,
    incoming: Incoming,
    texts: Texts,
    files: Receiver,
    limits: Limits,
    came_by: line.Line | None,
) -> None:
    for piece in incoming.pieces():
        for event in decoder.feed(piece):
            _take(event, texts, files)
        if came_by is not None:
            came_by.holds(texts.held)
        # One piece is at most 256 KiB: what it adds is bounded before it is counted.
        if decoder.overhead > limits.other_bytes:
            raise TooLarge("too much between the fields")
        if texts.passed + files.passed > limits.overshoot:
            raise TooLarge("too much text")
    for event in decoder.finish():
        _take(event, texts, files)
    if texts.over:
        raise TooLarge("too much text")


def _take(event: Event, texts: Texts, files: Receiver) -> None:
    if isinstance(event, bytes):
        if files.coming:
            files.write(event)
        else:
            texts.more(event)
    elif isinstance(event, Part):
        texts.count()
        if event.filename is None:
            texts.begin(event.name)
        else:
            if texts.over:
                # It will be refused: what else is typed is worth reading, no file is worth storing.
                files.give_up()
            files.begin(event.name, event.filename, event.type)
    elif event is End.NOTHING:
        texts.count()
    elif files.coming:
        files.end()
    else:
        texts.end()
