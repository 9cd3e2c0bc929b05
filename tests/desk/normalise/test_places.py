"""Postcodes, what3words and days: what is certain is read, the rest is left as it is."""

import pytest

from desk.normalise import days, postcodes, threewords


@pytest.mark.parametrize(
    ("typed", "value", "form"),
    [
        ("M1 1AA", "M1 1AA", "whole"),
        ("m60 1nw", "M60 1NW", "whole"),
        ("CR26XH", "CR2 6XH", "whole"),
        ("DN55-1PT", "DN55 1PT", "whole"),
        ("W1A 1HQ", "W1A 1HQ", "whole"),
        ("EC1A 1BB", "EC1A 1BB", "whole"),
        ("S01 2AB", "SO1 2AB", "whole"),
        ("0X1 OAA", "OX1 0AA", "whole"),
        ("1G1 1AA", "IG1 1AA", "whole"),
        ("BBIO IAB", "BB10 1AB", "whole"),
        ("E1O 5AA", "E10 5AA", "whole"),
        ("SW1A 1??", "SW1A 1??", "whole"),
        ("?1 1AA", "?1 1AA", "whole"),
        ("SW1A", "SW1A", "district"),
        ("n1", "N1", "district"),
    ],
)
def test_a_postcode_is_told_in_two_halves(typed: str, value: str, form: str) -> None:
    (found,) = postcodes.in_field(typed, "here")
    assert (found.values[0], found.readings[0].forms, found.as_typed) == (value, (form,), typed)


@pytest.mark.parametrize("typed", ["", "ZZ1 1AA", "AB51 ABC", "QQ", "12345", "M1 1CC", "near the park"])
def test_what_is_no_postcode_is_left(typed: str) -> None:
    assert list(postcodes.in_field(typed, "here")) == []


def test_whole_postcodes_are_found_in_words() -> None:
    text = "at SW1A 1AA, or sw1a1aa; not E17 or N1, nor x@M1 1AA, AM10 3RD floor, A1 2nd"
    assert [found.as_typed for found in postcodes.in_text(text, "here")] == ["SW1A 1AA", "sw1a1aa"]
    assert list(postcodes.in_text("stopped going out, going", "here")) == []
    assert [found.as_typed for found in postcodes.in_text("near M1 IAA", "here")] == ["M1 IAA"]
    assert [found.values for found in postcodes.in_field("N1 9GU or E1", "here")] == [("N1 9GU",), ("E1",)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("///filled.count.soap", "///filled.count.soap"),
        ("Filled.Count.Soap", "///filled.count.soap"),
        ("https://w3w.co/filled.count.soap", "///filled.count.soap"),
        (
            "it is ///\u0444\u0438\u043b.\u0441\u0447\u0451\u0442.\u043c\u044b\u043b\u043e.",
            "///\u0444\u0438\u043b.\u0441\u0447\u0451\u0442.\u043c\u044b\u043b\u043e",
        ),
    ],
)
def test_three_words_are_told_with_three_slashes(typed: str, value: str) -> None:
    (found,) = threewords.in_field(typed, "here")
    assert found.values == (value,)


@pytest.mark.parametrize("typed", ["", "www.example.org", "one.two", "one two three", "///a.b.c", "a.b.c.d"])
def test_what_is_no_address_of_three_words_is_left(typed: str) -> None:
    assert list(threewords.in_field(typed, "here")) == []


def test_in_words_three_words_need_their_slashes() -> None:
    found = threewords.in_text("go.there.now and ///filled.count.soap today", "here")
    assert [one.as_typed for one in found] == ["///filled.count.soap"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-05-03", "2026-05-03"),
        ("3 May 2026", "2026-05-03"),
        (" 3rd  of may, 2026 ", "2026-05-03"),
        ("29 February 2024", "2024-02-29"),
        ("Sept 2025", "2025-09"),
        ("2025-09", "2025-09"),
        ("2025", "2025"),
    ],
)
def test_a_certain_day_is_told_by_iso_8601(typed: str, value: str) -> None:
    (found,) = days.in_field(typed, "here")
    assert (found.values, found.as_typed) == ((value,), typed.strip())


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3/5/2026",
        "03-05-2026",
        "around May",
        "May",
        "31 February 2026",
        "2026-13",
        "3 Mayhem 2026",
        "26",
        "9999",
    ],
)
def test_a_day_that_is_not_certain_is_left(typed: str) -> None:
    assert list(days.in_field(typed, "here")) == []
