"""A mark names the thing that it is about: a bank account is asked about as one, and a telephone as one."""

import pytest

from desk.packing.told import pieces
from desk.pointing import Guarded, marks
from desk.pointing_numbers import BANK, CARD, NUMBER, TELEPHONE, WALLET
from tests.desk.referral.cases import found, told_of


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("They use 07700 900456 for it.", TELEPHONE),
        ("Dial +44 7700 900456.", TELEPHONE),
        ("Ring 161 496 0000 now.", TELEPHONE),
        ("It goes to sort code 04-00-04, account 12345678.", BANK),
        ("It goes to Monzo 04000412345678.", BANK),
        ("Into 04-00-04 12345678 each week.", BANK),
        ("The account 0123456789 is his.", BANK),
        ("The card 4929 0000 0000 0006 is hers.", CARD),
        ("The parcel had 123456789012 on it.", NUMBER),
    ],
)
def test_a_long_number_is_called_what_it_seems_to_be(text: str, why: str) -> None:
    assert why in [mark.why for mark in found(text)]


def test_a_whole_answer_about_money_is_asked_about_as_what_it_is() -> None:
    told = told_of("They wait.", {"money": ({"accounts": " 12-34-56 12345678", "wallets": "bc1qxy"},)})
    held = {mark.where: (mark.text, mark.why) for mark in marks(pieces(told), Guarded())}
    assert held == {
        "report[0].money[0].accounts": ("12-34-56 12345678", BANK),
        "report[0].money[0].wallets": ("bc1qxy", WALLET),
    }
