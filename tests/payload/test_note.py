"""A note of staff holds one change, strictly, and tells nothing of it in a repr or an error."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given

import payload
from payload import BadPayload, StaffNote, Subject, UnknownPayload
from payload.changes import (
    CHANGES,
    Change,
    Event,
    Grade,
    Group,
    LinkDecision,
    Member,
    Person,
    Read,
    Status,
    Tags,
    Task,
    Text,
)
from tests.payload.notes import notes, plain_note
from tests.payload.sampled import SAMPLES

YARD = Subject("investigation", b"y" * 16)


@given(notes)
def test_what_was_written_is_read(note: StaffNote) -> None:
    assert payload.read("note", note.to_bytes()) == note
    assert payload.read(None, note.to_bytes()) == note


def test_each_change_has_a_sample() -> None:
    there = {note.change.what for note in SAMPLES.values() if isinstance(note, StaffNote)}
    assert there == set(CHANGES)


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: Text(" \n"), "change.text"),
        (lambda: Text("x" * 100_001), "change.text"),
        (lambda: Status("done"), "change.status"),
        (lambda: Tags(("a", "a")), "change.add"),
        (lambda: Tags(("x" * 65,)), "change.add"),
        (lambda: Grade(4, "B", "P"), "change.source"),
        (lambda: Grade(True, "B", "P"), "change.source"),
        (lambda: Grade(2, "F", "P"), "change.information"),
        (lambda: Grade(2, "B", "C", " "), "change.conditions"),
        (lambda: Read(1), "change.read"),  # type: ignore[arg-type]  # as a form may give it
        (lambda: Task(b"short", "x"), "change.task_id"),
        (lambda: Task(b"t" * 16, "x", datetime(2026, 1, 1, tzinfo=UTC)), "change.due"),
        (lambda: Event("2026-13", "x"), "change.on"),
        (lambda: Event("2026-02-30", "x"), "change.on"),
        (lambda: Event("26", "x"), "change.on"),
        (lambda: Event("0000", "x"), "change.on"),
        (lambda: Group("same as me"), "change.group"),
        (lambda: Group("spam\n"), "change.group"),
        (lambda: LinkDecision("b" * 10, "a" * 10, "telephone", "1", "open"), "change.a"),
        (lambda: LinkDecision("a" * 10, "a" * 10, "telephone", "1", "open"), "change.a"),
        (lambda: Member("not a case"), "change.case"),
        (lambda: Person(""), "change.name"),
    ],
)
def test_a_change_that_breaks_its_shape_is_refused(make: object, where: str) -> None:
    with pytest.raises(BadPayload) as refused:
        make()  # type: ignore[operator]  # mypy does not see that these are functions
    assert refused.value.where == where


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (Status("new"), YARD),
        (Member("a" * 10), Subject("draft", b"d" * 16)),
        (Text("x"), Subject("link", b"l" * 32)),
        (LinkDecision("a" * 10, "b" * 10, "telephone", "1", "open"), Subject("draft", b"d" * 16)),
        (LinkDecision("a" * 10, "b" * 10, "telephone", "1", "open"), Subject("link", b"l" * 32)),
    ],
)
def test_what_cannot_be_said_of_its_subject_is_refused(change: Change, subject: Subject) -> None:
    with pytest.raises(BadPayload):
        plain_note(change, subject)


@pytest.mark.parametrize(
    "written_at",
    [
        datetime(2026, 11, 25),  # noqa: DTZ001 - that is what is wrong with it
        datetime(2026, 11, 25, microsecond=1, tzinfo=UTC),
        datetime(2026, 11, 25, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_time_that_is_no_second_of_utc_is_refused(written_at: datetime) -> None:
    with pytest.raises(BadPayload):
        plain_note(written_at=written_at)


@pytest.mark.parametrize(
    "time",
    ["2026-11-25T09:30:00", "2026-11-25T09:30:00+00:00", "2026-11-31T09:30:00Z", "2026-11-25T24:00:00Z"],
)
def test_a_time_is_written_in_one_way(time: str) -> None:
    tree = json.loads(plain_note().to_bytes())
    tree["written_at"] = time
    with pytest.raises(BadPayload):
        payload.read("note", json.dumps(tree).encode())


@pytest.mark.parametrize(
    ("kind", "length"), [("draft", 32), ("mailbox", 16), ("envelope", 31), ("investigation", 0), ("case", 16)]
)
def test_a_subject_has_a_known_kind_and_an_id_of_its_length(kind: str, length: int) -> None:
    with pytest.raises(BadPayload):
        Subject(kind, bytes(length))


def test_a_note_of_a_newer_schema_is_newer_and_not_damaged() -> None:
    tree = {**json.loads(plain_note().to_bytes()), "schema": 2}
    with pytest.raises(UnknownPayload):
        payload.read(None, json.dumps(tree).encode())


def test_a_task_without_a_day_has_no_such_member() -> None:
    assert "due" not in Task(b"t" * 16, "x").as_json()
    assert Task(b"t" * 16, "x", date(2026, 12, 1)).as_json()["due"] == "2026-12-01"


def test_no_repr_and_no_error_holds_a_word() -> None:
    secret = "Bo Secret"
    for thing in (Text(secret), Person(secret), Task(b"t" * 16, secret), plain_note(Text(secret)), YARD):
        assert secret not in repr(thing)
    tree = json.loads(plain_note().to_bytes())
    for broken in (
        {**tree, "change": {"what": secret}},
        {**tree, "about": {"kind": secret, "id": ""}},
        {**tree, secret: 1},
    ):
        with pytest.raises(BadPayload) as refused:
            payload.read("note", json.dumps(broken).encode())
        assert secret not in str(refused.value)
