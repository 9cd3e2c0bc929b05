"""Letters as PDF: tagged, free of whoever made them, and whole whatever was typed into them."""

import io
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from publishing import typeset
from publishing.letter_sheet import BLANK, MAX_ADDRESS_LINES, MAX_LINE, Filled
from publishing.printable import PRINTABLE
from publishing.typeset import NotPrintable
from tests.publishing.letters import FILLED, LETTER, read

ROOT = Path(__file__).parents[2]
STARTER = read(ROOT / "content")[0]

# What people type who wish to see what happens, and what must then stand in the letter as it is.
HOSTILE = [
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/passwd")',
    "$x^2$ *bold* _slanted_ = heading",
    "]; } #panic() [",
    "<script>alert(1)</script> &amp; &lt;",
    "]]></w:t></w:r> <?xml?>",
    '"quoted" \\u0041 \\" \\\\ %s {name}',
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
]


def pdf(filled: Filled) -> PdfReader:
    return PdfReader(io.BytesIO(typeset.pdf(LETTER, filled)))


def text_of(found: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in found.pages))


def root_of(found: PdfReader) -> Any:
    return found.trailer["/Root"]


def kinds(element: Any) -> Iterator[str]:
    """The kinds of the elements of a structure tree, in reading order."""
    element = element.get_object()
    if not isinstance(element, dict):
        return
    if "/S" in element:
        yield element["/S"][1:]
    inside = element.get("/K", [])
    for one in inside if isinstance(inside, list) else [inside]:
        yield from kinds(one)


def on_a_letter(sign: str) -> str:
    """Put a combining mark on a letter of its script, as it stands in a name."""
    if not unicodedata.combining(sign):
        return sign
    for script, letter in (("ARABIC", "\u0628"), ("HEBREW", "\u05d1")):
        if script in unicodedata.name(sign):
            return letter + sign
    return "o" + sign


def test_a_pdf_says_that_it_is_accessible() -> None:
    found = pdf(FILLED)
    root = root_of(found)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata is not None
    assert found.metadata.title == "People in need"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_a_pdf_is_read_in_the_order_of_the_letter() -> None:
    order = list(kinds(root_of(pdf(FILLED))["/StructTreeRoot"]))
    assert order[0] == "Document"
    assert order.count("H1") == 1
    assert order.count("L") == 4
    assert order.count("LI") == order.count("LBody") == 6
    # Sender, date, to whom and opening are paragraphs before the subject.
    assert order[: order.index("H1")].count("P") >= 4
    said = text_of(pdf(FILLED))
    parts = ["Flat 2", "22 November 2026", "Jane Smith MP", "SW1A 0AA", "Dear Jane Smith,", "People in need"]
    parts += [
        "I live in",
        "Look at this",
        "Second.",
        "Once more.",
        "Yours sincerely,",
        "Zoë Łukasz",
        "A court",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_every_font_is_in_the_file_and_says_its_letters() -> None:
    fonts = [font.get_object() for font in pdf(FILLED).pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in described or "/FontFile2" in described
        assert "/ToUnicode" in font


@pytest.mark.parametrize("filled", [BLANK, FILLED])
def test_a_pdf_does_not_say_who_made_it_or_when(filled: Filled) -> None:
    data = typeset.pdf(LETTER, filled)
    found = PdfReader(io.BytesIO(data))
    assert set(found.metadata or ()) == {"/Title", "/Creator"}
    assert str((found.metadata or {})["/Creator"]).startswith("Typst ")
    described = root_of(found)["/Metadata"].get_data().decode()
    tags = set(re.findall(r"<([a-zA-Z]+:[a-zA-Z]+)", described))
    assert not [tag for tag in tags if re.search(r"date|author|creator$|producer", tag, re.IGNORECASE)]
    for typed in ("Łukasz", "Smith", "Bristol", "Harbour", "November"):
        assert typed not in described
    assert not re.search(rb"/(?:CreationDate|ModDate|Author)\b", data)
    assert "/EmbeddedFiles" not in str(root_of(found))


def test_the_same_words_give_the_same_bytes() -> None:
    assert typeset.pdf(LETTER, FILLED) == typeset.pdf(LETTER, FILLED)


@pytest.mark.parametrize("letter", STARTER, ids=[letter.slug for letter in STARTER])
@pytest.mark.parametrize("filled", [BLANK, FILLED], ids=["blank", "filled"])
def test_a_starter_letter_fits_one_page(letter: Any, filled: Filled) -> None:
    assert len(PdfReader(io.BytesIO(typeset.pdf(letter, filled))).pages) == 1


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_stays_words(typed: str) -> None:
    filled = Filled.of(name=typed, address=typed, mp=typed, constituency=typed, date=typed)
    said = text_of(pdf(filled)).replace(" ", "")
    assert said.count(typed.replace(" ", "")) == 6


def test_the_longest_letter_that_is_taken_is_set() -> None:
    wide = "W" * MAX_LINE
    lines = "\n".join([wide] * MAX_ADDRESS_LINES)
    found = pdf(Filled.of(name=wide, address=lines, mp=wide, constituency=wide, date=wide))
    assert len(found.pages) <= 4
    said = text_of(found).replace("SW1A", "").replace("Where", "")
    assert said.count("W") == MAX_LINE * (MAX_ADDRESS_LINES + 5)


@pytest.mark.parametrize("letters", ["\u05d0\u05d1", "\u0645\u062d", "\u0561\u0562", "\u0416\u0456"])
def test_long_words_of_every_script_are_set(letters: str) -> None:
    filled = Filled(name=letters * 100, address=(letters * 100,), mp=letters * 100)
    assert len(pdf(filled).pages) == 1


def test_no_word_runs_off_the_paper() -> None:
    found = pdf(Filled.of(name="W" * MAX_LINE, address="", mp="i" * MAX_LINE, constituency="", date=""))
    lines = [line for page in found.pages for line in page.extract_text().splitlines()]
    # A4 less its margins is 16 cm: more of the widest letters, or of the narrowest, do not fit.
    assert 30 <= max(line.count("W") for line in lines) <= 41
    assert 60 <= max(line.count("i") for line in lines) <= 155


def test_typst_sets_every_character_that_is_called_printable() -> None:
    signs = sorted(sign for sign in PRINTABLE if not sign.isspace())
    said = ""
    for start in range(0, len(signs), 500):
        some = signs[start : start + 500]
        shown = [on_a_letter(sign) for sign in some]
        said += text_of(pdf(Filled(address=tuple(" ".join(shown[at : at + 20]) for at in range(0, 500, 20)))))
    latin = [sign for sign in signs if "LATIN" in unicodedata.name(sign) and ord(sign) < 0x180]
    assert [sign for sign in latin if sign not in said] == []


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("Zoë \U0001f600", ["\U0001f600"]),
        ("\u738b\u5c0f\u660e", ["\u738b", "\u5c0f", "\u660e"]),
        ("\u0939\u093f", ["\u0939", "\u093f"]),
        ("a\ue000b\u0378", ["\ue000", "\u0378"]),
        ("\U0001f468\u200d\U0001f469", ["\U0001f468", "\u200d", "\U0001f469"]),
    ],
)
def test_what_the_fonts_do_not_have_is_named(typed: str, signs: list[str]) -> None:
    with pytest.raises(NotPrintable) as raised:
        typeset.pdf(LETTER, Filled.of(name=typed, address="x\n" + typed, mp="", constituency="", date=""))
    assert raised.value.signs == {"name": signs, "address": signs}


@pytest.mark.parametrize(
    "typed",
    [
        "\u05d0\u05d1\u05e8\u05d4\u05dd",
        "\u0645\u062d\u0645\u062f",
        "\u0391\u03bb\u03ad\u03be\u03b7\u03c2",
        "\u0416\u0456\u043d\u043a\u0430",
        "\u0561\u0562",
        "\u10d2\u10d8",
        "Nguy\u1ec5n \u0218tefan \u0174yn",
    ],
)
def test_names_in_the_scripts_of_the_fonts_are_set(typed: str) -> None:
    said = unicodedata.normalize("NFKC", text_of(pdf(Filled(name=typed))))
    assert all(sign in said for sign in typed)


@pytest.mark.parametrize(
    ("typed", "signs"),
    [("\U0001f600", ["\U0001f600"]), ("\ue000", ["\ue000"]), ("o\u064e", ["o"])],
)
def test_what_typst_itself_refuses_is_named(
    typed: str, signs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeset, "missing", lambda _text: [])
    with pytest.raises(NotPrintable) as raised:
        typeset.pdf(LETTER, Filled(name=typed))
    assert raised.value.signs == {"": signs}
    # What typst said quotes the letter.
    assert raised.value.__suppress_context__


def test_typst_is_loaded_when_a_letter_is_made_and_not_before() -> None:
    code = "import sys, publishing.typeset, publishing.reading; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "'publishing.typeset'" in loaded.stdout
    assert "'typst'" not in loaded.stdout
