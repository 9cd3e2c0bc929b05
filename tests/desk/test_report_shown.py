"""A structured report at the desk: each answer under its title, danger first, the source apart."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from payload import Answers, Report
from payload.choices import Choice
from payload.outline import SECTIONS, Part, sections
from tests.desk.conftest import DeskUnderTest
from tests.desk.shown import APART, NEVER, full_report, import_, report_of, shown
from tests.payload.reports import plain_report
from tests.payload.sampled import FOLDER


def _choices(report: Report) -> list[Choice]:
    """Give all choices that a report holds."""
    found = []
    for section in SECTIONS:
        for entry in report.answers.entries(section.name):
            for field in section.fields:
                answer = entry.get(field.name, ())
                picked = answer if isinstance(answer, tuple) else (answer,)
                found += [choice for choice in field.choices if choice.value in picked]
    return found


def test_a_full_report_is_shown_in_full_and_in_the_outlines_order(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    report = full_report()
    lines = shown(desk, tmp_path, report)
    told = "\n".join(lines)
    for section in SECTIONS:
        title = f"== {section.title} =="
        assert [line.removeprefix("# ") for line in lines].count(title) == 1
        for field in section.fields:
            assert field.label in told
    for choice in _choices(report):
        assert f"   {choice.label}" in told
    for text in report.answers.texts():
        assert f"| {text}" in told
    titles = [line for line in lines if line.startswith("== ")]
    assert titles[:3] == ["== Danger now ==", f"== {SECTIONS[2].title} ==", "== What happened =="]
    assert [line for line in lines if line.startswith("Person ")] == [
        "Person 1",
        "Person 2",
        "Person or group 1",
        "Person or group 2",
    ]


def test_the_source_is_apart_and_nothing_of_it_stands_elsewhere(desk: DeskUnderTest, tmp_path: Path) -> None:
    report = full_report()
    lines = shown(desk, tmp_path, report)
    start, end = (place for place, line in enumerate(lines) if line == APART)
    assert lines[start + 1] == NEVER
    assert end == len(lines) - 1
    assert all(line.startswith("#") for line in lines[start:])
    assert not [line for line in lines[:start] if line.startswith("#")]
    before = " ".join("\n".join(lines[:start]).replace("|", " ").split())
    for section in sections(Part.SOURCE):
        assert section.title not in before
    for text in report.answers.texts(Part.SOURCE):
        assert text not in before
    assert next(line for line in lines if line.startswith("# ==")) == "# == What we may do with it =="


DANGER = ["!" * 80, f"{'!! DANGER NOW: the source says that someone is in danger now':78}!!", "!" * 80]


def test_danger_stands_above_everything(desk: DeskUnderTest, tmp_path: Path) -> None:
    lines = shown(desk, tmp_path, report_of(danger=({"now": "yes"},)))
    assert [lines[0], lines[1], lines[3]] == DANGER
    assert lines[2].startswith("!! sent 2026-11-22 ")
    assert lines[4].startswith("case ")


@pytest.mark.parametrize("now", ["no", "unknown"])
def test_no_danger_is_no_alarm(desk: DeskUnderTest, tmp_path: Path, now: str) -> None:
    assert shown(desk, tmp_path, report_of(danger=({"now": now},)))[0].startswith("case ")


def test_danger_in_an_earlier_send_is_not_lost(desk: DeskUnderTest, tmp_path: Path) -> None:
    danger = report_of(danger=({"now": "yes"},))
    later = replace(plain_report(files=()), received_on=date(2026, 11, 25))
    lines = shown(desk, tmp_path, danger, later)
    assert lines[1] == DANGER[1]
    assert lines[2].startswith("!! sent 2026-11-22 ")
    again = lines.index("sent again, with other words (2026-11-22):")
    assert "received  2026-11-22" in lines
    assert lines.index("  | A van at the yard again.") < again < lines.index("== Danger now ==")
    assert lines.count(NEVER) == 2


def test_of_two_sends_with_the_same_words_the_one_that_says_more_comes_first(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    bare = plain_report(files=())
    more = replace(bare, answers=Answers({"danger": ({"now": "yes"},)}))
    parcel = desk.parcel()
    parcel.add_report(bare)
    parcel.add_report(more)
    shown = desk.json("show", import_(desk, parcel, tmp_path))
    assert shown["payload"]["report"]["danger"] == {"now": "yes"}


def test_normal_forms_stand_under_what_was_typed_where_they_differ(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    report = replace(
        report_of(
            people=({"telephone": "07400 123456, +447400123457 or 07700 900123"},),
            vehicles=(
                {"registration": "abio cde"},
                {"registration": "AB51 ABC"},
                {"registration": "123OAB"},
                {"registration": "b-mw 1234"},
            ),
            places=({"postcode": "S01 2AB"},),
        ),
        what_happened="ring 020 7946 0000",
    )
    lines = shown(desk, tmp_path, report)
    assert [line.strip() for line in lines if line.lstrip().startswith("= ")] == [
        "= +442079460000 (fixed line)",
        "= SO1 2AB",
        "= +447400123456 (mobile)",
        "= +447700900123 (of no range in use)",
        "= AB10CDE (current)",
        "= 123OAB (dateless) or 1230AB (dateless)",
    ]
    typed = next(line for line in lines if "| abio cde" in line)
    assert lines[lines.index(typed) + 1].index("=") == typed.index("|")


def test_a_flood_of_numbers_does_not_bury_the_report(desk: DeskUnderTest, tmp_path: Path) -> None:
    report = plain_report(files=(), what_happened="07400 123456\n" * 500)
    lines = shown(desk, tmp_path, report)
    read = [line for line in lines if line.startswith("  = ")]
    assert len(read) == 21
    assert read[-1] == "  = and 480 more: `show --json` has them all"


def test_captions_stand_beside_their_files(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    sent = parcel.add("one", [("a.jpg", b"a"), ("b.jpg", b"b")])
    parcel.members = {name: data for name, data in parcel.members.items() if name.startswith("blob/")}
    first, second = sent.files
    captioned = replace(sent, files=(replace(first, caption="the gate\nring 07400 123456"), second))
    other = replace(sent, files=(replace(first, caption="the yard\x1b"), second))
    parcel.add_report(other)
    parcel.add_report(captioned)
    case = import_(desk, parcel, tmp_path)
    lines = desk.done("show", case).splitlines()
    start = next(place for place, line in enumerate(lines) if "| a.jpg" in line)
    assert lines[start + 1 : start + 6] == [
        "      shows     | the gate",
        "                | ring 07400 123456",
        "                = +447400123456 (mobile)",
        "      shows     | the yard<U+001B>",
        next(line for line in lines if "| b.jpg" in line),
    ]
    fullest = ["the gate\nring 07400 123456", ""]
    assert [file["caption"] for file in desk.json("show", case)["attachments"]] == fullest
    saved = desk.json("files", case, "--out", tmp_path / "saved")
    assert [file["caption"] for file in saved] == fullest
    assert json.loads((tmp_path / "saved/LIST.json").read_text()) == saved


@pytest.mark.parametrize("sample", ["report-1-full", "report-1-minimal", "report-1-otherwise"])
def test_a_report_of_schema_1_is_shown_as_it_always_was(
    desk: DeskUnderTest, tmp_path: Path, sample: str
) -> None:
    parcel = desk.parcel()
    body = (FOLDER / f"{sample}.json").read_bytes()
    parcel.add_body(body)
    case = import_(desk, parcel, tmp_path)
    lines = desk.done("show", case).splitlines()
    written = lines[lines.index("") + 1 :]
    assert written
    assert all(line.startswith("  | ") for line in written)
    sent = json.loads(body)
    for file in sent["files"]:
        del file["key"]
    shown = desk.json("show", case)
    assert shown["payload"] == sent
    assert shown["normalised"].keys() == {"telephone", "registration", "postcode", "what3words", "day"}


@pytest.mark.parametrize("sample", ["report-2-full", "report-2-minimal", "report-2-otherwise"])
def test_a_sample_of_schema_2_is_shown_and_given_as_json(
    desk: DeskUnderTest, tmp_path: Path, sample: str
) -> None:
    parcel = desk.parcel()
    body = (FOLDER / f"{sample}.json").read_bytes()
    parcel.add_body(body)
    case = import_(desk, parcel, tmp_path)
    assert NEVER in desk.done("show", case).splitlines()
    sent = json.loads(body)
    for file in sent["files"]:
        del file["key"]
    assert desk.json("show", case)["payload"] == sent


def test_the_json_has_the_payload_as_sent_and_beside_it_what_was_normalised(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    report = replace(
        report_of(
            vehicles=({"registration": "AB1? C?E or abio cde"},),
            contact=({"how": "07400 123456"},),
        ),
        what_happened="ring 07700 900123",
    )
    parcel = desk.parcel()
    parcel.add_report(report)
    shown = desk.json("show", import_(desk, parcel, tmp_path))
    expected = json.loads(report.to_bytes())
    del expected["mailbox"]
    assert shown["payload"] == expected
    assert shown["normalised"] == {
        "telephone": [
            {
                "where": "report.what_happened",
                "as_typed": "07700 900123",
                "readings": [{"value": "+447700900123", "forms": ["unknown"], "valid": False}],
            }
        ],
        "registration": [
            {
                "where": "report.vehicles[0].registration",
                "as_typed": typed,
                "readings": [{"value": value, "forms": ["current"], "valid": True}],
            }
            for typed, value in (("AB1? C?E", "AB1?C?E"), ("abio cde", "AB10CDE"))
        ],
        "postcode": [],
        "what3words": [],
        "day": [],
    }
    assert shown["sends"][0]["normalised"] == shown["normalised"]


def test_a_list_begins_with_the_first_answer_where_there_is_no_text(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = desk.parcel()
    parcel.add_report(
        report_of(you=({"how_known": "a secret"},), people=({"names": "Bo"},), when=({"date": "in\nMay"},))
    )
    import_(desk, parcel, tmp_path)
    (case,) = desk.json("list")
    assert case["begins"] == "in May"
    assert desk.done("list").splitlines()[1].endswith("  in May")
