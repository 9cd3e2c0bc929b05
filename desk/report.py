"""A report as people read it: each question that was answered, under its section's title.

What the desk itself says begins with no mark; a bar is before what was written, ``=`` before the normal form
of something in it, and ``#`` before every row that is about the source.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from desk import normalise
from desk.columns import beside, quoted, rows, width
from desk.harmless import harmless_lines, harmless_name
from desk.normalise import WHAT_HAPPENED, Found, Kind, Reading
from desk.normalise.registrations import OTHER
from payload import Report
from payload.answers import Answer, Entry
from payload.outline import SECTION, SECTIONS, Field, Part, Section, sections

OURS, WRITTEN, READ = " ", "|", "="  # marks of a row
MOST_READ = 20  # normal forms shown with one answer; the JSON has all
LEFT_OPEN = "(left open)"
WHAT = "What happened"
DANGER = "DANGER NOW: the source says that someone is in danger now"
COULD_POINT = "ACTING ON THIS COULD POINT TO THE SOURCE"
MAY_POINT = "the source does not know whether acting could point to them"
NO_ONE = "PASS IT TO NO ONE"
NEVER = "ABOUT THE SOURCE: NEVER PASS THIS ON WITHOUT THEIR CONSENT"

AFTER_WHAT = "what"  # the section that the text follows, as on the form
_NAMED = frozenset({Kind.TELEPHONE, Kind.REGISTRATION})  # what is shown with its form
_PUNCTUATION = re.compile(r"[\s()./\-]")

Read = Mapping[str, Sequence[Found]]


def alarm_lines(reports: Iterable[Report], most: int) -> Iterator[str]:
    """Give what nobody can miss, above all else: of several sends, what even one of them says."""
    if not (told := alarms(list(reports))):
        return
    yield "!" * most
    for line in told:
        for row in rows(line, most - 6):
            yield f"!! {row.rstrip():{most - 6}} !!"
    yield "!" * most


def alarms(reports: Sequence[Report]) -> list[str]:
    """Give what nobody can miss, line by line, of a case's sends."""
    found = []
    if days := sorted(
        {report.received_on.isoformat() for report in reports if _is(report, "danger", "now", "yes")}
    ):
        found += [DANGER, f"sent {', '.join(days)}"]
    # Of two sends that differ on it the graver counts: acting cannot be undone.
    if any(_is(report, "consent", "safe", "no") for report in reports):
        found.append(COULD_POINT)
    elif any(_is(report, "consent", "safe", "unknown") for report in reports):
        found.append(MAY_POINT)
    if any(_is(report, "consent", "to", "none") for report in reports):
        found.append(NO_ONE)
    return found


def _is(report: Report, section: str, field: str, answer: str) -> bool:
    return any(entry.get(field) == answer for entry in report.answers.entries(section))


def report_lines(report: Report, most: int) -> Iterator[str]:
    """Give a report of schema 2 or later as rows of at most ``most`` columns; the source comes last."""
    read = by_place(normalise.normalised(report))
    for section in SECTIONS:
        if section.part is Part.REPORT:
            yield from _section(section, report, read, most)
        if section.name == AFTER_WHAT:
            yield from _text(report, read, most)
    yield ""
    yield "#" * most
    for line in _source(report, most - 2):
        yield f"# {line}" if line else "#"
    yield "#" * most


def words_read(found: Iterable[Found]) -> list[tuple[str, str]]:
    """Give the normal forms that say more than what was typed, each with its mark."""
    told = [said for one in found if (said := _said(one))]
    if len(told) > MOST_READ:
        told[MOST_READ:] = [f"and {len(told) - MOST_READ:,} more: `show --json` has them all"]
    return [(READ, said) for said in told]


def by_place(found: Iterable[Found]) -> Read:
    """Give what was found by the place that it was found in (see `desk.normalise.place`)."""
    places: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        places[one.where].append(one)
    return places


def _said(found: Found) -> str:
    known = [reading for reading in found.readings if reading.forms != (OTHER,)]
    if len(known) == 1 and _bare(known[0].value) == _bare(found.as_typed):
        return ""
    return " or ".join(_with_form(found.kind, reading) for reading in known)


def _with_form(kind: Kind, reading: Reading) -> str:
    value = harmless_name(reading.value)
    if kind is Kind.TELEPHONE and not reading.valid:
        return f"{value} (of no range in use)"
    return f"{value} ({', '.join(reading.forms)})" if kind in _NAMED else value


def _bare(text: str) -> str:
    return _PUNCTUATION.sub("", text).casefold()


def _title(text: str, most: int) -> Iterator[str]:
    yield ""
    yield from beside(f"== {text} ==", [], most, most)


def _text(report: Report, read: Read, most: int) -> Iterator[str]:
    if not report.what_happened:
        return
    yield from _title(WHAT, most)
    for line in harmless_lines(report.what_happened):
        yield from quoted(line, "  ", most)
    for mark, said in words_read(read.get(WHAT_HAPPENED, ())):
        yield from beside("", [(mark, said)], 0, most)


def _section(section: Section, report: Report, read: Read, most: int) -> Iterator[str]:
    entries = report.answers.entries(section.name)
    if not entries:
        return
    yield from _title(section.title, most)
    for number, entry in enumerate(entries):
        if section.one:
            yield f"{section.one} {number + 1}"
        found = {name: read.get(normalise.place(section, number, name), ()) for name in entry}
        yield from _entry(section, entry, found, most)


def _entry(section: Section, entry: Entry, found: Read, most: int) -> Iterator[str]:
    fields = [field for field in section.fields if field.name in entry]
    left = _left(fields, most)
    for field in fields:
        told = [*told_of(field, entry[field.name]), *words_read(found.get(field.name, ()))]
        yield from _row(field.label, told, left, most)


def _row(label: str, told: Sequence[tuple[str, str]], left: int, most: int) -> Iterator[str]:
    for row in beside(label, told, left, most - 2):
        yield f"  {row}"


def _left(fields: Iterable[Field], most: int) -> int:
    return min(max(width(field.label) for field in fields), most // 3)


def told_of(field: Field, answer: Answer) -> list[tuple[str, str]]:
    """Give an answer line by line, each with its mark: ours for a choice, theirs for what was written."""
    if isinstance(answer, tuple):
        return [(OURS, field.label_of(value)) for value in answer]
    if not field.is_text:
        return [(OURS, field.label_of(answer))]
    return [(WRITTEN, line) for line in harmless_lines(answer)]


def _source(report: Report, most: int) -> Iterator[str]:
    yield from beside(NEVER, [], most, most)
    yield from _consent(report, most)
    for section in sections(Part.SOURCE):
        if section.name != "consent":
            yield from _section(section, report, {}, most)
    if not report.answers.entries("contact"):
        yield ""
        reached = "no way to reach the source" + ("" if report.mailbox is None else " but their mailbox")
        yield from beside(reached, [], most, most)


def _consent(report: Report, most: int) -> Iterator[str]:
    """Give every question of consent, answered or not: silence too means something, as the form says."""
    section = SECTION["consent"]
    entry = next(iter(report.answers.entries(section.name)), {})
    yield from _title(section.title, most)
    left = _left(section.fields, most)
    for field in section.fields:
        yield from _row(field.label, consented(section, field, entry), left, most)


def consented(section: Section, field: Field, entry: Entry) -> list[tuple[str, str]]:
    """Give an answer on consent: what was not ticked is refused; if nothing was, the form says what holds."""
    answer = entry.get(field.name)
    told = [(OURS, LEFT_OPEN)] if answer is None else told_of(field, answer)
    if field.name == "may":
        refused = [choice.label for choice in field.choices if choice.value not in (answer or ())]
        if answer is None:
            told.append((OURS, f'The form says: "{section.note}"'))
        elif refused:
            told.append((OURS, f"Not ticked: {'; '.join(refused)}"))
    return told
