"""The keys of hidden fields are those of the day."""

from datetime import date

import pytest

from crypto.secret import FormKey
from web.form_keys import LivingKeys


class Day:
    def __init__(self) -> None:
        self.today = date(2026, 3, 1)
        self.fetched = 0

    def __call__(self) -> date:
        return self.today

    def fetch(self) -> tuple[int, dict[int, bytes]]:
        self.fetched += 1
        number = self.today.toordinal() % 256
        return number, {number: bytes([number]) * 32, (number - 1) % 256: bytes(32)}


def test_they_are_fetched_once_a_day() -> None:
    day = Day()
    keys = LivingKeys(day.fetch, day)
    first = keys()
    assert keys() is first
    assert day.fetched == 1
    day.today = date(2026, 3, 2)
    assert keys().newest == (first.newest + 1) % 256
    assert keys().keys[keys().newest] == FormKey(bytes([keys().newest]) * 32)
    assert day.fetched == 2


def test_a_clock_set_back_fetches_too() -> None:
    day = Day()
    keys = LivingKeys(day.fetch, day)
    keys()
    day.today = date(2026, 2, 1)
    keys()
    assert day.fetched == 2


def test_keys_that_cannot_be_read_are_not_replaced_by_yesterdays() -> None:
    day = Day()

    def broken() -> tuple[int, dict[int, bytes]]:
        if day.fetched:
            raise OSError("no keys")
        return day.fetch()

    keys = LivingKeys(broken, day)
    keys()
    day.today = date(2026, 3, 2)
    for _ in range(2):
        with pytest.raises(OSError, match="no keys"):
            keys()


def test_keys_that_another_process_made_anew_are_fetched() -> None:
    day, stamp = Day(), iter([1, 1, 2, None])
    keys = LivingKeys(day.fetch, day, lambda: next(stamp))
    first = keys()
    assert keys() is first
    second = keys()
    assert second is not first
    # Where it cannot be told, those at hand are good.
    assert keys() is second
    assert day.fetched == 2
