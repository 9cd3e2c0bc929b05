"""A backup of PostgreSQL: its rows in a database of SQLite's, its files as they were."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import Busy, NoRoom, Store, open_store
from store.postgres import snapshot
from tests import engine, inside
from tests.commands.backups import pending, report
from tests.commands.moves import filled, rows, rows_of_sqlite

pytestmark = pytest.mark.usefixtures("on_postgres")


@pytest.fixture
def store(on_postgres: None, tmp_path: Path) -> Store:
    return engine.open_store(tmp_path / "data")


def test_it_holds_what_the_database_holds_but_for_what_nobody_claimed(store: Store, tmp_path: Path) -> None:
    waiting = filled(store)
    before = rows(store)
    store.drop_pending(waiting)
    after = rows(store)
    assert before["blob"] > after["blob"]
    waiting = pending(store, b"another")
    with store.snapshot() as here:
        assert waiting not in here.blobs
        (tmp_path / "copy").mkdir()
        (tmp_path / "copy" / "vigil.db").write_bytes(here.database.read_bytes())
        with closing(sqlite3.connect(here.database)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    found = rows_of_sqlite(tmp_path / "copy")
    assert found == after
    assert list((store.data / "snapshot").iterdir()) == []
    store.close()


def test_what_is_deleted_meanwhile_stays_in_it(store: Store) -> None:
    content = os.urandom(600_000)
    _, (blob,) = report(store, content, slot=b"s" * 16)
    with store.snapshot() as here:
        store.delete({b"s" * 16: [blob]})
        assert dict(here.blobs) == {blob: len(content)}
        assert here.lost == 0
        with here.open_blob(blob) as file:
            assert file.read() == content
    store.close()


def test_what_is_lost_is_counted(store: Store) -> None:
    _, (lost, whole) = report(store, b"a" * 1000, b"b")
    inside.lose(store.data, lost)
    with store.snapshot() as here:
        assert dict(here.blobs) == {whole: 1}
        assert here.lost == 1
    store.close()


def test_without_room_nothing_is_begun(on_postgres: None, tmp_path: Path) -> None:
    free = [10**12]
    store = engine.open_store(tmp_path / "data", free=lambda _: free[0])
    report(store, b"x")
    free[0] = 1_000_000
    with pytest.raises(NoRoom, match="a backup needs 65 MB free"), store.snapshot():
        raise AssertionError("taken")
    store.close()


def test_what_a_killed_one_left_goes(store: Store) -> None:
    (store.data / "snapshot" / "vigil.db").write_bytes(b"half of it")
    store.close()
    engine.open_store(store.data).close()
    assert list((store.data / "snapshot").iterdir()) == []


def test_each_machine_takes_one_at_a_time(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PATIENCE", 0.0)
    report(store, b"x")
    other = open_store(tmp_path / "another", database_url=engine.database(store.data))
    with store.snapshot() as here:
        with pytest.raises(Busy), store.snapshot():
            raise AssertionError("taken twice")
        with other.snapshot() as there:
            assert dict(here.blobs) == dict(there.blobs)
    other.close()
    store.close()
