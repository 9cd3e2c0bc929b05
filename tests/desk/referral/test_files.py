"""The files of a referral: the one that goes out is the one decided on, and its words are searched."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import Base

from desk.book import Book, open_book
from desk.errors import DeskError
from desk.home import Home
from desk.packing.copies import copies
from desk.packing.told import Enclosed
from desk.pointing import Guarded, Nature, Piece, marks
from desk.strangers.pdf import _written
from tests.desk.conftest import DeskUnderTest
from tests.desk.referral.cases import draft_of, told_of
from tests.desk.referral.test_refer import TO, filled
from tests.desk.shown import import_
from tests.desk.strangers.store import zipped
from tests.payload.reports import plain_report

GUARDED = Guarded(("Jane Smith, 07700 900123",))


def picture(colour: str, **tags: str) -> bytes:
    exif = Image.Exif()
    for name, value in tags.items():
        exif[Base[name].value] = value
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def written(text: str) -> bytes:
    """Write a PDF of one page with a line of text, or none."""
    drawn = f"BT /F 20 Tf 40 700 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F 5 0 R >> >>",
    ]
    return _written(objects)


def booked(desk: DeskUnderTest, tmp_path: Path, *files: tuple[str, bytes]) -> tuple[Book, str]:
    parcel = desk.parcel()
    parcel.add("They wait in a van.", list(files))
    case = import_(desk, parcel, tmp_path)
    home = Home(desk.home)
    return open_book(home, home.read_keys()), case


def contacts(desk: DeskUnderTest, tmp_path: Path, name: str, data: bytes, *, original: bool) -> list[str]:
    """Give what in a file reaches the source, as it would be decided on."""
    book, case = booked(desk, tmp_path, (name, data))
    sealed = book.case(case).attachments[0].sealed_sha256.hex()
    chosen = frozenset({sealed}) if original else frozenset()
    (made,) = copies(book, book.case(case), [sealed], chosen, GUARDED)
    piece = Piece("text", "Text", Nature.FILE_TEXT, made.enclosed.text)
    return [mark.text for mark in marks([piece], GUARDED) if mark.severity == "contact"]


def test_what_was_decided_of_one_file_does_not_count_for_another() -> None:
    one = Enclosed(1, "file-1.jpg", came_as="image.jpg", sealed="a" * 64, sha256="b" * 64)
    fingerprints = {
        draft_of(told_of("A van.", files=(file,))).fingerprint
        for file in (
            one,
            Enclosed(1, "file-1.jpg", came_as="image.jpg", sealed="c" * 64, sha256="b" * 64),
            Enclosed(1, "file-1.jpg", came_as="image.jpg", sealed="a" * 64, sha256="d" * 64),
        )
    }
    assert len(fingerprints) == 3


def test_a_fuller_report_that_comes_meanwhile_puts_no_other_file_in_its_place(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    def sent(*colours: str) -> str:
        parcel = desk.parcel()
        made = parcel.add("unused", [("image.jpg", picture(colour)) for colour in colours]).files
        parcel.members = {name: data for name, data in parcel.members.items() if name.startswith("blob/")}
        parcel.add_report(plain_report(files=made, received_on=date(2026, 3, 4)))
        return import_(desk, parcel, tmp_path)

    case = sent("blue")
    wish = ("refer", case, *TO, "--grade", "2BP", "--send", 1, "--file", 1)
    path = tmp_path / "decisions.json"
    answer = desk.run(*wish, "--write-decisions", path)
    assert answer.status == 0, answer.err
    assert "file 1: image.jpg, sealed " in answer.err
    sent("red", "blue")
    out = tmp_path / "out.zip"
    answer = desk.run(*wish, "--decisions", filled(path), "--out", out)
    assert (answer.status, "on other words" in answer.err, out.exists()) == (1, True, False)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", picture("red", Artist="Jane Smith")),
        ("a.jpg", picture("red", ImageDescription="ask on 0 7 7 0 0 9 0 0 1 2 3")),
        ("a.jpg", picture("red") + "\0call Jane Smith".encode("utf-16-be")),
        ("a.jpg", picture("red") + b"\0(+44) 7700-900 123\0"),
        (
            "a.docx",
            zipped(
                {
                    "[Content_Types].xml": "<Types/>",
                    "word/document.xml": "<d><p><t>A van</t></p></d>",
                    "docProps/core.xml": "<c><creator>Jane Smith</creator></c>",
                }
            ),
        ),
        ("a.zip", zipped({"hidden/notes.txt": "it was Jane Smith who saw it"})),
        ("a.pdf", written("Seen by Jane Smith")),
        ("a.bin", b"\x89\0\1 07700900123 \0"),
    ],
    ids=["exif", "spaced", "sixteen bit", "eight bit", "docprops", "zip", "pdf", "unknown"],
)
def test_what_an_original_carries_is_marked(
    desk: DeskUnderTest, tmp_path: Path, name: str, data: bytes
) -> None:
    assert contacts(desk, tmp_path, name, data, original=True)


def test_an_original_that_cannot_be_searched_is_refused(desk: DeskUnderTest, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be searched"):
        contacts(desk, tmp_path, "a.gz", b"\x1f\x8b\x08" + bytes(50), original=True)


def test_the_words_of_a_cleaned_pdf_are_marked(desk: DeskUnderTest, tmp_path: Path) -> None:
    data = written("Seen by Jane Smith, 07700 900123")
    assert len(contacts(desk, tmp_path, "a.pdf", data, original=False)) >= 2


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.pdf", written(""), "this is a scan: its words were not searched"),
        ("a.jpg", picture("red"), "nobody but you has looked at what can be read or heard in it"),
    ],
    ids=["scan", "picture"],
)
def test_that_no_program_read_it_is_to_be_confirmed(
    desk: DeskUnderTest, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    _, case = booked(desk, tmp_path, (name, data))
    path = tmp_path / "decisions.json"
    desk.done("refer", case, *TO, "--grade", "2BP", "--file", 1, "--write-decisions", path)
    (asked,) = [one for one in json.loads(path.read_text())["questions"] if one["key"] == "file 1"]
    assert why in asked["why"]


def test_the_pack_has_its_name_only_when_it_is_noted(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, case = booked(desk, tmp_path)
    wish = ("refer", case, *TO, "--grade", "2BP")
    path, out = tmp_path / "decisions.json", tmp_path / "out.zip"
    desk.done(*wish, "--write-decisions", path)
    there: list[bool] = []
    add = Book.add

    def noted(*given: Any) -> None:
        there.append(out.exists())
        add(*given)

    monkeypatch.setattr(Book, "add", noted)
    desk.done(*wish, "--decisions", filled(path), "--out", out)
    assert there
    assert not any(there)
    assert out.exists()
