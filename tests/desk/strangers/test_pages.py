"""The pages of a file: shown only when asked, blurred at first, under own headers; if locked, not at all."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.pages import files as pages
from payload.changes import Lock
from tests.desk.conftest import DeskUnderTest
from tests.desk.pages.conftest import app, book, client, ended, session, source
from tests.desk.strangers import making

__all__ = ["app", "book", "client", "ended", "session", "source"]  # fixtures of the desk's pages

SENT = [
    ("holiday\u202egpj.exe", making.jpeg()),
    ("note.txt", b"<b>The van</b>\r\ncame \x1b[2J at nine"),
    ("voice.ogg", making.tone("ogg", "libopus", rate=48_000)),
    ("photo.jpg", b"MZ" + bytes(500)),
    ("draw.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
]


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    parcel = desk.parcel()
    parcel.add("With files.", SENT)
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


@pytest.fixture
def at(book: Book) -> str:
    return f"/case/{book.files()[0].name}/file"


def test_a_case_leads_to_its_files(client: FlaskClient, book: Book, at: str) -> None:
    page = client.get(f"/case/{book.files()[0].name}").get_data(as_text=True)
    assert f'href="{at}/1/"' in page


def test_a_file_is_told_by_its_content_and_shows_nothing_yet(client: FlaskClient, at: str) -> None:
    page = client.get(f"{at}/1/").get_data(as_text=True)
    assert "A picture (JPEG)" in page
    assert "turn its letters round" in page
    assert "<img" not in page
    program = client.get(f"{at}/4/").get_data(as_text=True)
    assert "It is a program (a program for Windows)" in program
    assert "Its name ends in .jpg, but it is" in program


def test_a_picture_is_blurred_first_and_clear_when_asked_again(client: FlaskClient, at: str) -> None:
    blurred = client.get(f"{at}/1/blurred/0")
    (source,) = re.findall(r'<img src="([^"]+)"', blurred.get_data(as_text=True))
    assert "/blurred/0/" in source
    small = client.get(source)
    assert small.data.startswith(b"\x89PNG")
    clear = client.get(f"{at}/1/clear/0")
    (source,) = re.findall(r'<img src="([^"]+)"', clear.get_data(as_text=True))
    assert client.get(source).data != small.data


def test_a_picture_goes_out_under_headers_of_its_own(client: FlaskClient, at: str, book: Book) -> None:
    sealed = book.files()[0].attachments[0].sealed_sha256.hex()
    answer = client.get(f"{at}/1/clear/0/{sealed}")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert client.get(f"{at}/1/clear/0/{'0' * 64}").status_code == 404


def test_sound_can_be_heard_on_its_page_alone(client: FlaskClient, at: str) -> None:
    page = client.get(f"{at}/3/clear/0")
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    (source,) = re.findall(r'<audio controls preload="none" src="([^"]+)"', page.get_data(as_text=True))
    sound = client.get(source)
    assert sound.headers["Content-Type"] == "audio/wav"
    assert sound.data.startswith(b"RIFF")
    assert "media-src" not in client.get(f"{at}/3/").headers["Content-Security-Policy"]


def test_text_and_drawings_are_shown_as_text(client: FlaskClient, at: str) -> None:
    text = client.get(f"{at}/2/blurred/0").get_data(as_text=True)
    assert "&lt;b&gt;The van&lt;/b&gt;" in text
    assert '<span class="mark">&lt;U+001B&gt;</span>' in text
    drawing = client.get(f"{at}/5/clear/0").get_data(as_text=True)
    assert "<script>alert" not in drawing
    assert "&lt;script&gt;alert(1)" in drawing
    assert "<img" not in drawing


def test_what_it_carries_is_told(client: FlaskClient, at: str) -> None:
    page = client.get(f"{at}/1/carries").get_data(as_text=True)
    assert "What may lead to a person, a device or a place" in page
    assert "53.410000 N, 2.990000 W" in page


def test_a_cleaned_copy_is_saved_where_staff_says(client: FlaskClient, at: str, tmp_path: Path) -> None:
    out = tmp_path / "copies"
    out.mkdir()
    sealed = re.findall(
        r'name="sealed" value="([0-9a-f]{64})"', client.get(f"{at}/1/").get_data(as_text=True)
    )
    for _ in range(2):
        answer = client.post(f"{at}/1/clean", data={"place": str(out), "sealed": sealed[0]})
    # The second time it is there already.
    assert answer.status_code == 422
    assert [path.name for path in out.iterdir()] == ["picture.jpg"]
    assert making.MARK.encode() not in (out / "picture.jpg").read_bytes()
    assert (out / "picture.jpg").stat().st_mode & 0o777 == 0o600
    assert client.post(f"{at}/4/clean", data={"place": str(out / "x")}).status_code == 422
    assert client.post(f"{at}/1/clean", data={"place": "", "sealed": sealed[0]}).status_code == 422
    # Another file has that number meanwhile.
    for other in ({}, {"sealed": "0" * 64}):
        answer = client.post(f"{at}/1/clean", data={"place": str(out / "other"), **other})
        assert (answer.status_code, (out / "other").exists()) == (422, False)


def test_a_locked_file_is_neither_looked_at_nor_shown_nor_cleaned(
    client: FlaskClient, at: str, book: Book, tmp_path: Path
) -> None:
    file = book.files()[0]
    sealed = file.attachments[0].sealed_sha256.hex()
    assert client.get(f"{at}/1/clear/0/{sealed}").status_code == 200  # made, and ready
    book.add(file, Lock(sealed, True, "it may be illegal to hold"), "Ann")
    for path in (
        f"{at}/1/",
        f"{at}/1/carries",
        f"{at}/1/clear/0",
        f"{at}/1/blurred/0",
        f"{at}/1/clear/0/{sealed}",
    ):
        answer = client.get(path)
        assert answer.status_code == 422
        assert "locked" in answer.get_data(as_text=True)
    assert client.post(f"{at}/1/clean", data={"place": str(tmp_path / "copy")}).status_code == 422
    assert not (tmp_path / "copy").exists()
    assert client.get(f"{at}/2/").status_code == 200


@pytest.mark.parametrize("path", ["0/", "6/", "1/clear/200000", "1/sideways/0", "x/"])
def test_there_is_no_other_file(client: FlaskClient, at: str, path: str) -> None:
    assert client.get(f"{at}/{path}").status_code == 404


def test_few_previews_stay_in_memory(client: FlaskClient, at: str) -> None:
    for number in (1, 2, 3, 5):
        for how in ("blurred", "clear"):
            client.get(f"{at}/{number}/{how}/0")
    assert len(pages._ready) <= pages._MOST_READY


def test_where_bubblewrap_is_missing_the_page_asks_first(
    client: FlaskClient, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.strangers import agreeing
    from desk.strangers.isolation import Isolation

    for module in (agreeing, pages):
        monkeypatch.setattr(module, "isolation", lambda: Isolation.LIMITS)
    opened = pages.looked
    monkeypatch.setattr(pages, "looked", None)
    for path in ("2/", "2/carries", "2/clear/0"):
        page = client.get(f"{at}/{path}").get_data(as_text=True)
        assert "File 2 is not opened yet" in page
        assert "could read your files and use a network" in page
    monkeypatch.setattr(pages, "looked", opened)
    assert client.post(f"{at}/2/agree").status_code == 303
    page = client.get(f"{at}/2/").get_data(as_text=True)
    assert "What it carries" in page
    assert "could read your files and use a network" in page
