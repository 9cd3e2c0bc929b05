"""Plates are read as DVLA lays them out, however they were typed; what fits no layout is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.normalise.registrations import in_field, in_text, readings
from desk.normalise.signs import folded


def _read(text: str) -> list[tuple[str, list[str], list[str]]]:
    return [
        (found.as_typed, list(found.values), list(found.readings[0].forms))
        for found in in_field(text, "here")
    ]


@pytest.mark.parametrize(
    ("typed", "value", "form"),
    [
        ("AB51 ABC", "AB51ABC", "current"),
        ("de51abc", "DE51ABC", "current"),
        (" De-51 aBc. ", "DE51ABC", "current"),
        ("LZ02 AZZ", "LZ02AZZ", "not issued"),
        ("LA02 AZZ", "LA02AZZ", "current"),
        ("A1 BCD", "A1BCD", "prefix"),
        ("Y999 BCD", "Y999BCD", "prefix"),
        ("Q12 BCD", "Q12BCD", "Q"),
        ("ABC 1D", "ABC1D", "suffix"),
        ("ABC 123Y", "ABC123Y", "suffix"),
        ("A 1", "A1", "dateless"),
        ("A 9999", "A9999", "dateless"),
        ("AB 1234", "AB1234", "dateless"),
        ("ABC 123", "ABC123", "dateless"),
        ("1 A", "1A", "dateless"),
        ("1234 AB", "1234AB", "dateless"),
        ("123 ABC", "123ABC", "dateless"),
        ("ABZ 1234", "ABZ1234", "Northern Ireland"),
        ("1234 ABZ", "1234ABZ", "Northern Ireland"),
        ("IA 1", "IA1", "Northern Ireland"),
        ("9999 OI", "9999OI", "Northern Ireland"),
        ("AUI 123", "AUI123", "Northern Ireland"),
        ("101 D 101", "101D101", "diplomatic"),
        ("900-X-400", "900X400", "diplomatic"),
    ],
)
def test_each_layout_is_known(typed: str, value: str, form: str) -> None:
    (found,) = in_field(typed, "here")
    assert (found.values, found.readings[0].forms) == ((value,), (form,))
    assert found.readings[0].valid == (form != "not issued")


@pytest.mark.parametrize(
    ("typed", "value", "form"),
    [
        ("ABIO CDE", "AB10CDE", "current"),
        ("0X51 ABC", "OX51ABC", "current"),
        ("AB51 0BC", "AB51OBC", "current"),
        ("AO5O 00B", "AO50OOB", "current"),
        ("AI BCD", "A1BCD", "prefix"),
        ("A1OO BCD", "A100BCD", "prefix"),
        ("ABC IOOD", "ABC100D", "suffix"),
        ("0BC 123", "OBC123", "dateless"),
        ("A1A 1234", "AIA1234", "Northern Ireland"),
        ("1A I234", "IA1234", "Northern Ireland"),
        ("IO1 D IOO", "101D100", "diplomatic"),
        ("QX19 ZK1", "QX19ZKI", "not issued"),
    ],
)
def test_o_and_0_and_i_and_1_are_told_apart_by_their_place(typed: str, value: str, form: str) -> None:
    (found,) = in_field(typed, "here")
    assert (found.values[0], found.readings[0].forms) == (value, (form,))
    assert found.as_typed == typed


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("123OAB", ("123OAB", "1230AB")),
        ("123 OAB", ("123OAB",)),
        ("123O AB", ("1230AB",)),
        ("AOI1", ("AOI1", "AO11")),
        ("AO I1", ("AO11",)),
    ],
)
def test_what_could_be_two_plates_is_both_unless_its_gap_says_which(
    typed: str, values: tuple[str, ...]
) -> None:
    (found,) = in_field(typed, "here")
    assert found.values == values


@pytest.mark.parametrize(
    ("typed", "value", "forms"),
    [
        ("AB1? C?E", "AB1?C?E", ("current",)),
        ("?B51 ABC", "?B51ABC", ("current",)),
        ("AB5* _BC", "AB5??BC", ("current",)),
        ("AB\uff11\uff1f CDE", "AB1?CDE", ("current",)),
        ("?1 ABC", "?1ABC", ("prefix", "Q", "dateless")),
        ("A?? BCD", "A??BCD", ("prefix",)),
        ("AB51 ABC?", "AB51ABC", ("current",)),
        ("AB51 AB?", "AB51AB?", ("current",)),
        ("??Z 1234", "??Z1234", ("Northern Ireland",)),
    ],
)
def test_a_question_mark_stands_for_a_sign_that_was_not_seen(
    typed: str, value: str, forms: tuple[str, ...]
) -> None:
    (found,) = in_field(typed, "here")
    assert (found.values, found.readings[0].forms) == ((value,), forms)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("AB-123-CD", "AB123CD"),
        ("1234 bcd", "1234BCD"),
        ("12 AB 34", "12AB34"),
        ("12345", "12345"),
        ("\u0430\u0431123\u043277", "\u0410\u0411123\u041277"),
        ("131-D-12345", "131D12345"),
        ("0012000", "0012000"),
    ],
)
def test_what_fits_no_layout_is_kept_in_capitals(typed: str, value: str) -> None:
    (found,) = in_field(typed, "here")
    assert (found.values, found.readings[0].forms, found.readings[0].valid) == ((value,), ("other",), False)


@pytest.mark.parametrize(
    "typed", ["", " ", "???", "5", "unknown", "I do not know", "no idea 2 cars", "A" * 300]
)
def test_words_are_no_plate(typed: str) -> None:
    assert list(in_field(typed, "here")) == []


def test_one_answer_can_hold_several_plates() -> None:
    assert _read("AB51 ABC or de51abc; A1 BCD / 12 AB 34") == [
        ("AB51 ABC", ["AB51ABC"], ["current"]),
        ("de51abc", ["DE51ABC"], ["current"]),
        ("A1 BCD", ["A1BCD"], ["prefix"]),
        ("12 AB 34", ["12AB34"], ["other"]),
    ]
    assert _read("GB AB51 ABC DE51 ABC (not sure)") == [
        ("AB51 ABC", ["AB51ABC"], ["current"]),
        ("DE51 ABC", ["DE51ABC"], ["current"]),
    ]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("A van, AB51 ABC, at 10.", ["AB51 ABC"]),
        ("was it ab51abc?", ["ab51abc"]),
        ("a red van ab51 abc came", ["ab51 abc"]),
        ("THE VAN WAS AB51 ABC", ["AB51 ABC"]),
        ("plate:A123 BCD and XYZ 1234", ["A123 BCD", "XYZ 1234"]),
        ("ABC 123D, later A12BCD", ["ABC 123D", "A12BCD"]),
        ("AB5? ABC I think", ["AB5? ABC"]),
    ],
)
def test_plates_are_found_in_words(text: str, typed: list[str]) -> None:
    assert [found.as_typed for found in in_text(text, "here")] == typed


@pytest.mark.parametrize(
    "text",
    [
        "the M25 BMW was there at10 and by12 the men left",
        "a BMW 320D and an ISO 9001 sign",
        "ON THE A127 THE VAN",
        "user @ab51abc, ab51abc@example.org, #ab51abc, x/ab51abc, ab51abc-2",
        "abc 123d or a123 bcd",
        "it cost 20 and 30; call 101",
        "flat 12 ABC house",
        "what? who? AB? C?? ???? ???",
        "to SW1A 1AA and AB12 0DE",
    ],
)
def test_words_and_numbers_are_not_taken_for_plates(text: str) -> None:
    assert list(in_text(text, "here")) == []


_SIGNS = st.text(st.sampled_from("ABCIOQZ0125?"), max_size=9)


@given(_SIGNS)
def test_a_reading_changes_nothing_but_o_and_0_and_i_and_1(signs: str) -> None:
    alike = str.maketrans("OI", "01")
    for reading in readings(signs):
        assert reading.value.translate(alike) == signs.translate(alike)
        assert reading.forms


@given(_SIGNS)
def test_a_normal_form_is_read_as_itself(signs: str) -> None:
    for reading in readings(signs):
        assert reading.value in [again.value for again in readings(reading.value)]


@given(_SIGNS, _SIGNS)
def test_plates_of_one_normal_form_have_the_same_readings_but_for_their_order(one: str, other: str) -> None:
    alike = str.maketrans("OI", "01")
    same = one.translate(alike) == other.translate(alike)
    found = {reading.value for reading in readings(one)}, {reading.value for reading in readings(other)}
    if not same:
        assert not found[0] & found[1]


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)
