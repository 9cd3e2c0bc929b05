"""An epoch is a month of UTC."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.epoch import Epoch

months = st.dates().map(Epoch.of)


@given(st.dates())
def test_an_epoch_is_read_as_it_is_written(day: date) -> None:
    epoch = Epoch.of(day)
    assert Epoch.parse(str(epoch)) == epoch
    assert (epoch.number // 100, epoch.number % 100) == (day.year, day.month)


@pytest.mark.parametrize(
    "number", [0, 12, 99, 100, 202600, 202613, 202699, 999913, 1000001, -202611, 0xFFFFFFFF]
)
def test_a_number_that_is_no_month_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="month"):
        Epoch(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11",
        "20261",
        "2026111",
        " 20261",
        "+20261",
        "\uff12\uff10\uff12\uff16\uff11\uff11",
        "202613",
        "2026\u00b91",
    ],
)
def test_a_text_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="epoch is"):
        Epoch.parse(text)


def test_the_next_month_follows() -> None:
    assert Epoch(202611).next() == Epoch(202612)
    assert Epoch(202612).next() == Epoch(202701)
    with pytest.raises(ValueError, match="month"):
        Epoch(999912).next()


@given(months, months, months)
def test_a_month_is_clamped_to_what_there_is(month: Epoch, one: Epoch, other: Epoch) -> None:
    oldest, newest = sorted((one, other))
    clamped = month.clamp(oldest, newest)
    assert oldest <= clamped <= newest
    assert clamped == month or clamped in {oldest, newest}


def test_months_that_are_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="later"):
        Epoch(202611).clamp(Epoch(202612), Epoch(202611))
