"""A report in the pieces that its page shows: the same, in the same order, as `desk.report` for a
terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk import normalise
from desk.normalise import WHAT_HAPPENED
from desk.report import (
    AFTER_WHAT,
    DANGER,
    WHAT,
    Read,
    by_place,
    consented,
    told_of,
    words_read,
)
from payload import Report
from payload.outline import SECTION, SECTIONS, Part, Section, sections

__all__ = ["DANGER", "Entry", "Row", "Shown", "about_source", "told"]


@dataclass(frozen=True)
class Row:
    """One question and its answer: ``chosen`` are words of the form, ``written`` a text as it came,
    ``read`` the normal forms of what stands in it."""

    label: str
    chosen: tuple[str, ...] = ()
    written: str | None = None
    read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """Answers that belong together, with a title ("Person 2") where there may be several."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Shown:
    """One section under its title."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def told(report: Report) -> list[Shown]:
    """Give the part ``report``: every section that was answered, and the text where the form has it."""
    read = by_place(normalise.normalised(report))
    found: list[Shown] = []
    for section in SECTIONS:
        if section.part is Part.REPORT:
            found += _section(section, report, read)
        if section.name == AFTER_WHAT and report.what_happened:
            forms = _forms(read.get(WHAT_HAPPENED, ()))
            found.append(Shown("text", WHAT, (Entry("", (Row("", (), report.what_happened, forms),)),)))
    return found


def about_source(report: Report) -> list[Shown]:
    """Give the part about the source; what was consented to is first, answered or not."""
    consent = SECTION["consent"]
    entry = next(iter(report.answers.entries(consent.name)), {})
    rows = tuple(
        Row(field.label, tuple(text for _, text in consented(consent, field, entry)))
        for field in consent.fields
    )
    found = [Shown(consent.name, consent.title, (Entry("", rows),))]
    for section in sections(Part.SOURCE):
        if section.name != consent.name:
            found += _section(section, report, {})
    return found


def _section(section: Section, report: Report, read: Read) -> Iterator[Shown]:
    entries = report.answers.entries(section.name)
    if not entries:
        return
    shown = []
    for number, entry in enumerate(entries):
        rows = []
        for field in section.fields:
            if field.name in entry:
                answer = entry[field.name]
                forms = _forms(read.get(normalise.place(section, number, field.name), ()))
                if field.is_text and isinstance(answer, str):
                    rows.append(Row(field.label, (), answer, forms))
                else:
                    rows.append(
                        Row(field.label, tuple(text for _, text in told_of(field, answer)), None, forms)
                    )
        shown.append(Entry(f"{section.one} {number + 1}" if section.one else "", tuple(rows)))
    yield Shown(section.name, section.title, tuple(shown))


def _forms(found: Sequence[normalise.Found]) -> tuple[str, ...]:
    return tuple(text for _, text in words_read(found))
