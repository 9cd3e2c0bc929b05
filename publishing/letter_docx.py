"""A letter as a Word file: the few parts of an OOXML package (ECMA-376) that a plain letter needs.

Written here and not by a library, whose template would bring an author, a thumbnail, an identity and half
a megabyte of styles along. No author, no dates, no name of a program: the same bytes for the same words. Word
is told to keep its user's name out when they change the letter and save it.
"""

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from publishing.letter_docx_parts import BULLETS, FIXED, HEAD, NUMBERS, WORDS, core, numbering
from publishing.letter_sheet import Line, Run, Sheet

# How many underscores make a line to write on.
_LINES = {"name": 34, "address": 36, "mp": 30, "constituency": 26, "date": 24}
# The first moment that a zip file can tell.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_ARCHIVE = 0x20
_RIGHT_TO_LEFT = ("R", "AL")
_LEFT_TO_RIGHT = ("L", "EN", "AN")


def docx(drawn: Sheet, facts: str) -> bytes:
    """Write a letter; ``facts`` introduces its sources."""
    lists = 1
    body = [
        _paragraph(drawn.sender, "Sender"),
        _paragraph([drawn.date], "Sender"),
        _paragraph(drawn.to),
        _paragraph([drawn.opening]),
        _paragraph([(Run(drawn.subject),)], "Heading1"),
    ]
    for block in drawn.body:
        if block.kind == "paragraph":
            body.append(_paragraph(block.items))
            continue
        # Each numbered list counts from one: it is a list of its own.
        lists += block.kind == "numbers"
        number = lists if block.kind == "numbers" else BULLETS
        style = "ListNumber" if block.kind == "numbers" else "ListBullet"
        body += [_paragraph([item], style, number) for item in block.items]
    body.append(_paragraph([drawn.name], "Signature"))
    if drawn.sources:
        lists += 1
        body.append(_paragraph([(Run(facts),)], "Sources"))
        body += [_paragraph([(Run(source),)], "Sources", lists) for source in drawn.sources]
    document = f"{HEAD}<w:document {WORDS}><w:body>{''.join(body)}{_PAGE}</w:body></w:document>"
    parts = {
        **FIXED,
        "docProps/core.xml": core(drawn.subject),
        "word/document.xml": document,
        "word/numbering.xml": numbering(range(NUMBERS, lists + 1)),
    }
    return _packed(parts)


# A4, with margins in twentieths of a point.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1418" w:bottom="1134"'
    ' w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
)


def _paragraph(lines: Iterable[Line], style: str = "", number: int = 0) -> str:
    """One paragraph of ``lines``; ``style`` is a style's id, ``number`` the list that it belongs to."""
    listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{listed}</w:pPr>" if named or listed else ""
    text = "<w:r><w:br/></w:r>".join("".join(_run(run) for run in line) for line in lines)
    return f"<w:p>{properties}{text}</w:p>"


def _run(run: Run) -> str:
    if run.gap:
        return f"<w:r><w:rPr><w:noProof/></w:rPr><w:t>{'_' * _LINES[run.gap]}</w:t></w:r>"
    return "".join(
        f'<w:r>{"<w:rPr><w:rtl/></w:rPr>" if rtl else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        for text, rtl in pieces(run.text)
    )


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into pieces of one direction: (piece, does it run from right to left).

    What has no direction of its own, such as a space, goes with both sides where they agree, else it
    runs as the letter does.
    """
    directions: list[bool | None] = []
    for sign in text:
        bidi = unicodedata.bidirectional(sign)
        directions.append(bidi in _RIGHT_TO_LEFT if bidi in _RIGHT_TO_LEFT + _LEFT_TO_RIGHT else None)
    after: list[bool] = []
    coming = False
    for own in reversed(directions):
        coming = coming if own is None else own
        after.append(coming)
    before = False
    start = 0
    was = False
    for at, (own, coming) in enumerate(zip(directions, reversed(after), strict=True)):
        before = before if own is None else own
        now = before and coming
        if at and now != was:
            yield text[start:at], was
            start = at
        was = now
    if text:
        yield text[start:], was


def _packed(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Nor does it say on what system it was made: these are what Word itself writes.
            entry.create_system = 0
            entry.external_attr = _ARCHIVE
            package.writestr(entry, text)
    return packed.getvalue()
