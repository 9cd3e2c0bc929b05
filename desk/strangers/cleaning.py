"""A cleaned copy: what a file shows or says, without what it carries.

Pictures and the pages of a PDF are made anew of their pixels, documents of their text. Sound and film keep
their tracks as they were recorded, in a new file without tags: a voice stays a voice, and what a camera draws
into its pictures stays there.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from desk.casebook import Casebook
from desk.strangers import encoding, words
from desk.strangers.box import MB, Bounds, BoxFailed, Frame, run
from desk.strangers.inside.kinds import code_of
from desk.strangers.isolation import Isolation, isolation
from desk.strangers.opened import opened_file
from desk.strangers.pdf import Page, pdf
from payload import AttachedFile

SIDE = 20_000  # pixels
ONLY_YOU = "nobody but you has looked at what can be read or heard in it"
SCAN = "this is a scan: its words were not searched"
_PAGE_SIDE = 2_480
_MOST_PAGES = 200
_MOST_POINTS = 14_400
# Of a film: what its copy is called, by its kind; where a row is missing, none is made.
_COPIES = {
    "mp4": ("film.mp4", "video/mp4"),
    "webm": ("film.mkv", "video/x-matroska"),
    "avi": ("film.avi", "video/x-msvideo"),
    "ts": ("film.ts", "video/mp2t"),
    "flv": ("film.flv", "video/x-flv"),
    "m4a": ("sound.m4a", "audio/mp4"),
    "mp3": ("sound.mp3", "audio/mpeg"),
    "aac": ("sound.aac", "audio/aac"),
    "ogg": ("sound.ogg", "audio/ogg"),
    "flac": ("sound.flac", "audio/flac"),
    "wav": ("sound.wav", "audio/wav"),
    "amr": ("sound.amr", "audio/amr"),
    "caf": ("sound.caf", "audio/x-caf"),
}
_KEPT_FORMATS = frozenset("\u200c\u200d")  # they shape letters in several scripts


@dataclass(frozen=True)
class Cleaned:
    """A copy's ``data``, its media ``type`` and a ``name`` that says nothing, or ``why_not`` there is none.

    ``note`` says what the copy lacks besides, or nothing; ``words`` are those that can be read in the copy,
    as far as they are text in the file, and ``unread`` says of which no program read the words, or nothing.
    ``isolation`` is what kept the box closed.
    """

    name: str
    type: str
    data: bytes = field(repr=False)
    why_not: str
    note: str
    isolation: Isolation
    words: str = field(default="", repr=False)
    unread: str = ""


def cleaned(casebook: Casebook, file: AttachedFile, *, locked: bool) -> Cleaned:
    """Make a cleaned copy of ``file``, in memory.

    :raises DeskError: the file is locked, missing or damaged.
    """
    kept = isolation()
    with opened_file(casebook, file, locked=locked) as opened:
        if not opened.whole:
            return _none("the file is too large to be opened", kept)
        try:
            with closing(run("clean", opened.source, _bounds(file.size))) as frames:
                return _made(frames, kept)
        except BoxFailed as failure:
            return _none(f"it could not be cleaned safely: {words.failed(failure)}", kept)


def _bounds(size: int) -> Bounds:
    # A film's copy is about as large as the film, and lies in memory once more while it grows.
    return Bounds(180, memory=1536 * MB + 4 * size, answer=1536 * MB + 2 * size, wait=600)


def _made(frames: Iterator[Frame], kept: Isolation) -> Cleaned:
    first = next(frames, None)
    if first is None:
        raise BoxFailed("nonsense")
    said = first.said
    if "cannot" in said:
        return _none(words.cannot(said["cannot"]), kept)
    if "points" in said:
        found = _document(first, frames, kept)
    elif "pixels" in said:
        found = _picture(first, kept)
    elif "text" in said:
        found = _text(first, kept)
    else:
        found = _tracks(first, kept)
    # An answer is whole only when it ends by itself.
    for _ in frames:
        raise BoxFailed("nonsense")
    return found


def _picture(frame: Frame, kept: Isolation) -> Cleaned:
    picture = encoding.pixels(frame.said, frame.data, SIDE)
    more = frame.said.get("frames")
    note = "only the first of its pictures" if isinstance(more, int) and more > 1 else ""
    if frame.said.get("photograph") is True:
        return Cleaned("picture.jpg", "image/jpeg", encoding.jpeg(picture), "", note, kept, unread=ONLY_YOU)
    return Cleaned("picture.png", "image/png", encoding.png(picture, 6), "", note, kept, unread=ONLY_YOU)


def _document(first: Frame, rest: Iterator[Frame], kept: Isolation) -> Cleaned:
    pages, texts = [_page(first)], [_page_text(first)]
    for frame in rest:
        if "cannot" in frame.said:
            return _none(words.cannot(frame.said["cannot"]), kept)
        if len(pages) == _MOST_PAGES:
            raise BoxFailed("too-much")
        pages.append(_page(frame))
        texts.append(_page_text(frame))
    if first.said.get("of") != len(pages):
        raise BoxFailed("nonsense")
    note = "its pages are pictures: its words cannot be searched or read aloud"
    scans = [str(number) for number, text in enumerate(texts, 1) if not text.strip()]
    unread = f"{SCAN} (page {', '.join(scans)})" if scans else ""
    return Cleaned(
        "document.pdf", "application/pdf", pdf(pages), "", note, kept, "\n".join(texts).strip(), unread
    )


def _page_text(frame: Frame) -> str:
    text = frame.said.get("text")
    if not isinstance(text, str):
        raise BoxFailed("nonsense")
    return text


def _page(frame: Frame) -> Page:
    picture = encoding.pixels(frame.said, frame.data, _PAGE_SIDE)
    match frame.said.get("points"):
        case [int(width), int(height)] if 0 < width <= _MOST_POINTS and 0 < height <= _MOST_POINTS:
            return Page(encoding.jpeg(picture, 85), picture.size, width, height)
    raise BoxFailed("nonsense")


def _text(frame: Frame, kept: Isolation) -> Cleaned:
    text = frame.data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    data = "".join(filter(_is_seen, unicodedata.normalize("NFC", text))).rstrip() + "\n"
    note = "only the beginning" if frame.said.get("more") is True else "only its words, without pictures"
    return Cleaned("text.txt", "text/plain; charset=utf-8", data.encode(), "", note, kept, data)


def _is_seen(char: str) -> bool:
    """Leave out signs that nobody sees: a text may be marked by them."""
    return (
        char in "\n\t"
        or char in _KEPT_FORMATS
        or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )


def _tracks(frame: Frame, kept: Isolation) -> Cleaned:
    code = frame.said.get("remuxed")
    if not isinstance(code, str) or code not in _COPIES or not _is_one(code, frame.data):
        raise BoxFailed("nonsense")
    note = "voices, faces and what a camera wrote into its pictures are as recorded"
    return Cleaned(*_COPIES[code], frame.data, "", note, kept, unread=ONLY_YOU)


def _is_one(code: str, data: bytes) -> bool:
    """See that a copy begins as one of its kind does."""
    found = code_of(data[:1024])
    return found == code or {found, code} <= {"mp4", "m4a"} or {found, code} <= {"mp3", "aac"}


def _none(why: str, kept: Isolation) -> Cleaned:
    return Cleaned("", "", b"", why, "", kept)
