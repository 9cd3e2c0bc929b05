"""Counts: each case once, few marked as few, what names anybody never for print."""

import csv
import io

import pytest

from desk.patterns import Row, Table, csv_bytes
from desk.patterns.tables import FEW, NAMES, counted


def _table(*rows: Row, naming: bool = False) -> Table:
    return Table("some", "Some", "About.", "What", rows, {"before": "Before"}, naming=naming)


def _row(count: int, **more: str | int) -> Row:
    return Row("a", "A", tuple(f"case{number}" for number in range(count)), more)


@pytest.mark.parametrize(
    ("count", "more", "why"),
    [
        (5, {}, ""),
        (4, {}, FEW),
        (0, {}, FEW),
        (9, {"before": 4}, FEW),
        (9, {"before": 5, "chance": "once in 9 times"}, ""),
    ],
)
def test_counts_under_five_are_too_few_to_publish(count: int, more: dict[str, str | int], why: str) -> None:
    table = _table(_row(count, **more))
    assert table.why_not(table.rows[0]) == why
    (row,) = table.as_json()["rows"]  # type: ignore[misc]
    assert row["publishable"] == (why == "")
    assert row["few"] == (why == FEW)
    assert table.said(table.rows[0]) == (why or "5 or more")
    assert row["cases"] == count


def test_what_names_somebody_is_never_publishable() -> None:
    table = _table(_row(100), naming=True)
    assert table.why_not(table.rows[0]) == NAMES
    assert not table.publishable(table.rows[0])


def test_a_case_counts_once_and_the_most_come_first() -> None:
    rows = counted([("b", "x"), ("a", "x"), ("b", "x"), ("b", "y")], {"a": "An a"})
    assert [(row.value, row.label, row.cases) for row in rows] == [
        ("b", "b", ("x", "y")),
        ("a", "An a", ("x",)),
    ]


def test_in_the_order_of_the_labels_what_nobody_said_is_left_out() -> None:
    rows = counted([("z", "x"), ("a", "y")], {"a": "A", "m": "M", "z": "Z"}, ordered=True)
    assert [row.value for row in rows] == ["a", "z"]


@pytest.mark.parametrize("value", ["=1+1", "+447700900123", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_spreadsheet_is_a_formula(value: str) -> None:
    text = csv_bytes([_table(Row(value, value, ("x",)))]).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text))
    assert row[1] == row[2] == f"'{value}"


def test_the_spreadsheet_says_what_the_page_says() -> None:
    text = csv_bytes([_table(_row(6, before=7))]).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head == ["table", "value", "label", "cases", "publishable", "why_not", "more", "few"]
    assert row == ["some", "a", "A", "6", "yes", "", "Before: 7", "no"]
