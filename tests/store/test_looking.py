"""A look at the whole store says what is lost and what is not, and asks nothing file by file."""

import os
from datetime import timedelta

from store import Store
from tests import inside
from tests.store.conftest import DAY, OpenStore, World, pending
from tests.store.kept import keep


def test_an_empty_store_is_sound(store: Store) -> None:
    found = store.look()
    assert (found.sound, found.reports, found.files, found.lost, found.newest) == (True, 0, 0, 0, None)


def test_what_is_kept_is_counted_and_what_waits_is_not(store: Store) -> None:
    keep(store, b"envelope", [pending(store), pending(store)])
    pending(store)
    found = store.look()
    assert (found.reports, found.waiting, found.files, found.replies) == (1, 1, 2, 0)
    assert found.newest == DAY


def test_a_file_that_is_gone_is_lost_and_one_that_was_deleted_is_not(store: Store) -> None:
    lost, deleted = pending(store), pending(store)
    keep(store, b"one", [lost])
    keep(store, b"two", [deleted], [b"2" * 16])
    inside.lose(store.data, lost)
    store.delete({b"2" * 16: [deleted]})
    assert store.look().lost == 1


def test_failures_are_those_of_the_last_days(opened: OpenStore, world: World) -> None:
    store = opened()
    store.count_failure("KeyError", "views/report.py:7")
    assert store.look().failures == (("KeyError", "views/report.py:7", 1),)
    world.day += timedelta(days=7)
    assert store.look().failures == ()


def test_more_files_cost_no_statement_more(store: Store) -> None:
    keep(store, b"x", [pending(store)])
    statements: list[str] = []
    real = store._database.execute_sql

    def counting(sql: str, *args: object, **more: object) -> object:
        statements.append(sql)
        return real(sql, *args, **more)

    store._database.execute_sql = counting  # type: ignore[method-assign]  # to count them
    store.look()
    few = len(statements)
    for _ in range(5):
        keep(store, os.urandom(100), [pending(store), pending(store)])
    statements.clear()
    store.look()
    assert len(statements) == few
    assert store.look().files == 11
