"""What got worse shows, what is only noise does not, and the picture says what the table says."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench import __main__ as bench
from bench import against, chart
from bench.budgets import BUDGETS, BY_NAME
from bench.place import POSTGRES
from bench.server import ROOT
from bench.table import Row, as_json, from_json

ROWS = [
    Row("GET /report", 4_000, 8_000),
    Row("New source, CPU", 4, 1),
    Row("First load of /report, no JavaScript", 14, 50),
    Row("2,000 sources a minute with 50 KB, p95", 50, 50),
    Row("New source, CPU", 6, 1, POSTGRES),
]


@pytest.mark.parametrize(
    ("row", "worse"),
    [
        (Row("GET /report", 3_000, 8_000), False),
        (Row("GET /report", 2_900, 8_000), True),
        (Row("GET /report", 8_000, 8_000), False),
        (Row("New source, CPU", 5.3, 1), False),
        (Row("New source, CPU", 5.5, 1), True),
        (Row("New source, CPU", 5.5, 1, POSTGRES), False),
        (Row("New source, CPU", None, None), False),
        (Row("First load of /report, no JavaScript", 14.4, 50), True),
        (Row("2,000 sources a minute with 50 KB, p95", 99, 50), False),
        (Row("2,000 sources a minute with 50 KB, p95", 101, 50), True),
        (Row("Its requests", 7, 1), False),  # nothing is known of it from before
    ],
)
def test_what_is_worse_than_a_machine_makes_of_it_is_named(row: Row, worse: bool, tmp_path: Path) -> None:
    kept = tmp_path / "baseline.json"
    against.write(ROWS, kept)
    named = against.worse([row], against.read(kept))
    assert [line.split(":")[0] for line in named] == ([f"{row.name}, {row.on}"] if worse else [])


def test_a_part_that_was_measured_anew_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    kept = tmp_path / "baseline.json"
    against.write(ROWS, kept)
    against.write([Row("New source, CPU", 3, 1)], kept)
    assert against.read(kept) == {
        **{(row.name, row.on): row.ratio for row in ROWS},
        ("New source, CPU", "SQLite"): 3.0,
    }


def test_figures_written_down_are_judged_again_without_measuring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results, kept, picture = tmp_path / "results.json", tmp_path / "baseline.json", tmp_path / "a" / "b.svg"
    results.write_text(json.dumps(as_json(ROWS[:1])))
    assert from_json(json.loads(results.read_text())) == ROWS[:1]
    told = ["--read", str(results), "--baseline", str(kept), "--chart", str(picture)]
    assert bench.main(told) == 0
    results.write_text(json.dumps(as_json([Row("GET /report", 3_300, 9_000)])))
    assert bench.main(["--read", str(results), "--against", str(kept)]) == 1
    assert "worse: GET /report, SQLite: 0.367 times its reference, and was 0.5" in capsys.readouterr().out
    assert picture.exists()


def test_the_kept_ratios_are_of_rows_that_there_are() -> None:
    kept = against.read(ROOT / "bench" / "baseline.json")
    assert kept
    assert {name for name, _ in kept} <= BY_NAME.keys()


def test_every_row_has_a_budget_or_is_for_information() -> None:
    assert len(BY_NAME) == len(BUDGETS)
    informing = [budget.name for budget in BUDGETS if budget.limit is None]
    assert all(budget.text() == "for information" for budget in BUDGETS if budget.name in informing)
    assert len(informing) < len(BUDGETS) / 3


def test_the_picture_is_drawn_without_a_script_and_says_what_it_shows() -> None:
    drawn = ET.fromstring(chart.drawn(ROWS))
    tags = {part.tag.rpartition("}")[2] for part in drawn.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "text", "line"}
    said = " ".join(drawn.itertext())
    for row in ROWS:
        assert row.name in said
        assert f"({row.on})" in said
    assert set(chart.DRAWN) <= BY_NAME.keys()


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (Row("GET /report", 4_000, 8_000), 0.8),
        (Row("New source, CPU", 4, 1), 0.8),
        (Row("100 MB file, sealed and fsynced", 2.5, 2), 1.0),
        (Row("2,000 sources a minute, lost", 0, 9), None),
        (Row("2,000 sources a minute, CPU of each", 9, 9), None),
        (Row("New source, CPU", None, None), None),
    ],
)
def test_a_bar_is_as_long_as_the_part_of_its_budget_that_is_taken(row: Row, part: float | None) -> None:
    assert chart.used(row) == (None if part is None else pytest.approx(part))


def test_the_picture_of_the_readme_is_one_that_the_bench_draws() -> None:
    text = (ROOT / "docs" / "images" / "bench.svg").read_text(encoding="utf-8")
    assert "<script" not in text
    for name in ("GET /report", "New source, CPU"):
        assert name in text
