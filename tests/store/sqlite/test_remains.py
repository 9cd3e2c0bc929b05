"""What secure_delete leaves behind: found in the pages, and gone when the store has deleted."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from store import NotScrubbed, Store
from store.sqlite.database import NAME, Database
from store.sqlite.remains import are_left, pages_of
from tests.counts import count
from tests.store.conftest import MB, World
from tests.store.kept import keep
from tests.store.traces import traces

pytestmark = pytest.mark.slow

SIZES = (20, 900, 4500, 5000, 17_000)


def test_what_is_in_a_file_of_sqlite_is_found_in_its_pages(tmp_path: Path) -> None:
    """Rows come and go at random; whatever is still in the file after it was deleted, is found."""
    random = Random(5)
    path = tmp_path / "some.db"
    live: list[tuple[bytes, bytes]] = []
    found = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for sql in ("journal_mode = off", "synchronous = off", "secure_delete = 1"):
            db.execute(f"PRAGMA {sql}")
        db.execute("CREATE TABLE body (id BLOB NOT NULL PRIMARY KEY, envelope BLOB NOT NULL) WITHOUT ROWID")
        roots = [root for (root,) in db.execute("SELECT rootpage FROM sqlite_master")]
        fd = os.open(path, os.O_RDONLY)
        for _ in range(count(1000, 10_000)):
            if not live or random.random() < 0.7:
                live.append((random.randbytes(16), random.randbytes(random.choice(SIZES))))
                db.execute("INSERT INTO body VALUES (?, ?)", live[-1])
                continue
            row = live.pop(random.randrange(len(live)))
            db.execute("DELETE FROM body WHERE id = ?", row[:1])
            left = are_left(pages_of(fd, 4096), roots, row)
            content = path.read_bytes()
            assert left or not any(part[:16] in content for part in row)
            if left:
                found += 1
                db.execute("VACUUM")
                assert not are_left(pages_of(fd, 4096), roots, row)
    os.close(fd)
    assert found


def leave(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have something be left, and tell what SQLite is asked to do about it."""
    asked: list[str] = []
    run = Database.run

    def runs(self: Database, sql: str) -> tuple[Any, ...]:
        asked.append(sql)
        return run(self, sql)

    monkeypatch.setattr(Database, "run", runs)
    monkeypatch.setattr("store.sqlite.remains.are_left", lambda *_: "VACUUM" not in asked)
    return asked


def test_where_something_is_left_the_database_is_rewritten(
    store: Store, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    keep(store, b"envelope", ids=[b"i" * 16])
    asked = leave(monkeypatch)
    store.delete(slots={b"i" * 16: []})
    assert asked.count("VACUUM") == 1
    assert (folder / f"{NAME}-wal").stat().st_size == 0
    store.delete(slots={b"i" * 16: []})
    assert asked.count("VACUUM") == 1


def test_without_room_to_rewrite_it_the_caller_is_told(
    store: Store, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, b"envelope", ids=[b"i" * 16])
    asked = leave(monkeypatch)
    world.free = 10 * MB
    with pytest.raises(NotScrubbed):
        store.delete(slots={b"i" * 16: []})
    assert "VACUUM" not in asked
    assert store.slots([b"i" * 16]) == []


def test_whatever_came_and_went_nothing_deleted_is_left(store: Store, folder: Path) -> None:
    # With this seed, some deletion leaves something that only a rewrite removes.
    random = Random(1)
    live: list[tuple[bytes, bytes]] = []
    for _ in range(count(250, 3000)):
        if not live or random.random() < 0.75:
            slot, envelope = random.randbytes(16), random.randbytes(random.choice(SIZES))
            keep(store, envelope, ids=[slot])
            store.keep_reply(slot, envelope[::-1])
            live.append((slot, envelope))
            continue
        slot, envelope = live.pop(random.randrange(len(live)))
        store.delete(slots={slot: []}, replies={slot: []})
        assert traces(folder, [slot, envelope[:64], envelope[::-1][:64]]) == []
