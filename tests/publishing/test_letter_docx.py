"""Letters as Word files: what is in the package, and what another reader finds there."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.document import Document

from publishing import typeset
from publishing.letter_docx import pieces
from publishing.letter_sheet import BLANK, Filled
from tests.publishing.letters import FILLED, LETTER
from tests.publishing.test_typeset import HOSTILE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALEF, BET = "\u05d0", "\u05d1"


def word(filled: Filled) -> Document:
    return docx.Document(io.BytesIO(typeset.docx(LETTER, filled)))


def package(filled: Filled) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(typeset.docx(LETTER, filled)))


def test_another_reader_finds_the_letter() -> None:
    found = [
        (paragraph.style.name, paragraph.text) for paragraph in word(FILLED).paragraphs if paragraph.style
    ]
    assert found == [
        ("Sender", "Flat 2\n14 Harbour Road\nBristol BS1 5XX"),
        ("Sender", "22 November 2026"),
        ("Normal", "Jane Smith MP\nHouse of Commons\nLondon\nSW1A 0AA"),
        ("Normal", "Dear Jane Smith,"),
        ("Heading 1", "People in need"),
        ("Normal", "I live in Bristol Central, in your constituency. So I write."),
        ("List Bullet", "Look at this; and that."),
        ("List Bullet", "And here."),
        ("List Number", "First."),
        ("List Number", "Second."),
        ("Normal", "Then:"),
        ("List Number", "Once more."),
        ("Normal", "Yours sincerely,"),
        ("Signature", "Zoë Łukasz"),
        ("Sources", "Where the facts in this letter can be read:"),
        ("Sources", "A court, “A report”"),
    ]


def test_each_numbered_list_counts_from_one() -> None:
    root = ET.fromstring(package(FILLED).read("word/document.xml"))
    used = [one.get(f"{W}val") for one in root.iter(f"{W}numId")]
    assert used == ["1", "1", "2", "2", "3", "4"]
    numbering = ET.fromstring(package(FILLED).read("word/numbering.xml"))
    assert [one.get(f"{W}numId") for one in numbering.iter(f"{W}num")] == ["1", "2", "3", "4"]
    assert [one.get(f"{W}val") for one in numbering.iter(f"{W}startOverride")] == ["1", "1", "1"]


def test_a_blank_letter_has_lines_to_write_on() -> None:
    texts = [paragraph.text for paragraph in word(BLANK).paragraphs]
    assert texts[0].split("\n") == ["_" * 36] * 4
    assert re.fullmatch(r"Dear _+,", texts[3])
    assert "I live in ______" in texts[5]


def test_the_file_does_not_say_who_made_it_or_when() -> None:
    found = package(FILLED)
    assert set(found.namelist()) == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/numbering.xml",
        "word/settings.xml",
        "word/styles.xml",
    }
    core = ET.fromstring(found.read("docProps/core.xml"))
    assert [(child.tag.rpartition("}")[2], child.text) for child in core] == [("title", "People in need")]
    assert "rsid" not in "".join(found.read(name).decode() for name in found.namelist())
    settings = found.read("word/settings.xml").decode()
    assert "<w:removePersonalInformation/><w:removeDateAndTime/>" in settings
    for entry in found.infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.create_system, entry.external_attr, entry.extra, entry.comment) == (0, 0x20, b"", b"")


def test_what_was_typed_stands_in_the_letter_alone() -> None:
    found = package(FILLED)
    for name in set(found.namelist()) - {"word/document.xml"}:
        assert "Łukasz" not in found.read(name).decode()


def test_the_same_words_give_the_same_bytes() -> None:
    assert typeset.docx(LETTER, FILLED) == typeset.docx(LETTER, FILLED)


def test_the_language_is_british_english() -> None:
    styles = ET.fromstring(package(FILLED).read("word/styles.xml"))
    assert [one.get(f"{W}val") for one in styles.iter(f"{W}lang")] == ["en-GB"]


@pytest.mark.parametrize("typed", [*HOSTILE, "\u738b\u5c0f\u660e \U0001f600", "\u0939\u093f"])
def test_whatever_is_typed_stays_words(typed: str) -> None:
    filled = Filled.of(name=typed, address=typed, mp=typed, constituency=typed, date=typed)
    texts = [paragraph.text for paragraph in word(filled).paragraphs]
    assert texts[0] == texts[1] == texts[-3] == typed
    assert texts[3] == f"Dear {typed},"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("Ann", [("Ann", False)]),
        (ALEF + BET, [(ALEF + BET, True)]),
        (f"{ALEF} {BET}", [(f"{ALEF} {BET}", True)]),
        (f"Ann {ALEF} {BET}, Leeds", [("Ann ", False), (f"{ALEF} {BET}", True), (", Leeds", False)]),
        (f"{ALEF} 12", [(ALEF, True), (" 12", False)]),
        ("... 1", [("... 1", False)]),
    ],
)
def test_what_runs_from_right_to_left_is_marked(text: str, cut: list[tuple[str, bool]]) -> None:
    assert list(pieces(text)) == cut


def test_word_is_told_which_way_a_name_runs() -> None:
    document = package(Filled(name=f"{ALEF}{BET}")).read("word/document.xml").decode()
    assert f'<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">{ALEF}{BET}</w:t></w:r>' in document
