"""The answers of a report, held, checked, read and written as `payload.outline` lays them out.

In the JSON a section is an object, or a list of objects where there can be several; only what was answered
stands in it.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from payload.errors import BadPayload
from payload.outline import SECTIONS, Field, Kind, Part, Section, sections
from payload.strict_json import Fields, check_text

Answer = str | tuple[str, ...]
Entry = Mapping[str, Answer]

# By section, the questions that are answered in words.
_IN_WORDS = {
    section.name: tuple(field.name for field in section.fields if field.is_text) for section in SECTIONS
}


class Answers:
    """What was answered: for each section its entries, and in each entry answers by the name of the question.

    An answer is a text, the value of a choice, or for several choices a tuple of them, in order.

    :raises BadPayload: a section, question or choice that the outline does not know; an entry or answer that
        is empty; one that is too long, or too many.
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, tuple[Entry, ...]] | None = None) -> None:
        left = dict(entries or {})
        found: dict[str, tuple[Entry, ...]] = {}
        # In the outline's order, whichever they came in: equal answers have equal bytes.
        for section in SECTIONS:
            if section.name in left:
                found[section.name] = _checked_entries(section, left.pop(section.name))
        if left:
            raise BadPayload("holds a section that the outline does not know", "answers")
        self._entries = MappingProxyType(found)

    def __repr__(self) -> str:
        return "<Answers>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answers) and self._entries == other._entries

    def __hash__(self) -> int:
        return hash(tuple(self._entries))

    def __bool__(self) -> bool:
        return bool(self._entries)

    def entries(self, section: str) -> tuple[Entry, ...]:
        """Give the entries of a section, none where nothing was answered."""
        return self._entries.get(section, ())

    def texts(self, part: Part | None = None) -> Iterator[str]:
        """Give all that was answered in words, in the outline's order; of one part, or of both."""
        for section in SECTIONS if part is None else sections(part):
            for entry in self.entries(section.name):
                for name in _IN_WORDS[section.name]:
                    answer = entry.get(name)
                    if isinstance(answer, str):
                        yield answer

    def as_json(self, part: Part) -> dict[str, Any]:
        """Give the members of one part that `taken` reads."""
        written: dict[str, Any] = {}
        for section in sections(part):
            entries = [
                {name: list(value) if isinstance(value, tuple) else value for name, value in entry.items()}
                for entry in self.entries(section.name)
            ]
            if entries:
                written[section.name] = entries if section.one else entries[0]
        return written

    @classmethod
    def taken(cls, parts: Mapping[Part, Fields]) -> "Answers":
        """Read them from the objects of both parts; other members are left in these.

        :raises BadPayload: they break the schema.
        """
        found: dict[str, tuple[Entry, ...]] = {}
        for section in SECTIONS:
            fields = parts[section.part]
            if not fields.holds(section.name):
                continue
            given = fields.each(section.name, section.most) if section.one else [fields.fields(section.name)]
            found[section.name] = tuple(_taken(section, entry) for entry in given)
        return cls(found)


def _taken(section: Section, fields: Fields) -> Entry:
    entry: dict[str, Answer] = {}
    for field in section.fields:
        if not fields.holds(field.name):
            continue
        if field.kind is Kind.SEVERAL:
            entry[field.name] = tuple(fields.texts(field.name, len(field.choices), field.most))
        else:
            entry[field.name] = fields.text(field.name, field.most)
    fields.done()
    return entry


def _checked_entries(section: Section, given: tuple[Entry, ...]) -> tuple[Entry, ...]:
    where = f"{section.part}.{section.name}"
    if not given:
        raise BadPayload("is empty", where)
    if len(given) > section.most:
        raise BadPayload(f"holds more than {section.most}", where)
    return tuple(
        MappingProxyType(_checked(section, entry, f"{where}[{index}]" if section.one else where))
        for index, entry in enumerate(given)
    )


def _checked(section: Section, entry: Entry, where: str) -> dict[str, Answer]:
    if not entry:
        raise BadPayload("is empty", where)
    left = dict(entry)
    found: dict[str, Answer] = {}
    for field in section.fields:
        if field.name in left:
            answer = left.pop(field.name)
            _check(field, answer, f"{where}.{field.name}")
            found[field.name] = answer
    if left:
        raise BadPayload("holds a question that the outline does not know", where)
    return found


def _check(field: Field, answer: Answer, where: str) -> None:
    if not answer:
        raise BadPayload("is empty", where)
    if field.kind is Kind.SEVERAL:
        _check_choices(field, answer, where)
    elif not isinstance(answer, str):
        raise BadPayload("must be text", where)
    elif field.kind is Kind.ONE:
        if answer not in (choice.value for choice in field.choices):
            raise BadPayload("is no choice that this schema knows", where)
    else:
        check_text(answer, field.most, where)
        if not answer.strip():
            raise BadPayload("is empty", where)


def _check_choices(field: Field, answer: Answer, where: str) -> None:
    values = [choice.value for choice in field.choices]
    if not isinstance(answer, tuple) or not set(answer) <= set(values) or len(set(answer)) < len(answer):
        raise BadPayload("must be choices that this schema knows, each once", where)
    if sorted(answer, key=values.index) != list(answer):
        raise BadPayload("must be in the order of this schema", where)
