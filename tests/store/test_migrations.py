import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from store import FutureDatabase, StoreError, open_store
from store.database import MIGRATIONS, NAME
from store.models import MODELS
from tests.store.processes import LIMITS, finished, running


def test_the_migrations_make_what_the_models_say(folder: Path) -> None:
    open_store(folder).close()
    database = SqliteDatabase(str(folder / NAME))
    try:
        assert not diff_models(database, list(MODELS))
        tables = dict(
            database.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        )
    finally:
        database.close()
    for model in MODELS:
        assert tables[model._meta.table_name].endswith("WITHOUT ROWID")


def test_every_migration_can_be_taken_back(folder: Path) -> None:
    open_store(folder).close()
    database = SqliteDatabase(str(folder / NAME))
    try:
        runner = Runner(database, str(MIGRATIONS))
        for _ in runner.migrations():
            runner.down()
        assert database.get_tables() == ["schema_migration"]
    finally:
        database.close()
    open_store(folder).close()


def test_a_database_from_the_future_is_refused(folder: Path) -> None:
    open_store(folder).close()
    with closing(sqlite3.connect(folder / NAME)) as db, db:
        db.execute(
            "INSERT INTO schema_migration (name, applied) VALUES ('9999_telepathy', '2050-01-01 00:00:00')"
        )
    before = (folder / NAME).read_bytes()
    with pytest.raises(FutureDatabase, match="9999_telepathy") as caught:
        open_store(folder)
    assert caught.value.hint
    assert (folder / NAME).read_bytes() == before


def test_no_time_of_day_is_noted(folder: Path) -> None:
    open_store(folder).close()
    with closing(sqlite3.connect(folder / NAME)) as db:
        times = [applied for (applied,) in db.execute("SELECT applied FROM schema_migration")]
    assert times
    assert all(time.endswith(" 00:00:00") for time in times)


def test_what_is_no_database_is_refused_and_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / NAME).write_bytes(b"something else" * 1000)
    with pytest.raises(StoreError):
        open_store(folder)
    assert (folder / NAME).read_bytes() == b"something else" * 1000


def test_a_folder_that_cannot_be_made_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        open_store(tmp_path / "file" / "data")


def test_several_processes_may_make_the_store_at_once(folder: Path) -> None:
    with running("write", folder, "a", 1) as a, running("write", folder, "b", 1) as b:
        assert len(finished(a)) == len(finished(b)) == 1
    store = open_store(folder, limits=LIMITS)
    assert len(list(store.envelopes())) == 2
    store.close()
