from datetime import date

from store import Store
from tests.store.conftest import DAY, World


def test_failures_are_counted_by_kind_place_and_day(store: Store, world: World) -> None:
    for _ in range(3):
        store.count_failure("KeyError", "views.report.submit")
    store.count_failure("OSError", "views.report.submit")
    world.day = date(2026, 11, 23)
    store.count_failure("KeyError", "views.report.submit")
    assert list(store.failures()) == [
        (DAY, "KeyError", "views.report.submit", 3),
        (DAY, "OSError", "views.report.submit", 1),
        (date(2026, 11, 23), "KeyError", "views.report.submit", 1),
    ]


def test_overlong_names_are_cut(store: Store) -> None:
    store.count_failure("K" * 5000, "p" * 5000)
    ((_, kind, place, _),) = store.failures()
    assert (len(kind), len(place)) == (200, 200)


def test_counts_older_than_a_year_go_with_the_sweep(store: Store) -> None:
    store.count_failure("KeyError", "here")
    store.sweep(date(2027, 11, 22))
    assert len(list(store.failures())) == 1
    store.sweep(date(2027, 11, 25))
    assert list(store.failures()) == []
