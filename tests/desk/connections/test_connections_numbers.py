"""Plates, telephones, accounts and wallets are found however frightened people write them."""

import pytest

from desk.connections.mention import Kind
from tests.desk.connections.cases import report, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("silver van BX14 RKO outside", "BX14RKO"),
        ("its bx14rko", "BX14RKO"),
        ("bx14 rko i think", "BX14RKO"),
        ("BX-14-RKO", "BX14RKO"),
        ("plate B X 1 4 R K O", "BX14RKO"),
        ("plate bx l4 rko", "BX14RKO"),
        ("reg BXI4 RK0", "BX14RKO"),
        ("reg is GXS8 WPT", "GX58WPT"),
        ("BX1? RKO", "BX1?RKO"),
        ("BX1* R_O", "BX1?R?O"),
        ("a BX14 something", "BX14???"),
        ("it was BX14... didnt get the rest", "BX14???"),
        ("the plate starts with BX14", "BX14???"),
        ("number plate began BX14 R", "BX14R??"),
        ("first part of the reg was BX14", "BX14???"),
        ("the reg ends in RKO", "????RKO"),
        ("last three letters of the plate were RKO", "????RKO"),
        ("reg something RKO", "????RKO"),
        ("bravo xray one four romeo kilo oscar", "BX14RKO"),
        ("m456 xyd was the reg", "M456XYD"),
        ("VRM: BX14RKO.", "BX14RKO"),
        ("plate BX14 RK", "BX14RK?"),
    ],
)
def test_a_plate_is_found(text: str, value: str) -> None:
    assert values(text, Kind.REGISTRATION) == [value]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("BX14RKO", "BX14RKO"),
        ("starts BX14", "BX14???"),
        ("BX14", "BX14???"),
        ("RKO", "????RKO"),
        ("ends RKO", "????RKO"),
        ("BX14 something", "BX14???"),
        ("maybe BX14 R?O", "BX14R?O"),
    ],
)
def test_an_answer_about_a_plate_is_read_as_a_part_of_one(typed: str, value: str) -> None:
    asked = report(vehicles={"registration": typed, "make": "Ford", "colour": "dark blue"})
    assert values(asked, Kind.REGISTRATION) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "he came at10 and left by12 the next day",
        "on the M25 near junction 12, A127 southbound",
        "flat 12 and flat 14 at the end of the road",
        "it starts in the morning and ends at night",
        "the last three men to leave, first two girls",
    ],
)
def test_no_plate_is_made_of_words(text: str) -> None:
    assert values(text, Kind.REGISTRATION) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ring 07911 123456", "+447911123456"),
        ("+447911123456", "+447911123456"),
        ("0044 7911 123456", "+447911123456"),
        ("+44 (0) 7911 123 456", "+447911123456"),
        ("07911.123.456", "+447911123456"),
        ("07911-123456", "+447911123456"),
        ("O7911 I23456", "+447911123456"),
        ("oh seven nine double one, one two three four five six", "+447911123456"),
        ("07911 1234??", "+4479111234??"),
        ("his phone ends in 3456", "+44??????3456"),
        ("last four digits of the number are 3456", "+44??????3456"),
        ("0161 496 0123 on the shop sign", "+441614960123"),
    ],
)
def test_a_telephone_number_is_found(text: str, value: str) -> None:
    assert values(text, Kind.TELEPHONE) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "I told Crimestoppers, 0800 555 111",
        "I rang 101 and then 999",
        "the helpline said to ring 0800 123 4567",
        "the modern slavery line 08000 121 700",
        "the last 3 days, ending 2024",
        "it ended in 2019",
    ],
)
def test_helplines_and_other_numbers_are_no_mention(text: str) -> None:
    assert values(text, Kind.TELEPHONE) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sort code 40-22-19 account 71625344", "402219-71625344"),
        ("s/c 402219 a/c 71625344", "402219-71625344"),
        ("402219 71625344 is the bank account", "402219-71625344"),
        ("40 22 19 / 71625344", "402219-71625344"),
        ("acc number 71625344, sort 40.22.19", "402219-71625344"),
        ("account no 7162 5344", "71625344"),
        ("IBAN: GB29 NWBK 6016 1331 9268 19", "601613-31926819"),
        ("gb29nwbk60161331926819", "601613-31926819"),
        ("RO49AAAA1B31007593840000", "RO49AAAA1B31007593840000"),
    ],
)
def test_a_bank_account_is_found(text: str, value: str) -> None:
    assert values(text, Kind.ACCOUNT) == [value]
    assert values(report(money={"accounts": text}), Kind.ACCOUNT) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        (
            "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ now",
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        ),
        (
            "eth 0x52908400098527886E0F7030069857D2E4169EE7",
            "0x52908400098527886e0f7030069857d2e4169ee7",
        ),
        ("bc1qar0s...5mdq", "bc1qar0s\u20265mdq"),
        ("wallet begins 1A1zP1 and ends vfNa", "1A1zP1\u2026vfNa"),
    ],
)
def test_a_wallet_is_found(text: str, value: str) -> None:
    assert values(text, Kind.WALLET) == [value]


def test_a_number_is_read_as_one_thing_only() -> None:
    text = "account 40-22-19 71625344, wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    assert values(text, Kind.TELEPHONE) == values(text, Kind.REGISTRATION) == []
