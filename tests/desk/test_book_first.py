"""Somebody in danger now stands first until the case is closed; a row shows the strictest marks."""

from pathlib import Path

import pytest

from desk.book import Book
from desk.book.inbox import NO_GROUPS, Filter, Groups, Marks, first_names, found, marks, same_as
from payload import Answers
from payload.changes import Group, Status, Tags
from tests.desk.booked import again, booked, case_with
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, took_in

DANGER_NOW = Answers({"danger": ({"now": "yes"},)})
FOR_NOBODY = Answers({"in_need": ({"ages": ("10-15",)},), "consent": ({"to": "none"},)})


@pytest.fixture
def book(desk: DeskUnderTest, tmp_path: Path) -> Book:
    sends = [
        Source().report(bytes([number]) * 16, words, answers=answers)
        for number, (words, answers) in enumerate(
            [("Danger", DANGER_NOW), ("Quiet", Answers()), ("Young", FOR_NOBODY), ("Last", Answers())], 1
        )
    ]
    took_in(desk, tmp_path, *sends)
    return booked(desk)


def begins(book: Book, groups: Groups = NO_GROUPS) -> list[str]:
    return [file.case.head.begins for file in found(book, Filter(), groups)]


def test_danger_stands_first_until_it_is_closed(book: Book) -> None:
    file = case_with(book, "Danger")
    assert begins(book)[0] == "Danger"
    assert first_names(book) == {file.name}
    book.add(file, Status("closed"), "Ann")
    assert first_names(book) == frozenset()


@pytest.mark.parametrize("tag", ["danger now", "Danger Now", "danger"])
def test_a_tag_of_staff_counts_and_says_whose_it_is(book: Book, tag: str) -> None:
    file = case_with(book, "Quiet")
    book.add(file, Tags((tag, "farm")), "Ann")
    file = again(book, file)
    assert (file.urgent, file.urgent_by_staff) == (("danger",), ("danger",))
    assert file.as_json()["urgent_by_staff"] == ["danger"]
    assert set(begins(book)[:2]) == {"Danger", "Quiet"}
    assert file in found(book, Filter(urgent="danger"))
    book.add(file, Tags((), (tag,)), "Ann")
    assert again(book, file).urgent == ()


def test_what_a_report_says_is_not_the_staffs(book: Book) -> None:
    file = case_with(book, "Young")
    book.add(file, Tags(("children",)), "Ann")
    file = again(book, file)
    assert (file.urgent, file.urgent_by_staff) == (("children",), ())
    assert file.to_no_one
    assert not case_with(book, "Danger").to_no_one


def test_a_group_shows_the_strictest_of_all(book: Book) -> None:
    danger, quiet, young = (case_with(book, words) for words in ("Danger", "Quiet", "Young"))
    assert marks([danger, quiet, young]) == Marks(("danger", "children"), (), True, True)
    book.add(quiet, Tags(("danger now",)), "Ann")
    assert marks([again(book, quiet), young]).by_staff == ("danger",)
    assert marks([again(book, quiet), danger]).by_staff == ()
    assert marks([]) == Marks((), (), False, False)


def test_what_danger_is_the_same_as_stands_first_too(book: Book) -> None:
    danger, quiet, young = (case_with(book, words) for words in ("Danger", "Quiet", "Young"))
    book.add(danger, Group(f"same as {quiet.name}"), "Ann")
    assert begins(book)[0] == "Quiet"
    assert same_as(book) == {quiet.name: (again(book, danger),)}
    names = (young.name, danger.name)
    assert set(begins(book, dict.fromkeys(names, names))[:2]) == {"Quiet", "Young"}
    book.add(danger, Group("spam"), "Ann")
    assert first_names(book) == frozenset()
