"""Whole answers kept in memory, so that a page which many read is made once.

Only for pages that are the same for everybody and hold nothing that anybody typed: they are kept as they
went out. Each is kept plain and gzipped, with a tag by which a browser asks whether its own copy still holds.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from flask import Response
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response as AnyResponse

from web import language
from web.request import current_request

MOST_BYTES = 4_000_000
# What an answer costs beside its bytes, roughly, so that many small ones are bounded too.
_OVERHEAD = 1_000
# One answer does not push out most of the others.
_LARGEST_PART = 4
_WORTH_COMPRESSING = 600

# For readers' pages: kept for a minute, then asked for again, so that a correction is soon with everybody.
READERS = "public, max-age=60, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Kept:
    """One answer as it goes out. ``packed`` is None where gzip gains nothing; ``tag`` None where the status
    is not 200: nobody asks whether an error has changed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    plain: bytes
    packed: bytes | None
    tag: str | None

    @classmethod
    def of(cls, made: AnyResponse) -> "Kept":
        """Take the answer that a view has made, not yet compressed."""
        plain = made.get_data()
        packed = gzip.compress(plain, 9, mtime=0) if len(plain) >= _WORTH_COMPRESSING else plain
        smaller = len(packed) < len(plain)
        if smaller:
            made.vary.add("Accept-Encoding")
        if len(language.LANGUAGES) > 1:
            made.vary.add("Accept-Language")
        own = {"content-length", "content-encoding", "etag"}
        return cls(
            status=made.status_code,
            headers=tuple((name, value) for name, value in made.headers if name.lower() not in own),
            plain=plain,
            packed=packed if smaller else None,
            tag=hashlib.sha256(plain).hexdigest()[:20] if made.status_code == 200 else None,
        )

    @property
    def size(self) -> int:
        """The bytes of memory that it takes, roughly."""
        return len(self.plain) + len(self.packed or b"") + _OVERHEAD

    def answer(self) -> Response:
        """Answer the request: whole, or with 304 where the browser has it already."""
        request = current_request()
        packed = self.packed is not None and request.takes_gzip
        headers = list(self.headers)
        if self.tag is not None:
            tag = f"{self.tag}-gz" if packed else self.tag
            headers.append(("ETag", f'"{tag}"'))
            asked = request.environ.get("HTTP_IF_NONE_MATCH")
            if asked and parse_etags(asked).contains_weak(tag):
                unchanged = [header for header in headers if header[0] != "Content-Type"]
                answer = Response(status=304, headers=unchanged)
                del answer.headers["Content-Type"]  # put there by the class: there is no content
                return answer
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        return Response(self.packed if packed else self.plain, self.status, headers)


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
