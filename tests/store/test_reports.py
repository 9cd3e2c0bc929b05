import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import Closed, DiskFailed, MissingBlobs, NoRoom, Store
from store.sqlite.database import NAME
from tests.store.conftest import DAY, MB, World, files, pending
from tests.store.kept import file_of, keep

ENVELOPE = b"envelope" * 600


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / NAME)) as db:
        return db.execute(sql).fetchall()


def test_a_report_is_kept_with_its_files(store: Store) -> None:
    data = [b"one" * 1000, b"", b"three" * 50_000]
    blobs = [pending(store, part) for part in data]
    keep(store, ENVELOPE, blobs)
    digest = hashlib.sha256(ENVELOPE).digest()
    assert list(store.envelopes()) == [(digest, len(ENVELOPE))]
    assert store.envelope(digest) == ENVELOPE
    assert sorted(store.kept_blobs()) == sorted((b, len(d)) for b, d in zip(blobs, data, strict=True))
    for blob, part in zip(blobs, data, strict=True):
        with store.open_blob(blob) as file:
            assert file.read() == part


def test_the_same_envelope_twice_is_kept_once(store: Store, folder: Path) -> None:
    blob = pending(store)
    keep(store, ENVELOPE, [blob])
    keep(store, ENVELOPE, [blob])
    assert len(list(store.envelopes())) == 1
    assert rows(folder, "SELECT count(*) FROM slot") == [(1,)]


def test_a_report_sent_again_under_another_seal_may_name_the_same_files(store: Store) -> None:
    blob = pending(store)
    keep(store, ENVELOPE, [blob, blob])
    keep(store, ENVELOPE[::-1], [blob])
    assert len(list(store.envelopes())) == 2
    assert [found for found, _ in store.kept_blobs()] == [blob]


def test_a_report_whose_files_are_gone_is_not_kept_and_says_which(store: Store, folder: Path) -> None:
    here, dropped, unlinked = pending(store), pending(store), pending(store)
    store.drop_pending(dropped)
    file_of(store, unlinked).unlink()
    never = bytes(16)
    with pytest.raises(MissingBlobs) as caught:
        keep(store, ENVELOPE, [never, here, unlinked, dropped])
    assert caught.value.ids == (never, unlinked, dropped)
    assert store.missing([dropped, here, never]) == [dropped, never]
    assert list(store.envelopes()) == []
    assert list(store.kept_blobs()) == []
    assert rows(folder, "SELECT count(*) FROM slot") == [(0,)]


def test_a_claimed_file_cannot_be_dropped(store: Store, folder: Path) -> None:
    blob = pending(store)
    keep(store, ENVELOPE, [blob])
    assert not store.drop_pending(blob)
    assert files(folder) == {blob.hex()}


def test_a_pending_file_can_be_dropped_any_number_of_times(store: Store, folder: Path) -> None:
    blob = pending(store)
    assert store.drop_pending(blob)
    assert store.drop_pending(blob)
    assert files(folder) == set()


def test_a_text_goes_through_until_the_last_reserve(store: Store, world: World) -> None:
    world.free = 20 * MB
    with pytest.raises(NoRoom):
        store.start_blob(None)
    keep(store, ENVELOPE, [])
    world.free = 10 * MB
    with pytest.raises(NoRoom):
        keep(store, ENVELOPE[::-1], [])
    assert len(list(store.envelopes())) == 1


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


def test_many_envelopes_come_once_each_and_in_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.reports.PAGE", 3)
    wanted = sorted((hashlib.sha256(bytes([n])).digest(), 1) for n in range(10))
    blobs = sorted(pending(store, b"x") for _ in range(7))
    for n in range(10):
        keep(store, bytes([n]), blobs if n == 5 else [])
    assert list(store.envelopes()) == wanted
    assert list(store.kept_blobs()) == [(blob, 1) for blob in blobs]


def test_an_envelope_that_is_not_there_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        store.envelope(bytes(32))


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


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(Closed):
        keep(store, ENVELOPE, [])
