"""What a stranger wrote can only be read, not act on the terminal that shows it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.harmless import beginning, harmless, harmless_lines, harmless_name


@given(st.text())
def test_no_character_that_acts_is_left(text: str) -> None:
    lines = harmless_lines(text)
    for char in "".join(lines) + harmless(text):
        assert char in "\t\u200c\u200d" or unicodedata.category(char) not in {
            "Cc",
            "Cf",
            "Cs",
            "Cn",
            "Co",
            "Zl",
            "Zp",
        }
    assert "\t" not in harmless(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b]0;title\x07", "<U+001B>]0;title<U+0007>"),
        ("\x9b2J", "<U+009B>2J"),
        ("a\u202eb\u2066", "a<U+202E>b<U+2066>"),
        ("\u200b\ufeff\U000e0041", "<U+200B><U+FEFF><U+E0041>"),
        ("a\rb", "a<U+000D>b"),
        ("سلام 👩\u200d🚒 ಕನ್ನಡ", "سلام 👩\u200d🚒 ಕನ್ನಡ"),
        ("\ud800", "<U+D800>"),
        ("a\u3164\u115f\uffa0b", "a<U+3164><U+115F><U+FFA0>b"),
        ("\u17b4\u2800\u034f", "<U+17B4><U+2800><U+034F>"),
        ("\u0378\U000e0100", "<U+0378><U+E0100>"),
        ("❤\ufe0f 🏳\ufe0f\u200d🌈", "❤\ufe0f 🏳\ufe0f\u200d🌈"),
        ("❤\ufe0f\ufe0f a\ufe0f \ufe0f", "❤\ufe0f<U+FE0F> a<U+FE0F> <U+FE0F>"),
        ("نمی\u200cشود", "نمی\u200cشود"),
        (" \u200d \u200c\u200c", " <U+200D> <U+200C><U+200C>"),
        ("e" + "\u0301" * 8, "e" + "\u0301" * 8),
        ("e" + "\u0301" * 9 + "\u0302z", "e" + "\u0301" * 8 + "<2 more marks>z"),
        (
            "e" + ("\u0301" * 6 + "\u200d") * 3 + "z",
            "e" + "\u0301" * 6 + "\u200d" + "\u0301" * 2 + "\u200d<U+200D><10 more marks>z",
        ),
        ("\u20dd" * 12, "\u20dd" * 8 + "<4 more marks>"),
        ("e" + ("\u0301" * 8 + "\ufe0f") * 2, "e" + ("\u0301" * 8 + "<U+FE0F>") * 2),
    ],
)
def test_characters_that_act_are_marked(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_name_shows_its_ending() -> None:
    assert harmless_name("holiday.jpg" + " \u3000" * 50 + ".exe") == "holiday.jpg .exe"
    assert harmless_name("holiday.jpg" + " \u200d" * 2 + ".exe") == "holiday.jpg <U+200D> <U+200D>.exe"


def test_lines_and_tabs_stay_what_they_are() -> None:
    assert harmless_lines("one\r\ntwo\n\n\tthree\x00") == ["one", "two", "", "\tthree<U+0000>"]


@given(st.text(max_size=300), st.integers(5, 60))
def test_a_beginning_is_one_short_line(text: str, most: int) -> None:
    shown = beginning(text, most)
    assert len(shown) <= most
    assert "\n" not in shown


def test_a_beginning_says_that_there_is_more() -> None:
    assert beginning("word " * 100, 12) == "word word w…"
    assert beginning("all of it", 12) == "all of it"
