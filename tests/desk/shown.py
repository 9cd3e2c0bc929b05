"""Structured reports for tests of the desk, and what `show` prints of them."""

from pathlib import Path

from payload import Answers, Report
from payload.answers import Answer, Entry
from payload.outline import SECTIONS, Field, Kind, Section
from tests.desk.bundles import Parcel
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report

APART = "#" * 80
NEVER = "# ABOUT THE SOURCE: NEVER PASS THIS ON WITHOUT THEIR CONSENT"


def import_(desk: DeskUnderTest, parcel: Parcel, tmp_path: Path) -> str:
    """Import a bundle, and give the name of its first case."""
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    return str(desk.json("list")[0]["case"])


def shown(desk: DeskUnderTest, tmp_path: Path, *sent: Report) -> list[str]:
    """Import what was sent, of one draft, and give the rows that `show` prints."""
    parcel = desk.parcel()
    for report in sent:
        parcel.add_report(report)
    return desk.done("show", import_(desk, parcel, tmp_path)).splitlines()


def report_of(**answers: tuple[Entry, ...]) -> Report:
    """Give a report without text and files, with these answers."""
    return plain_report(files=(), what_happened="", answers=Answers(answers))


def full_report() -> Report:
    """Give a report in which every question has an answer, and what there can be several of stands twice."""
    answers = {
        section.name: tuple(
            {field.name: _answer(section, field, number) for field in section.fields}
            for number in range(1, 3 if section.one else 2)
        )
        for section in SECTIONS
    }
    return plain_report(files=(), answers=Answers(answers))


def _answer(section: Section, field: Field, number: int) -> Answer:
    if field.is_text:
        return f"{section.name} {field.name} {number}"
    values = tuple(choice.value for choice in field.choices)
    return values if field.kind is Kind.SEVERAL else values[-1]
