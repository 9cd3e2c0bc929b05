"""What a file carries besides what it shows: names and values, as it states them."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from . import kinds, office, zips
from .frames import Answer, Cannot
from .kinds import Kind
from .views import viewed

MOST_FACTS = 500
MOST_NAME = 100  # characters
MOST_VALUE = 1_000
MOST_PACKET = 2**20  # bytes of XMP
MOST_PACKETS = 5
_ATTRIBUTE = re.compile(r'\b(?!xmlns)([A-Za-z][\w]*:[A-Za-z][\w]*)="([^"]{1,2000})"')
_ELEMENT = re.compile(r"<([A-Za-z]\w*:[A-Za-z]\w*)[^<>]{0,2000}>([^<>]{0,2000})")
_NOTHING = frozenset({"rdf:about", "x:xmptk", "xml:lang", "rdf:parseType", "rdf:resource"})
_RTF_FACT = re.compile(
    rb"\{\\(author|operator|company|manager|title|subject|doccomm|keywords) ([^{}]{1,500})\}"
)
Fact = tuple[str, str]


def send(source: BinaryIO, answer: Answer) -> None:
    """Send the facts of a file; where they end too early, why."""
    found: list[list[str]] = []
    cut = ""
    try:
        for name, value in stated(source, kinds.kind_of(source)):
            if len(found) == MOST_FACTS:
                cut = "too-large"
                break
            found.append([name[:MOST_NAME], value[:MOST_VALUE]])
    except Cannot as cannot:
        cut = cannot.code
    answer.send({"facts": found, "cut": cut})


def stated(source: BinaryIO, kind: Kind) -> Iterator[Fact]:
    """Give all facts of a file, as long as they may be.

    :raises Cannot: it is damaged, or of a kind that is not known.
    """
    if kind.group == kinds.PICTURE:
        from . import exif

        yield from exif.facts(source, kind)
    # Before what needs the file to be whole: packets are found in damaged ones too.
    yield from _packets(source)
    if kind.group in (kinds.FILM, kinds.SOUND):
        from . import films

        yield from films.facts(source, kind)
    elif kind.code == "pdf":
        from . import pdfs

        yield from pdfs.facts(source)
    elif kind.reader in ("word", "sheet", "slides", "open"):
        yield from _of_document(source)
    elif kind.code == "zip":
        yield from _of_zip(source)
    elif kind.code == "rtf":
        yield from _of_rtf(source)
    elif kind.group not in (kinds.PICTURE, kinds.TEXT, kinds.PAGE) and kind.code != "empty":
        raise Cannot("no-facts")


def _packets(source: BinaryIO) -> Iterator[Fact]:
    """Give what XMP says, wherever it lies in the file."""
    with viewed(source) as data:
        at = 0
        for _ in range(MOST_PACKETS):
            at = data.find(b"<x:xmpmeta", at)
            if at < 0:
                return
            end = data.find(b"</x:xmpmeta>", at, at + MOST_PACKET)
            text = data[at : end if end > 0 else at + 100_000].decode("utf-8", "replace")
            yield from _of_packet(text)
            at += 10


def _of_packet(text: str) -> Iterator[Fact]:
    for found in _ATTRIBUTE.finditer(text):
        if found[1] not in _NOTHING:
            yield f"XMP {found[1]}", found[2]
    about = ""
    for found in _ELEMENT.finditer(text):
        # What is listed says less of itself than what it is a list of.
        about = about if found[1].startswith("rdf:") else found[1]
        if found[2].strip():
            yield f"XMP {about or found[1]}", found[2].strip()


def _of_document(source: BinaryIO) -> Iterator[Fact]:
    with zips.opened(source) as found:
        names = found.namelist()
        for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"):
            if name in names:
                yield from _leaves(zips.part(found, name, 2**20))
        for name in names:
            if re.fullmatch(
                r"(?:word/(?:document|comments|people)|ppt/(?:commentAuthors|authors)|xl/persons/person|content)\.xml",
                name,
            ):
                yield from _people(zips.part(found, name))
        if "word/settings.xml" in names:
            marks = len(set(re.findall(rb'w:rsid\w*\s+w:val="(\w+)"', zips.part(found, "word/settings.xml"))))
            if marks:
                yield "Marks of editing sessions (rsid)", str(marks)
        pictures_held = sum("/media/" in name or name.startswith("Pictures/") for name in names)
        if pictures_held:
            yield "Pictures inside, with what they carry", str(pictures_held)
        yield from _thumbnails(names)


def _thumbnails(names: list[str]) -> Iterator[Fact]:
    for name in names:
        if "thumbnail" in name.lower():
            yield "Small picture of the first page (thumbnail)", name


def _leaves(data: bytes) -> Iterator[Fact]:
    """Give each element that has text, by its name."""
    found: list[Fact] = []
    state: list[str] = ["", ""]  # the element, its text so far

    def start(name: str, attributes: office.Attributes) -> None:
        # A property of somebody's own has its name beside it.
        state[:] = [
            attributes.get("name")
            or attributes.get("meta:name")
            or (state[0] if name in ("lpwstr", "lpstr") else name),
            "",
        ]

    def end(_name: str) -> None:
        if state[1].strip():
            found.append((state[0], state[1].strip()))
        state[1] = ""

    def characters(text: str) -> None:
        state[1] += text

    office.parsed(data, start, end, characters)
    yield from found


def _people(data: bytes) -> Iterator[Fact]:
    people = set()
    for value in re.findall(
        rb'(?:w:author|w15:author|w15:userId|displayName|userId|name)="([^"]{1,300})"', data
    ):
        people.add(("Person named in the editing", value.decode("utf-8", "replace")))
    for value in re.findall(rb"<dc:creator>([^<]{1,300})</dc:creator>", data):
        people.add(("Person named in the editing", value.decode("utf-8", "replace")))
    yield from sorted(people)[:50]


def _of_rtf(source: BinaryIO) -> Iterator[Fact]:
    with viewed(source) as data:
        for name, value in _RTF_FACT.findall(data[:MOST_PACKET]):
            yield name.decode(), value.decode("cp1252", "replace").strip()
        if marks := len(set(re.findall(rb"\\(?:insrsid|rsid|charrsid)(\d+)", data[:MOST_PACKET]))):
            yield "Marks of editing sessions (rsid)", str(marks)


def _of_zip(source: BinaryIO) -> Iterator[Fact]:
    with zips.opened(source) as found:
        if found.comment:
            yield "Comment", found.comment[:MOST_VALUE].decode("utf-8", "replace")
        for info in found.infolist()[:200]:
            yield f"In it: {info.filename}", _dated(info)


def _dated(info: zipfile.ZipInfo) -> str:
    year, month, day, hour, minute, _ = info.date_time
    return f"{info.file_size:,} bytes, {year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"
