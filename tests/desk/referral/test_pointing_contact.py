"""What reaches a source is found however it was typed, and little else is taken for it."""

import time
from itertools import pairwise

import pytest

from desk.pointing import Choice, Nature, Severity
from desk.pointing_fold import digits
from tests.desk.referral.cases import contacts, found

PHONE = "Signal, 07700 900123, evenings"
MAIL = "sarah.jones@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "07700900123",
        "07700 900 123",
        "077 00 90 01 23",
        "0-7-7-0-0-9-0-0-1-2-3",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700.900.123",
        "(07700) 900123",
        "07700\n900123",
        "07700\r\n900\t123",
        "0\u200b7700\u00a0900\u2009123",
        "\u0660\u0667\u0667\u0660\u0660\u0669\u0660\u0660\u0661\u0662\u0663",
        "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13",
        "O77OO 9OOl23",
        "oh seven seven double oh nine double oh one two three",
        "zero seven seven hundred, nine hundred one two three",
        "07700 900124",  # one digit wrong
        "0770 900123",  # one left out
        "07700 9001223",  # one too many
        "07700 901023",  # two changed about
        "it ends in 900123",
        "order 15 07700900123",
        "0\ufe0f7700/900_123",
    ],
)
def test_a_telephone_number_is_found_in_any_spelling(text: str) -> None:
    assert contacts(f"Ask at the yard, {text}. They wait there.", PHONE)


@pytest.mark.parametrize(
    "text",
    [
        "sarah.jones@example.com",
        "SARAH.JONES@EXAMPLE.COM",
        "sarah . jones @ example . com",
        "sarah.jones (at) example dot com",
        "sarah dot jones at example dot com",
        "s a r a h . j o n e s @ e x a m p l e . c o m",
        "sarah.jones@\nexample.com",
        "s\u0430r\u0430h.j\u043en\u0435s@example.com",  # Cyrillic a, o and e
        "\uff53\uff41\uff52\uff41\uff48.jones@example.com",
        "sarah.jnoes@example.com",
        "sarahjones99",
        "@sarah_jones",
        "mailto:Sarah.Jones%40example.com",
    ],
)
def test_an_address_is_found_in_any_spelling(text: str) -> None:
    assert contacts(f"Write to {text} about the van.", MAIL)


@pytest.mark.parametrize(
    "text",
    [
        "Zofia", "ZOFIA", "zofia", "Zof\u200bia", "Z o f i a", "Zo-\nfia", "Zofia's", "Zofi\u00e0", "Zofja",
        "ZofiaK", "Z\u03bffia",
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_spelling(text: str) -> None:
    assert contacts(f"Then {text} told the others.", "Ask for Zofia at the desk")


def test_a_name_that_is_a_word_too_is_found_where_it_has_a_capital() -> None:
    assert contacts("Then Will came. I will ask.", "Please ask for Will") == ["Will"]


def test_two_names_are_found_as_one_handle() -> None:
    assert contacts("They wrote to annasmith77 on an app.", "My sister, Anna Smith") == ["annasmith77"]


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("They live in Savannah House, a van comes on Fridays.", "Ask for Anna"),
        ("The van comes on Friday evenings, after the school.", "Signal, Friday evenings, after eight"),
        ("Gave, save and have are no names.", "Ask for Dave"),
        ("There are 24 flats, 3 doors, and 12 men since 2019.", PHONE),
        ("The text says call me by phone or signal, any evening.", "Text or call by phone or Signal"),
        ("The plate was AB12 CDE and the door 7700.", PHONE),
        ("The wallet is bc1q7h7x0k0f9z0g0u1r2t3m, and it is new.", PHONE),
    ],
)
def test_other_words_are_not_taken_for_it(text: str, reach: str) -> None:
    assert contacts(text, reach) == []


def test_a_mark_takes_in_the_whole_word_and_what_belongs_to_a_number() -> None:
    assert contacts("On +44 (0)7700 900123, or x_sarahjones.99x today", PHONE, MAIL) == [
        "+44 (0)7700 900123",
        "x_sarahjones.99x",
    ]


def test_a_handle_and_a_site_are_found() -> None:
    reach = "Telegram @zof_k99 or zofsbakery.co.uk/contact"
    assert contacts("Ask ZOF-K 99 or see www.zofsbakery.co.uk now", reach) == [
        "ZOF-K 99",
        "www.zofsbakery.co.uk",
    ]


def test_a_foreign_number_is_found_without_its_country() -> None:
    assert contacts("Dial 600 123 456 or 0048600123456.", "+48 600-123-456") == [
        "600 123 456",
        "0048600123456.",
    ]


def test_words_without_spaces_between_are_found() -> None:
    assert contacts("\u4ed6\u4eec\u8ba4\u8bc6\u738b\u5c0f\u660e\u5f88\u4e45\u4e86", "\u738b\u5c0f\u660e")


def test_what_reaches_the_source_is_not_just_kept() -> None:
    (mark,) = found("Text 07700 900123 there", PHONE)
    assert mark.severity is Severity.CONTACT
    assert mark.choices == (Choice.REMOVE, Choice.SENTENCE, Choice.REPLACE, Choice.NOT_THEIRS)


def test_in_a_file_it_cannot_be_changed_and_its_name_stays_here() -> None:
    (mark,) = found("Text 07700 900123 there", PHONE, nature=Nature.FILE_TEXT)
    assert mark.choices == (Choice.NOT_THEIRS,)
    (mark,) = found("sarah-jones-07700900123.jpg", PHONE, MAIL, nature=Nature.FILE_NAME)
    assert (mark.severity, mark.choices) == (Severity.MAY_POINT, (Choice.KEEP,))
    assert "not passed on" in mark.why


def test_marks_do_not_overlap_and_hold_what_stands_there() -> None:
    text = "My name is Zofia, call me on 07700 900123 or zofia@example.com, I live next door."
    marks = found(text, "Zofia, 07700 900123, zofia@example.com")
    assert all(one.end <= other.start for one, other in pairwise(marks))
    assert all(text[mark.start : mark.end] == mark.text for mark in marks)
    assert len({mark.id for mark in marks}) == len(marks)


def test_digits_of_any_kind_are_one_run() -> None:
    runs = [run.signs for run in digits("oh seven-7 d 12\n3 \u2460 \u00bc")]
    assert runs == ["077", "123114"]
    assert contacts("Dial 07700 900\u00bc23", "07700 901423")


@pytest.mark.parametrize("text", ["sarajones", "0770090012 ", "@", "my ", "at ", "\u0301", "I "])
def test_hostile_texts_do_not_take_long(text: str) -> None:
    began = time.process_time()
    found((text * 40_000)[:40_000], PHONE, MAIL, "Zofia", told=("Leroy the cashier",))
    # Some 1 s; what grew as the square of the length would take minutes.
    assert time.process_time() - began < 60
