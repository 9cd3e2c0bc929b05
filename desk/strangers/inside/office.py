"""Office documents as plain text: their XML read with bounds, no entity, no macro, nothing from elsewhere."""

import re
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from . import texts, zips
from .frames import Answer, Cannot
from .kinds import Kind

MOST_TEXT = 5_000_000  # characters
MOST_PARTS = 500  # slides, sheets, …
_NUMBER = re.compile(r"(\d+)")
Attributes = dict[str, str]


def preview(source: BinaryIO, kind: Kind, answer: Answer, part: int) -> None:
    """Send a part of its text."""
    texts.send(answer, text_of(source, kind), part)


def clean(source: BinaryIO, kind: Kind, answer: Answer) -> None:
    """Send all of its text."""
    texts.send(answer, text_of(source, kind), most=MOST_TEXT)


def text_of(source: BinaryIO, kind: Kind) -> str:
    """Give the text of a document: paragraphs as lines, cells behind tabs.

    :raises Cannot: it is damaged, under a password, too large, or has none.
    """
    with zips.opened(source) as found:
        parts = _READERS[kind.reader](found, sorted(found.namelist(), key=_in_order))
        text = "".join(_bounded(parts)).strip()
    if not text:
        raise Cannot("no-text")
    return text


def parsed(data: bytes, start: Callable[[str, Attributes], None], end: Callable[[str], None],
           characters: Callable[[str], None]) -> None:  # fmt: skip
    """Read XML, names without their prefix.

    :raises Cannot: it is damaged, or declares a type or an entity, which no Office program does.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_declared: object) -> None:
        raise Cannot("damaged")

    def local(name: str) -> str:
        return name.rpartition(":")[2]

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    parser.EndElementHandler = lambda name: end(local(name))
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as bad:
        raise Cannot("damaged") from bad


class _Text:
    """Gathers text while XML is read: what stands in ``words``, and a line where one of ``lines`` ends."""

    def __init__(self, words: frozenset[str], lines: frozenset[str], left_out: frozenset[str]) -> None:
        self.found: list[str] = []
        self._words, self._lines, self._left_out = words, lines, left_out
        self._within = 0
        self._without = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self._without += name in self._left_out
        self._within += name in self._words
        if self._without:
            return
        if name in ("tab", "table-cell", "tc"):
            self.found.append("\t")
        elif name in ("br", "cr", "line-break"):
            self.found.append("\n")
        elif name == "s" and self._within:  # OpenDocument's several spaces
            count = next((value for key, value in attributes.items() if key.endswith(":c")), "1")
            self.found.append(" " * min(int(count) if count.isdecimal() else 1, 100))

    def end(self, name: str) -> None:
        self._without -= name in self._left_out
        self._within -= name in self._words
        if name in self._lines and not self._without:
            self.found.append("\n")

    def characters(self, data: str) -> None:
        if self._within and not self._without:
            self.found.append(data)

    def of(self, data: bytes) -> str:
        parsed(data, self.start, self.end, self.characters)
        return "".join(self.found)


def _marked(found: zipfile.ZipFile, name: str) -> str:
    # Text that was struck out stands in elements of other names.
    return _Text(frozenset({"t"}), frozenset({"p"}), frozenset({"Fallback"})).of(zips.part(found, name))


def _word(found: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    wanted = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
    for name in sorted((n for n in names if wanted.fullmatch(n)), key=lambda n: "document" not in n):
        yield _marked(found, name) + "\n"


def _slides(found: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    wanted = re.compile(r"ppt/(?:slides|notesSlides)/[a-zA-Z]+\d+\.xml")
    for name in [name for name in names if wanted.fullmatch(name)][:MOST_PARTS]:
        yield _marked(found, name) + "\n\n"


def _sheet(found: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    shared: list[str] = []
    if "xl/sharedStrings.xml" in names:
        text = _Text(frozenset({"t"}), frozenset({"si"}), frozenset({"rPh"}))
        # Lines within a cell are few; here a line is a string, so theirs become spaces.
        parsed(zips.part(found, "xl/sharedStrings.xml"), text.start, text.end,
               lambda data: text.characters(data.replace("\n", " ")))  # fmt: skip
        shared = "".join(text.found).split("\n")
    for name in [name for name in names if re.fullmatch(r"xl/worksheets/[a-zA-Z]+\d+\.xml", name)][
        :MOST_PARTS
    ]:
        yield _Cells(shared).of(zips.part(found, name)) + "\n"


class _Cells:
    """Reads a sheet: a row a line, a cell behind a tab."""

    def __init__(self, shared: list[str]) -> None:
        self._shared = shared
        self._found: list[str] = []
        self._kind = ""
        self._value: list[str] | None = None

    def of(self, data: bytes) -> str:
        parsed(data, self._start, self._end, self._characters)
        return "".join(self._found)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._kind = attributes.get("t", "")
        elif name in ("v", "t"):
            self._value = []

    def _end(self, name: str) -> None:
        if name in ("v", "t") and self._value is not None:
            self._found.append(self._text("".join(self._value)))
            self._value = None
        elif name == "c":
            self._found.append("\t")
        elif name == "row":
            self._found.append("\n")

    def _characters(self, data: str) -> None:
        if self._value is not None:
            self._value.append(data)

    def _text(self, value: str) -> str:
        if self._kind != "s":
            return value
        number = int(value) if value.isdecimal() and len(value) < 9 else -1
        return self._shared[number] if 0 <= number < len(self._shared) else ""


def _open(found: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    if "content.xml" not in names:
        raise Cannot("damaged")
    text = _Text(frozenset({"p", "h"}), frozenset({"p", "h"}), frozenset({"annotation", "tracked-changes"}))
    yield text.of(zips.part(found, "content.xml"))


_READERS: dict[str, Callable[[zipfile.ZipFile, list[str]], Iterator[str]]] = {
    "word": _word,
    "slides": _slides,
    "sheet": _sheet,
    "open": _open,
}


def _bounded(parts: Iterator[str]) -> Iterator[str]:
    left = MOST_TEXT
    for part in parts:
        left -= len(part)
        if left < 0:
            raise Cannot("too-large")
        yield part


def _in_order(name: str) -> list[tuple[int, str]]:
    """Put slide 10 behind slide 9."""
    return [(int(piece) if piece.isdecimal() else -1, piece) for piece in _NUMBER.split(name[:300])]
