import sqlite3
from contextlib import closing
from pathlib import Path

from store import Store
from store.sqlite.database import NAME
from tests.store.conftest import pending
from tests.store.kept import file_of, keep

IDS = [bytes([n]) * 16 for n in range(20)]


def test_looking_writes_nothing(store: Store, folder: Path) -> None:
    keep(store, b"envelope", ids=IDS)
    store.keep_reply(IDS[0], b"reply")
    store.scrub()
    with closing(sqlite3.connect(folder / NAME)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        assert len(store.slots(IDS)) == len(list(store.replies(IDS))) == 1
        assert other.execute("PRAGMA data_version").fetchone() == before
    assert (folder / f"{NAME}-wal").stat().st_size == 0


def test_reading_a_file_leaves_its_times_alone(store: Store) -> None:
    blob = pending(store)
    before = file_of(store, blob).stat()
    with store.open_blob(blob) as file:
        assert file.read()
    assert file_of(store, blob).stat().st_atime_ns == before.st_atime_ns
