"""A day is taken as people here write it: the day first, then the month."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.book.days import day, part_day
from desk.errors import DeskError


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-03",
        "03/11/2026",
        "3/11/2026",
        "3.11.2026",
        "03-11-2026",
        "3 November 2026",
        "3rd of November 2026",
        "3 nov. 2026",
        " 3  NOV 2026 ",
    ],
)
def test_a_day_is_read_the_day_first(typed: str) -> None:
    assert day(typed) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("11/2026", "2026-11"), ("Sept 2026", "2026-09"), ("2026-11", "2026-11"), ("2026", "2026")],
)
def test_a_month_or_a_year_is_part_of_a_day(typed: str, read: str) -> None:
    assert part_day(typed) == read
    with pytest.raises(DeskError, match="is no day"):
        day(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "11/21/2026", "31/02/2026", "21/11/26", "tomorrow", "ma 2026", "0/1/2026", "1 2 3", "\x1b[31m"],
)
def test_what_is_no_day_is_told_with_how_to_write_one(typed: str) -> None:
    with pytest.raises(DeskError, match="is no day") as told:
        part_day(typed)
    assert "21/11/2026" in told.value.hint
    assert "\x1b" not in told.value.what


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_is_read_in_every_form(wanted: date) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y"):
        assert day(wanted.strftime(form)) == wanted


@given(st.text(max_size=60))
def test_no_text_is_another_error(typed: str) -> None:
    with suppress(DeskError):
        assert part_day(typed)
