"""Whole answers kept in memory, so that a page which many read is made once.

Only for pages that are the same for everybody and hold nothing that anybody typed: they are kept as they
went out. Each is kept plain and gzipped, with a tag by which a browser asks whether its own copy still holds.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response as AnyResponse

from web import language
from web.request import current_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_BYTES = 4_000_000
# What an answer costs beside its bytes, roughly, so that many small ones are bounded too.
_OVERHEAD = 1_000
# One answer does not push out all of the others; the site map of 10,000 articles takes a third.
_LARGEST_PART = 2
_WORTH_COMPRESSING = 600
# From here on the last percent of a smaller answer costs more time than it is worth.
_LARGE = 200_000

# For readers' pages: kept for a minute, then asked for again, so that a correction is soon with everybody.
READERS = "public, max-age=60, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


class _Ready(Response):
    """An answer whose headers are a list already: Werkzeug would check and copy each of them twice.

    What is added to ``headers`` on its way out goes along.
    """

    ready: "Form"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        added = [header for header in self.headers if header[0] != "Content-Type"]
        start_response(self.status, [*self.ready.headers, *added])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.ready.body,)


@dataclass(frozen=True)
class Form:
    """One form of an answer, as it goes out.

    ``tag`` is None where the status is not 200: nobody asks whether an error has changed.
    """

    headers: tuple[tuple[str, str], ...]
    body: bytes
    tag: str | None

    @classmethod
    def of(cls, headers: Iterable[tuple[str, str]], body: bytes, tag: str | None) -> "Form":
        """Put length and tag beside ``headers``."""
        own = [("Content-Length", str(len(body)))]
        if tag is not None:
            own.append(("ETag", f'"{tag}"'))
        return cls((*headers, *own), body, tag)

    def without_body(self) -> "Form":
        """Give what is left of it where the browser has the body already."""
        about_body = ("Content-Type", "Content-Encoding", "Content-Length")
        return Form(tuple(header for header in self.headers if header[0] not in about_body), b"", self.tag)

    def answer(self, status: int) -> Response:
        """Answer with it."""
        answer = _Ready(status=status)
        answer.ready = self
        return answer


@dataclass(frozen=True)
class Kept:
    """One answer: plain, and gzipped where that is shorter."""

    status: int
    plain: Form
    packed: Form

    @classmethod
    def of(cls, made: AnyResponse) -> "Kept":
        """Take the answer that a view has made, not yet compressed."""
        plain = made.get_data()
        level = 9 if len(plain) < _LARGE else 6
        packed = gzip.compress(plain, level, mtime=0) if len(plain) >= _WORTH_COMPRESSING else plain
        smaller = len(packed) < len(plain)
        if smaller:
            made.vary.add("Accept-Encoding")
        if len(language.LANGUAGES) > 1:
            made.vary.add("Accept-Language")
        own = {"content-length", "content-encoding", "etag"}
        headers = [(name, value) for name, value in made.headers if name.lower() not in own]
        tag = hashlib.sha256(plain).hexdigest()[:20] if made.status_code == 200 else None
        as_it_is = Form.of(headers, plain, tag)
        if not smaller:
            return cls(made.status_code, as_it_is, as_it_is)
        headers.append(("Content-Encoding", "gzip"))
        return cls(made.status_code, as_it_is, Form.of(headers, packed, tag and f"{tag}-gz"))

    @property
    def size(self) -> int:
        """The bytes of memory that it takes, roughly."""
        return len(self.plain.body) + len(self.packed.body) + _OVERHEAD

    def answer(self) -> Response:
        """Answer the request: whole, or with 304 where the browser has it already."""
        request = current_request()
        form = self.packed if request.takes_gzip else self.plain
        asked = request.environ.get("HTTP_IF_NONE_MATCH")
        if asked and form.tag is not None and parse_etags(asked).contains_weak(form.tag):
            return form.without_body().answer(304)
        return form.answer(self.status)


class Answers:
    """The answers of one process, the longest unused forgotten first; at most ``most_bytes`` of them."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        """How many bytes are kept now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def give(self, key: Hashable, make: Callable[[], AnyResponse]) -> Response:
        """Answer with what is kept under ``key``, or with what ``make`` gives, which is kept then.

        All that the answer depends on must be in ``key``, and its parts must be checked before they get
        here: a key that anybody can vary at will would push out the others. What ``make`` raises is not kept.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is None:
            # Not under the lock: two may make the same page at once, and none waits for the other.
            kept = Kept.of(make())
            self._keep(key, kept)
        return kept.answer()

    def _keep(self, key: Hashable, kept: Kept) -> None:
        if kept.size > self._most // _LARGEST_PART:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += kept.size - (before.size if before else 0)
            self._kept[key] = kept
            while self._bytes > self._most:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size
