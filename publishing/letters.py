"""Letters to an MP: the files of letters/, read and checked.

A letter is plain: paragraphs, lists, and gaps such as {name}. It opens with "Dear {mp}," and its last line is
{name}; sender, date, the House of Commons' address and the subject are put round that by who draws it. What
stands in [square brackets] falls away where a gap in it stays empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from publishing import letter_text, matter, sources
from publishing.errors import Problem
from publishing.letter_text import Block
from publishing.model import Source

FOLDER = "letters"
MAX_TITLE = 120
MAX_SUMMARY = 300
# A letter is read when it fits a page, and is bounded because strangers have it typeset.
MAX_TEXT = 6_000
NEEDED = "name at least one public source of what the letter says"


@dataclass(frozen=True)
class Letter:
    """One letter. ``text`` is as it was written, checked; ``blocks`` is it taken apart."""

    slug: str
    title: str
    summary: str
    subject: str
    text: str
    sources: tuple[Source, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text from "Dear {mp}," to {name}."""
        return tuple(block for _, block in letter_text.placed(self.text))

    def to_json(self) -> dict[str, Any]:
        """Give it as what json.dumps takes."""
        return {
            "slug": self.slug,
            "title": self.title,
            "summary": self.summary,
            "subject": self.subject,
            "text": self.text,
            "sources": [source.to_json() for source in self.sources],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Take what `to_json` gave."""
        named = tuple(Source.from_json(one) for one in found["sources"])
        return cls(**{**found, "sources": named})


def read(folder: Path, problems: list[Problem], today: date | None = None) -> list[Letter]:
    """Read the letters of the content folder ``folder``, by title; what is wrong is added to ``problems``.

    A letter with a problem may be missing from the list.
    """
    today = today or datetime.now(UTC).date()
    found = []
    for file in matter.listed(folder, FOLDER, problems):
        letter = _letter(folder, file, today, problems)
        if letter is not None:
            found.append(letter)
    return sorted(found, key=lambda letter: (letter.title.casefold(), letter.slug))


def _letter(folder: Path, file: str, today: date, problems: list[Problem]) -> Letter | None:
    before = len(problems)
    slug = matter.name_of(file, problems)
    split = matter.read(folder, file, problems)
    if split is None:
        return None
    values = split.values
    values.only(("title", "summary", "subject", "sources"))
    subject = values.text("subject", MAX_TITLE)
    if re.search(r"[{}\[\]]", subject):
        values.wrong("subject", "subject has a gap", "gaps belong in the text only")
    letter = Letter(
        slug=slug,
        title=values.text("title", MAX_TITLE),
        summary=values.text("summary", MAX_SUMMARY),
        subject=subject,
        text=split.text.strip(),
        sources=sources.read(values, today, NEEDED),
    )
    blank = len(split.text) - len(split.text.lstrip())
    first = split.line + split.text[:blank].count("\n")
    _check(file, letter.text, first, problems)
    return letter if len(problems) == before else None


def _check(file: str, text: str, first: int, problems: list[Problem]) -> None:
    """Add what is wrong with a letter's text, which begins on the line ``first``."""
    if not text:
        hint = 'begin with "Dear {mp}," and end with {name}'
        problems.append(Problem(file, first, "has no text", hint))
        return
    if len(text) > MAX_TEXT:
        hint = f"shorten it to {MAX_TEXT} at most; a page is best"
        problems.append(Problem(file, first, f"has {len(text)} characters of text", hint))
    for line, what, hint in letter_text.wrong(text):
        problems.append(Problem(file, first + line, what, hint))
