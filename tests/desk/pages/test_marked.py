"""Words of strangers on a page: nothing in them acts, and what would not show is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.pages.marked import shown, shown_lines, shown_name
from tests.counts import count


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<bdi>plain</bdi>"),
        ("<b onclick=x>&amp;", "<bdi>&lt;b onclick=x&gt;&amp;amp;</bdi>"),
        ("a\u202eb", '<bdi>a<span class="mark">&lt;U+202E&gt;</span>b</bdi>'),
        ("a\u200bb", '<bdi>a<span class="mark">&lt;U+200B&gt;</span>b</bdi>'),
        ("\x1b[31m", '<bdi><span class="mark">&lt;U+001B&gt;</span>[31m</bdi>'),
    ],
    ids=ascii,
)
def test_what_acts_is_marked_and_what_is_a_tag_is_text(text: str, html: str) -> None:
    assert shown(text) == html


def test_a_gap_does_not_push_an_ending_out_of_sight() -> None:
    assert shown_name(f"photo.jpg{' ' * 300}.exe") == "<bdi>photo.jpg .exe</bdi>"


def test_lines_stay_lines() -> None:
    assert shown_lines("a\r\n\tb") == '<span class="words" dir="auto">a\n\tb</span>'


@settings(max_examples=count(200, 20_000), deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_no_text_makes_a_tag_an_attribute_or_turns_a_line_round(text: str) -> None:
    for made in (str(shown(text)), str(shown_name(text)), str(shown_lines(text))):
        inside = made
        for ours in ("<bdi>", "</bdi>", '<span class="words" dir="auto">', '<span class="mark">', "</span>"):
            inside = inside.replace(ours, "")
        assert not set(inside) & set("<>\"'\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\0\x1b")
