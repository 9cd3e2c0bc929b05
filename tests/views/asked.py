"""Answers to every question, made from the outline alone, by none of the code that reads a form."""

from collections.abc import Callable, Iterator, Sequence

from payload import Answers
from payload.answers import Answer
from payload.outline import SECTIONS, Field, Kind, Section

Fields = dict[str, str | Sequence[str]]  # as `Site.post` takes them

# What a page, a form, JSON or a template might trip over. No CR: how line ends arrive is judged by itself.
AWKWARD = {
    "quotes": '"it\'s" ‘said’ “so” `x` \\n \\',  # noqa: RUF001 - as people write
    "markup": "</textarea></option></select><script>alert(1)</script><!-- & &amp; &#13; ]]>",
    "templates": "{{ 7 * 7 }} {% raw %} %(name)s %s ${x} {0}",
    "emoji": "👩‍👧🇬🇧🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301 a" + "\u0302" * 40,
    "right to left": "مرحبا עברית abc \u200f\u200e",
    "bidirectional overrides": "\u202e\u202dgnp.exe\u202c \u2066\u2067\u2068x\u2069",
    "control characters": "\x00\x01\x07\x08\x0b\x0c\x1b[31m\x7f\x85\x9f\u2028\u2029\ufeff\ufffe\uffff",
    "white space": "\n\n \t first \xa0\u3000 last \t \n",
    "names of fields": "people-0-names=x&what_happened=y; -",
}


def name_of(section: Section, number: int, field: Field) -> str:
    """Give the name of a question's field."""
    return f"{section.name}-{number}-{field.name}" if section.one else f"{section.name}-{field.name}"


def places(entries: int = 2) -> Iterator[tuple[Section, int, Field]]:
    """Give every question of so many entries, in the form's order."""
    for section in SECTIONS:
        for number in range(entries if section.one else 1):
            for field in section.fields:
                yield section, number, field


def filled(
    words: Callable[[str], str], *, entries: int = 2, choices: bool = True
) -> tuple[Fields, dict[str, tuple[dict[str, Answer], ...]]]:
    """Answer every question: give the fields of the form, and what the payload must hold of them.

    ``words`` makes a text of a field's name. Without ``choices`` only those for words are answered.
    """
    fields: Fields = {}
    held: dict[str, tuple[dict[str, Answer], ...]] = {}
    for section in SECTIONS:
        for number in range(entries if section.one else 1):
            entry: dict[str, Answer] = {}
            for field in section.fields:
                if choices or field.is_text:
                    name = name_of(section, number, field)
                    entry[field.name] = fields[name] = _answer(field, number, words(name))
            if entry:
                held[section.name] = (*held.get(section.name, ()), entry)
    return fields, held


def answered(words: Callable[[str], str], *, entries: int = 2) -> tuple[Fields, Answers]:
    """Give the same, the second as the payload's own."""
    fields, held = filled(words, entries=entries)
    return fields, Answers(held)


def typed(fields: Fields) -> dict[str, list[str]]:
    """Give what stands in a form that was filled with these."""
    return {name: [said] if isinstance(said, str) else list(said) for name, said in fields.items() if said}


def _answer(field: Field, number: int, words: str) -> Answer:
    values = tuple(choice.value for choice in field.choices)
    if field.kind is Kind.SEVERAL:
        return values[number % len(values) :: 2]
    return values[number % len(values)] if field.kind is Kind.ONE else words
