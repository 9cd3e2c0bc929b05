"""All words that a file holds, for the search of what points to its source: those it shows, those it carries,
and whatever else in its bytes can be read, unpacked where it is packed.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from . import facts, kinds, office, pdfs, rtf, texts, zips
from .frames import Answer, Cannot
from .kinds import Kind
from .views import viewed

MOST_WORDS = 2_000_000  # characters
_MOST_UNPACKED = 128 * 2**20  # bytes in all
_SEEN = rb"A-Za-z0-9 .,:;@+_/()'\"&#=*<>|!?-"
_WIDE = rb"\xc3[\x80-\xbf]|[\xc4-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
_EIGHT = re.compile(rb"(?:[" + _SEEN + rb"]|" + _WIDE + rb"){6,}")
# Either end first: from the first letter on both look the same.
_SIXTEEN = re.compile(rb"(?:[" + _SEEN + rb"]\0){5,}[" + _SEEN + rb"]")
_STREAM = re.compile(rb"stream\r?\n")
_PACKED = frozenset({"zip", "gzip", "7z", "rar", "packed", "docx", "xlsx", "pptx", "odt", "ods", "odp"})
_ZIPS = _PACKED - {"gzip", "7z", "rar", "packed"}


def send(source: BinaryIO, answer: Answer) -> None:
    """Send the words of a file: what it states and shows, then what else can be read in it.

    :raises Cannot: they cannot be had: it is packed in a way that is not unpacked here, damaged or too large.
    """
    kind = kinds.kind_of(source)
    if (kind.code in _PACKED and kind.code not in _ZIPS) or kind.group == kinds.PROGRAM:
        raise Cannot("no-search")
    told = "\n".join(_bounded(_told(source, kind)))
    found = "\n".join(dict.fromkeys(_bounded(_strings(source, kind))))
    for name, text in (("told", told), ("found", found)):
        answer.send({"words": name}, text.encode("utf-8", "replace"))


def _told(source: BinaryIO, kind: Kind) -> Iterator[str]:
    try:
        yield from (f"{name}: {value}" for name, value in facts.stated(source, kind))
    except Cannot as cannot:
        if cannot.code != "no-facts":
            raise
    if kind.group in (kinds.TEXT, kinds.PAGE):
        source.seek(0)
        yield texts.decoded(source.read(texts.MOST_CLEANED))
    elif kind.code == "pdf":
        yield from _of_pdf(source)
    elif kind.code == "rtf":
        yield rtf.text_of(source)
    elif kind.reader and kind.group == kinds.DOCUMENT:
        try:
            yield office.text_of(source, kind)
        except Cannot as cannot:
            if cannot.code != "no-text":
                raise


def _of_pdf(source: BinaryIO) -> Iterator[str]:
    with pdfs.opened(source) as document:
        # What is packed into it has words of its own.
        if document.count_attachments() > 0:
            raise Cannot("no-search")
        for number in range(len(document)):
            page = document[number]
            yield pdfs.text_of(page)
            page.close()


def _strings(source: BinaryIO, kind: Kind) -> Iterator[str]:
    left = _MOST_UNPACKED
    for data in _parts(source, kind):
        left -= len(data)
        if left < 0:
            raise Cannot("too-large")
        yield from runs(data)


def runs(data: Any) -> Iterator[str]:
    """Give what can be read in bytes, in UTF-8 and UTF-16: runs of six signs and more."""
    for match in _EIGHT.finditer(data):
        yield match[0].decode("utf-8", "ignore").strip()
    for match in _SIXTEEN.finditer(data):
        yield match[0][::2].decode("ascii").strip()


def _parts(source: BinaryIO, kind: Kind) -> Iterator[Any]:
    if kind.code in _ZIPS:
        with zips.opened(source) as found:
            yield found.comment
            for info in found.infolist():
                yield info.filename.encode("utf-8", "replace") + b"\0" + info.comment + b"\0" + info.extra
                data = zips.part(found, info.filename)
                if kinds.code_of(data[:1024]) in _PACKED:
                    raise Cannot("no-search")
                yield re.sub(rb"<[^<>]*>", lambda tag: b" " + tag[0], data) if data[:1] == b"<" else data
        return
    with viewed(source) as whole:
        yield whole
        if kind.code == "pdf":
            if whole.find(b"/Encrypt") >= 0:
                raise Cannot("locked")
            for match in _STREAM.finditer(whole):
                yield _inflated(whole[match.end() : whole.find(b"endstream", match.end())])


def _inflated(data: bytes) -> bytes:
    if data[:1] not in (b"\x78", b"\x68", b"\x58", b"\x48"):
        return b""
    try:
        return zlib.decompressobj().decompress(data, _MOST_UNPACKED)
    except zlib.error:
        return b""


def _bounded(lines: Iterator[str]) -> Iterator[str]:
    left = MOST_WORDS
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            raise Cannot("too-large")
        if line:
            yield line
