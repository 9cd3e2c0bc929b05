"""The book holds what the casebook has; what other commands and desks put there comes in too."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.envelope import Kind
from desk import opening
from desk.book import open_book
from desk.book.held import held
from desk.casebook import Casebook
from desk.home import Home
from payload import Answers, Subject
from payload.changes import (
    Investigation,
    Member,
    Status,
    Tags,
    Task,
    Text,
)
from tests.desk.booked import again, booked, case_with, keys_of, put_in, three_cases
from tests.desk.bundles import today
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, took_in, wrote
from tests.payload.notes import plain_note


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    return three_cases(desk, tmp_path)


# ---- what came


def test_all_that_came_is_in_it(filled: DeskUnderTest) -> None:
    book = booked(filled)
    assert [file.case.as_json() for file in book.files()] == [
        {name: one[name] for name in file.case.as_json()}
        for file, one in zip(book.files(), filled.json("list"), strict=True)
    ]
    file = case_with(book, "A van")
    (report,) = file.reports
    assert report.what_happened == "A van at the yard"
    assert file.contents == (report,)
    assert [one.name for one in file.attachments] == ["van.txt", "b.txt"]
    assert file.sends[0].as_sent() == filled.json("show", file.name)["payload"]
    assert book.blobs == {one.sealed_sha256.hex() for one in file.attachments}
    assert (file.notes, file.replies, file.urgent, file.work.status, file.work.read) == (
        (),
        (),
        (),
        "new",
        False,
    )


def test_an_envelope_is_given_back_as_it_was_opened(filled: DeskUnderTest, tmp_path: Path) -> None:
    book = booked(filled)
    book.add(case_with(book, "A van"), Text("noted"), "Ann")
    filled.done("reply", case_with(book, "Three").name, "--text-file", wrote(tmp_path, "Thank you."))
    parcel = filled.parcel()
    parcel.add_body(b'{"schema":99,"kind":"report"}')
    parcel.add_body(b"no JSON")
    parcel.add_body(plain_note().to_bytes())
    parcel.add_envelope(b"no envelope")
    filled.done("import", parcel.write(tmp_path / "more.tar"))
    put_in(filled, parcel, case_with(book, "A van").contents[0].to_bytes(), Kind.KEPT)
    put_in(filled, parcel, case_with(book, "A van").contents[0].to_bytes(), Kind.NOTE)
    casebook, openers = Casebook(filled.home / "casebook"), opening.openers_of(keys_of(filled))
    for digest in casebook.envelopes():
        sent = opening.open_sent(casebook, openers, digest)
        given_back = held(sent).sent
        assert (given_back, given_back.kind, given_back.schema, given_back.as_sent()) == (
            sent if sent.body is not None else replace(sent, sealed_as=given_back.sealed_as),
            sent.kind,
            sent.schema,
            sent.as_sent(),
        )


def test_replies_are_in_it(filled: DeskUnderTest, tmp_path: Path) -> None:
    name = case_with(booked(filled), "Three").name
    filled.done("reply", name, "--text-file", wrote(tmp_path, "Thank you. Where?"))
    (reply,) = booked(filled).case(name).replies
    assert reply.reply.text == "Thank you. Where?"


def test_urgent_is_what_even_one_report_says(desk: DeskUnderTest, tmp_path: Path) -> None:
    calm = Source().report(b"d" * 16)
    danger = Source().report(b"d" * 16, "again", answers=Answers({"danger": ({"now": "yes"},)}))
    child = Source().report(b"c" * 16, answers=Answers({"in_need": ({"ages": ("10-15",)},)}))
    took_in(desk, tmp_path, calm, danger, child)
    assert sorted(file.urgent for file in booked(desk).files()) == [("children",), ("danger",)]
    assert "DANGER unread" in desk.done("list")
    assert sorted(one["urgent"] for one in desk.json("list")) == [["children"], ["danger"]]


def test_it_is_told_how_far_it_is(filled: DeskUnderTest) -> None:
    told: list[tuple[int, int]] = []
    open_book(Home(filled.home), keys_of(filled), lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


def test_helpers_give_the_same_book(filled: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = booked(filled)
    alone.add(case_with(alone, "A van"), Text("noted"), "Ann")
    monkeypatch.setattr(opening, "MANY", 1)
    helped = booked(filled)
    assert [file.case for file in helped.files()] == [file.case for file in alone.files()]
    assert [file.contents for file in helped.files()] == [file.contents for file in alone.files()]
    assert case_with(helped, "A van").notes == case_with(alone, "A van").notes


# ---- other commands, other desks


def test_what_another_command_took_in_is_there_after_a_refresh(filled: DeskUnderTest, tmp_path: Path) -> None:
    book, other = booked(filled), booked(filled)
    assert book.refresh() == 0
    newest = book.newest()
    other.add(case_with(other, "A van"), Text("from another"), "Bob")
    took_in(filled, tmp_path, Source().report(b"n" * 16, "Newly come", received_on=today()))
    assert book.refresh() == 2
    assert [one.author for one in case_with(book, "A van").notes] == ["Bob"]
    assert case_with(book, "Newly").reports
    assert len(book.newest()) == len(newest) + 1


def test_what_was_removed_is_gone_after_a_refresh(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "Another")
    (filled.home / "casebook" / "env" / file.case.head.digest).unlink()
    book.refresh()
    assert file.name not in [one.name for one in book.files()]


@pytest.mark.parametrize("first", [0, 1])
def test_two_copies_put_together_come_to_the_same(filled: DeskUnderTest, tmp_path: Path, first: int) -> None:
    shutil.copytree(filled.home, tmp_path / "other")
    other = DeskUnderTest(tmp_path / "other", filled.capsys)
    ours, theirs = booked(filled), booked(other)
    for book, name in ((ours, "Ann"), (theirs, "Bob"))[:: -1 if first else 1]:
        file = case_with(book, "A van")
        for change in (
            Status("reading"),
            Tags((name,)),
            Text(f"by {name}"),
            Task(name.encode().ljust(16), name),
        ):
            book.add(file, change, name)
    filled.done("merge", other.home)
    other.done("merge", filled.home)
    found = [case_with(booked(one), "A van") for one in (filled, other)]
    assert found[0].notes == found[1].notes
    assert found[0].work == found[1].work
    assert found[0].work.tags == {"Ann", "Bob"}
    assert {one.author for one in found[0].notes} == {"Ann", "Bob"}
    assert len(found[0].notes) == 8


# ---- what a note names


def test_a_note_on_a_follow_up_alone_goes_to_its_report_when_that_comes(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    source = Source()
    alone = took_in(desk, tmp_path, source.follow_up(b"f" * 16, "and then"))
    book = booked(desk)
    assert book.files()[0].subject.kind == "mailbox"
    book.add(book.files()[0], Status("reading"), "Ann")
    investigation = book.new_investigation(Investigation("Yard"), "Ann")
    book.add(Subject("investigation", investigation), Member(alone), "Ann")
    took_in(desk, tmp_path, source.report(b"d" * 16, "A van"))
    for found in (booked(desk), book):
        found.refresh()
        (file,) = found.files()
        assert file.name != alone
        assert (file.subject.kind, file.work.status) == ("draft", "reading")
        assert found.case(alone).name == file.name
        assert found.has(alone)
        assert found.investigation("yard").cases == (file.name,)


def test_a_note_on_what_did_not_open_is_kept_by_the_envelope(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_body(b'{"schema":99,"kind":"report"}')
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    book = booked(desk)
    (file,) = book.files()
    book.add(file, Text("update first"), "Ann")
    (found,) = booked(desk).files()
    assert (found.name, found.case.state, found.subject.kind) == (file.name, "newer version", "envelope")
    assert [one.change.text for one in found.work.texts] == ["update first"]
    assert "| update first" in desk.done("show", file.name)


def test_notes_alone_still_have_their_cases_name(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "Another")
    book.add(file, Text("rang them"), "Ann")
    (filled.home / "casebook" / "env" / file.case.head.digest).unlink()
    found = again(booked(filled), file)
    assert (found.case.kind, found.contents) == ("note", ())
    assert found.work.texts[0].change.text == "rang them"
    assert "| rang them" in filled.done("show", file.name)


# ---- who may say what


def test_a_note_that_came_from_outside_is_damage(filled: DeskUnderTest, tmp_path: Path) -> None:
    (report,) = case_with(booked(filled), "A van").reports
    forged = plain_note(Status("closed"), Subject("draft", report.draft)).to_bytes()
    parcel = filled.parcel()
    parcel.add_body(forged)
    filled.done("import", parcel.write(tmp_path / "forged.tar"))
    book = booked(filled)
    assert case_with(book, "A van").work.status == "new"
    assert "damaged" in [file.case.state for file in book.files()]


@pytest.mark.parametrize("kind", [Kind.NOTE, Kind.KEPT])
def test_what_a_desk_sealed_counts(filled: DeskUnderTest, kind: Kind) -> None:
    (report,) = case_with(booked(filled), "A van").reports
    put_in(
        filled, filled.parcel(), plain_note(Status("closed"), Subject("draft", report.draft)).to_bytes(), kind
    )
    assert case_with(booked(filled), "A van").work.status == "closed"


def test_a_note_that_was_sealed_twice_counts_once(filled: DeskUnderTest) -> None:
    (report,) = case_with(booked(filled), "A van").reports
    for _ in range(2):
        put_in(
            filled,
            filled.parcel(),
            plain_note(Text("x"), Subject("draft", report.draft)).to_bytes(),
            Kind.NOTE,
        )
    assert len(case_with(booked(filled), "A van").work.texts) == 1
