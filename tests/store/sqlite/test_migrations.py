import os
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from store import FutureDatabase, ReplyBlob, StoreError, open_store
from store.models import MODELS
from store.sqlite.database import MIGRATIONS, NAME
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


def test_a_database_of_version_2_with_rows_is_brought_up_and_back(folder: Path) -> None:
    slots = [(os.urandom(16), f"2026-11-{day:02}", 1) for day in range(1, 21)]
    blob = os.urandom(16)
    folder.mkdir()
    (folder / "blobs").mkdir()
    (folder / "blobs" / blob.hex()).write_bytes(b"sealed")
    database = SqliteDatabase(str(folder / NAME))
    try:
        runner = Runner(database, str(MIGRATIONS))
        runner.up("0002_claimed_by_day")
        for slot, day, state in slots:
            database.execute_sql("INSERT INTO slot VALUES (?, ?, ?)", (slot, day, state))
            database.execute_sql("INSERT INTO body VALUES (?, ?, ?)", (slot, slot * 2, slot * 500))
        database.execute_sql("INSERT INTO blob VALUES (?, 6, '2026-11-01', 1, 1)", (blob,))
        store = open_store(folder)
        rows = store.slots([slot for slot, _, _ in slots])
        assert [(row.id, row.day.isoformat(), row.state) for row in rows] == slots[::-1]
        assert len({row.record for row in rows}) == len(rows)
        assert {len(row.record) for row in rows} == {681}
        assert not any(row.record.startswith(row.record[:1] * 20) for row in rows)
        assert [store.envelope(slot * 2) for slot, _, _ in slots] == [slot * 500 for slot, _, _ in slots]
        assert list(store.kept_blobs()) == [(blob, 6)]
        assert database.execute_sql("SELECT claims FROM blob").fetchall() == [(1,)]
        assert store.sweep(date(2040, 1, 1)).slots == 0
        writer = store.take_blob(bytes(16))
        assert isinstance(writer, ReplyBlob)
        writer.finish()
        store.close()
        runner.down()
        assert set(database.execute_sql("SELECT * FROM slot").fetchall()) == set(slots)
        # What came with a reply would pass for a report's: its row went.
        assert database.execute_sql("SELECT * FROM blob").fetchall() == [(blob, 6, "2026-11-01", 1, 1)]
    finally:
        database.close()
