"""A look at the whole store says what is lost and what is not, and asks nothing file by file."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta

from store import Store
from tests.store.conftest import DAY, OpenStore, World, pending
from tests.store.kept import file_of, keep


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
    file_of(store, lost).unlink()
    store.delete({b"2" * 16: [deleted]})
    assert store.look().lost == 1


def test_a_file_that_a_sweep_exchanges_is_not_lost(store: Store) -> None:
    blob = pending(store)
    keep(store, b"one", [blob])
    file_of(store, blob).rename(file_of(store, blob).with_suffix(".old"))
    assert store.look().lost == 0


def test_failures_are_those_of_the_last_days(opened: OpenStore, world: World) -> None:
    store = opened()
    store.count_failure("KeyError", "views/report.py:7")
    assert store.look().failures == (("KeyError", "views/report.py:7", 1),)
    world.day += timedelta(days=7)
    assert store.look().failures == ()


def test_a_damaged_database_is_found(opened: OpenStore) -> None:
    store = opened()
    for number in range(40):
        keep(store, bytes([number]) * 3000)
    store.scrub()
    path = store.data / "vigil.db"
    store.close()
    with closing(sqlite3.connect(path)) as database:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'body'"
        (root,) = database.execute(sql).fetchone()
    again = opened()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096 + 100)
        file.write(bytes(3000))
    assert again.look().sound is False


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
