"""What a source calls themselves anywhere is guarded, and the numbers in what is not passed on."""

import pytest

from desk.packing.presenting import presented
from desk.pointing import Guarded, Nature, Piece, marks
from tests.desk.referral.cases import contacts


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hello. I am Janina Kowalska and I clean there.", ["Janina Kowalska"]),
        ("my name is janina kowalska.", ["janina kowalska"]),
        ("My name's Jane", ["Jane"]),
        ("this is jane again, they moved", ["jane"]),
        ("It's Jane Smith here. They moved.", ["Jane Smith"]),
        ("They moved to the harbour.\nThanks,\nJane", ["Jane"]),
        ("He knows I am Janina Kowalska", ["Janina Kowalska"]),
        ("I am afraid of him. This is the third time.", []),
        ("They are called Bo. He is here again.", []),
    ],
)
def test_names_that_people_call_themselves_are_found(text: str, names: list[str]) -> None:
    assert list(dict.fromkeys(presented(text))) == names


def test_of_what_is_not_passed_on_numbers_reach_the_source_and_words_do_not() -> None:
    guarded = Guarded(numbers=("My new number is 07700 900 123, about the Beetham Tower.",))
    piece = Piece("text", "Text", Nature.FREE, "Dial 07700900123. It is behind Beetham Tower.")
    found = [mark.text for mark in marks([piece], guarded) if mark.severity == "contact"]
    assert [text.strip(".") for text in found] == ["07700900123"]


def test_a_name_is_found_where_it_stands_in_the_report() -> None:
    (name,) = set(presented("this is Janina Kowalska again"))
    assert contacts("Then J\u0430nina Kowalska saw him hit a boy.", name)
