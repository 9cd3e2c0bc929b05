"""What a file is, and what somebody should know before a copy of it is opened elsewhere."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from . import endings, kinds, zips
from .endings import View
from .frames import Answer, Cannot
from .kinds import Kind
from .views import viewed

MOST_AFTER = 32  # bytes behind a file's end that nobody need wonder at
_MARKUP = re.compile(rb"<(?:script|html|iframe|svg|body)[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script[\s>]|\bon(?:load|error|click|begin|mouseover)\s*=|javascript:", re.IGNORECASE)
_CALLS = re.compile(
    rb"(?:src|href|action|url|data)\s*[=(]\s*[\"']?\s*(?:https?:)?//|@import|http-equiv", re.IGNORECASE
)
_PDF_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)\b")
_PDF_HOLDS = re.compile(rb"/EmbeddedFiles?\b")
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_LINK = re.compile(rb"/hyperlink[\"']", re.IGNORECASE)
_RTF_RUNS = re.compile(rb"\\obj(?:data|update|autlink|link)|\\\*\\template", re.IGNORECASE)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FIELDS = re.compile(rb"DDE(?:AUTO)?\s|INCLUDEPICTURE\s", re.IGNORECASE)

Warning_ = tuple[str, int]  # a code that the desk has words for, and a number that goes with it


def look(source: BinaryIO, answer: Answer) -> None:
    """Send the kind of a whole file, and warnings."""
    kind = kinds.kind_of(source)
    answer.send({"kind": kind.code, "warnings": list(_warnings(source, kind))})


def look_at_head(source: BinaryIO, answer: Answer) -> None:
    """Send the kind of a file of which only the beginning is here."""
    source.seek(0)
    answer.send({"kind": kinds.code_of(source.read(kinds.HEAD)), "warnings": []})


def _warnings(source: BinaryIO, kind: Kind) -> Iterator[Warning_]:
    with viewed(source) as data:
        yield from _two_in_one(data, kind)
        if kind.code in _OF_KIND:
            yield from _OF_KIND[kind.code](data)
    if kind.type.startswith("application/vnd.o") or kind.code in ("zip", "java-program", "android-program"):
        yield from _of_zip(source, kind)
    if kind.code == "pdf":
        from . import pdfs

        yield from pdfs.warnings(source)


def _two_in_one(data: View, kind: Kind) -> Iterator[Warning_]:
    head = data[: kinds.HEAD]
    zipped = kind.reader in ("word", "sheet", "slides", "open") or kind.code in (
        "zip",
        "java-program",
        "android-program",
    )
    if not zipped and data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000)) >= 0:
        yield "also-zip", 0
    if kind.code != "pdf" and kind.group != kinds.TEXT and b"%PDF-" in head[:1024]:
        yield "also-pdf", 0
    if kind.code == "pdf" and head[: head.find(b"%PDF-")].strip():
        yield "before-the-start", head.find(b"%PDF-")
    if kind.group in (kinds.PICTURE, kinds.SOUND, kinds.FILM):
        tail = data[max(0, len(data) - kinds.HEAD) :]
        if _MARKUP.search(head) or _MARKUP.search(tail):
            yield "also-web-page", 0
    if kind.code == "gif" and re.match(rb"GIF8[79]a[/=]", head):
        yield "also-script", 0
    after = len(data) - endings.end_of(kind.code, data)
    if after > MOST_AFTER:
        yield "after-the-end", after


def _of_markup(data: View) -> Iterator[Warning_]:
    if _SCRIPT.search(data):
        yield "script", 0
    if _CALLS.search(data):
        yield "calls", 0
    if _DTD.search(data[: kinds.HEAD]) and b"<!ENTITY" in data[: kinds.HEAD].upper():
        yield "entities", 0


def _of_pdf(data: View) -> Iterator[Warning_]:
    if _PDF_RUNS.search(data):
        yield "pdf-runs", 0
    if _PDF_HOLDS.search(data):
        yield "holds-files", 0
    if re.search(rb"/Encrypt\b", data):
        yield "locked", 0


def _of_old_office(data: View) -> Iterator[Warning_]:
    if data.find("_VBA_PROJECT".encode("utf-16-le")) >= 0:
        yield "macros", 0
    if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
        yield "locked", 0
    if data.find("Ole10Native".encode("utf-16-le")) >= 0:
        yield "holds-files", 0


def _of_rtf(data: View) -> Iterator[Warning_]:
    if _RTF_RUNS.search(data):
        yield "holds-files", 0


_OF_KIND = {
    "svg": _of_markup,
    "html": _of_markup,
    "xml": _of_markup,
    "pdf": _of_pdf,
    "old-office": _of_old_office,
    "rtf": _of_rtf,
}


def _of_zip(source: BinaryIO, kind: Kind) -> Iterator[Warning_]:
    try:
        with zips.opened(source) as found:
            inside = zips.contents(found)
            if kind.group == kinds.ARCHIVE:
                yield "members", inside.members
            if inside.size > 2**30 or inside.size > 100 * max(inside.packed, 2**20):
                yield "unpacks-to", inside.size
            for code, number in (
                ("leaves", inside.outside),
                ("links", inside.links),
                ("programs", inside.programs if kind.group == kinds.ARCHIVE else 0),
                ("locked", inside.locked),
            ):
                if number:
                    yield code, number
            if kind.group == kinds.DOCUMENT:
                yield from _of_document(found, [info.filename for info in found.infolist()])
    except Cannot as cannot:
        yield ("locked" if cannot.code == "locked" else "odd-zip"), 0


def _of_document(found: zipfile.ZipFile, names: list[str]) -> Iterator[Warning_]:
    if any(
        n.lower().endswith(("vbaproject.bin", "vbadata.xml")) or n.startswith(("Basic/", "Scripts/"))
        for n in names
    ):
        yield "macros", 0
    if held := sum(
        "/embeddings/" in name or "/activeX/" in name or name.startswith("Object ") for name in names
    ):
        yield "holds-files", held
    outside = 0
    for name in [name for name in names if name.endswith(".rels")][:200]:
        outside += sum(not _LINK.search(one) for one in _OUTSIDE.findall(zips.part(found, name, 2**20)))
    if "word/document.xml" in names and _FIELDS.search(zips.part(found, "word/document.xml")):
        outside += 1
    if outside:
        yield "calls", outside
