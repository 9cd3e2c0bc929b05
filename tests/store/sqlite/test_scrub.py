import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from store import Busy, Store
from store.models import Body
from store.sqlite.database import NAME
from store.sqlite.scrub import INDEX_HEADERS
from tests.store.conftest import DAY, files, pending
from tests.store.kept import keep


def log(folder: Path) -> Path:
    return folder / f"{NAME}-wal"


def index(folder: Path) -> bytes:
    """What the log's index says of pages, read by another process: a handle closed here would drop locks."""
    with os.popen(f"cat '{folder / NAME}-shm' | od -An -v -tx1") as output:
        return bytes.fromhex(output.read())[INDEX_HEADERS:]


def test_after_a_scrub_neither_the_log_nor_its_index_tells_what_was_written_together(
    store: Store, folder: Path
) -> None:
    keep(store, b"envelope" * 1000, [pending(store) for _ in range(3)])
    assert log(folder).stat().st_size
    assert any(index(folder))
    assert store.try_scrub()
    assert log(folder).stat().st_size == 0
    assert not any(index(folder))
    keep(store, b"again" * 1000, [])
    store.scrub()
    assert not any(index(folder))
    assert len(list(store.envelopes())) == 2


def test_a_reader_keeps_the_scrub_off_and_it_says_so(store: Store, folder: Path) -> None:
    keep(store, b"one", [])
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM body").fetchone()
        keep(store, b"two", [])
        assert not store._engine.scrubber.try_once(0.01)
        with pytest.raises(Busy):
            store._engine.scrubber.insist(0.01)
        assert log(folder).stat().st_size
        reader.execute("COMMIT")
        assert store.try_scrub()
    assert log(folder).stat().st_size == 0


def test_a_writer_keeps_the_scrub_off(store: Store, folder: Path) -> None:
    keep(store, b"one", [])
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert not store._engine.scrubber.try_once(0.01)
        writer.execute("COMMIT")
        assert store.try_scrub()


def test_a_scrub_leaves_the_patience_of_a_connection_as_it_was(store: Store) -> None:
    store.try_scrub()
    with store._database.reading():
        assert store._database.run("PRAGMA busy_timeout") == (30_000,)


def test_deleted_bytes_are_in_no_file_of_the_database(store: Store, folder: Path) -> None:
    marks = [os.urandom(16) for _ in range(20)]
    for mark in marks:
        keep(store, mark * 500, [])
    blobs = [pending(store, b"x") for _ in range(20)]
    store.try_scrub()
    with store._database.writing():
        Body.delete().where(Body.envelope.in_([mark * 500 for mark in marks])).execute(store._database)
    for blob in blobs:
        assert store.drop_pending(blob)
    store.scrub()
    assert files(folder) == set()
    before = index(folder) + log(folder).read_bytes()
    store.close()
    remains = b"".join(path.read_bytes() for path in folder.glob(f"{NAME}*")) + before
    assert not [mark for mark in [*marks, *blobs] if mark in remains]


def test_dropping_a_file_cuts_the_log(store: Store, folder: Path) -> None:
    blob = pending(store)
    store.drop_pending(blob)
    assert log(folder).stat().st_size == 0


def test_after_a_scrub_files_and_folders_tell_the_day_only(store: Store, folder: Path) -> None:
    keep(store, b"envelope", [pending(store)])
    store.start_blob().abandon()
    assert store.try_scrub()
    start = datetime.combine(DAY, time(), UTC).timestamp()
    names = [NAME, f"{NAME}-wal", f"{NAME}-shm", "blobs", "writing"]
    assert {name: (folder / name).stat().st_mtime - start for name in names} == dict.fromkeys(names, 0)
