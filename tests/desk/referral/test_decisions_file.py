"""The file of decisions: more can be taken out in it, and it shows what the pack will say."""

import json
from pathlib import Path

import pytest

from payload import Answers
from payload.changes import Text
from tests.desk.conftest import DeskUnderTest
from tests.desk.referral.test_refer import TO, filled, opened, read, sent
from tests.payload.reports import plain_report

WISH = (*TO, "--grade", "2BP")


@pytest.fixture
def case(desk: DeskUnderTest, tmp_path: Path) -> str:
    answers = Answers({"people": ({"names": "Dave", "age": "18-24"},), "danger": ({"now": "yes"},)})
    report = plain_report(files=(), what_happened="They wait. The clerk in red knows.", answers=answers)
    return sent(desk, tmp_path, report)


def test_it_takes_out_more_and_shows_what_will_be_said(
    desk: DeskUnderTest, case: str, tmp_path: Path
) -> None:
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "out.zip"
    desk.done("refer", case, *WISH, "--write-decisions", first)
    held = json.loads(filled(first).read_text())
    assert held["will_say"] == []
    for text in held["more"]:
        text["leave_out"] = text["label"] == "Names and nicknames"
        text["take_out"] = ["the clerk  in red"] if "clerk" in text["text"] else []
    # It need not be read before it was shown.
    next(one for one in held["questions"] if one["key"] == "read")["yes"] = False
    first.write_text(json.dumps(held))
    desk.done("refer", case, *WISH, "--decisions", first, "--write-decisions", second)
    shown = json.loads(second.read_text())
    assert "In their words: They wait. [left out] knows." in shown["will_say"]
    assert "The source says that someone is in danger now." in shown["will_say"]
    assert any(line.startswith("Passed on: ") for line in shown["will_say"])
    assert not any("Dave" in line or "clerk" in line for line in shown["will_say"])
    assert desk.run("refer", case, *WISH, "--decisions", second, "--out", out).status == 1
    desk.done("refer", case, *WISH, "--decisions", filled(second), "--out", out)
    held_out = read(out)["referral.json"].decode()
    assert "Dave" not in held_out
    assert "clerk" not in held_out
    assert "18 to 24" in held_out


def test_danger_tells_the_day_unless_the_month_is_said(
    desk: DeskUnderTest, case: str, tmp_path: Path
) -> None:
    for more, said in ((), "on "), (("--month",), "in "):
        path, out = tmp_path / f"decisions{said}", tmp_path / f"{said}.zip"
        desk.done("refer", case, *WISH, *more, "--write-decisions", path)
        on = ("--passed-on", "2026-11-23")
        desk.done("refer", case, *WISH, *more, *on, "--decisions", filled(path), "--out", out)
        told = json.loads(read(out)["referral.json"])
        assert told["first"][-1].startswith(f"Received {said}")
        assert told["passed_on"] == "23 November 2026"
    answer = desk.run("refer", case, *WISH, "--passed-on", "23.11.", "--write-decisions", tmp_path / "no")
    assert (answer.status, "is no day" in answer.err) == (1, True)


def test_a_second_person_stands_in_the_file_and_in_the_notes(desk: DeskUnderTest, tmp_path: Path) -> None:
    answers = Answers({"consent": ({"to": "some", "agencies": "Unseen"},)})
    case = sent(desk, tmp_path, plain_report(files=(), what_happened="They wait.", answers=answers))
    path, out = tmp_path / "decisions", tmp_path / "out.zip"
    desk.done("refer", case, *WISH, "--write-decisions", path)
    held = json.loads(filled(path).read_text())
    (one,) = [one for one in held["questions"] if one["second_is_asked_for"]]
    one["because"] = "They gave it this name on their leaflet."
    path.write_text(json.dumps(held))
    wish = ("refer", case, *WISH, "--decisions", path, "--by", "Ann")
    assert "nobody else agrees" in desk.run(*wish, "--out", out).err
    for second, status in ((" ann", 1), ("Ben", 0)):
        one["second"] = second
        path.write_text(json.dumps(held))
        assert desk.run(*wish, "--out", out).status == status
    notes = [note.change.text for note in opened(desk, case).notes if isinstance(note.change, Text)]
    assert any("(Ben agrees.)" in text for text in notes)
