"""`keys destroy` keeps what staff made of a case that is kept, and investigations; the rest goes."""

from pathlib import Path

import pytest

from crypto.envelope import Kind, header
from desk.book import Book
from payload import Subject
from payload.changes import Investigation, Lock, Member, Read, Status, Text
from tests.desk.booked import booked, case_with, three_cases
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, move_on


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    return three_cases(desk, tmp_path)


def _noted(book: Book) -> None:
    for words in ("A van", "Another"):
        file = case_with(book, words)
        for change in (Text(f"of {words}"), Status("waiting"), Lock("", True), Read(True)):
            book.add(file, change, "Ann")


def test_a_kept_case_keeps_its_work_and_another_does_not(filled: DeskUnderTest, tmp_path: Path) -> None:
    book = booked(filled)
    _noted(book)
    kept = case_with(book, "A van")
    move_on(filled, tmp_path)
    filled.done(*DESTROY, "--keep", kept.name)
    after = booked(filled)
    (file,) = after.files()
    assert (file.name, file.work, file.notes) == (
        kept.name,
        book.case(kept.name).work,
        book.case(kept.name).notes,
    )
    assert after.closed_notes == 0
    kinds = [header(path.read_bytes()).kind for path in (filled.home / "casebook" / "env").iterdir()]
    assert sorted(kinds) == [Kind.NOTE] * 4 + [Kind.KEPT]
    # And the work goes on.
    after.add(file, Status("closed"), "Ann")
    assert booked(filled).files()[0].work.status == "closed"


def test_decisions_stay_where_both_cases_do(filled: DeskUnderTest, tmp_path: Path) -> None:
    book = booked(filled)
    a, b, c = (case_with(book, words).name for words in ("A van", "Another", "Three"))
    for one, other in ((a, b), (a, c), (b, c)):
        book.decide(one, other, "telephone", "+44", "confirmed", "Ann")
    move_on(filled, tmp_path)
    filled.done(*DESTROY, "--keep", a, b)
    assert list(booked(filled).decisions()) == [(*sorted((a, b)), "telephone", "+44")]


@pytest.mark.parametrize("is_open", [True, False])
def test_an_open_investigation_stays_and_one_that_is_over_goes(
    filled: DeskUnderTest, tmp_path: Path, is_open: bool
) -> None:
    book = booked(filled)
    name = case_with(book, "A van").name
    about = Subject("investigation", book.new_investigation(Investigation("The yard"), "Ann"))
    for change in (Member(name), Text("Who owns it?"), Investigation("The yard", open=is_open)):
        book.add(about, change, "Ann")
    move_on(filled, tmp_path)
    filled.done(*DESTROY, "--keep-none")
    found = booked(filled).investigations()
    assert [(one.name, one.cases, one.absent, len(one.texts)) for one in found] == (
        [("The yard", (), (name,), 1)] if is_open else []
    )


def test_a_note_that_named_an_envelope_moves_on_with_its_case(filled: DeskUnderTest, tmp_path: Path) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    # As it was noted before this desk could open the envelope.
    book.add(Subject("envelope", bytes.fromhex(file.case.head.digest)), Text("cannot open it"), "Ann")
    assert [one.change for one in booked(filled).case(file.name).notes] == [Text("cannot open it")]
    move_on(filled, tmp_path)
    filled.done(*DESTROY, "--keep", file.name)
    (after,) = booked(filled).files()
    assert (after.name, [one.change for one in after.notes]) == (file.name, [Text("cannot open it")])


def test_nothing_of_staff_goes_to_the_server(filled: DeskUnderTest, tmp_path: Path) -> None:
    from tests.desk.mail import carried

    filled.done("export", tmp_path / "before.tar")
    before = carried(filled, tmp_path / "before.tar")
    _noted(booked(filled))
    filled.done("export", tmp_path / "after.tar")
    after = carried(filled, tmp_path / "after.tar")
    assert (after.collected, after.gone, after.members.keys()) == (
        before.collected,
        before.gone,
        before.members.keys(),
    )
