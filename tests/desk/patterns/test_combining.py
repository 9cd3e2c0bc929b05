"""New and rising combinations: found when they are there, and not only because more people report."""

import math

import pytest

from desk.patterns.combining import CHANCE, RECENT, compared, tail
from desk.patterns.facts import Facts
from tests.desk.patterns.made import fact


def _steady(weeks: int, a_week: int = 5) -> list[Facts]:
    """Give reports of drugs in Leeds, the same number each week."""
    return [
        fact(f"w{week}n{number}", week, kinds=("drugs",), areas=("LS",))
        for week in range(weeks)
        for number in range(a_week)
    ]


def test_nothing_is_compared_where_there_is_too_little_before() -> None:
    assert compared([]) is None
    assert compared(_steady(2 * RECENT - 2)) is None
    assert compared(_steady(2 * RECENT + 1)) is not None


def test_what_goes_on_as_before_neither_rises_nor_is_new() -> None:
    found = compared(_steady(20))
    assert found is not None
    assert (found.new, found.rising) == ((), ())
    assert found.tried == 1


def test_what_was_never_there_before_is_new_from_two_cases_on() -> None:
    late = [fact(f"new{number}", 19, kinds=("labour",), premises=("farm",)) for number in range(2)]
    found = compared([*_steady(20), *late, fact("one", 19, kinds=("organ",), areas=("YO",))])
    assert found is not None
    (new,) = found.new
    assert (new.kind, new.by, new.place, new.cases, new.before) == (
        "labour",
        "premises",
        "farm",
        ("new0", "new1"),
        0,
    )


def test_what_was_there_long_before_the_weeks_compared_is_not_new() -> None:
    old = fact("old", 0, kinds=("labour",), premises=("farm",))
    late = [fact(f"new{number}", 59, kinds=("labour",), premises=("farm",)) for number in range(2)]
    found = compared([old, *_steady(60), *late])
    assert found is not None
    assert found.new == ()


def test_what_comes_much_more_often_than_before_rises() -> None:
    before = [fact(f"b{week}", week, kinds=("cuckooing",), areas=("HU",)) for week in (2, 8)]
    late = [fact(f"r{number}", 18, kinds=("cuckooing",), areas=("HU",)) for number in range(6)]
    found = compared([*_steady(20), *before, *late])
    assert found is not None
    (rising,) = found.rising
    assert (rising.kind, rising.place, len(rising.cases), rising.before) == ("cuckooing", "HU", 6, 2)
    assert rising.chance < CHANCE
    assert found.by_chance == pytest.approx(found.tried * CHANCE)


def test_nothing_rises_only_because_more_people_report() -> None:
    calm = _steady(16, 2)
    storm = [
        fact(f"s{week}n{number}", week, kinds=("drugs",), areas=("LS",))
        for week in range(16, 20)
        for number in range(20)
    ]
    found = compared([*calm, *storm])
    assert found is not None
    assert found.rising == ()


@pytest.mark.parametrize("of", [1, 5, 40, 900])
@pytest.mark.parametrize("share", [0.01, 0.13, 0.5, 0.9])
def test_the_chance_is_that_of_the_binomial(of: int, share: float) -> None:
    for least in {0, 1, of // 2, of}:
        exact = sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(least, of + 1))
        assert tail(least, of, share) == pytest.approx(exact, rel=1e-6, abs=1e-12)


def test_where_all_reports_are_new_nothing_is_unlikely() -> None:
    assert tail(3, 3, 1.0) == 1.0
