"""A look at the whole store says what is lost and what is not, and asks nothing file by file."""

import sqlite3
from contextlib import closing

from store import Store
from tests.store.conftest import OpenStore, pending
from tests.store.kept import file_of, keep


def test_a_file_that_a_sweep_exchanges_is_not_lost(store: Store) -> None:
    blob = pending(store)
    keep(store, b"one", [blob])
    file_of(store, blob).rename(file_of(store, blob).with_suffix(".old"))
    assert store.look().lost == 0


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
