"""A letter as a file: PDF by typst, tagged to PDF/UA-1, or Word. The desk's referrals are set the same way.

What somebody typed is handed over as data and never as markup. No file says who made it, or when; nothing
is written to the disk. typst is loaded when first used: idle workers stay small.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from publishing import letter_docx
from publishing.errors import PublishingError
from publishing.letter_sheet import Filled, Line, sheet
from publishing.letters import Letter
from publishing.printable import missing

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("letter.typ")
FACTS = "Where the facts in this letter can be read:"
PDF_TYPE = "application/pdf"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# How typst quotes what it cannot show, and what it quotes by its number.
_QUOTED = re.compile(r'the text `"(.+?)"` could not')
_NUMBER = re.compile(r"\\u\{([0-9a-f]{1,6})\}")

# A word longer than a line would run off the paper: it may be broken after each so many characters.
_LONG_WORD = re.compile(r"\S{41,}")
_BREAK_EVERY = 30


class NotPrintable(PublishingError):  # noqa: N818 - says what is the case
    """The PDF's fonts cannot show some characters: ``signs`` are they, by the gap that they were put into.

    Under "" stands what typst itself refused, such as a letter with a mark of another script; maybe nothing.
    """

    def __init__(self, signs: dict[str, list[str]]) -> None:
        self.signs = signs
        super().__init__("characters that the fonts do not have")


def check(filled: Filled) -> None:
    """Let pass what the PDF's fonts can show.

    :raises NotPrintable: they cannot show all of it
    """
    found = {gap: missing(text) for gap, text in filled.texts.items()}
    signs = {gap: found[gap] for gap in found if found[gap]}
    if signs:
        raise NotPrintable(signs)


def pdf(letter: Letter, filled: Filled) -> bytes:
    """Typeset a letter on A4: tagged, no author, no date, the same bytes for the same words.

    :raises NotPrintable: the fonts cannot show all that is in it
    """
    check(filled)
    drawn = sheet(letter, filled)
    data = {
        "sender": [_runs(line) for line in drawn.sender],
        "to": [_runs(line) for line in drawn.to],
        "date": _runs(drawn.date),
        "opening": _runs(drawn.opening),
        "subject": drawn.subject,
        "body": [{"kind": b.kind, "items": [_runs(item) for item in b.items]} for b in drawn.body],
        "name": _runs(drawn.name),
        "sources": drawn.sources,
        "facts": FACTS,
    }
    return compiled(TEMPLATE, "letter", data)


def compiled(template: Path, name: str, data: object) -> bytes:
    """Typeset ``data``, which the template takes as JSON from ``sys.inputs`` by ``name``: PDF/UA-1.

    :raises NotPrintable: the fonts cannot show all that is in it; under "" are the signs that typst names
    """
    import typst

    # One compiler for each file: another would be shared by threads, and hold what was last typed.
    compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=_fonts())
    try:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"], sys_inputs={name: json.dumps(data)})
    except typst.TypstError as error:
        # Not chained: the text of typst's error quotes what was typed.
        if "could not be displayed" in error.message:
            raise NotPrintable({"": _quoted(error.message)}) from None
        raise
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


def docx(letter: Letter, filled: Filled) -> bytes:
    """Write a letter as a Word file, which takes its fonts from the reader's computer."""
    return letter_docx.docx(sheet(letter, filled), FACTS)


@cache
def _fonts() -> "typst.Fonts":
    import typst

    # Those in typst itself only: a letter looks the same wherever the site runs.
    return typst.Fonts(include_system_fonts=False)


def _quoted(message: str) -> list[str]:
    found = _QUOTED.search(message)
    return list(_NUMBER.sub(lambda number: chr(int(number[1], 16)), found[1])) if found else []


def _runs(line: Line) -> list[dict[str, object]]:
    return [{"text": pieces(run.text), "gap": run.gap} for run in line]


def pieces(text: str) -> list[str]:
    """Cut a text within its long words, where a line may be broken; the pieces joined are the text."""
    return [text[at:end] for at, end in pairwise([0, *_breaks(text), len(text)])]


def _breaks(text: str) -> Iterator[int]:
    for word in _LONG_WORD.finditer(text):
        yield from range(word.start() + _BREAK_EVERY, word.end(), _BREAK_EVERY)
