"""A file is what it holds, whatever its name says; and what it holds twice, or hides, is told."""

import io
import zipfile
from pathlib import Path

import pytest

from desk.strangers.looking import Looked, looked
from tests.desk.strangers import making
from tests.desk.strangers.store import stored, zipped

MADE = {
    "jpeg": (making.jpeg, "image/jpeg"),
    "png": (making.png, "image/png"),
    "gif": (lambda: making.saved("GIF"), "image/gif"),
    "webp": (lambda: making.saved("WEBP"), "image/webp"),
    "bmp": (lambda: making.saved("BMP"), "image/bmp"),
    "tiff": (lambda: making.saved("TIFF"), "image/tiff"),
    "heic": (making.heic, "image/heic"),
    "avif": (lambda: making.saved("AVIF"), "image/avif"),
    "mp4": (making.film, "video/mp4"),
    "webm": (lambda: making.film("webm", "libvpx"), "video/webm"),
    "avi": (lambda: making.film("avi"), "video/x-msvideo"),
    "ts": (lambda: making.film("mpegts", "mpeg2video"), "video/mp2t"),
    "mpeg": (lambda: making.film("mpeg", "mpeg2video"), "video/mpeg"),
    "mp3": (lambda: making.tone("mp3", "libmp3lame"), "audio/mpeg"),
    "ogg": (lambda: making.tone("ogg", "libopus", rate=48_000), "audio/ogg"),
    "flac": (lambda: making.tone("flac", "flac"), "audio/flac"),
    "wav": (lambda: making.tone("wav", "pcm_s16le"), "audio/wav"),
    "m4a": (lambda: making.tone("ipod", "aac"), "audio/mp4"),
    "pdf": (making.pdf, "application/pdf"),
    "docx": (making.docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (making.xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": (making.pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "odt": (making.odt, "application/vnd.oasis.opendocument.text"),
    "rtf": (lambda: making.RTF, "application/rtf"),
    "txt": (lambda: "Grüße".encode(), "text/plain"),
    "html": (lambda: b"<!doctype html><title>x</title><p>y", "text/html"),
    "svg": (lambda: b"<?xml version='1.0'?><svg xmlns='x'/>", "image/svg+xml"),
    "zip": (lambda: zipped({"a.txt": "a"}), "application/zip"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(40), "application/x-7z-compressed"),
    "jar": (lambda: zipped({"META-INF/MANIFEST.MF": ""}), "application/java-archive"),
    "exe": (lambda: b"MZ" + bytes(200), "application/x-msdownload"),
    "lnk": (lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(60), "application/x-ms-shortcut"),
}


def look(folder: Path, data: bytes, name: str = "", type_: str = "") -> Looked:
    casebook, file = stored(folder, data, name, type_)
    return looked(casebook, file, locked=False)


def warned(found: Looked, words: str) -> bool:
    return any(words in warning for warning in found.warnings)


@pytest.mark.parametrize("ending", MADE)
def test_a_file_is_told_by_what_it_holds(ending: str, tmp_path: Path) -> None:
    make, type_ = MADE[ending]
    found = look(tmp_path, make(), f"x.{ending}")
    assert found.type == type_
    odd = [warning for warning in found.warnings if "program" not in warning and "archive" not in warning]
    assert not odd


@pytest.mark.parametrize(
    ("data", "name", "type_", "words"),
    [
        (b"MZ" + bytes(100), "photo.jpg", "image/jpeg", "it is a program"),
        (b"MZ" + bytes(100), "photo.jpg", "", "its name ends in .jpg, but it is: a program for Windows"),
        (b"\x7fELF" + bytes(100), "x.pdf", "", "its name ends in .pdf, but it is: a program for Linux"),
        (b"#!/bin/sh\nrm -rf ~\n", "notes.txt", "", "it is a program"),
        (b"Dim x\n", "letter.doc.vbs", "", "a computer may run it as a program"),
        (b"Dim x\n", "letter.doc.vbs", "", "two endings"),
        (b"hello", "letter\u202efdp.exe", "", "turn its letters round"),
        (b"hello", "photo" + " " * 200 + ".exe", "", "its name ends in .exe"),
        (b"hello", "x.png", "", "its name ends in .png, but it is: text"),
        (b"hello there", "x", "image/png", "it was sent as image/png, but it is: text"),
    ],
)
def test_a_name_or_a_type_that_lies_is_told(
    data: bytes, name: str, type_: str, words: str, tmp_path: Path
) -> None:
    assert warned(look(tmp_path, data, name, type_), words)


def test_names_of_one_kind_are_no_lie(tmp_path: Path) -> None:
    for data, name, type_ in (
        (making.jpeg(), "IMG_0001.JPEG", "image/jpeg"),
        (making.film(), "film.MOV", "video/quicktime"),
        (making.tone("ipod", "aac"), "voice.m4a", "audio/x-m4a"),
        (b"a,b\n1,2\n", "list.csv", "text/csv"),
        (b"plain", "README", "text/plain"),
    ):
        assert look(tmp_path, data, name, type_).warnings == ()


POLYGLOTS = {
    "a PDF that is an archive": (lambda: making.pdf() + zipped({"x": "y"}), "an archive hangs at its end"),
    "a picture that is an archive": (
        lambda: making.jpeg() + zipped({"x": "y"}),
        "an archive hangs at its end",
    ),
    "a GIF that is a script": (
        lambda: b"GIF89a/*" + making.saved("GIF")[8:] + b"*/=1;alert(1)//<script>",
        "a browser could run it as a script",
    ),
    "a picture with a page in it": (
        lambda: making.saved("JPEG", comment=b"<script>alert(1)</script>"),
        "parts of a web page",
    ),
    "a picture with something behind it": (
        lambda: making.png() + b"x" * 5_000,
        "5.0 kB follow after its end",
    ),
    "a JPEG with a film behind it": (lambda: making.jpeg() + making.film(), "follow after its end"),
    "a GIF with something behind it": (lambda: making.saved("GIF") + b"y" * 100, "100 B follow after"),
    "a PDF with something behind it": (lambda: making.pdf() + b"z" * 300, "follow after its end"),
    "a script that is a PDF": (lambda: b"<html><!--%PDF-1.4-->" + making.pdf(), "stand before its beginning"),
}


@pytest.mark.parametrize("case", POLYGLOTS)
def test_two_kinds_of_file_in_one_are_told(case: str, tmp_path: Path) -> None:
    make, words = POLYGLOTS[case]
    assert warned(look(tmp_path, make()), words)


OUTSIDE = '<Relationship Type="x/{}" Target="http://x.example/t" TargetMode="External"/>'
OPEN = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"
RUNS = {
    "word macros": (lambda: making.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    "open macros": (lambda: zipped({**OPEN, "Basic/Standard/Module1.xml": "x"}), "macros"),
    "old office macros": (lambda: OLD + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    "a document under a password": (lambda: OLD + "EncryptedPackage".encode("utf-16-le"), "under a password"),
    "a template from elsewhere": (
        lambda: making.docx(**{"word/_rels/settings.xml.rels": OUTSIDE.format("attachedTemplate")}),
        "fetch them, and tell that it was opened",
    ),
    "files in a document": (lambda: making.docx(**{"word/embeddings/ole1.bin": b"x"}), "holds other files"),
    "a script in a PDF": (
        lambda: making.pdf(extra="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        "actions or scripts",
    ),
    "a script in a drawing": (lambda: b"<svg><script>alert(1)</script></svg>", "holds a script"),
    "a drawing that calls home": (
        lambda: b"<svg><image href='https://x.example/y'/></svg>",
        "things elsewhere",
    ),
    "a thousand laughs": (lambda: LAUGHS, "abbreviations"),
    "an object in rich text": (lambda: rb"{\rtf1{\object\objdata 0105}}", "holds other files"),
}


@pytest.mark.parametrize("case", RUNS)
def test_what_would_run_or_call_home_is_told(case: str, tmp_path: Path) -> None:
    make, words = RUNS[case]
    assert warned(look(tmp_path, make()), words)


def test_a_link_in_a_document_calls_nobody(tmp_path: Path) -> None:
    link = OUTSIDE.format("relationships/hyperlink")
    assert look(tmp_path, making.docx(**{"word/_rels/document.xml.rels": link})).warnings == ()


def test_an_archive_is_counted_and_never_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("../../../etc/cron.d/x", "x")
        made.writestr("C:\\Windows\\x", "x")
        made.writestr("run.exe", "MZ")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    found = look(tmp_path, out.getvalue())
    for words in (
        "4 parts in it",
        "2 of its names lead out",
        "1 of its parts are links",
        "1 of its parts are programs",
    ):
        assert warned(found, words), (words, found.warnings)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "blob"] == []


def test_an_empty_file_is_one(tmp_path: Path) -> None:
    assert look(tmp_path, b"", "x.jpg").kind == "an empty file"


def test_a_file_too_large_is_told_by_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.strangers import opened as opening

    casebook, file = stored(tmp_path, making.jpeg() + bytes(9 * 2**20), "x.jpg")
    monkeypatch.setattr(opening, "MOST_WHOLE", 8 * 2**20)
    found = looked(casebook, file, locked=False)
    assert (found.type, found.whole) == ("image/jpeg", False)
    assert warned(found, "too large to be looked at whole")
