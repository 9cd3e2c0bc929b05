import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import DiskFailed, NoRoom, Store
from store.sqlite.database import NAME
from tests.store.conftest import DAY, files, pending
from tests.store.kept import keep

ENVELOPE = b"envelope" * 600


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / NAME)) as db:
        return db.execute(sql).fetchall()


def test_a_full_database_keeps_nothing_and_says_so(store: Store) -> None:
    blob = pending(store)
    with store._database.reading():
        store._database.run("PRAGMA max_page_count = 1")
    with pytest.raises(NoRoom):
        keep(store, ENVELOPE * 100, [blob])
    with store._database.reading():
        store._database.run("PRAGMA max_page_count = 1000000")
    assert list(store.envelopes()) == []
    assert list(store.kept_blobs()) == []
    keep(store, ENVELOPE, [blob])


def test_a_damaged_database_is_a_failure_of_the_disk(store: Store, folder: Path) -> None:
    keep(store, ENVELOPE, [])
    store.scrub()
    with (folder / NAME).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 10)
    # Another connection reads the file anew.
    store._database.close_idle()
    with pytest.raises(DiskFailed):
        list(store.envelopes())


def test_only_the_day_is_stored_and_no_table_joins_reports_to_files(store: Store, folder: Path) -> None:
    keep(store, ENVELOPE, [pending(store), pending(store)])
    assert rows(folder, "SELECT day, length(id) FROM slot") == [(DAY.isoformat(), 16)]
    assert rows(folder, "SELECT DISTINCT day, length(id) FROM blob") == [(DAY.isoformat(), 16)]
    columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    found: dict[str, set[str]] = {}
    for table, column in rows(folder, columns):
        found.setdefault(str(table), set()).add(str(column))
    del found["schema_migration"]
    assert found == {
        "slot": {"id", "day", "state", "record", "expires"},
        "body": {"id", "digest", "envelope"},
        "blob": {"id", "size", "day", "kept", "settled", "expires", "claims"},
        "reply": {"id", "day", "envelope", "expires"},
        "mark": {"thing", "desk"},
        "desk": {"sign", "seq", "manifest"},
        "refused": {"slot", "desk", "why"},
        "signer": {"sign", "day"},
        "trusted": {"id", "keys"},
        "failure": {"day", "kind", "place", "count"},
    }
    # A rowid would count the rows in the order of their writing.
    for table in found:
        with pytest.raises(sqlite3.OperationalError):
            rows(folder, f"SELECT rowid FROM {table}")
    assert not {str(row[0]) for row in rows(folder, "SELECT id FROM slot")} & files(folder)


def test_files_and_folders_are_for_the_owner_only(store: Store, folder: Path) -> None:
    keep(store, ENVELOPE, [pending(store)])
    modes = {path.relative_to(folder): path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    assert {path for path, mode in modes.items() if mode & 0o077} == set()
    assert Path(NAME + "-wal") in modes
