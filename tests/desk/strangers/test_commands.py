"""`look`, `preview`, `metadata` and `clean` on the command line."""

import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from desk.book import open_book
from desk.home import Home
from payload.changes import Lock
from tests.desk.conftest import DeskUnderTest
from tests.desk.strangers import making

FILES = [
    ("photo\x1b[2J.jpg", making.jpeg()),
    ("invoice.pdf", b"MZ" + bytes(200)),
    ("letter.docx", making.docx()),
]


@pytest.fixture
def case(desk: DeskUnderTest, tmp_path: Path) -> str:
    parcel = desk.parcel()
    parcel.add("With files.", FILES)
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return str(desk.json("list")[0]["case"])


def lock(desk: DeskUnderTest, case: str, number: int) -> None:
    home = Home(desk.home)
    book = open_book(home, home.read_keys())
    file = book.case(case)
    book.add(file, Lock(file.attachments[number - 1].sealed_sha256.hex(), True, "not ours to hold"), "Ann")


def test_look_tells_what_the_files_are(desk: DeskUnderTest, case: str) -> None:
    told = desk.json("look", case)
    assert [one["type"] for one in told] == [
        "image/jpeg",
        "application/x-msdownload",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
    assert [one["number"] for one in told] == [1, 2, 3]
    assert {one["isolation"] for one in told} <= {"bubblewrap", "limits only"}
    assert any("it is a program" in warning for warning in told[1]["warnings"])
    shown = desk.done("look", case)
    assert "     it is a picture (JPEG)" in shown
    assert "     ! its name ends in .pdf, but it is: a program for Windows" in shown
    assert "\x1b" not in shown


def test_look_goes_on_where_a_file_is_missing(desk: DeskUnderTest, case: str) -> None:
    first = desk.json("show", case)["payload"]["files"][0]["sealed_sha256"]
    (desk.home / "casebook" / "blob" / first).unlink()
    told = desk.json("look", case)
    assert told[0]["why"].startswith("missing")
    assert told[2]["why"] == ""


def test_a_case_without_files_has_nothing_to_look_at(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add("Only words.")
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    name = desk.json("list")[0]["case"]
    assert desk.json("look", name) == []
    assert "came without files" in desk.done("look", name)


def test_preview_saves_what_can_be_shown(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    out = tmp_path / "seen.png"
    said = desk.json("preview", case, 1, "--out", out)
    assert (said["type"], said["note"]) == ("image/png", "64 by 48 pixels as sent")
    assert Image.open(io.BytesIO(out.read_bytes())).size == (64, 48)
    assert out.stat().st_mode & 0o777 == 0o600
    desk.done("preview", case, 1, "--out", tmp_path / "blurred.png", "--blurred")
    assert Image.open(io.BytesIO((tmp_path / "blurred.png").read_bytes())).size == (480, 360)
    desk.done("preview", case, 3, "--out", tmp_path / "text.txt")
    assert (tmp_path / "text.txt").read_text().startswith("The van came")


def test_nothing_is_overwritten_and_nothing_is_left(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    out = tmp_path / "seen.png"
    out.write_bytes(b"mine")
    answer = desk.run("preview", case, 1, "--out", out)
    assert (answer.status, out.read_bytes()) == (1, b"mine")
    assert "is there already" in answer.err
    assert desk.run("clean", case, 1, "--out", out).status == 1
    answer = desk.run("preview", case, 2, "--out", tmp_path / "no")
    assert (answer.status, answer.err.splitlines()[0]) == (
        1,
        "desk: error: no preview: there is no preview for this kind of file",
    )
    assert not (tmp_path / "no").exists()


def test_metadata_tells_what_a_file_carries(desk: DeskUnderTest, case: str) -> None:
    told = {fact["name"]: fact for fact in desk.json("metadata", case, 1)}
    assert told["GPS: place"] == {"name": "GPS: place", "value": "53.410000 N, 2.990000 W", "tells_who": True}
    assert told["Artist"]["value"] == making.MARK
    assert told["Date Time Original"]["value"] == "2026:03:01 12:00:00"
    shown = desk.done("metadata", case, 3)
    assert f"! Creator: {making.MARK}" in shown
    assert "may lead to a person" in shown
    assert "could not be read" not in shown


def test_clean_saves_a_copy_without_traces(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    out = tmp_path / "clean.jpg"
    said = desk.json("clean", case, 1, "--out", out)
    assert said["type"] == "image/jpeg"
    assert making.MARK.encode() not in out.read_bytes()
    assert Image.open(io.BytesIO(out.read_bytes())).size == (64, 48)
    answer = desk.run("clean", case, 2, "--out", tmp_path / "no")
    assert "no cleaned copy: the desk cannot clean this kind of file" in answer.err


@pytest.mark.parametrize("number", [0, 4, -1])
def test_there_is_no_other_file(desk: DeskUnderTest, case: str, number: int, tmp_path: Path) -> None:
    answer = desk.run("clean", case, "--out", tmp_path / "x", "--", number)
    assert answer.status == 1
    assert f"has no file {number}: it came with 3 files" in answer.err


def test_a_locked_file_is_refused_by_all(desk: DeskUnderTest, case: str, tmp_path: Path) -> None:
    lock(desk, case, 1)
    out = tmp_path / "x"
    for arguments in (
        ("preview", case, 1, "--out", out),
        ("clean", case, 1, "--out", out),
        ("metadata", case, 1),
    ):
        answer = desk.run(*arguments)
        assert (answer.status, answer.err.splitlines()[0]) == (1, "desk: error: this file is locked")
    assert not out.exists()
    told = desk.json("look", case)
    assert [bool(one["why"]) for one in told] == [True, False, False]
    assert "sha256" not in told[0]


def test_without_bubblewrap_each_command_asks_first_and_says_so(
    desk: DeskUnderTest, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.strangers import agreeing, commands
    from desk.strangers.isolation import Isolation

    for module in (agreeing, commands):
        monkeypatch.setattr(module, "isolation", lambda: Isolation.LIMITS)
    out = ("--out", tmp_path / "copy")
    for arguments in (
        ("look", case),
        ("metadata", case, 1),
        ("clean", case, 1, *out),
        ("preview", case, 1, *out),
    ):
        answer = desk.run(*arguments)
        assert (answer.status, "say --limits-only" in answer.err, answer.out) == (1, True, "")
        assert not (tmp_path / "copy").exists()
    for arguments in (("look", case), ("metadata", case, 1)):
        answer = desk.run(*arguments, "--limits-only")
        assert answer.status == 0
        assert "opened under limits alone" in answer.err


def test_no_word_of_a_file_stands_on_a_command_line(
    desk: DeskUnderTest, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess

    started: list[str] = []
    begin = subprocess.Popen

    def noted(line: list[str], **how: object) -> object:
        started.append(json.dumps([line, {name: str(value) for name, value in how.items()}]))
        return begin(line, **how)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr("desk.strangers.box.subprocess.Popen", noted)
    desk.done("preview", case, 1, "--out", tmp_path / "seen.png")
    assert started
    assert not [line for line in started if "photo" in line or case in line or str(desk.home) in line]
    assert os.environ["DESK_PASSPHRASE_FILE"] not in "".join(started)
