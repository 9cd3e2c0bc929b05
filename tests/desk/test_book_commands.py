"""All that staff notes can be noted on the command line, and no word of it has to stand there."""

from pathlib import Path

import pytest

from desk.book.parsing import STAFF
from tests.desk.booked import booked, case_with, three_cases, typed
from tests.desk.conftest import DeskUnderTest


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskUnderTest:
    monkeypatch.setenv(STAFF, "Ann")
    return three_cases(desk, tmp_path)


@pytest.fixture
def case(filled: DeskUnderTest) -> str:
    return case_with(booked(filled), "A van").name


def test_a_note_is_shown_with_its_author(
    filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed(monkeypatch, filled, "Rang them.\r\n\x1b[31mTwice.\n", "note", case[:6]).status == 0
    assert typed(monkeypatch, filled, "And wrote.", "note", case, "--by", "Bob").status == 0
    shown = filled.done("show", case)
    assert "by Ann\n  | Rang them.\n  | <U+001B>[31mTwice.\n" in shown
    assert "by Bob\n  | And wrote.\n" in shown
    told = filled.json("show", case)
    assert [one["change"]["text"] for one in told["notes"]] == ["Rang them.\n\x1b[31mTwice.", "And wrote."]


def test_a_case_is_marked(filled: DeskUnderTest, case: str) -> None:
    other = case_with(booked(filled), "Three").name
    told = filled.json(
        "mark", case, "--status", "waiting", "--owner", "Bo", "--tag", "farm", "--tag", "new", "--read"
    )
    assert (told["status"], told["owner"], told["tags"], told["unread"]) == (
        "waiting",
        "Bo",
        ["farm", "new"],
        False,
    )
    told = filled.json("mark", case, "--owner", "", "--untag", "new", "--unread", "--same-as", other[:5])
    assert (told["owner"], told["tags"], told["unread"]) == ("", ["farm"], False)
    assert told["group"] == f"same as {other}"
    assert filled.json("mark", case, "--no-group")["group"] == ""
    assert filled.json("mark", case, "--spam")["group"] == "spam"
    assert filled.json("show", case)["work"]["status"] == "waiting"
    assert filled.run("mark", case).status == 1
    assert "  spam  " in filled.done("list")


def test_a_grade_on_conditions_needs_them(
    filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade = ("grade", case, "--source", "2", "--information", "B", "--handling")
    assert typed(monkeypatch, filled, "", *grade, "C").status == 1
    assert filled.json("show", case)["work"]["grade"] is None
    assert typed(monkeypatch, filled, "To the police alone.\n", *grade, "C").status == 0
    assert filled.json("show", case)["work"]["grade"] == {
        "source": 2,
        "information": "B",
        "handling": "C",
        "conditions": "To the police alone.",
        "code": "2BC",
    }
    assert "graded    2BC" in filled.done("show", case)


def test_tasks_and_a_timeline(filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(monkeypatch, filled, "Ring the council\n", "task", case, "--due", "2026-12-01").status == 0
    assert typed(monkeypatch, filled, "Write", "task", case).status == 0
    assert typed(monkeypatch, filled, "It came first", "event", case, "--on", "2026-05").status == 0
    work = filled.json("show", case)["work"]
    assert [(task["title"], task.get("due")) for task in work["tasks"]] == [
        ("Ring the council", "2026-12-01"),
        ("Write", None),
    ]
    assert work["timeline"] == [{"on": "2026-05", "text": "It came first"}]
    letters = work["tasks"][0]["task_id"][:6]
    assert f"task {letters}  to do, by 2026-12-01  | Ring the council" in filled.done("show", case)
    filled.done("task", case, "--done", letters)
    assert [task["done"] for task in filled.json("show", case)["work"]["tasks"]] == [False, True]
    assert filled.run("task", case, "--done", "zz").status == 1
    assert filled.run("task", case, "--done", "").status == 1
    assert typed(monkeypatch, filled, "It came again", "event", case, "--on", "3 June 2026").status == 0
    assert filled.json("show", case)["work"]["timeline"][-1]["on"] == "2026-06-03"
    for wrong in (("task", case, "--due", "May"), ("event", case, "--on", "2026-02-30")):
        assert typed(monkeypatch, filled, "x", *wrong).status == 1


def test_a_locked_file_is_not_saved(
    filled: DeskUnderTest, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed(monkeypatch, filled, "A child is to be seen", "lock", case, "--file", "1").status == 0
    answer = filled.run("files", case, "--out", tmp_path / "saved")
    assert answer.status == 1
    assert "not saved, locked" in answer.out
    assert not (tmp_path / "saved" / "van.txt").exists()
    assert (tmp_path / "saved" / "b.txt").read_bytes() == b"more"
    assert "| A child is to be seen" in filled.done("show", case)
    unlock = ("unlock", case, "--file", "1", "--with", "Bob")
    with pytest.raises(SystemExit):
        filled.run(*unlock[:4])
    assert typed(monkeypatch, filled, "A reason", *unlock[:5], " ").status == 1
    assert typed(monkeypatch, filled, " ", *unlock).status == 1
    assert filled.run("files", case, "--out", tmp_path / "still").status == 1
    assert typed(monkeypatch, filled, "It is a van", *unlock).status == 0
    assert "| It is a van (agreed with Bob)" in filled.done("show", case)
    filled.done("files", case, "--out", tmp_path / "again")
    assert typed(monkeypatch, filled, "", "lock", case).status == 0
    assert filled.run("files", case, "--out", tmp_path / "third").status == 1
    assert not (tmp_path / "third" / "b.txt").exists()
    assert typed(monkeypatch, filled, "", "lock", case, "--file", "3").status == 1


def test_the_inbox_and_the_search(filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.done("mark", case, "--read", "--status", "reading")
    assert [one["case"] for one in filled.json("inbox", "--status", "reading")] == [case]
    assert case not in filled.done("inbox", "--unread")
    assert filled.done("inbox", "--urgent", "danger") == "no case fits\n"
    assert filled.run("inbox", "--since", "May").status == 1
    assert [one["case"] for one in filled.json("search", "yard", "van")] == [case]
    told = typed(monkeypatch, filled, "YARD\n", "search")
    assert f"{case}  " in told.out
    assert "  | A van at the yard" in told.out
    assert filled.done("search", "nothing") == "no case has all of these words\n"


def test_groups_of_the_same_words(desk: DeskUnderTest, tmp_path: Path) -> None:
    assert desk.done("inbox", "--alike") == "no two cases are in nearly the same words\n"
    parcel = desk.parcel()
    for _ in range(2):
        parcel.add("the very same words of somebody who wants to be heard at last and writes and writes")
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    assert desk.done("inbox", "--alike").startswith("2 cases in nearly the same words:\n")
    assert [len(group) for group in desk.json("inbox", "--alike")] == [2]


def test_an_investigation(filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled.done("investigation", "list") == "no investigations yet: investigation new\n"
    assert typed(monkeypatch, filled, "The yard\n", "investigation", "new").status == 0
    (one,) = filled.json("investigation", "list")
    id_ = one["id"][:6]
    filled.done("investigation", "add", id_, case)
    for words, *arguments in (
        ("Who owns it?\nRing them.", "note", id_),
        ("Ask the council", "task", id_, "--due", "2026-12-01"),
        ("The van came first", "event", id_, "--on", "2026-05"),
        ("Jo\nneighbour\n0116 496 0000", "person", id_),
        ("Al", "person", id_),
        ("Al", "person", id_, "--remove"),
        ("The yard in Boston\nAll of it.", "change", id_),
    ):
        assert typed(monkeypatch, filled, words, "investigation", *arguments).status == 0
    shown = filled.done("investigation", "show", id_)
    for part in (
        "open  | The yard in Boston",
        "  | All of it.",
        f"cases     {case}",
        "person    | Jo (neighbour; 0116 496 0000)",
        "to do, by 2026-12-01  | Ask the council",
        "2026-05     | The van came first",
        "  | Who owns it?",
    ):
        assert part in shown
    assert "Al" not in [person["name"] for person in filled.json("investigation", "show", id_)["people"]]
    filled.done("investigation", "close", id_)
    assert "closed  1 case, 1 task to do  | The yard in Boston" in filled.done("investigation", "list")
    filled.done("investigation", "open", id_)
    filled.done("investigation", "remove", id_, case)
    assert filled.json("investigation", "show", "the yard in boston")["cases"] == []
    assert filled.run("investigation", "show", "ff" * 16).status == 1


@pytest.mark.parametrize("words", ["", " \n", "x" * 100_001])
def test_no_words_or_too_many_note_nothing(
    filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    answer = typed(monkeypatch, filled, words, "note", case)
    assert answer.status == 1
    assert filled.json("show", case)["notes"] == []


def test_what_is_no_text_is_told_without_it(
    filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe words"), "utf-8"))
    answer = filled.run("note", case)
    assert (answer.status, "words" in answer.err) == (1, False)


def test_an_author_that_is_too_long_is_told(
    filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = typed(monkeypatch, filled, "words", "note", case, "--by", "x" * 65)
    assert answer.status == 1
    assert "nothing was noted: author: is longer than 64 characters" in answer.err


def test_notes_of_months_without_a_key_are_counted_and_no_case(
    filled: DeskUnderTest, case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from desk import cli

    other = tmp_path / "other"
    assert cli.main(["--home", str(other), "init", "--practice"]) == 0
    assert typed(monkeypatch, filled, "words", "note", case).status == 0
    (note,) = booked(filled).case(case).case.notes
    stranger = DeskUnderTest(other, filled.capsys)
    (other / "casebook" / "env").mkdir(parents=True)
    source = filled.home / "casebook" / "env" / note.digest
    (other / "casebook" / "env" / note.digest).write_bytes(source.read_bytes())
    answer = stranger.run("list")
    assert answer.out == "no cases yet: import a bundle\n"
    assert "1 note did not open" in answer.err
    assert booked(stranger).closed_notes == 1
