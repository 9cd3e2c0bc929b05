"""The pack: the same bytes for the same words, nothing in it of who made it, whole whatever was written."""

import hashlib
import io
import json
import re
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from desk.packing.notice import NO_DUTY, SOURCE, WHAT
from desk.packing.pack import Contents, Packed, packed
from desk.packing.told import Group, Row
from payload.changes import Grade
from tests.desk.referral.cases import DAY, GRADE, helpline

GROUPS = (
    Group(1, "What was told: received in March 2026"),
    Group(2, "What happened", (Row("What happened", "They wait in a van.\nEvery night."),)),
)
FILES = (
    Packed("file-1.jpg", "image/jpeg", "the van", b"\xff\xd8picture", False),
    Packed("file-2.bin", "application/octet-stream", "", b"as it came", True),
)


def contents(text: str | None = None, grade: Grade = GRADE, files: tuple[Packed, ...] = FILES) -> Contents:
    groups = GROUPS if text is None else (Group(1, "Told"), Group(2, "What", (Row("What happened", text),)))
    return Contents(helpline(), grade, groups, files, "Ann, 0114 496 0000", DAY)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def paper(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(members(data)["referral.pdf"]))


def printed(data: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in paper(data).pages))


def test_it_holds_paper_data_files_and_their_sums() -> None:
    held = members(packed(contents()).data)
    assert list(held) == [
        "referral.pdf",
        "referral.json",
        "files/file-1.jpg",
        "files/file-2.bin",
        "SHA256SUMS",
    ]
    sums = dict(line.split("  ")[::-1] for line in held["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in held.items() if name in sums}
    assert set(sums) == set(held) - {"SHA256SUMS"}


def test_the_same_words_give_the_same_bytes_and_others_another_reference() -> None:
    one, two, other = packed(contents()), packed(contents()), packed(contents("Other words."))
    assert one.data == two.data
    assert one.sha256 == hashlib.sha256(one.data).hexdigest()
    assert one.reference != other.reference


def test_nothing_says_when_where_or_by_whom_it_was_made() -> None:
    data = packed(contents()).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not archive.comment
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr, info.extra, info.comment) == (
                3,
                0o600 << 16,
                b"",
                b"",
            )
    found = paper(data)
    assert set(found.metadata or {}) == {"/Title", "/Creator"}
    assert found.xmp_metadata is not None
    assert found.xmp_metadata.dc_creator in (None, [])
    assert found.xmp_metadata.xmp_create_date is None


def test_paper_and_data_say_what_it_is_and_how_it_is_graded() -> None:
    pack = packed(contents(grade=Grade(3, "C", "C", "Not to be shared further.")))
    told = json.loads(members(pack.data)["referral.json"])
    said = printed(pack.data)
    for words in (WHAT, SOURCE, NO_DUTY, "Questions and answers go to: Ann, 0114 496 0000"):
        assert words in told["notice"]
        assert words in said
    grading = {one["label"]: one["text"] for one in told["grading"]}
    assert grading == {
        "Grade (3x5x2)": "3CC",
        "Source": "3: not reliable",
        "Information": "C: known indirectly",
        "Handling": "C: may be shared on conditions",
        "Conditions": "Not to be shared further.",
    }
    for label, text in grading.items():
        assert f"{label}: {text}" in said
    assert f"Reference: {pack.reference}" in said
    assert told["reference"] == pack.reference
    assert told["to"]["id"] == helpline().id
    assert "What happened: They wait in a van. Every night." in said
    assert [file["as_it_came"] for file in told["files"]] == [False, True]
    assert "This file is as it came" in said


def test_the_paper_is_tagged_and_its_headings_go_down_step_by_step() -> None:
    root: Any = paper(packed(contents()).data).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    levels: list[int] = []

    def walk(element: Any) -> None:
        element = element.get_object()
        if isinstance(element, dict):
            if re.fullmatch(r"/H\d", str(element.get("/S", ""))):
                levels.append(int(element["/S"][2:]))
            inside = element.get("/K", [])
            for one in inside if isinstance(inside, list) else [inside]:
                if hasattr(one, "get_object"):
                    walk(one)

    walk(root["/StructTreeRoot"])
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - level <= 1 for level, later in pairwise(levels))


@pytest.mark.parametrize(
    "text",
    [
        '#import "@preview/x:1.0.0": *',
        '#read("/etc/passwd")',
        "$x^2$ *bold* _slanted_ = heading",
        "]; } #panic() [",
        '"quoted" \\u0041 \\" \\\\ %s {name}',
        "= Heading\n- list\n/ term: x",
        "x" * 400,
    ],
)
def test_what_was_written_is_never_read_as_markup(text: str) -> None:
    said = printed(packed(contents(text)).data)
    assert re.sub(r"\s", "", text) in re.sub(r"[\s\u200b]", "", said)


@pytest.mark.parametrize(
    "text",
    [
        "\u738b\u5c0f\u660e",
        "\U0001f600\ufe0f",
        "\u202eturned\u2066",
        "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
        "\u0627\u0301 \u0561\u0301 \u05d0\u0301",
        "\x00\x1b[31m\x7f",
        "\ud7ff\ue000\ufffd\U0010ffff",
        "\u0e01\u0e33 \u0915\u094d\u0937",
    ],
)
def test_what_the_fonts_lack_is_counted_on_paper_and_whole_in_the_data(text: str) -> None:
    pack = packed(contents(f"before {text} behind"))
    said = printed(pack.data)
    assert "before" in said
    assert "behind" in said
    told = json.loads(members(pack.data)["referral.json"])
    assert told["told"][1]["rows"][0]["text"] == f"before {text} behind"
