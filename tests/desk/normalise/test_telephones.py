"""Telephone numbers are told in E.164, however they were typed, several in one answer, none by chance."""

import pytest

from desk.normalise import telephones
from desk.normalise.telephones import in_field, in_text


def _values(text: str) -> list[str]:
    return [value for found in in_field(text, "here") for value in found.values]


@pytest.mark.parametrize(
    ("typed", "value", "form", "valid"),
    [
        ("020 7946 0000", "+442079460000", "fixed line", True),
        ("(020) 7946 0000", "+442079460000", "fixed line", True),
        ("+44 (0)20 7946 0000", "+442079460000", "fixed line", True),
        ("+44 20 7946 0000", "+442079460000", "fixed line", True),
        ("0044 20-7946-0000", "+442079460000", "fixed line", True),
        ("44 20 7946 0000", "+442079460000", "fixed line", True),
        ("20 7946 0000", "+442079460000", "fixed line", True),
        ("\u0660\u0662\u0660 7946 0000", "+442079460000", "fixed line", True),
        ("\uff10\uff12\uff10\u00a07946\u00a00000", "+442079460000", "fixed line", True),
        ("07400 123456", "+447400123456", "mobile", True),
        ("07624 123456", "+447624123456", "mobile", True),
        ("0800 1111", "+448001111", "free to call", True),
        ("08081 570123", "+448081570123", "free to call", True),
        ("0909 8790000", "+449098790000", "premium rate", True),
        ("03069 990123", "+443069990123", "company", True),
        ("+353 87 123 4567", "+353871234567", "mobile", True),
        ("0048 601 123 456", "+48601123456", "mobile", True),
        ("+1 202-555-0100", "+12025550100", "fixed line or mobile", True),
        ("07700 900123", "+447700900123", "unknown", False),
        ("7700900123", "+447700900123", "unknown", False),
        ("01632.960.123", "+441632960123", "unknown", False),
        ("+1 123 456 7890", "+11234567890", "unknown", False),
    ],
)
def test_a_number_has_one_form_its_kind_and_whether_it_can_exist(
    typed: str, value: str, form: str, valid: bool
) -> None:
    (found,) = in_field(typed, "here")
    (reading,) = found.readings
    assert (found.as_typed, reading.value, reading.forms, reading.valid) == (typed, value, (form,), valid)


@pytest.mark.parametrize(
    "text",
    [
        "020 7946 0000, 07400 123456",
        "020 7946 0000 07400 123456",
        "02079460000 07400123456",
        "020 7946 0000 or +44 7400 123456",
        "home 020 7946 0000/work 07400-123-456 (evenings)",
        "020 7946 0000\n07400 123456",
    ],
)
def test_one_answer_can_hold_several_numbers(text: str) -> None:
    assert _values(text) == ["+442079460000", "+447400123456"]


@pytest.mark.parametrize(
    "text",
    ["", "999", "ends in 4567", "07400 12345?", "not known", "1" * 300, "+" * 300, "+99 9999999999999"],
)
def test_what_is_no_number_is_left(text: str) -> None:
    assert _values(text) == []


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Ring 07400 123456. Then wait.", ["07400 123456"]),
        ("Was it 07400123456?", ["07400123456"]),
        ("07400 123456 07400 123457", ["07400 123456", "07400 123457"]),
        ("+48 601 123 456 (Polish)", ["+48 601 123 456"]),
        ("at 10.30 he rang 020 7946 0000 ext 4", ["020 7946 0000"]),
        ("film number 07700 900123", ["07700 900123"]),
        ("on 2026-11-22 07400 123456", ["07400 123456"]),
        ("call (020) 7946 0000", ["(020) 7946 0000"]),
    ],
)
def test_numbers_are_found_in_words(text: str, typed: list[str]) -> None:
    assert [found.as_typed for found in in_text(text, "here")] == typed


@pytest.mark.parametrize(
    "text",
    [
        "on 01-02-2026 103 men, and 01.02.2026 10.30",
        "sort code 01-23-45, account 67890123",
        "\u00a307400123456 or 07400123456%",
        "ref A07400123456, 07400123456B, #07400123456",
        "7400 123456",
        "12345678901 and 207946000. 5 men",
        "+1 123 456 7890",
        "call 101, 999 or 116 123",
    ],
)
def test_other_numbers_are_not_taken_for_telephones(text: str) -> None:
    assert list(in_text(text, "here")) == []


def test_an_answer_full_of_digits_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    parsed = telephones._parsed
    monkeypatch.setattr(telephones, "_parsed", lambda digits: tried.append(digits) or parsed(digits))
    assert list(in_text("0011 001 " * 11_000, "here")) == []
    most_lengths = 7  # a number has at most so many groups
    assert telephones.MOST_TRIES <= len(tried) <= telephones.MOST_TRIES * most_lengths
