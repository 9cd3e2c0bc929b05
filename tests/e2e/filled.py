"""A report with every question answered: as fields of the form, and as the desk must have it.

Made from the outline alone, by none of the code that reads a form.
"""

from collections.abc import Callable, Iterator
from typing import Any

from payload.outline import SECTIONS, Field, Kind, Part, Section

ENTRIES = 2
# What people write, and what a page, a form or JSON might trip over.
SHORT = '‘{}’ <b>&amp; "quoted" ünïcödé مرحبا 👀'  # noqa: RUF001 - as people write
LONG = "  {}: two vans,\n\n<on> the side & ‘Müller’.\n\nمرحبا 👀"  # noqa: RUF001 - as above

Said = str | list[str]
# The text for the field of a name.
Text = Callable[[str, Kind], str]


def odd(name: str, kind: Kind) -> str:
    """A text that is hard to carry."""
    return (LONG if kind is Kind.LONG else SHORT).format(name)


def plain(name: str, _kind: Kind) -> str:
    """A text that is quick to type."""
    return f"of {name}"


def as_fields(text: Text = odd, entries: int = ENTRIES) -> dict[str, Said]:
    """An answer to every question by the name of its field, in the form's order."""
    return {
        name: answer(name, number, question, text)
        for section in SECTIONS
        for number, entry in enumerate(names(section, entries))
        for name, question in entry
    }


def as_json(part: Part, text: Text = odd, entries: int = ENTRIES) -> dict[str, Any]:
    """The members of one part of the payload that these answers make."""
    found: dict[str, Any] = {}
    for section in SECTIONS:
        if section.part is part:
            each = [
                {question.name: answer(name, number, question, text) for name, question in entry}
                for number, entry in enumerate(names(section, entries))
            ]
            found[section.name] = each if section.one else each[0]
    return found


def names(section: Section, entries: int) -> Iterator[list[tuple[str, Field]]]:
    """The questions of each entry of a section, with the names of their fields."""
    for number in range(entries if section.one else 1):
        place = f"{section.name}-{number}" if section.one else section.name
        yield [(f"{place}-{question.name}", question) for question in section.fields]


def answer(name: str, number: int, question: Field, text: Text) -> Said:
    """An answer, another one in each entry; of several choices, a few."""
    if question.is_text:
        return text(name, question.kind)
    values = [choice.value for choice in question.choices]
    return values[number::2] if question.kind is Kind.SEVERAL else values[-1 - number]
