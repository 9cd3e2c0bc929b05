"""`refer` on a practice desk: from the sealed report to the file for an agency, and what stops it."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import Base

from desk.book import CaseFile, open_book
from desk.home import Home
from desk.packing.copies import copies
from desk.pointing import Guarded
from payload import Answers, Contact, FollowUp, Report
from payload.changes import Grade, Lock, Referred, Text
from payload.contact import Role
from tests.desk.conftest import DeskUnderTest
from tests.desk.shown import import_
from tests.payload.reports import plain_report

TO = ("--to", "modern-slavery-helpline", "--answer-to", "Ann, news desk")
REPORT = plain_report(
    files=(),
    received_on=date(2026, 3, 4),
    what_happened="They wait in a van by the station. Dial 0 7 7 0 0 900123 to ask.",
    answers=Answers(
        {
            "contact": ({"how": "07700 900123"},),
            "consent": ({"safe": "yes", "may": ("pass_without",)},),
            "you": ({"how_known": "The laundry is where Beata heard it"},),
        }
    ),
)
PHOTO = io.BytesIO()
EXIF = Image.Exif()
EXIF[Base.Artist.value] = "Zofia Planted"
Image.new("RGB", (40, 30), "red").save(PHOTO, "JPEG", exif=EXIF)


@pytest.fixture
def case(desk: DeskUnderTest, tmp_path: Path) -> str:
    return sent(desk, tmp_path, REPORT)


def sent(desk: DeskUnderTest, tmp_path: Path, *contents: Any) -> str:
    parcel = desk.parcel()
    for content in contents:
        parcel.add_report(content)
    return import_(desk, parcel, tmp_path)


def opened(desk: DeskUnderTest, case: str) -> CaseFile:
    home = Home(desk.home)
    return open_book(home, home.read_keys()).case(case)


def filled(path: Path, decision: str = "remove", **words: str) -> Path:
    """Decide everything in a file of decisions."""
    held = json.loads(path.read_text())
    for mark in held["marks"]:
        mark["decision"] = decision if decision in mark["choices"] else mark["choices"][0]
        mark["words"] = words.get("words", "") if mark["decision"] == "replace" else ""
    for question in held["questions"]:
        question["yes"] = True
        question["because"] = "We asked them." if question["key"] in ("risk", "contact") else ""
    path.write_text(json.dumps(held))
    return path


def decided(desk: DeskUnderTest, tmp_path: Path, case: str, *more: object) -> Path:
    path = tmp_path / f"decisions-{len(list(tmp_path.iterdir()))}.json"
    desk.done("refer", case, *TO, "--grade", "2BP", *more, "--write-decisions", path)
    return filled(path)


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_a_case_is_decided_written_and_noted(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    out = tmp_path / "referral.zip"
    answer = desk.run("refer", case, *TO, "--grade", "2BP", "--out", out)
    assert answer.status == 1
    assert "contact: report[0].what_happened" in answer.out
    assert "0 7 7 0 0 900123" in answer.out
    assert "to confirm: The whole text was read" in answer.out
    assert "must be decided by a person" in answer.err
    assert not out.exists()
    assert not opened(desk, case).notes

    decisions = decided(desk, tmp_path, case)
    told = desk.json(
        "refer", case, *TO, "--grade", "2BP", "--decisions", decisions, "--out", out, "--by", "Ann"
    )
    held = read(out)
    said = json.loads(held["referral.json"])
    assert said["reference"] == told["reference"]
    assert said["told"][0]["title"] == "What was told: received in March 2026"
    assert "900123" not in out.read_bytes().decode("latin-1")
    assert "Beata" not in out.read_bytes().decode("latin-1")
    assert "They wait in a van by the station. Dial [left out] to ask." in held["referral.json"].decode()

    notes = opened(desk, case).notes
    referred = [note.change for note in notes if isinstance(note.change, Referred)]
    assert [(one.agency, one.pack_sha256, one.grade) for one in referred] == [
        ("modern-slavery-helpline", told["pack_sha256"], "2BP")
    ]
    assert referred[0].decisions == len(json.loads(decisions.read_text())["marks"]) + 1
    assert {note.author for note in notes} == {"Ann"}
    assert any(isinstance(note.change, Text) and told["reference"] in note.change.text for note in notes)


def test_the_day_is_told_only_if_asked_for(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    decisions = decided(desk, tmp_path, case, "--day")
    out = tmp_path / "referral.zip"
    answer = desk.run("refer", case, *TO, "--grade", "2BP", "--decisions", decisions, "--out", out)
    assert (answer.status, "on other words" in answer.err) == (1, True)
    desk.done("refer", case, *TO, "--grade", "2BP", "--day", "--decisions", decisions, "--out", out)
    assert "received on 4 March 2026" in read(out)["referral.json"].decode()


@pytest.mark.parametrize(
    ("consent", "why"),
    [
        ({"to": "none"}, "to no one"),
        ({"may": ("keep", "investigate")}, "not among that"),
        ({"to": "some"}, "named none"),
    ],
)
def test_what_its_source_refused_is_not_passed_on(
    desk: DeskUnderTest, tmp_path: Path, consent: dict[str, Any], why: str
) -> None:
    case = sent(desk, tmp_path, plain_report(files=(), answers=Answers({"consent": (consent,)})))
    answer = desk.run("refer", case, *TO, "--grade", "2BP", "--write-decisions", tmp_path / "decisions")
    assert answer.status == 1
    assert why in answer.err
    assert not (tmp_path / "decisions").exists()


def test_a_message_to_the_team_is_never_passed_on(desk: DeskUnderTest, tmp_path: Path) -> None:
    contact = Contact(b"c" * 16, date(2026, 3, 4), "en", Role.TEAM, "", "They wait in a van.", "")
    case = sent(desk, tmp_path, contact)
    answer = desk.run("refer", case, *TO, "--grade", "2BP", "--out", tmp_path / "out.zip")
    assert (answer.status, "a message to the team" in answer.err) == (1, True)


def test_a_locked_case_is_refused_and_a_locked_file_too(desk: DeskUnderTest, tmp_path: Path) -> None:
    case, _ = with_photo(desk, tmp_path)
    home = Home(desk.home)
    book = open_book(home, home.read_keys())
    file = book.case(case)
    sealed = file.attachments[0].sealed_sha256.hex()
    book.add(file, Lock(sealed, True, "may be illegal"), "Ann")
    wish = ("refer", case, *TO, "--grade", "2BP", "--write-decisions")
    for which in ("--file", "--original"):
        answer = desk.run(*wish, tmp_path / which, which, 1)
        assert (answer.status, "locked" in answer.err) == (1, True)
    desk.done(*wish, tmp_path / "without")
    book.add(file, Lock("", True, "all of it"), "Ann")
    answer = desk.run(*wish, tmp_path / "whole")
    assert (answer.status, "this case is locked" in answer.err) == (1, True)


def with_photo(desk: DeskUnderTest, tmp_path: Path, data: bytes = b"") -> tuple[str, Report]:
    parcel = desk.parcel()
    report = parcel.add("They wait in a van.", [("zofia planted.jpg", data or PHOTO.getvalue())])
    return import_(desk, parcel, tmp_path), report


def test_a_file_goes_as_a_cleaned_copy_under_a_name_that_says_nothing(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    case, _ = with_photo(desk, tmp_path)
    wish = (*TO, "--grade", "2BP", "--file", 1)
    path = tmp_path / "decisions.json"
    desk.done("refer", case, *wish, "--write-decisions", path)
    assert [one["key"] for one in json.loads(path.read_text())["questions"]] == ["file 1", "read"]
    out = tmp_path / "out.zip"
    told = desk.json("refer", case, *wish, "--decisions", filled(path), "--out", out)
    held = read(out)
    assert list(held) == ["referral.pdf", "referral.json", "files/file-1.jpg", "SHA256SUMS"]
    assert b"Planted" in PHOTO.getvalue()
    assert b"lanted" not in out.read_bytes()
    assert Image.open(io.BytesIO(held["files/file-1.jpg"])).size == (40, 30)
    assert len(told["files"]) == 1


def test_of_a_name_only_an_ending_that_is_known_goes_along(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("They wait in a van.", [("notes.zofia", b"\x89 nothing"), ("a.PDF", b"\x89 nothing")])
    case = import_(desk, parcel, tmp_path)
    home = Home(desk.home)
    book = open_book(home, home.read_keys())
    one, two = (file.sealed_sha256.hex() for file in book.case(case).attachments)
    made = copies(book, book.case(case), [two, one], frozenset({one, two}), Guarded())
    assert [copy.enclosed.name for copy in made] == ["file-1.pdf", "file-2.bin"]


def test_an_original_goes_only_with_a_reason(desk: DeskUnderTest, tmp_path: Path) -> None:
    case, _ = with_photo(desk, tmp_path)
    wish = (*TO, "--grade", "2BP", "--original", 1)
    path = tmp_path / "decisions.json"
    desk.done("refer", case, *wish, "--write-decisions", path)
    answer = desk.run("refer", case, *wish, "--decisions", filled(path), "--out", tmp_path / "not.zip")
    assert (answer.status, "no reason is given" in answer.err) == (1, True)
    held = json.loads(path.read_text())
    for question in held["questions"]:
        question["because"] = "They need it whole." if question["key"] == "original 1" else ""
    path.write_text(json.dumps(held))
    desk.done("refer", case, *wish, "--decisions", path, "--out", tmp_path / "out.zip")
    assert read(tmp_path / "out.zip")["files/file-1.jpg"] == PHOTO.getvalue()
    assert any(
        isinstance(note.change, Text) and "They need it whole." in note.change.text
        for note in opened(desk, case).notes
    )


def test_of_two_reports_one_is_chosen_and_the_strictest_consent_counts(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    other = plain_report(
        files=(), draft=REPORT.draft, received_on=date(2026, 3, 5), what_happened="A second van."
    )
    case = sent(desk, tmp_path, REPORT, other)
    wish = ("refer", case, *TO, "--grade", "2BP", "--write-decisions")
    answer = desk.run(*wish, tmp_path / "one")
    assert (answer.status, "2 reports that differ" in answer.err) == (1, True)
    desk.done(*wish, tmp_path / "two", "--send", 1)
    desk.done(*wish, tmp_path / "three", "--send", "all")
    assert (tmp_path / "three").stat().st_size > (tmp_path / "two").stat().st_size
    answer = desk.run(*wish, tmp_path / "four", "--send", 3)
    assert (answer.status, "from 1 to 2" in answer.err) == (1, True)
    strict = plain_report(files=(), draft=REPORT.draft, answers=Answers({"consent": ({"to": "none"},)}))
    sent(desk, tmp_path, strict)
    answer = desk.run(*wish, tmp_path / "five", "--send", 1)
    assert (answer.status, "to no one" in answer.err) == (1, True)


def test_additions_go_apart_or_not_at_all(desk: DeskUnderTest, tmp_path: Path) -> None:
    report = plain_report(files=(), what_happened="They wait in a van.")
    assert report.mailbox is not None
    later = FollowUp(b"f" * 16, date(2026, 5, 6), "en", report.mailbox, "They moved to the harbour.")
    case = sent(desk, tmp_path, report, later)
    for more, there in (((), True), (("--addition", "none"), False), (("--addition", 1), True)):
        decisions = decided(desk, tmp_path, case, *more)
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        desk.done("refer", case, *TO, "--grade", "2BP", *more, "--decisions", decisions, "--out", out)
        told = json.loads(read(out)["referral.json"])["told"]
        assert [group["title"] for group in told if "Added" in group["title"]] == (
            ["Added: received in May 2026"] if there else []
        )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--to", "nobody", "--grade", "2BP"), "no agency has the id"),
        ((*TO,), "no grade"),
        ((*TO, "--grade", "9ZQ"), "is no grade"),
        ((*TO, "--grade", "2BC"), "its conditions are missing"),
        ((*TO, "--grade", "2BP", "--file", 1), "no file 1"),
        ((*TO, "--grade", "2BP", "--addition", 2), "--addition must be"),
        ((*TO, "--grade", "2BP", "--agencies", "list.txt"), "no list of agencies"),
    ],
)
def test_a_wrong_choice_is_told(
    desk: DeskUnderTest, case: str, tmp_path: Path, given: tuple[object, ...], why: str
) -> None:
    answer = desk.run("refer", case, *given, "--write-decisions", tmp_path / "decisions")
    assert answer.status == 1
    assert why in answer.err
    assert not (tmp_path / "decisions").exists()


def test_the_grade_of_the_case_is_taken(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    home = Home(desk.home)
    book = open_book(home, home.read_keys())
    book.add(book.case(case), Grade(1, "A", "C", "Not to be shared further"), "Ann")
    path = tmp_path / "decisions"
    desk.done("refer", case, *TO, "--write-decisions", path)
    out = tmp_path / "out.zip"
    desk.done("refer", case, *TO, "--decisions", filled(path), "--out", out)
    assert b"Not to be shared further" in read(out)["referral.json"]


def test_nothing_is_written_over_or_left_behind_unnoted(
    desk: DeskUnderTest, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = decided(desk, tmp_path, case)
    wish = ("refer", case, *TO, "--grade", "2BP", "--decisions", decisions, "--out")
    there = tmp_path / "there.zip"
    there.write_text("mine")
    answer = desk.run(*wish, there)
    assert (answer.status, there.read_text()) == (1, "mine")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desk.book.Book.add", full)
    assert desk.run(*wish, tmp_path / "new.zip").status == 1
    assert not (tmp_path / "new.zip").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda held: held.update(more=1),
        lambda held: held["marks"][0].update(decision="maybe"),
        lambda held: held["questions"][0].update(yes="true"),
        lambda held: held.pop("of"),
    ],
    ids=["a key too many", "no choice", "no yes", "no hash"],
)
def test_a_file_of_decisions_that_was_spoilt_is_refused(
    desk: DeskUnderTest, case: str, tmp_path: Path, damage: Any
) -> None:
    path = decided(desk, tmp_path, case)
    held = json.loads(path.read_text())
    damage(held)
    path.write_text(json.dumps(held))
    answer = desk.run(
        "refer", case, *TO, "--grade", "2BP", "--decisions", path, "--out", tmp_path / "out.zip"
    )
    assert (answer.status, "cannot be read" in answer.err) == (1, True)


def test_contact_put_into_conditions_is_refused(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    decisions = decided(desk, tmp_path, case)
    out = tmp_path / "out.zip"
    more = ("--answer-to", "Ann, or the source at 07700900123", "--decisions", decisions, "--out", out)
    answer = desk.run("refer", case, *TO, "--grade", "2BP", *more)
    assert (answer.status, "would still go out" in answer.err) == (1, True)
    assert not out.exists()
