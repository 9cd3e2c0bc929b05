"""PDF: pages as pixels. No script of a page runs: this build of pdfium knows none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
from pypdfium2 import raw

from . import pictures
from .frames import Answer, Cannot

MOST_PAGES = 200
CLEAN_DPI = 150
MOST_SIDE = 2_480  # pixels of a cleaned page: A4 has 1,754 of them
MOST_PAGE_TEXT = 100_000  # characters
_POINTS = 72


@contextmanager
def opened(source: BinaryIO) -> Iterator[pypdfium2.PdfDocument]:
    """Open a document.

    :raises Cannot: it is damaged, under a password, or empty.
    """
    source.seek(0)
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as bad:
        raise Cannot("locked" if "password" in str(bad).lower() else "damaged") from bad
    try:
        if len(document) < 1:
            raise Cannot("damaged")
        # Without it what was typed into a form is not drawn.
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        yield document
    except pypdfium2.PdfiumError as bad:
        raise Cannot("damaged") from bad
    finally:
        document.close()


def preview(source: BinaryIO, answer: Answer, part: int) -> None:
    """Send a page, counted from 0.

    :raises Cannot: there is none of that number.
    """
    with opened(source) as document:
        if part >= len(document):
            raise Cannot("no-part")
        picture, _ = _page(document, part, pictures.PREVIEW_SIDE, 2.0)
        pictures.send(answer, picture, {"pages": len(document), "more": part + 1 < len(document)})


def clean(source: BinaryIO, answer: Answer) -> None:
    """Send every page, how large it is on paper, and the text in it."""
    with opened(source) as document:
        if len(document) > MOST_PAGES:
            raise Cannot("too-many-pages")
        for number in range(len(document)):
            picture, points = _page(document, number, MOST_SIDE, CLEAN_DPI / _POINTS)
            page = document[number]
            text = text_of(page)
            page.close()
            pictures.send(answer, picture, {"points": list(points), "of": len(document), "text": text})


def text_of(page: pypdfium2.PdfPage) -> str:
    """Give the text of a page, drawn or not.

    :raises Cannot: it is longer than any page is.
    """
    held = page.get_textpage()
    try:
        if held.count_chars() > MOST_PAGE_TEXT:
            raise Cannot("too-large")
        return str(held.get_text_range()).replace("\r\n", "\n")
    finally:
        held.close()


def warnings(source: BinaryIO) -> Iterator[tuple[str, int]]:
    """Tell what only the library finds, in parts of the document that are packed."""
    try:
        with opened(source) as document:
            if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
                yield "pdf-runs", 0
            if (held := document.count_attachments()) > 0:
                yield "holds-files", held
    except Cannot as cannot:
        yield cannot.code, 0


def facts(source: BinaryIO) -> Iterator[tuple[str, str]]:
    """Give what the document says of itself."""
    with opened(source) as document:
        yield "Pages", str(len(document))
        yield from document.get_metadata_dict(skip_empty=True).items()
        authors = {
            author for number in range(min(len(document), MOST_PAGES)) for author in _notes(document, number)
        }
        for author in sorted(authors):
            yield "Author of a note on a page", author


def _page(
    document: pypdfium2.PdfDocument, number: int, side: int, scale: float
) -> tuple[Any, tuple[int, int]]:
    page = document[number]
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Cannot("damaged")
    scale = min(scale, side / max(width, height))
    # A page a thousand times as long as wide would have no pixel across.
    if min(width, height) * scale < 1:
        raise Cannot("damaged")
    picture = page.render(scale=scale).to_pil().convert("RGB")
    page.close()
    picture.thumbnail((side, side))  # it rounds up
    return picture, (round(width), round(height))


def _notes(document: pypdfium2.PdfDocument, number: int) -> Iterator[str]:
    page = document[number]
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        note = raw.FPDFPage_GetAnnot(page, index)
        size = raw.FPDFAnnot_GetStringValue(note, b"T", None, 0)
        if 2 < size < 2_000:
            buffer = (raw.FPDF_WCHAR * (size // 2))()
            raw.FPDFAnnot_GetStringValue(note, b"T", buffer, size)
            yield bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
        raw.FPDFPage_CloseAnnot(note)
    page.close()
