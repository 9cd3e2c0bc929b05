"""Form bodies as browsers write them, requests that give them in pieces of any size, the cost of reading."""

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException

from web import body
from web.request import Request

ENCODINGS = ("multipart", "urlencoded")
BOUNDARY = "----geckoformboundary7d2a9c"


@dataclass
class File:
    """A file put into a form."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


Parts = Sequence[tuple[str, str | File]]


def escaped(name: str) -> str:
    """Escape a name for a part's header, as the HTML standard says."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def multipart(parts: Parts, boundary: str = BOUNDARY) -> bytes:
    """Encode a form as multipart/form-data, byte for byte as browsers do."""
    out = bytearray()
    for name, value in parts:
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{escaped(name)}"'.encode()
        if isinstance(value, File):
            out += f'; filename="{escaped(value.name)}"\r\nContent-Type: {value.type}'.encode()
        out += b"\r\n\r\n" + (value.data if isinstance(value, File) else value.encode()) + b"\r\n"
    return bytes(out) + f"--{boundary}--\r\n".encode()


def urlencoded(parts: Parts) -> bytes:
    """Encode a form as application/x-www-form-urlencoded: a file is sent as its name."""
    return urlencode(
        [(name, value.name if isinstance(value, File) else value) for name, value in parts]
    ).encode()


class InPieces(io.RawIOBase):
    """A stream that gives ``data`` in reads of the given sizes, round and round, then ``then``."""

    def __init__(self, data: bytes, sizes: Sequence[int], then: BaseException | None = None) -> None:
        self._data = data
        self._sizes = list(sizes) or [1 << 30]
        self._turn = 0
        self._then = then
        self.at = 0

    def read(self, size: int = -1, /) -> bytes:
        wanted = min(size, self._sizes[self._turn % len(self._sizes)])
        self._turn += 1
        piece = self._data[self.at : self.at + wanted]
        self.at += len(piece)
        if not piece and self._then is not None:
            raise self._then
        return piece


@dataclass
class Kept:
    """A sink that remembers what it was told."""

    upload: body.Upload
    data: bytearray = field(default_factory=bytearray)
    finished: bool = False
    abandoned: int = 0

    def write(self, data: bytes) -> None:
        assert not self.finished
        assert not self.abandoned
        self.data += data

    def finish(self) -> None:
        assert not self.finished
        self.finished = True

    def abandon(self) -> None:
        self.abandoned += 1


@dataclass
class Sinks:
    """Opens a sink for each file and keeps them all."""

    kind: type[Kept] = Kept
    all: list[Kept] = field(default_factory=list)

    def __call__(self, upload: body.Upload) -> Kept:
        self.all.append(self.kind(upload))
        return self.all[-1]


def request(
    data: bytes,
    *,
    content_type: str = f"multipart/form-data; boundary={BOUNDARY}",
    sizes: Sequence[int] = (),
    length: int | None = None,
    chunked: bool = False,
    then: BaseException | None = None,
) -> Request:
    """A POST of ``data``; ``length`` overrides what Content-Length says, ``then`` is raised at the end."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": content_type,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
        "wsgi.input": InPieces(data, sizes, then),
    }
    if not chunked:
        environ["CONTENT_LENGTH"] = str(len(data) if length is None else length)
    return Request(environ)


def form(encoding: str, parts: Parts, **how: Any) -> Request:
    """A POST of a form in one of ENCODINGS; ``how`` as of `request`."""
    if encoding == "multipart":
        return request(multipart(parts), **how)
    return request(urlencoded(parts), content_type="application/x-www-form-urlencoded", **how)


def calls(work: Callable[[], object]) -> int:
    """Count the calls that Python makes: a measure of work that no other load on the machine changes."""
    counted = 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    except HTTPException:
        pass
    finally:
        sys.setprofile(None)
    return counted
