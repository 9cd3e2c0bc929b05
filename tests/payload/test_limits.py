"""Every limit holds at its edge: what reaches it is written and read back, what is one beyond is refused.

The numbers stand here once more: a limit of a schema that was in use is for ever.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import payload
from payload import Answers, BadPayload, Report
from payload.limits import MAX_BODY
from payload.outline import SECTIONS, Field, Kind, Section
from tests.payload.contacts import plain_contact
from tests.payload.letters import plain_follow_up
from tests.payload.reports import plain_file, plain_report

MOST = {Kind.SHORT: 300, Kind.LONG: 5_000}
TEXT, WORDS = 100_000, 400_000
ENTRIES, FILES = 50, 40

REPEATED = [section for section in SECTIONS if section.one]
ASKED = [(section, field) for section in SECTIONS for field in section.fields if field.is_text]


def _place(section: Section, index: int = 0) -> str:
    return f"{section.part}.{section.name}" + (f"[{index}]" if section.one else "")


def _name(value: object) -> str | None:
    return value.name if isinstance(value, (Section, Field)) else None


@pytest.mark.parametrize(("section", "field"), ASKED, ids=_name)
def test_an_answer_has_so_many_characters_at_most(section: Section, field: Field) -> None:
    # Counted as people count, not as bytes or UTF-16 do.
    text = "🙂" * MOST[field.kind]
    for fits in (text[1:], text):
        _fits(plain_report(answers=Answers({section.name: ({field.name: fits},)})))
    too_long = f"is longer than {MOST[field.kind]:,} characters"
    where = f"{_place(section)}.{field.name}"
    _refused(lambda: Answers({section.name: ({field.name: text + "🙂"},)}), where, too_long)
    whole = plain_report(answers=Answers({section.name: ({field.name: text},)}))
    _refused(lambda: payload.read(None, _longer(whole)), where, too_long)


@pytest.mark.parametrize("section", REPEATED, ids=_name)
def test_a_section_has_so_many_entries_at_most(section: Section) -> None:
    name = next(field.name for field in section.fields if field.is_text)
    entry = {name: "x"}
    for number in (ENTRIES - 1, ENTRIES):
        _fits(plain_report(answers=Answers({section.name: (entry,) * number})))
    where = f"{section.part}.{section.name}"
    _refused(lambda: Answers({section.name: (entry,) * (ENTRIES + 1)}), where, "holds more than 50")
    body = plain_report(answers=Answers({section.name: (entry,) * ENTRIES})).to_bytes().decode()
    more = body.replace(f'[{{"{name}"', f'[{{"{name}":"x"}},{{"{name}"', 1).encode()
    _refused(lambda: payload.read(None, more), where, "holds more than 50")


@pytest.mark.parametrize(
    ("most", "made", "where"),
    [
        (TEXT, lambda text: plain_report(what_happened=text), "report.what_happened"),
        (1_000, lambda text: plain_report(files=(plain_file(name=text),)), "name"),
        (255, lambda text: plain_report(files=(plain_file(type=text),)), "type"),
        (300, lambda text: plain_report(files=(plain_file(caption=text),)), "caption"),
        (20_000, lambda text: plain_contact(message=text), "contact.message"),
        (200, lambda text: plain_contact(topic=text), "contact.topic"),
        (500, lambda text: plain_contact(reach=text), "source.reach"),
        (TEXT, lambda text: plain_follow_up(text=text), "follow_up.text"),
    ],
    ids=["what_happened", "name", "type", "caption", "message", "topic", "reach", "follow_up"],
)
def test_a_text_has_so_many_characters_at_most(
    most: int, made: Callable[[str], payload.Payload], where: str
) -> None:
    for number in (most - 1, most):
        _fits(made("🙂" * number))
    _refused(lambda: made("🙂" * (most + 1)), where, f"is longer than {most:,} characters")
    whole = made("🙂" * most)
    in_file = "files[0]." if "." not in where else ""
    _refused(
        lambda: payload.read(None, _longer(whole)), in_file + where, f"is longer than {most:,} characters"
    )


def test_a_report_has_so_many_files_at_most() -> None:
    files = tuple(plain_file(blob=bytes([number]) * 16) for number in range(FILES + 1))
    for number in (FILES - 1, FILES):
        _fits(plain_report(files=files[:number]))
    _refused(lambda: plain_report(files=files), "files", "holds more than 40")


def test_a_report_has_so_many_characters_at_most_in_all() -> None:
    report = plain_report(what_happened="x" * TEXT, answers=_long_answers(60))
    assert TEXT + sum(map(len, report.answers.texts())) == WORDS
    _fits(report)
    _fits(replace(report, what_happened="x" * (TEXT - 1)))
    one_more = Answers({**_entries(report.answers), "when": ({"date": "x"},)})
    too_much = "holds more than 400,000 characters"
    _refused(lambda: replace(report, answers=one_more), "", too_much)
    # What tells of the source counts as well, and choices do not.
    _refused(
        lambda: replace(report, answers=Answers({**_entries(report.answers), "contact": ({"how": "x"},)})),
        "",
        too_much,
    )
    _fits(replace(report, answers=Answers({**_entries(report.answers), "danger": ({"now": "no"},)})))
    body = report.to_bytes().replace(b'"places":', b'"when":{"date":"x"},"places":', 1)
    _refused(lambda: payload.read(None, body), "", too_much)


def _long_answers(number: int) -> Answers:
    long = "y" * MOST[Kind.LONG]
    return Answers({
        "places": ({"what_happens": long},) * ENTRIES,
        "in_need": ({"condition": long},) * (number - ENTRIES),
    })  # fmt: skip


def _entries(answers: Answers) -> dict[str, tuple[payload.answers.Entry, ...]]:
    return {section.name: found for section in SECTIONS if (found := answers.entries(section.name))}


def _longer(made: payload.Payload) -> bytes:
    """Give the JSON of a payload with one character more in its text of smiling faces."""
    return made.to_bytes().replace("🙂".encode(), "🙂🙂".encode(), 1)


# ---- all limits at once


def test_a_report_with_every_limit_reached_and_every_character_escaped_fits_and_leaves_room() -> None:
    # A control character takes six bytes of JSON, more than any other.
    answers = Answers(_filled(WORDS - TEXT))
    files = tuple(
        plain_file(
            blob=bytes([number]) * 16,
            name="\x01" * 1_000,
            type="\x01" * 255,
            caption="\x01" * 300,
            size=2**63 - 1,
        )
        for number in range(FILES)
    )
    report = plain_report(
        what_happened="\x01" * TEXT, answers=answers, files=files, language="en-" + "-".join(["a" * 7] * 4)
    )
    assert len(report.language) == 34
    assert len(report.what_happened) + sum(map(len, answers.texts())) == WORDS
    assert all(len(answers.entries(section.name)) == section.most for section in SECTIONS)
    body = report.to_bytes()
    assert len(body) < 3 * 2**20 < MAX_BODY
    assert payload.read("report", body) == report


def _filled(budget: int) -> dict[str, tuple[dict[str, str | tuple[str, ...]], ...]]:
    """Answer every question of every entry, with texts as long as they may be while the budget lasts."""
    texts = list(_lengths(budget))
    return {
        section.name: tuple(
            {
                field.name: "\x01" * texts.pop() if field.is_text else _every_choice(field)
                for field in section.fields
            }
            for _ in range(section.most)
        )
        for section in SECTIONS
    }


def _lengths(budget: int) -> Iterator[int]:
    """Give the length of each text, the last one first: one character at least is left for each."""
    mosts = [
        MOST[field.kind]
        for section in SECTIONS
        for _ in range(section.most)
        for field in section.fields
        if field.is_text
    ]
    for left, most in reversed(list(enumerate(mosts))):
        length = min(most, budget - left)
        budget -= length
        yield length


def _every_choice(field: Field) -> str | tuple[str, ...]:
    values = tuple(choice.value for choice in field.choices)
    return values if field.kind is Kind.SEVERAL else max(values, key=len)


def _fits(made: payload.Anything) -> None:
    assert payload.read(made.kind, made.to_bytes()) == made


def _refused(attempt: Callable[[], object], where: str, what: str) -> None:
    with pytest.raises(BadPayload) as refused:
        attempt()
    assert (refused.value.where, refused.value.what) == (where, what)


def test_a_report_of_the_first_schema_has_the_same_limits() -> None:
    full = plain_report(what_happened="x" * TEXT, files=(), mailbox=None)
    body = full.to_bytes().replace(b'"schema":2', b'"schema":1')
    assert payload.read("report", body) == full
    longer = body.replace(b'"x', b'"xx', 1)
    _refused(lambda: payload.read(None, longer), "report.what_happened", "is longer than 100,000 characters")


def test_bytes_are_counted_before_anything_is_read() -> None:
    body = plain_report().to_bytes()
    padded = body + b" " * (MAX_BODY - len(body))
    assert isinstance(payload.read("report", padded), Report)
    _refused(lambda: payload.read("report", padded + b" "), "", "longer than 4,194,304 bytes")
