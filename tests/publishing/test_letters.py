"""Letters as a journalist writes them: what is read, what is refused and where, what becomes of the gaps."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.letter_sheet import BLANK, Filled, Run, Sheet, plain, sheet
from publishing.letter_text import Block, Gap, Maybe, placed, wrong
from publishing.letters import Letter
from tests.publishing.letters import FILLED, LETTER, SOURCE, TEXT, read, written

ROOT = Path(__file__).parents[2]


def said(line: tuple[Run, ...]) -> str:
    return "".join(run.text or f"<{run.gap}>" for run in line)


def body(drawn: Sheet) -> list[str]:
    return [said(item) for block in drawn.body for item in block.items]


def test_a_letter_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read(written(tmp_path)) == ([LETTER], [])
    assert LETTER.blocks[0] == Block("paragraph", (("Dear ", Gap("mp"), ","),))
    assert LETTER.blocks[1].items == (
        ("I live in ", Maybe((Gap("constituency"), ", in ")), "your constituency. So I write."),
    )
    assert LETTER.blocks[2] == Block("bullets", (("Look at this; and that.",), ("And here.",)))
    assert LETTER.blocks[3] == Block("numbers", (("First.",), ("Second.",)))


def test_a_letter_comes_back_from_json_as_it_went() -> None:
    assert Letter.from_json(json.loads(json.dumps(LETTER.to_json()))) == LETTER


def test_letters_are_listed_by_title(tmp_path: Path) -> None:
    for name, title in (("a.md", '"Zebra"'), ("b.md", '"apple"'), ("c.md", '"Mango"')):
        written(tmp_path, name=name, title=title)
    assert [letter.slug for letter in read(tmp_path)[0]] == ["b", "c", "a"]


def test_no_letters_are_no_problem(tmp_path: Path) -> None:
    assert read(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 7, "has no text"),
        ("Dear {mp},\n\nHello.\n", 9, "does not end with the sender's name"),
        ("Dear {mp},\n\nYours, {name}\n", 9, "does not end with the sender's name"),
        ("Hello,\n\n{name}\n", 7, "does not open with the MP's name"),
        ("- {mp}\n\n{name}\n", 7, "does not open with the MP's name"),
        ("Dear {mp},\n\nI am {nmae}.\n\n{name}\n", 9, "has the unknown gap {nmae}"),
        ("Dear {mp},\n\nIn [ {town}].\n\n{name}\n", 9, "has the unknown gap {town}"),
        ("Dear {mp},\n\nIn {constituency.\n\n{name}\n", 9, "has a bracket without its other half"),
        ("Dear {mp},\n\nIn constituency}.\n\n{name}\n", 9, "has a bracket without its other half"),
        ("Dear {mp},\n\nIn [{constituency}.\n\n{name}\n", 9, "has a bracket without its other half"),
        ("Dear {mp},\n\nIn {}.\n\n{name}\n", 9, "has a bracket without its other half"),
        ("Dear {mp},\n\nThey said [so].\n\n{name}\n", 9, "has square brackets without a gap"),
        ("Dear {mp},\n\n## Why\n\n{name}\n", 9, "has a heading"),
        ("Dear {mp},\n\nThis is **vital**.\n\n{name}\n", 9, "has bold or slanted letters"),
        ("Dear {mp},\n\n> Said she.\n\n{name}\n", 9, "has a quotation"),
        ("Dear {mp},\n\nSee [this](https://x.example).\n\n{name}\n", 9, "has a link"),
        ("Dear {mp},\n\nA fact.[^1]\n\n{name}\n", 9, "has a footnote"),
        ("Dear {mp},\n\n<b>Now</b>\n\n{name}\n", 9, "has HTML"),
        ("Dear {mp},\n\n- one\n  - two\n\n{name}\n", 10, "has a list in a list"),
        ("\n\nDear {mp},\n\n`x`\n\n{name}\n", 11, "has code"),
        ("Dear {mp},\n\n" + "many words " * 600 + "\n\n{name}\n", 7, "has 6620 characters of text"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    found, problems = read(written(tmp_path, text))
    assert found == []
    assert (problems[0].file, problems[0].line, problems[0].what) == ("letters/look.md", line, what)
    assert problems[0].hint


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("title", "", "title is missing"),
        ("summary", "", "summary is missing"),
        ("subject", '"For {name}"', "subject has a gap"),
        ("sources", "", "no sources"),
        ("sources", f"[{SOURCE.replace('https://', 'javascript:')}]", "'javascript:court.example/1' is no"),
        ("sujbect", '"A"', "unknown key 'sujbect'"),
    ],
)
def test_front_matter_is_checked(tmp_path: Path, key: str, value: str, what: str) -> None:
    found, problems = read(written(tmp_path, **{key: value}))
    assert found == []
    assert any(problem.what.startswith(what) for problem in problems), problems


def test_all_that_is_wrong_is_listed_at_once(tmp_path: Path) -> None:
    _, problems = read(written(tmp_path, "Dear {mpp},\n\n# Why\n\nBye.\n", title="", sources=""))
    assert len(problems) == 6


def test_a_name_that_makes_no_address_is_refused(tmp_path: Path) -> None:
    _, problems = read(written(tmp_path, name="My Letter.md"))
    assert problems[0].what == "the file's name cannot be an address"


@given(st.text("{}[]()mpname cityoubr-1.\n*_#<>`^|é", max_size=120))
def test_any_text_is_taken_apart_without_a_failure(text: str) -> None:
    if text.strip():
        list(wrong(text))
    for _, block in placed(text):
        assert block.items


def test_the_starter_letters_can_be_published() -> None:
    found, problems = read(ROOT / "content")
    assert problems == []
    assert len(found) >= 3


def test_gaps_are_filled() -> None:
    drawn = sheet(LETTER, FILLED)
    assert [said(line) for line in drawn.sender] == ["Flat 2", "14 Harbour Road", "Bristol BS1 5XX"]
    assert [said(line) for line in drawn.to] == ["Jane Smith MP", "House of Commons", "London", "SW1A 0AA"]
    assert said(drawn.opening) == "Dear Jane Smith,"
    assert body(drawn)[0] == "I live in Bristol Central, in your constituency. So I write."
    assert (said(drawn.date), said(drawn.name)) == ("22 November 2026", "Zoë Łukasz")
    assert drawn.sources == ("A court, “A report”",)


def test_what_stands_in_brackets_falls_away_with_an_empty_gap() -> None:
    drawn = sheet(LETTER, Filled(name="Ann"))
    assert body(drawn)[0] == "I live in your constituency. So I write."
    assert said(drawn.opening) == "Dear <mp>,"


def test_a_blank_letter_has_a_line_for_everything() -> None:
    drawn = sheet(LETTER, BLANK)
    assert [said(line) for line in drawn.sender] == ["<address>"] * 4
    assert said(drawn.to[0]) == "<mp> MP"
    assert said(drawn.date) == "Date: <date>"
    assert body(drawn)[0] == "I live in <constituency>, in your constituency. So I write."


@pytest.mark.parametrize(
    "typed", ["Jane Smith", "Jane Smith MP", "Jane Smith, MP", "Jane Smith M.P.", " Jane Smith mp "]
)
def test_mp_stands_once_behind_the_name(typed: str) -> None:
    filled = Filled.of(name="", address="", mp=typed, constituency="", date="")
    assert filled.mp == "Jane Smith"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann \t Neill\r\n", "Ann Neill"),
        ("A\x00n\x07n\x1b[31m", "Ann[31m"),
        ("Ann\u202e\u2067 lleiN\u2069", "Ann lleiN"),
        ("Zoe\u0308", "Zoë"),
        ("A\ud800\uffffB", "AB"),
        ("a\u2028b\u0085c", "a b c"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("{name} #let x = 1", "{name} #let x = 1"),
    ],
)
def test_what_was_typed_becomes_one_plain_line(typed: str, kept: str) -> None:
    assert plain(typed) == kept


def test_typed_gaps_stay_words() -> None:
    drawn = sheet(LETTER, Filled(name="{mp}", mp="[{name}]"))
    assert said(drawn.name) == "{mp}"
    assert said(drawn.opening) == "Dear [{name}],"


def test_the_address_goes_into_a_line_where_the_text_asks_for_it() -> None:
    text = TEXT.replace("So I write.", "I live at {address}.")
    drawn = sheet(Letter(**{**vars(LETTER), "text": text}), FILLED)
    assert "I live at Flat 2, 14 Harbour Road, Bristol BS1 5XX." in body(drawn)[0]
