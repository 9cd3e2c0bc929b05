"""What staff notes is sealed, lasts, and comes to what holds of a case."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crypto.envelope import Kind, header
from desk.errors import DeskError
from payload import BadPayload, Subject
from payload.changes import (
    Change,
    Event,
    Grade,
    Group,
    Investigation,
    Lock,
    Member,
    Owner,
    Read,
    Referred,
    Status,
    Tags,
    Task,
    Text,
)
from tests.counts import count
from tests.desk.booked import again, booked, case_with, put_in, three_cases
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, took_in
from tests.payload.notes import plain_note

TASK = b"t" * 16
HASH = "5e" * 32


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    return three_cases(desk, tmp_path)


# ---- what is noted

CHANGES: list[tuple[Change, str, object]] = [
    (Status("waiting"), "status", "waiting"),
    (Owner("Ann"), "owner", "Ann"),
    (Tags(("farm", "new")), "tags", frozenset({"farm", "new"})),
    (Grade(2, "B", "P"), "grade", Grade(2, "B", "P")),
    (Group("spam"), "group", "spam"),
    (Read(True), "read", True),
    (Task(TASK, "ring"), "tasks", (Task(TASK, "ring"),)),
    (Event("2026-05", "seen"), "events", (Event("2026-05", "seen"),)),
    (Lock(HASH, True, "why"), "locked", frozenset({HASH})),
]


@pytest.mark.parametrize(("change", "field", "value"), CHANGES, ids=lambda one: getattr(one, "what", None))
def test_a_change_holds_at_once_and_after_opening_again(
    filled: DeskUnderTest, change: Change, field: str, value: object
) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    book.add(file, change, "Ann")
    for found in (again(book, file), again(booked(filled), file)):
        assert getattr(found.work, field) == value
        assert {(note.author, note.desk) for note in found.notes} == {("Ann", "practice")}
        # What was judged to be in a group was read.
        assert len(found.notes) == 1 + (field == "group")
    assert case_with(book, "Another").notes == ()


def test_what_is_said_last_holds_and_words_add_up(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    for change in (
        Text("first"),
        Status("reading"),
        Tags(("a", "b")),
        Task(TASK, "ring"),
        Lock("", True),
        Lock(HASH, True),
        Event("2026-05-02", "later"),
        Text("second"),
        Status("closed"),
        Tags(("c",), ("a",)),
        Task(TASK, "ring", done=True),
        Task(b"u" * 16, "write", date(2026, 12, 1)),
        Lock("", False),
        Event("2026", "earlier"),
        Referred("gla", "GLAA", HASH, (), "2BP", "", 1),
    ):
        book.add(file, change, "Ann")
    for found in (again(book, file).work, again(booked(filled), file).work):
        assert [one.change.text for one in found.texts] == ["first", "second"]
        assert (found.status, found.tags) == ("closed", {"b", "c"})
        assert [task.title for task in found.tasks] == ["write", "ring"]
        assert [task.title for task in found.open_tasks] == ["write"]
        assert [event.text for event in found.events] == ["earlier", "later"]
        assert (found.locked, found.is_locked(HASH), found.is_locked("00" * 32)) == ({HASH}, True, False)
        assert found.referrals[0].change.agency == "gla"
        assert found.referrals[0].author == "Ann"


def test_a_lock_on_the_case_is_one_on_every_file(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    book.add(file, Lock("", True), "Ann")
    assert again(book, file).work.is_locked(HASH)


def test_a_note_is_sealed_as_such_and_no_word_of_it_is_readable(filled: DeskUnderTest) -> None:
    book = booked(filled)
    there = set((filled.home / "casebook" / "env").iterdir())
    book.add(case_with(book, "A van"), Text("unmistakable words"), "Annabella Unmistakable")
    book.new_investigation(Investigation("Unmistakable yard"), "Ann")
    new = set((filled.home / "casebook" / "env").iterdir()) - there
    assert [header(path.read_bytes()).kind for path in new] == [Kind.NOTE, Kind.NOTE]
    for path in filled.home.rglob("*"):
        assert "nmistakable" not in path.name
        assert not path.is_file() or b"nmistakable" not in path.read_bytes()


def test_what_cannot_be_noted_leaves_nothing(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    there = set((filled.home / "casebook" / "env").iterdir())
    with pytest.raises(BadPayload):
        book.add(file, Member("aaaaaaaaaa"), "Ann")
    with pytest.raises(BadPayload):
        book.add(file, Text("x"), "x" * 65)
    (filled.home / "team.keys").write_bytes(b"damaged")
    with pytest.raises(DeskError):
        book.add(file, Text("x"), "Ann")
    assert set((filled.home / "casebook" / "env").iterdir()) == there
    assert again(book, file).notes == ()


def test_threads_lose_no_note(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    numbers = range(count(12, 200))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: book.add(file, Text(f"note {number}"), "Ann"), numbers))
    wanted = {f"note {number}" for number in numbers}
    for found in (again(book, file), again(booked(filled), file)):
        assert {one.change.text for one in found.work.texts} == wanted


def test_a_clock_that_was_far_ahead_stops_nobody(filled: DeskUnderTest) -> None:
    (report,) = case_with(booked(filled), "A van").reports
    for year in (2100, 9999):
        ahead = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
        note = plain_note(Owner(str(year)), Subject("draft", report.draft), written_at=ahead)
        put_in(filled, filled.parcel(), note.to_bytes(), Kind.NOTE)
        book = booked(filled)
        file = case_with(book, "A van")
        assert file.work.owner == str(year)
        book.add(file, Text("after that"), "Ann")
        if year == 2100:
            book.add(again(book, file), Owner("Ann"), "Ann")
            assert again(booked(filled), file).work.owner == "Ann"
    assert len(again(booked(filled), file).work.texts) == 2


def test_notes_of_one_second_keep_their_order(filled: DeskUnderTest) -> None:
    book = booked(filled)
    file = case_with(book, "A van")
    for number in range(5):
        book.add(file, Owner(str(number)), "Ann")
    found = again(booked(filled), file)
    assert [note.change for note in found.notes] == [Owner(str(number)) for number in range(5)]
    assert len({note.written_at for note in found.notes}) == 5


# ---- read, and unread again


def test_more_from_its_source_is_unread_again(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    took_in(desk, tmp_path, source.report(b"d" * 16, "A van"))
    book = booked(desk)
    book.add(book.files()[0], Read(True), "Ann")
    assert not desk.json("list")[0]["unread"]
    took_in(desk, tmp_path, source.follow_up(b"f" * 16, "and then"))
    assert book.refresh() == 1
    assert not book.files()[0].work.read
    assert desk.json("list")[0]["unread"]
    book.add(book.files()[0], Read(True), "Ann")
    assert book.files()[0].work.read
    book.add(book.files()[0], Read(False), "Ann")
    assert not booked(desk).files()[0].work.read
