"""Two copies of a casebook are put together: what one has and the other not is taken, and nothing is lost."""

import os
import shutil
from pathlib import Path

import pytest

from payload.changes import Text
from tests.desk.booked import booked, case_with, three_cases
from tests.desk.conftest import DeskUnderTest
from tests.desk.destroying import DESTROY, move_on
from tests.desk.killing import killed_at, steps_of


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    return three_cases(desk, tmp_path)


@pytest.fixture
def other(filled: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """A copy of the desk that has one report with a file, and a note, more."""
    made = DeskUnderTest(tmp_path / "other", filled.capsys)
    shutil.copytree(filled.home, made.home)
    parcel = made.parcel()
    parcel.add("Only there", [("c.txt", b"only there")])
    made.done("import", parcel.write(tmp_path / "more.tar"))
    book = booked(made)
    book.add(case_with(book, "A van"), Text("noted there"), "Bob")
    return made


def _names(desk: DeskUnderTest) -> set[str]:
    return {
        str(path.relative_to(desk.home)) for path in (desk.home / "casebook").rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("inside", ["", "casebook"])
def test_what_is_not_here_is_taken(
    filled: DeskUnderTest, other: DeskUnderTest, tmp_path: Path, inside: str
) -> None:
    told = filled.json("merge", other.home / inside)
    assert told == {"envelopes": 2, "attachments": 1, "damaged": 0, "before": 0}
    assert _names(filled) == _names(other)
    assert filled.json("list") == other.json("list")
    filled.done("files", case_with(booked(filled), "Only").name, "--out", tmp_path / "saved")
    assert (tmp_path / "saved" / "c.txt").read_bytes() == b"only there"
    assert filled.json("merge", other.home)["envelopes"] == 0


def test_the_other_copy_is_not_touched(filled: DeskUnderTest, other: DeskUnderTest) -> None:
    before = {path: path.read_bytes() for path in other.home.rglob("*") if path.is_file()}
    filled.done("merge", other.home)
    assert {path: path.read_bytes() for path in other.home.rglob("*") if path.is_file()} == before


def test_what_is_no_file_there_is_passed_over(filled: DeskUnderTest, other: DeskUnderTest) -> None:
    env = other.home / "casebook" / "env"
    os.mkfifo(env / ("a" * 64))
    (env / ("b" * 64)).mkdir()
    (env / ("c" * 64)).symlink_to("/dev/zero")
    assert filled.json("merge", other.home)["envelopes"] == 2


def test_what_is_damaged_there_is_left_and_told(filled: DeskUnderTest, other: DeskUnderTest) -> None:
    here = _names(filled)
    new = sorted(_names(other) - here)
    for name in new:
        path = other.home / name
        path.write_bytes(path.read_bytes()[:-1])
    answer = filled.run("merge", other.home)
    assert answer.status == 1
    # The attachment is not even looked for: no report that is here names it.
    assert "2 files of that copy are damaged" in answer.err
    assert _names(filled) == here


def test_a_damaged_attachment_is_not_taken(filled: DeskUnderTest, other: DeskUnderTest) -> None:
    (blob,) = [name for name in _names(other) - _names(filled) if "/blob/" in name]
    (other.home / blob).write_bytes(b"damaged")
    assert filled.run("merge", other.home).status == 1
    assert [one["state"] for one in filled.json("list") if one["begins"] == "Only there"] == [
        "attachments missing"
    ]


def test_an_attachment_that_was_missing_here_is_found_there(
    filled: DeskUnderTest, other: DeskUnderTest
) -> None:
    for blob in (filled.home / "casebook" / "blob").iterdir():
        blob.unlink()
    filled.done("merge", other.home)
    assert {one["state"] for one in filled.json("list")} == {"complete"}


def test_what_was_destroyed_here_does_not_come_back(
    filled: DeskUnderTest, other: DeskUnderTest, tmp_path: Path
) -> None:
    move_on(filled, tmp_path)
    filled.done(*DESTROY, "--keep-none")
    told = filled.json("merge", other.home)
    assert (told["envelopes"], told["attachments"], told["before"]) == (0, 0, 5)
    assert _names(filled) == set()


def test_killed_it_leaves_whole_files_and_goes_on(
    filled: DeskUnderTest, other: DeskUnderTest, tmp_path: Path
) -> None:
    copy = DeskUnderTest(tmp_path / "copy", filled.capsys)
    shutil.copytree(filled.home, copy.home)
    for step in range(0, steps_of(copy, "merge", other.home), 3):
        shutil.rmtree(copy.home)
        shutil.copytree(filled.home, copy.home)
        killed_at(copy, step, "merge", other.home)
        assert {one["state"] for one in copy.json("list")} <= {"complete", "attachments missing"}
        copy.done("merge", other.home)
        assert _names(copy) == _names(other)


@pytest.mark.parametrize("where", ["nowhere", ""])
def test_where_there_is_no_casebook_that_is_told(filled: DeskUnderTest, tmp_path: Path, where: str) -> None:
    (tmp_path / "empty").mkdir()
    answer = filled.run("merge", tmp_path / "empty" / where)
    assert (answer.status, "no casebook in" in answer.err) == (1, True)


def test_its_own_casebook_is_refused(filled: DeskUnderTest) -> None:
    assert "of this desk itself" in filled.run("merge", filled.home).err
