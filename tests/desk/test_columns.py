"""No row of what a stranger wrote stands without a bar, however wide the terminal is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.columns import beside, cut, quoted, rows, width
from payload import Answers
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n")), st.integers(2, 40))
def test_rows_are_no_wider_than_they_may_and_lose_no_character(text: str, most: int) -> None:
    found = rows(text, most)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(width(row) <= most for row in found)
    assert width(cut(text, most)) <= most


@pytest.mark.parametrize(
    ("text", "most", "broken"),
    [
        ("", 10, [""]),
        ("one two three", 13, ["one two three"]),
        ("one two three", 10, ["one two ", "three"]),
        ("one    two", 5, ["one  ", " two"]),
        ("one two three", 7, ["one two", "three"]),
        ("x" * 12, 5, ["xxxxx", "xxxxx", "xx"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("\tone\ttwo", 20, ["        one     two"]),
        ("e\u0301" * 6, 4, ["e\u0301" * 4, "e\u0301" * 2]),
        ("🇬🇧", 2, ["🇬", "🇧"]),
    ],
)
def test_a_line_is_broken_after_a_space_where_there_is_one(text: str, most: int, broken: list[str]) -> None:
    assert rows(text, most) == broken


def test_every_row_of_a_quotation_has_a_bar() -> None:
    found = list(quoted("one two three", "topic  ", 15))
    assert found == ["topic  | one ", "       | two ", "       | three"]


def test_a_label_stands_beside_rows_that_all_have_their_mark() -> None:
    found = list(beside("Names and nicknames", [("|", "one two three"), ("=", "1 2 3")], 10, 20))
    assert found == [
        "Names and   | one ",
        "nicknames   | two ",
        "            | three",
        "            = 1 2 3",
    ]
    assert list(beside("Names and nicknames", [(" ", "one")], 10, 40)) == ["Names and     one", "nicknames"]


def test_a_wide_letter_after_a_word_that_fills_the_row_does_not_stand_out() -> None:
    assert rows(" bbbbbbbbb漢", 10) == [" ", "bbbbbbbbb", "漢"]


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n")),
    st.integers(2, 20),
    st.integers(2, 20),
)
def test_two_columns_are_no_wider_than_they_may_and_lose_no_character(
    text: str, left: int, right: int
) -> None:
    lines = list(beside("Name", [("|", text)], left, left + 4 + right))
    assert all(width(line) <= left + 4 + right for line in lines)
    told = "".join(line[left + 4 :] for line in lines)
    assert told.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_nothing_of_a_stranger_s_begins_a_row_of_the_terminal(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    parcel = desk.parcel()
    # However wide the terminal is, one of these begins where a row does.
    parcel.add("FORGED   " * 200 + "漢" * 300, [("FORGED " * 36, b"x"), ("FORGED" * 42, b"y")])
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    (case,) = desk.json("list")
    told = desk.done("show", case["case"]) + desk.done("files", case["case"], "--out", tmp_path / "saved")
    for blob in (desk.home / "casebook" / "blob").iterdir():
        blob.unlink()
    told += desk.done("show", case["case"])
    told += desk.run("files", case["case"], "--out", tmp_path / "again").out
    lines = [line for line in told.splitlines() if "FORGED" in line or "漢" in line]
    assert len(lines) > 20
    assert all(line.index("| ") < line.index("FORGED" if "FORGED" in line else "漢") for line in lines)
    assert max(width(line) for line in lines) <= columns
    assert told.count("MISSING") == 2


def test_a_list_has_one_row_for_each_case(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = desk.parcel()
    parcel.add("漢字 and so on " * 10)
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    whole = "漢字 and so on " * 4 + "漢字 and …"
    for columns, begins in (("60", "漢字 and so …"), ("200", whole)):
        monkeypatch.setenv("COLUMNS", columns)
        row = desk.done("list").splitlines()[1]
        assert width(row) <= int(columns)
        assert row.endswith(f"-      {begins}")


def test_a_list_of_80_columns_shows_20_characters_of_each_report_and_danger_as_a_word(
    desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    urgent = Answers({"danger": ({"now": "yes"},), "in_need": ({"ages": ("10-15",)},)})
    parcel = desk.parcel()
    parcel.add(
        "They bring the children in a van every night.", [(f"{at}.jpg", b"x" * 700) for at in range(12)]
    )
    parcel.add_report(
        plain_report(
            draft=b"d" * 16, what_happened="They lock the girls in the flat.", files=(), answers=urgent
        )
    )
    desk.done("import", parcel.write(tmp_path / "out.tar"))
    name = next(case["case"] for case in desk.json("list") if case["urgent"])
    desk.done("mark", name, "--read", "--status", "investigating")
    shown = desk.done("list")
    assert "They bring the childre" in shown
    assert "They lock the girls in" in shown
    assert "DANGER C invest." in shown
    assert "C: there are children in it" in shown
    assert all(width(line) <= 80 for line in shown.splitlines())
    monkeypatch.setenv("COLUMNS", "200")
    assert "DANGER, children, investigating" in desk.done("list")
