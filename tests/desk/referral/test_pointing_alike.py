"""Values typed to get past a search: letters that look alike, digits for letters, words between digits."""

# ruff: noqa: RUF001 - letters that look alike are what it is about

import pytest

from tests.desk.referral.cases import contacts, found


@pytest.mark.parametrize(
    "text",
    [
        "ask ᴊᴀɴᴇ ꜱᴍɪᴛʜ there",
        "ask ᎫᎪΝᎬ ᏚᎷᎥᎢᎻ there",
        "ask ꓙꓮꓠꓰ ꓢꓟꓲꓔꓧ there",
        "ask 🅹🅰🅽🅴 🆂🅼🅸🆃🅷 there",
        "ask 🅙🅐🅝🅔 there",
        "ask Ⓙⓐⓝⓔ there",
        "ask J4n3 5m17h there",
        "ask Jan3 there",
    ],
)
def test_a_name_in_other_letters_is_found(text: str) -> None:
    assert contacts(text, "Jane Smith")


@pytest.mark.parametrize(
    "text",
    [
        "07700 and 900 and 123",
        "07700x900x123",
        "07700 comma 900 comma 123",
        "07700 900, then 123",
        "〇七七〇〇九〇〇一二三",
        "零柒柒零零玖零零壹贰叁",
        "0 seven seven 0 0 and nine 0 0 then 1 2 3",
    ],
)
def test_a_number_held_apart_by_short_words_is_found(text: str) -> None:
    assert contacts(f"Dial {text} at night", "07700 900123")


def test_the_last_five_digits_and_initials_may_point() -> None:
    marks = found("It ends in 00123. Signed J.S.", "Jane Smith, 07700 900123")
    assert {(mark.text.strip("."), mark.severity.value) for mark in marks} >= {
        ("00123", "may point"),
        ("J.S", "may point"),
    }


def test_common_words_and_numbers_are_not_marked_for_it() -> None:
    assert not contacts("He paid 50 and then 20, at 10 to 7, on 4 or 5 days.", "Jane Smith, 07700 900123")
