"""Whom a reply goes to is said before it goes, for two people may have sent one form; it may be withdrawn."""

import re
from pathlib import Path

import pytest

from desk.home import Home
from desk.importing import import_bundle
from payload import Answers
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, answered, exported, read_in, slots_of, took_in, wrote

DRAFT = b"d" * 16


def test_a_case_whose_reports_differ_is_answered_only_by_choice(desk: DeskUnderTest, tmp_path: Path) -> None:
    first, second = Source(), Source()
    case = took_in(
        desk,
        tmp_path,
        first.report(DRAFT, "My boss hits us."),
        second.report(DRAFT, "The neighbours at number 4."),
        second.follow_up(b"f" * 16, "more"),
    )
    words = wrote(tmp_path, "To the first.")
    answer = desk.run("reply", case, "--text-file", words)
    assert answer.status == 1
    assert "2 mailboxes" in answer.err
    assert "--mailbox N" in answer.err
    shown = desk.done("show", case)
    assert "mailboxes 2: what was sent with them differs" in shown
    by_words = {one["begins"]: one["number"] for one in desk.json("show", case)["answered_to"]}
    for text, number in by_words.items():
        assert any(
            line.startswith(f"  {number}  2") and line.endswith(f"| {text}") for line in shown.splitlines()
        )
        assert text in answer.err
    assert f", from mailbox {by_words['The neighbours at number 4.']}" in shown
    assert re.search(r"sent again, with other words \([0-9-]+, mailbox [12]\):", shown)
    number = by_words["My boss hits us."]
    told = desk.done("reply", case, "--text-file", words, "--mailbox", number)
    assert "the reply goes to 1 mailbox\n" in told
    bundle = exported(desk, tmp_path)
    assert [reply.text for _, reply in read_in(first, desk, bundle)] == ["To the first."]
    assert read_in(second, desk, bundle) == []
    answered(desk, tmp_path, case, "To both.", "--all")
    both = exported(desk, tmp_path, "both.tar")
    assert (len(slots_of(first, both)), len(slots_of(second, both))) == (2, 1)


def test_answers_that_differ_are_other_words_too(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(
        desk,
        tmp_path,
        Source().report(DRAFT, answers=Answers({"danger": ({"now": "yes"},)})),
        Source().report(DRAFT, answers=Answers({"danger": ({"now": "no"},)})),
    )
    assert desk.run("reply", case, "--text-file", wrote(tmp_path, "Hello")).status == 1


def test_a_mailbox_that_the_case_has_not_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    for number in (0, 2, -1):
        answer = desk.run("reply", case, "--text-file", wrote(tmp_path, "Hello"), f"--mailbox={number}")
        assert (answer.status, f"no mailbox {number}" in answer.err) == (1, True)
    assert desk.json("reply", case, "--text-file", wrote(tmp_path, "Hello"), "--mailbox", 1)["mailboxes"] == 1


def test_a_strangers_first_words_cannot_pass_for_the_desks(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(
        desk,
        tmp_path,
        Source().report(DRAFT, "one\x1b[2J\ndesk: error: nothing"),
        Source().report(DRAFT, "x" * 500),
    )
    err = desk.run("reply", case, "--text-file", wrote(tmp_path, "Hello")).err
    assert "\x1b" not in err
    assert sum(line.startswith("desk: error") for line in err.splitlines()) == 1


def test_the_names_that_the_source_sees_are_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    file = tmp_path / "interview with Ann.txt"
    file.write_bytes(b"x")
    told = desk.done("reply", case, "--text-file", wrote(tmp_path, "Hello"), "--file", file)
    assert "under the names that the source will see:\n  | interview with Ann.txt\n" in told
    assert "a reply cannot be taken back once it has left with an export" in told


def test_a_reply_is_taken_back_until_it_is_in_an_export(desk: DeskUnderTest, tmp_path: Path) -> None:
    first, second = Source(), Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"x")
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, first.report(DRAFT), second.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "gone out")
    exported(desk, tmp_path, "first.tar")
    answered(desk, tmp_path, case, "to the wrong person", "--file", file)
    assert desk.json("reply", case, "--withdraw") == {"case": case, "withdrawn": 2}
    answer = desk.run("reply", case, "--withdraw")
    assert (answer.status, "no reply in case" in answer.err) == (1, True)
    bundle = exported(desk, tmp_path, "second.tar")
    assert {reply.text for one in (first, second) for _, reply in read_in(one, desk, bundle)} == {"gone out"}
    assert not [name for name in bundle.members if name.startswith("blob/")]
    assert "withdrawn before it left" in desk.done("show", case)
    assert sorted((one["exported"], one["withdrawn"]) for one in desk.json("show", case)["replies"]) == [
        (0, 2),
        (2, 0),
    ]


def test_what_is_withdrawn_is_not_written_as_well(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    answer = desk.run("reply", case, "--withdraw", "--text-file", wrote(tmp_path, "Hello"))
    assert (answer.status, "takes a reply back" in answer.err) == (1, True)


def test_replies_survive_a_lost_memory_and_are_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    parcel = desk.parcel()
    case = took_in(desk, tmp_path, source.report(DRAFT), parcel=parcel)
    answered(desk, tmp_path, case, "Hello", "--file", file)
    before = sorted(path.name for path in (desk.home / "outbox").iterdir())
    (desk.home / "state.json").unlink()
    took_in(desk, tmp_path, parcel=parcel)
    assert sorted(path.name for path in (desk.home / "outbox").iterdir()) == before
    # Whether it has left, nobody knows.
    assert desk.run("reply", case, "--withdraw").status == 1
    told = desk.done("export", tmp_path / "told.tar")
    assert "1 of them were found in the outbox" in told
    bundle = exported(desk, tmp_path)
    ((_, reply),) = read_in(source, desk, bundle)
    assert (reply.text, len(reply.files)) == ("Hello", 1)
    # And all that is known of it is known again: a refused one gets another place.
    parcel.seqs[bundle.desk] = bundle.seq
    parcel.refused[bundle.desk] = tuple(slots_of(source, bundle))
    took_in(desk, tmp_path, parcel=parcel)
    again = desk.json("export", tmp_path / "again.tar")
    assert (again["again"], again["stuck"], again["found"]) == (1, 0, 0)


def test_a_mailbox_that_came_while_somebody_wrote_gets_nothing_unannounced(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Source(), Source()
    case = took_in(desk, tmp_path, first.report(DRAFT))

    def writing(_: Path) -> str:
        parcel = desk.parcel()
        parcel.add_report(second.report(DRAFT, "Somebody else."))
        import_bundle(Home(desk.home), parcel.write(tmp_path / "meanwhile.tar"))
        return "For the first."

    monkeypatch.setattr("desk.mail.text.given", lambda _: None)
    monkeypatch.setattr("desk.mail.text.edited", writing)
    assert "the reply goes to 1 mailbox" in desk.done("reply", case)
    bundle = exported(desk, tmp_path)
    assert [reply.text for _, reply in read_in(first, desk, bundle)] == ["For the first."]
    assert read_in(second, desk, bundle) == []
