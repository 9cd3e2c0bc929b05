"""Filters are addresses, the search finds a word however it is written, and nothing is hidden for good."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.book import Book
from desk.book.folding import folded, words_of
from desk.book.inbox import GROUPS, KINDS, URGENT, Filter, found, owners, tags
from desk.book.searching import search
from payload import Answers
from payload.changes import STATUSES, Group, Owner, Read, Status, Tags, Text
from tests.desk.booked import again, booked, case_with
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, took_in, wrote
from tests.payload.contacts import plain_contact


@pytest.fixture
def book(desk: DeskUnderTest, tmp_path: Path) -> Book:
    parcel = desk.parcel()
    parcel.add("Old yard in Łódź", received_on=date(2026, 1, 5))
    parcel.add(
        "New yard, van KX61 ABC, ring 07700 900 123", [("café.jpg", b"x")], received_on=date(2026, 3, 1)
    )
    parcel.add_report(plain_contact(received_on=date(2026, 2, 2)))
    danger = Answers({"danger": ({"now": "yes"},), "contact": ({"how": "ask for Zoë at the bakery"},)})
    source = Source()
    report = source.report(b"d" * 16, "Help me", answers=danger, received_on=date(2026, 1, 1))
    later = source.follow_up(b"f" * 16, "They moved to Hull", date(2026, 4, 1))
    took_in(desk, tmp_path, report, later, parcel=parcel)
    return booked(desk)


def begins(files: object) -> list[str]:
    return [file.case.head.begins.split()[0] for file in files]  # type: ignore[attr-defined]


# ---- filters


def test_the_newest_comes_first_by_what_came_last(book: Book) -> None:
    assert begins(found(book, Filter())) == ["Help", "New", "How", "Old"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"kind": "contact"}, ["How"]),
        ({"urgent": "danger"}, ["Help"]),
        ({"urgent": "any"}, ["Help"]),
        ({"urgent": "children"}, []),
        ({"since": "2026-02-02"}, ["Help", "New", "How"]),
        ({"until": "2026-02-02"}, ["How", "Old"]),
        ({"since": "2026-02-01", "until": "2026-03-01"}, ["New", "How"]),
        ({"status": "reading"}, ["New"]),
        ({"status": "open"}, ["Help", "New", "How"]),
        ({"unread": "yes"}, ["Help", "How", "Old"]),
        ({"owner": "Ann"}, ["New"]),
        ({"owner": "nobody", "kind": "report"}, ["Help", "Old"]),
        ({"tag": "farm"}, ["New"]),
        ({"words": "yard", "status": "closed"}, ["Old"]),
        ({"kind": "nothing that is known", "since": "yesterday"}, ["Help", "New", "How", "Old"]),
    ],
    ids=str,
)
def test_a_filter_lets_through_what_fits(book: Book, given: dict[str, str], wanted: list[str]) -> None:
    file = case_with(book, "New")
    for change in (Status("reading"), Owner("Ann"), Tags(("farm",)), Read(True)):
        book.add(file, change, "Ann")
    book.add(case_with(book, "Old"), Status("closed"), "Ann")
    assert begins(found(book, Filter.of(given))) == wanted
    assert (owners(book.files()), tags(book.files())) == (["Ann"], ["farm"])


def test_spam_and_what_says_the_same_is_put_aside_and_never_lost(book: Book) -> None:
    old, new, help_ = (case_with(book, words) for words in ("Old", "New", "Help"))
    book.add(old, Group("spam"), "Ann")
    book.add(new, Group(f"same as {help_.name}"), "Ann")
    assert begins(found(book, Filter())) == ["Help", "How"]
    assert begins(found(book, Filter(group="spam"))) == ["Old"]
    assert begins(found(book, Filter(group="all"))) == ["Help", "New", "How", "Old"]
    assert len(book.files()) == 4
    # What it is the same as is not here: then nobody would see it.
    book.add(new, Group("same as aaaaaaaaaa"), "Ann")
    assert begins(found(book, Filter())) == ["Help", "New", "How"]
    book.add(old, Group(""), "Ann")
    assert begins(found(book, Filter())) == ["Help", "New", "How", "Old"]


def test_who_was_taken_for_spam_is_seen_when_they_send_more(desk: DeskUnderTest, tmp_path: Path) -> None:
    source, other = Source(), Source()
    same = [one.report(bytes([at]) * 16, "Come to the yard") for at, one in enumerate((source, other))]
    took_in(desk, tmp_path, *same)
    book = booked(desk)
    files = {file.subject.id[0]: file for file in book.files()}
    book.add(files[0], Group("spam"), "Ann")
    book.add(files[1], Group(f"same as {files[0].name}"), "Ann")
    assert found(book, Filter()) == []
    later = [
        one.follow_up(bytes([at + 8]) * 16, "They move us tonight") for at, one in enumerate((source, other))
    ]
    took_in(desk, tmp_path, *later)
    book = booked(desk)
    assert len(found(book, Filter())) == len(found(book, Filter(unread="yes"))) == 2


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)
filters = st.builds(
    Filter,
    kind=st.sampled_from(["", *KINDS]),
    status=st.sampled_from(["", "open", *STATUSES]),
    unread=st.sampled_from(["", "yes"]),
    urgent=st.sampled_from(["", *URGENT]),
    owner=_text,
    tag=_text,
    since=st.sampled_from(["", "2026-05-31"]),
    until=st.sampled_from(["", "2026-05-31"]),
    words=_text,
    group=st.sampled_from(GROUPS),
)


@given(filters)
def test_a_filter_is_an_address_and_back(wanted: Filter) -> None:
    assert Filter.of(dict(parse_qsl(wanted.as_query()))) == wanted
    assert bool(wanted) == bool(wanted.as_query())


def test_an_address_with_another_choice() -> None:
    assert Filter(status="new", tag="a&b").as_query(status="") == "tag=a%26b"
    assert Filter(status="new").as_query(page="2") == "status=new&page=2"


@given(st.dictionaries(st.sampled_from(["kind", "status", "since", "words", "else"]), st.text(max_size=400)))
def test_no_address_is_an_error(given_: dict[str, str]) -> None:
    made = Filter.of(given_)
    assert Filter.of(dict(parse_qsl(made.as_query()))) == made


# ---- the search


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("yard", ["New", "Old"]),
        ("YARD new", ["New"]),
        ("yar", ["New", "Old"]),
        ("ard", []),
        ("lodz", ["Old"]),
        ("ŁÓDŹ", ["Old"]),
        ("kx61 abc", ["New"]),
        ("kx61abc", ["New"]),
        ("KX61-ABC", ["New"]),
        ("kx61ab", ["New"]),
        ("07700900123", ["New"]),
        ("07700 900123", ["New"]),
        ("0770 0900123", ["New"]),
        ("07700-900-124", []),
        ("cafe", ["New"]),
        ("hull help", ["Help"]),
        ("zoe bakery", ["Help"]),
        ("made-up", ["How"]),
        ("", []),
        ("!?", []),
        ("council", ["Old"]),
        ("ringing", ["Help"]),
    ],
)
def test_every_word_is_found_wherever_it_stands(
    book: Book, desk: DeskUnderTest, tmp_path: Path, words: str, wanted: list[str]
) -> None:
    book.add(case_with(book, "Old"), Text("Rang the council."), "Ann")
    desk.done("reply", case_with(book, "Help").name, "--text-file", wrote(tmp_path, "We are ringing you."))
    book.refresh()
    hits = search(book, words)
    assert begins(hit.file for hit in hits) == wanted
    assert all(hit.excerpts for hit in hits)


def test_a_case_is_found_by_its_name(book: Book) -> None:
    name = case_with(book, "Old").name
    assert [hit.file.name for hit in search(book, name[:5])] == [name]
    assert [hit.file.name for hit in search(book, f"yard {name}")] == [name]


def test_an_excerpt_is_around_the_word_on_one_harmless_line(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("x " * 500 + "before\r\n\x1b[31m plate KX61\nABC after " + "y " * 500)
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    book = booked(desk)
    for words in ("plate", "kx61abc"):
        ((excerpt,),) = (hit.excerpts for hit in search(book, words))
        assert "plate KX61 ABC after" in excerpt
        assert excerpt.startswith("…")
        assert excerpt.endswith("…")
        assert len(excerpt) < 200
        assert "\x1b" not in excerpt
        assert "\n" not in excerpt


def test_no_more_hits_than_asked_for(book: Book) -> None:
    assert len(search(book, "yard", 1)) == 1


@given(st.text(max_size=60))
def test_folding_stays_folded(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert not words or folded([text]).startswith(f" {words[0]}")


def test_a_case_keeps_its_words_when_more_is_noted(book: Book) -> None:
    file = case_with(book, "Old")
    assert not search(book, "afterwards")
    book.add(file, Text("Afterwards nothing."), "Ann")
    assert [hit.file.name for hit in search(book, "afterwards yard")] == [file.name]
    assert again(book, file).words != file.words
