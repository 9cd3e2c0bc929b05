"""The answers in a post of the report form: read as they came, shown again as typed, checked.

A question's field is called ``section-question``, ``when-date``; where there can be several entries,
``section-number-question``, ``people-0-names``. WTForms' FieldList reads such names too, but ends in an error
on "people-²-names", and binds some hundred fields for a report of one sentence.
"""

from collections.abc import Iterator
from itertools import islice

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from payload import Answers
from payload.answers import Answer
from payload.limits import MAX_ENTRIES, MAX_WORDS
from payload.outline import SECTION, SECTIONS, Field, Kind, Part, Section
from views.forms.draft import as_written
from views.sending import Problem

# What is typed into one entry, by the name of the question: each as many values as came.
Typed = dict[str, list[str]]

# Entries beyond the limit are shown again, so that nothing is lost. Who sends many more is no person.
MOST_SHOWN = MAX_ENTRIES + 10
MOST_NAME = 100  # characters of the name of a field that is no longer asked
APART = ("you", "how_known")  # where an answer goes that has lost its place and may point to the source


_NUMBERS = frozenset(map(str, range(10_000)))
_QUESTIONS = {section.name: frozenset(field.name for field in section.fields) for section in SECTIONS}


class AnswersForm:
    """What was answered in a post. ``typed`` has the entries of each section, also the empty ones.

    ``strays`` are fields, name and text, of a form that asked what this one does not: an older version's.
    Only those that were not about the source stand there; all others are kept with how the source knows.
    """

    def __init__(self, fields: MultiDict[str, str]) -> None:
        strays: list[tuple[str, str]] = []
        self.beyond: dict[str, int] = {}
        numbered: dict[str, dict[int, Typed]] = {}
        for name, values in fields.lists():
            if "-" in name:
                place = _place(name)
                if place is None:
                    strays += [(name[:MOST_NAME], as_written(value)) for value in values if value.strip()]
                else:
                    section, number, question = place
                    entry = numbered.setdefault(section, {}).setdefault(number, {})
                    entry[question] = [as_written(value) for value in values]
        self.strays = [stray for stray in strays if _may_be_passed_on(stray[0])]
        apart = [f"{name}: {text}" for name, text in strays if not _may_be_passed_on(name)]
        if apart:
            section, question = APART
            numbered.setdefault(section, {}).setdefault(0, {}).setdefault(question, []).extend(apart)
        self.has_changed = bool(strays)
        self.typed = {name: self._in_order(name, entries) for name, entries in numbered.items()}

    def entries(self, section: Section) -> list[Typed]:
        """Give the entries of a section as they came; a blank one where none did."""
        return self.typed.get(section.name) or [{}]

    def answered(self, section: Section) -> bool:
        """Say whether anything was typed or ticked in a section."""
        return any(_filled(entry) for entry in self.typed.get(section.name, ()))

    @property
    def danger(self) -> bool:
        """Whether somebody is said to be in danger now."""
        return any("yes" in entry.get("now", []) for entry in self.typed.get("danger", ()))

    def add(self, section: Section) -> bool:
        """Add a blank entry; False where no more fit."""
        entries = self.entries(section)
        if len(entries) >= section.most:
            return False
        self.typed[section.name] = [*entries, {}]
        return True

    def drop(self, section: Section, number: int | None) -> None:
        """Take an entry out, where there is one of this number."""
        self.typed[section.name] = [
            entry for place, entry in enumerate(self.entries(section)) if place != number
        ]

    def problems(self, text: str) -> list[Problem]:
        """Say what is wrong; ``text`` is what stands in the box for what happened."""
        found: list[Problem] = []
        for section in SECTIONS:
            if section.name in self.typed:
                found.extend(self._problems_of(section))
        over = len(text) + sum(map(len, self._texts())) - MAX_WORDS
        if over > 0:
            found.append(Problem("what_happened", _too_long_in_all(over)))
        return found

    def answers(self) -> Answers:
        """Give what was answered, for the payload.

        :raises BadPayload: there were problems, and somebody went on all the same.
        """
        return Answers({
            section.name: entries
            for section in SECTIONS
            if (entries := tuple(entry for entry in self._answered(section) if entry))
        })  # fmt: skip

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Give all that was answered as fields of a form, in the outline's order."""
        for section in SECTIONS:
            filled = filter(_filled, self.typed.get(section.name, ()))
            for number, entry in enumerate(filled):
                for question, values in entry.items():
                    yield from ((field_id(section, number, question), value) for value in values if value)

    def _in_order(self, name: str, entries: dict[int, Typed]) -> list[Typed]:
        found = [entries[number] for number in sorted(entries)]
        if len(found) > MOST_SHOWN:
            # Those in which nothing was written go first.
            found = list(islice(filter(_filled, found), MOST_SHOWN + 1))
            self.beyond[name] = max(0, len(found) - MOST_SHOWN)
        return found[:MOST_SHOWN]

    def _answered(self, section: Section) -> Iterator[dict[str, Answer]]:
        for entry in self.typed.get(section.name, ()):
            given = ((field, _answer(field, entry.get(field.name, []))) for field in section.fields)
            yield {field.name: answer for field, answer in given if answer}

    def _texts(self) -> Iterator[str]:
        for section in SECTIONS:
            for entry in self._answered(section):
                yield from (answer for answer in entry.values() if isinstance(answer, str))

    def _problems_of(self, section: Section) -> Iterator[Problem]:
        entries = self.typed[section.name]
        filled = sum(map(_filled, entries))
        if filled > section.most:
            yield Problem(section.name, _too_many(section, self.beyond.get(section.name, 0)))
        for number, entry in enumerate(entries):
            for question, values in entry.items():
                # Of sixty questions most are left empty.
                if not any(values):
                    continue
                field = section.field(question)
                wrong = _wrong(field, values)
                if wrong:
                    yield Problem(
                        field_id(section, number, question),
                        f"{place_of(section, number)}, {_(field.label)}: {wrong}",
                    )


def field_id(section: Section, number: int, question: str) -> str:
    """Give the name and id of a question's field; ``number`` counts entries from 0."""
    return f"{section.name}-{number}-{question}" if section.one else f"{section.name}-{question}"


def full(section: Section) -> str:
    """Say that no more entries fit in a section."""
    return str(
        _(
            "%(title)s: only %(most)s fit in one report. Put the others into a second report.",
            title=_(section.title),
            most=section.most,
        )
    )


def place_of(section: Section, number: int) -> str:
    """Give the words for an entry: "Person 2", or the section's title where there is only one."""
    return f"{_(section.one)} {number + 1}" if section.one else str(_(section.title))


def _place(name: str) -> tuple[str, int, str] | None:
    parts = name.split("-", 3)
    section = SECTION.get(parts[0])
    if section is None or len(parts) != (3 if section.one else 2):
        return None
    if parts[-1] not in _QUESTIONS[section.name]:
        return None
    number = parts[1] if section.one else "0"
    # Only as the form writes it: 00 beside 0 would make two answers one.
    if number not in _NUMBERS:
        return None
    return section.name, int(number), parts[-1]


def _may_be_passed_on(name: str) -> bool:
    section = SECTION.get(name.partition("-")[0])
    return section is not None and section.part is Part.REPORT


def _filled(entry: Typed) -> bool:
    return any(value.strip() for values in entry.values() for value in values)


def _answer(field: Field, values: list[str]) -> Answer:
    """Give the answer in what came: empty where there is none."""
    if not any(values):
        return ""
    if field.kind is Kind.SEVERAL:
        return tuple(choice.value for choice in field.choices if choice.value in values)
    if field.kind is Kind.ONE:
        return next((choice.value for choice in field.choices if choice.value in values), "")
    # A browser sends a text once. Should it come twice, neither is lost.
    text = "\n".join(value for value in values if value.strip())
    return text if text.strip() else ""


def _wrong(field: Field, values: list[str]) -> str:
    if not field.is_text:
        known = {choice.value for choice in field.choices}
        if any(value and value not in known for value in values):
            return str(_("choose again from the list."))
        return ""
    over = len(_answer(field, values)) - field.most
    return _too_long(over, field.most) if over > 0 else ""


def _too_long(over: int, most: int) -> str:
    message: str = ngettext(
        "this is %(said)s character too long. %(most)s fit. Shorten it.",
        "this is %(said)s characters too long. %(most)s fit. Shorten it.",
        over,
        said=f"{over:,}",
        most=f"{most:,}",
    )
    return message


def _too_many(section: Section, beyond: int) -> str:
    message = full(section)
    if beyond:
        message += " " + _("Of far more than that, only the first are shown below.")
    return message


def _too_long_in_all(over: int) -> str:
    message: str = ngettext(
        "All you wrote is %(said)s character too long in all. Shorten it, or send a second report.",
        "All you wrote is %(said)s characters too long in all. Shorten it, or send a second report.",
        over,
        said=f"{over:,}",
    )
    return message
