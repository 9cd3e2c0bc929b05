"""What may be passed on of a case, laid out as the form asked it: titles, questions and answers, and nothing
of the part about the source.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from desk.pointing import Nature, Piece
from payload.answers import Entry
from payload.outline import SECTION, Field, Part, Section, sections

_KEPT = frozenset("\n\t\u200c\u200d")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Sending:
    """A report as it was sent once: the day it came, what happened, and the answers of the part ``report``.

    :raises ValueError: it holds a section of the part about the source.
    """

    received_on: date
    what_happened: str
    answers: Mapping[str, tuple[Entry, ...]]

    def __post_init__(self) -> None:
        if any(SECTION[name].part is not Part.REPORT for name in self.answers):
            raise ValueError("a referral is never handed the part about the source")


@dataclass(frozen=True, slots=True, repr=False)
class Addition:
    """What the source added on a later day."""

    received_on: date
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Enclosed:
    """A file that was chosen: its number in the case, the name it will have, what its source says that it
    shows, the name that it came with, which is only searched, and the text in the copy, or hidden in an
    original. ``sealed`` is the SHA-256 (hex) of the attachment that it was made of, ``sha256`` that of what
    goes out; ``unread`` says of which no program read the words, or nothing.
    """

    number: int
    name: str
    caption: str = ""
    came_as: str = ""
    text: str = ""
    original: bool = False
    sealed: str = ""
    sha256: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """All that may be passed on. ``exact_days``: the days of receipt are told, and not only the months."""

    sendings: tuple[Sending, ...]
    additions: tuple[Addition, ...] = ()
    files: tuple[Enclosed, ...] = ()
    exact_days: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A question and its answer: words of the source, whose place is ``where``, or those of choices.

    ``place`` names the answer, whichever it is, for whoever leaves it out.
    """

    label: str
    text: str
    where: str = ""
    nature: Nature = Nature.FREE
    place: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Rows that belong together, under a title; ``level`` 1 begins a report or an addition."""

    level: int
    title: str
    rows: tuple[Row, ...] = ()


def visible(text: str) -> str:
    """Give a text without signs that nobody sees: words could be hidden in them, for somebody who knows how.

    Line ends and tabs stay, and the joiners that shape letters in several scripts.
    """
    return "".join(char for char in text if char in _KEPT or unicodedata.category(char)[0] != "C")


def laid_out(told: Told) -> tuple[Group, ...]:
    """Give all that was told as titles, questions and answers, in the order of the form."""
    return tuple(_groups(told))


def pieces(told: Told) -> tuple[Piece, ...]:
    """Give every text of the source that may be passed on, and the names of the files, which are not."""
    return (*row_pieces(laid_out(told)), *file_pieces(told.files))


def month_or_day(day: date, *, exact: bool) -> str:
    """Give a day of receipt for people: its month, or the day itself."""
    month = f"{_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day} {month}" if exact else month


def row_pieces(groups: Iterable[Group]) -> Iterator[Piece]:
    """Give the texts of the source in them."""
    for group in groups:
        for row in group.rows:
            if row.where:
                yield Piece(row.where, f"{group.title}: {row.label}", row.nature, row.text)


def caption_place(file: Enclosed) -> str:
    """Give the place of a file's caption."""
    return f"file[{file.number}].caption"


def file_pieces(files: Iterable[Enclosed]) -> Iterator[Piece]:
    """Give what belongs to files: captions, the text in them, and their names, which stay here."""
    for file in files:
        named = f"File {file.number}"
        if file.caption:
            yield Piece(caption_place(file), f"{named}: what it shows", Nature.FREE, visible(file.caption))
        if file.came_as:
            label = f"{named}: the name that it came with"
            yield Piece(f"file[{file.number}].name", label, Nature.FILE_NAME, file.came_as)
        if file.text:
            yield Piece(f"file[{file.number}].text", f"{named}: its text", Nature.FILE_TEXT, file.text)


def _groups(told: Told) -> Iterator[Group]:
    for number, sending in enumerate(told.sendings):
        when = month_or_day(sending.received_on, exact=told.exact_days)
        again = f"Sent again, {number + 1}: received" if number else "What was told: received"
        yield Group(1, f"{again} {'on' if told.exact_days else 'in'} {when}")
        yield from _sending_groups(sending, f"report[{number}]")
    for number, addition in enumerate(told.additions):
        when = month_or_day(addition.received_on, exact=told.exact_days)
        row = _in_their_words(addition.text, f"addition[{number}].text")
        yield Group(1, f"Added: received {'on' if told.exact_days else 'in'} {when}", (row,))


def _sending_groups(sending: Sending, base: str) -> Iterator[Group]:
    for section in sections(Part.REPORT):
        entries = sending.answers.get(section.name, ())
        for number, entry in enumerate(entries):
            title = f"{section.title}: {section.one} {number + 1}" if section.one else section.title
            rows = tuple(_rows(section, entry, f"{base}.{section.name}[{number}]"))
            yield Group(2, title, rows)
        if section.name == "what" and sending.what_happened.strip():
            row = _in_their_words(sending.what_happened, f"{base}.what_happened")
            yield Group(2, "What happened", (row,))


def _in_their_words(text: str, where: str) -> Row:
    return Row("In their words", visible(text), where, place=where)


def _rows(section: Section, entry: Entry, base: str) -> Iterator[Row]:
    for question in section.fields:
        if question.name in entry:
            yield _row(section, question, entry, base)


def _row(section: Section, question: Field, entry: Entry, base: str) -> Row:
    answer, place = entry[question.name], f"{base}.{question.name}"
    if question.is_text:
        others = section.name in ("people", "in_need", "vehicles", "organisation")
        nature = Nature.ABOUT_OTHERS if others else Nature.FREE
        return Row(question.label, visible(str(answer)), place, nature, place)
    values = answer if isinstance(answer, tuple) else (answer,)
    return Row(question.label, "; ".join(question.label_of(value) for value in values), place=place)
