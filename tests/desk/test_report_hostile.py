"""Whatever stands in a report, and however much: it is read behind its bars, within its columns, harmless."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from desk.columns import width
from desk.report import alarm_lines, report_lines
from payload import Answers, Report
from payload.limits import MAX_ENTRIES, MAX_SHORT
from payload.outline import SECTIONS, Part, sections
from tests.counts import count
from tests.desk.conftest import DeskUnderTest
from tests.desk.shown import full_report, import_, shown
from tests.payload.reports import plain_report, reports

NASTY = "\x1b]0;x\x07 \u202e \x9b2J \r over\ncase      aaaaaaaaaa\n# ==\n!! DANGER\n== x\n\u2028= +44"


def _hostile(text: str, entries: int) -> Report:
    """Give a report with one text in every answer, and as many entries as there can be."""
    answers = {
        section.name: tuple(
            {field.name: text[:MAX_SHORT] for field in section.fields if field.is_text}
            for _ in range(entries if section.one else 1)
        )
        for section in SECTIONS
        if any(field.is_text for field in section.fields)
    }
    return plain_report(files=(), what_happened=text, answers=Answers(answers))


@pytest.mark.parametrize("columns", [30, 80])
def test_no_answer_can_act_on_the_terminal_or_pass_for_the_desks_words(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = shown(desk, tmp_path, _hostile(NASTY, 2))
    for line in lines:
        assert all(unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} for char in line)
        assert width(line) <= columns
        assert not line.startswith(("!!", "= "))
        for forged in ("aaaaaaaaaa", "DANGER", "U+001B"):
            assert forged not in line or "| " in line[: line.index(forged)]
    told = [line for line in lines if line.startswith("# ==")]
    assert len(told) == len(list(sections(Part.SOURCE)))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("\u0301" * 100_000, 1),
        ("a" + "\u0301" * 99_999, 1),
        ("\u202e" * 100_000, None),
        ("\U0001f600" * 100_000, None),
    ],
    ids=["marks", "letter", "bidi", "wide"],
)
def test_a_hundred_thousand_of_one_character_stay_behind_their_bars(
    desk: DeskUnderTest, tmp_path: Path, text: str, rows: int | None
) -> None:
    lines = shown(desk, tmp_path, _hostile(text, 1))
    start = lines.index("== What happened ==") + 1
    written = lines[start : lines.index("", start)]
    assert rows is None or len(written) == rows
    assert all(line.startswith("  | ") for line in written)
    assert max(map(width, lines)) <= 80
    assert max(map(len, lines)) < 200


def test_fifty_entries_of_each_are_shown_with_their_numbers(desk: DeskUnderTest, tmp_path: Path) -> None:
    report = _hostile("x", MAX_ENTRIES)
    lines = shown(desk, tmp_path, report)
    for section in SECTIONS:
        if section.one:
            assert [lines.count(f"{section.one} {number}") for number in (1, 2, 49, 50, 51)] == [
                1,
                1,
                1,
                1,
                0,
            ]


@settings(max_examples=count(20, 300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(report=reports)
def test_any_report_is_shown_within_its_columns(report: Report) -> None:
    for columns in (30, 80):
        lines = [*alarm_lines([report], columns), *report_lines(report, columns)]
        assert all(width(line) <= columns for line in lines)
        assert all(
            unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} or char in "\u200c\u200d"
            for line in lines
            for char in line
        )


def test_a_terminal_without_the_characters_shows_what_it_can(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_report(full_report())
    case = import_(desk, parcel, tmp_path)
    run = desk.process("show", case, PYTHONIOENCODING="ascii", PYTHONUTF8="0", COLUMNS="60")
    assert run.returncode == 0, run.stderr
    assert max(map(len, run.stdout.splitlines())) <= 60


def test_a_list_needs_nothing_that_only_show_needs(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_report(full_report())
    case = import_(desk, parcel, tmp_path)
    for command, loaded in ((["list"], False), (["list", "--json"], False), (["show", case], True)):
        run = desk.process(*command, PYTHONPROFILEIMPORTTIME="1")
        assert run.returncode == 0
        assert ("phonenumbers" in run.stderr, "desk.normalise" in run.stderr) == (loaded, loaded)
