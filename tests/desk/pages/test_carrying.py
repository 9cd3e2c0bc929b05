"""Bundles, taken in and written from the page."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.pages import sticks
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import wrote


def test_what_a_bundle_brings_is_in_the_inbox(
    client: FlaskClient, filled: DeskUnderTest, book: Book, tmp_path: Path
) -> None:
    parcel = filled.parcel()
    parcel.add("A boat at the pier.", [("film.mp4", b"no film")])
    bundle = parcel.write(tmp_path / "new.tar")
    page = client.post("/bundles/in", data={"typed": str(bundle)}).get_data(as_text=True)
    assert "1 send new" in page
    assert "1 attachment new" in page
    assert "A boat at the pier" in client.get("/").get_data(as_text=True)
    again = client.post("/bundles/in", data={"typed": str(bundle)}).get_data(as_text=True)
    assert "0 sends new, 1 was here already" in again


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "No file was chosen"),
        ("bundle.tar", "The place is not whole"),
        ("/nowhere/bundle.tar", "There is no such file or folder"),
        ("/", "This is a folder"),
        ("/x\0y", "No file has such a name"),
    ],
    ids=repr,
)
def test_what_is_wrong_is_told(client: FlaskClient, typed: str, told: str) -> None:
    answer = client.post("/bundles/in", data={"typed": typed})
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)


def test_what_is_no_bundle_is_told(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    answer = client.post("/bundles/in", data={"typed": str(tmp_path / "photo.jpg")})
    assert answer.status_code == 422
    assert "This is another kind of file" in answer.get_data(as_text=True)
    assert "Choose the one that vigil-fetch wrote" in answer.get_data(as_text=True)


def test_a_pipe_is_not_waited_for(client: FlaskClient, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tar")
    answer = client.post("/bundles/in", data={"typed": str(tmp_path / "pipe.tar")})
    assert answer.status_code == 422
    assert "This is no file" in answer.get_data(as_text=True)


def test_a_bundle_for_the_server_is_told_from_one_for_the_desk(client: FlaskClient, tmp_path: Path) -> None:
    assert client.post("/bundles/out", data={"typed": str(tmp_path / "back.tar")}).status_code == 200
    answer = client.post("/bundles/in", data={"typed": str(tmp_path / "back.tar")})
    assert answer.status_code == 422
    assert "written by a desk, for the server" in answer.get_data(as_text=True)


def test_what_waits_is_told(
    client: FlaskClient, filled: DeskUnderTest, case_named: Callable[[str], str], tmp_path: Path
) -> None:
    page = client.get("/bundles/").get_data(as_text=True)
    assert "No reply waits" in page
    assert "No bundle was written here yet" in page
    filled.done("reply", case_named("They keep"), "--text-file", wrote(tmp_path, "Thank you."))
    assert "1 reply waits for the next bundle" in client.get("/bundles/").get_data(as_text=True)
    client.post("/bundles/out", data={"typed": str(tmp_path / "back.tar")})
    page = client.get("/bundles/").get_data(as_text=True)
    assert "No reply waits. 1 is on the way" in page
    assert "has the number 1. The server had none" in page


def test_nothing_is_written_over(client: FlaskClient, tmp_path: Path) -> None:
    there = tmp_path / "there.tar"
    there.write_text("mine")
    answer = client.post("/bundles/out", data={"typed": str(there)})
    assert answer.status_code == 422
    assert "is there already" in answer.get_data(as_text=True)
    assert there.read_text() == "mine"


def test_sticks_are_offered_to_choose_from(
    client: FlaskClient, filled: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "media" / "STICK"
    stick.mkdir(parents=True)
    filled.parcel().write(stick / "bundle.tar")
    (stick / ".Trash").write_text("")
    (stick / "two\nlines.tar").write_text("")
    Path(os.fsdecode(os.fsencode(stick) + b"/no text\xff.tar")).write_text("")
    monkeypatch.setattr(sticks, "_above", lambda _user: [tmp_path / "media"])
    monkeypatch.setattr(Path, "is_mount", lambda path: path == stick)
    page = client.get("/bundles/").get_data(as_text=True)
    assert f'value="{stick}/bundle.tar"' in page
    assert ".Trash" not in page
    assert f'value="{stick}/bundle.tar" checked' in page
    assert f'value="{stick}" checked' in page
    done = client.post("/bundles/in", data={"place": f"{stick}/bundle.tar", "typed": ""})
    assert "0 sends new" in done.get_data(as_text=True)
    client.post("/bundles/out", data={"place": str(stick), "typed": ""})
    assert len(list(stick.glob("from-desk-*.tar"))) == 1
