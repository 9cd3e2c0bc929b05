"""Decisions on links, and investigations, are remembered."""

from datetime import date
from pathlib import Path

import pytest

from desk.book import Book
from desk.errors import DeskError
from payload import Report, Subject
from payload.changes import (
    Event,
    Investigation,
    Member,
    Person,
    Task,
    Text,
)
from tests.desk.booked import again, booked, case_with, three_cases
from tests.desk.conftest import DeskUnderTest

TASK = b"t" * 16
HASH = "5e" * 32


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    return three_cases(desk, tmp_path)


# ---- links and investigations


def test_decisions_are_remembered_and_opened_again(filled: DeskUnderTest) -> None:
    book = booked(filled)
    a, b, c = sorted(file.name for file in book.files())
    book.decide(b, a, "telephone", "+44", "confirmed", "Ann")
    book.decide(a, c, "telephone", "+44", "rejected", "Ann")
    for found in (book, booked(filled)):
        assert dict(found.decisions()) == {
            (a, b, "telephone", "+44"): "confirmed",
            (a, c, "telephone", "+44"): "rejected",
        }
    book.decide(a, b, "telephone", "+44", "open", "Bob")
    assert list(booked(filled).decisions()) == [(a, c, "telephone", "+44")]


def test_an_investigation_gathers(filled: DeskUnderTest) -> None:
    book = booked(filled)
    names = sorted(file.name for file in book.files())
    about = Subject("investigation", book.new_investigation(Investigation("The yard", "Who?"), "Ann"))
    for change in (
        *(Member(name) for name in names),
        Member(names[0], False),
        Member("aaaaaaaaaa"),
        Person("Jo", "0116 496 0000", "neighbour"),
        Person("Al"),
        Person("Al", removed=True),
        Text("begun"),
        Task(TASK, "ring", date(2026, 12, 1)),
        Event("2026-05", "seen"),
        Investigation("The yard in Boston", "Who?", open=False),
    ):
        book.add(about, change, "Ann")
    book.new_investigation(Investigation("another"), "Ann")
    for found in (book, booked(filled)):
        assert [one.name for one in found.investigations()] == ["another", "The yard in Boston"]
        one = found.investigation("the YARD")
        assert (one.about, one.open, one.cases, one.absent) == (
            "Who?",
            False,
            tuple(names[1:]),
            ("aaaaaaaaaa",),
        )
        assert [person.name for person in one.people] == ["Jo"]
        assert [(task.title, str(task.due)) for task in one.tasks] == [("ring", "2026-12-01")]
        assert [event.text for event in one.timeline] == ["seen"]
        assert found.investigation(one.id.hex()[:8]) == one
        for wrong in ("", "nothing"):
            with pytest.raises(DeskError):
                found.investigation(wrong)


def test_nothing_of_it_is_in_a_repr(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    book.add(file, Text("unmistakable"), "Ann")
    book.new_investigation(Investigation("unmistakable"), "Ann")
    found = again(book, file)
    parts = (book, found, found.held, found.notes, found.work, found.work.texts, book.investigations())
    for part in parts:
        assert "nmistakable" not in repr(part)
        assert "van" not in repr(part)
    assert isinstance(book, Book)
    assert isinstance(found.reports[0], Report)
