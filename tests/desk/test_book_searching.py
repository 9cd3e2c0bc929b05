"""A number is found in whatever form it was written, and what was ticked as well as what was written."""

from datetime import date
from pathlib import Path

import pytest

from desk.book import Book
from desk.book.alike import same_words
from desk.book.searching import search
from payload import Answers
from tests.desk.booked import booked
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, took_in

NUMBERS = [
    "First, ring 07700 900377 at night",
    "Second, ring +44 7700 900 377",
    "Third, ring +44 (0)7700-900377 now",
    "Fourth, ring O7700 9OO377",
    "Fifth, sort code 20-00-00 account 1234 0987",
    "Sixth, a van KX6I ABC",
    "Seventh, 11 22 33 44 55 66 77 88 99 10 12 13 14 15 16 17 18 19 21 22 23 24 555 666",
]


@pytest.fixture
def book(desk: DeskUnderTest, tmp_path: Path) -> Book:
    parcel = desk.parcel()
    for number, words in enumerate(NUMBERS, 1):
        parcel.add(words, received_on=date(2026, 1, number))
    yes = Answers({"danger": ({"now": "yes"},), "what": ({"kinds": ("child",)},)})
    no = Answers({"danger": ({"now": "no"},), "what": ({"kinds": ("drugs",)},)})
    told = Source().report(b"y" * 16, "Yes, as I ticked", answers=yes, received_on=date(2026, 2, 1))
    other = Source().report(b"n" * 16, "No, as I ticked", answers=no, received_on=date(2026, 2, 2))
    took_in(desk, tmp_path, told, other, parcel=parcel)
    return booked(desk)


PHONES = ["Fourth", "Third", "Second", "First"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("+447700900377", PHONES),
        ("+44 7700 900377", PHONES),
        ("0044 7700 900377", PHONES),
        ("07700900377", PHONES),
        ("07700 900 377 ring", PHONES),
        ("7700900377", PHONES),
        ("07700 900378", []),
        ("12340987", ["Fifth"]),
        ("1234-0987", ["Fifth"]),
        ("KX61 ABC", ["Sixth"]),
        ("kx61abc van", ["Sixth"]),
        ("KX61 ABD", []),
        ("24555666", ["Seventh"]),
        ("200000 12340987", ["Fifth"]),
        ("12340987 200000", ["Fifth"]),
        ("danger", ["Yes"]),
        ("child ticked", ["Yes"]),
        ("drugs", ["No"]),
    ],
)
def test_it_is_found(book: Book, words: str, wanted: list[str]) -> None:
    hits = search(book, words)
    found = [hit.file.case.head.begins.split(",")[0] for hit in hits]
    assert found == wanted
    assert all(hit.excerpts for hit in hits)


def test_the_excerpt_shows_the_number_as_it_was_written(book: Book) -> None:
    pieces = [hit.excerpts[0] for hit in search(book, "+447700900377")]
    assert pieces == [NUMBERS[3], NUMBERS[2], NUMBERS[1], NUMBERS[0]]


def test_what_was_ticked_makes_no_two_reports_alike(desk: DeskUnderTest, tmp_path: Path) -> None:
    ticked = Answers({"what": ({"kinds": ("labour", "sexual", "domestic", "child", "drugs")},)})
    sends = [
        Source().report(bytes([number]) * 16, words, answers=ticked)
        for number, words in enumerate(("A man at the yard", "Some boat is late"))
    ]
    took_in(desk, tmp_path, *sends)
    assert same_words(booked(desk).files()) == []
