"""The sweep on PostgreSQL: nothing is lost by it, whoever reads, writes, deletes or dies meanwhile."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from bench import postgres
from store import Busy, Store, StoreError, Sweeping
from store.postgres import settling, sweep
from store.postgres.alone import OURS, Turn
from tests import engine, inside
from tests.counts import count
from tests.store.conftest import DAY, MB, OpenStore, World, pending
from tests.store.kept import keep
from tests.store.postgres import quiet
from tests.store.processes import BOUND, finished, running

pytestmark = pytest.mark.usefixtures("on_postgres")
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def store(on_postgres: None, opened: OpenStore) -> Store:
    return opened()


@pytest.fixture
def other(store: Store, folder: Path) -> Iterator["psycopg.Connection[Any]"]:
    """Another program on the same database."""
    with psycopg.connect(engine.database(folder) or "", autocommit=True) as connection:
        yield connection


def parts(folder: Path, table: str) -> dict[str, str]:
    """Give the parts of a table, each with what is noted on it."""
    sql = (
        "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class JOIN pg_inherits ON inhrelid = oid"
        f" WHERE inhparent = '{table}'::regclass"
    )
    return dict(inside.run(folder, sql))


def only(folder: Path, table: str) -> int:
    return int(inside.run(folder, f"SELECT count(*) FROM ONLY {table}")[0][0])


@contextmanager
def again_and_again(*calls: Any) -> Iterator[None]:
    """Do all of this over and over, each in a thread of its own, until the block ends; tell what failed."""
    over, failed = threading.Event(), []

    def loop(call: Any) -> None:
        while not over.is_set():
            try:
                call()
            except BaseException as error:  # noqa: BLE001 - told below
                failed.append(error)
                return

    threads = [threading.Thread(target=loop, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(BOUND)
    assert failed == []


# ---- parts


def test_what_came_goes_to_a_part_and_the_table_is_empty(store: Store, folder: Path) -> None:
    blobs = [pending(store, os.urandom(600_000)) for _ in range(3)]
    keep(store, b"envelope", blobs[:2])
    store.sweep()
    assert [list(parts(folder, table).values()) for table in ("piece", "body", "reply")] == [["9"], ["1"], []]
    assert (only(folder, "piece"), only(folder, "body")) == (0, 0)
    before = parts(folder, "piece")
    store.sweep()
    assert parts(folder, "piece") == before


def test_a_part_from_which_something_went_is_written_anew_and_a_large_whole_one_is_left(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "SMALL", 0)
    large = [pending(store, os.urandom(900_000)) for _ in range(2)]
    keep(store, b"1", large, [b"1" * 16])
    store.sweep()
    first = parts(folder, "piece")
    keep(store, b"2", [pending(store)])
    store.sweep()
    second = parts(folder, "piece")
    assert len(second) == 2
    assert first.items() < second.items()
    store.delete({b"1" * 16: large[:1]})
    store.sweep()
    third = parts(folder, "piece")
    assert not first.keys() & third.keys()
    with store.open_blob(large[1]) as file:
        assert len(file.read()) == 900_000


def test_small_parts_are_joined(store: Store, folder: Path) -> None:
    for number in range(4):
        keep(store, b"%d" % number, [pending(store)])
        store.sweep()
    assert [list(parts(folder, table).values()) for table in ("piece", "body")] == [["4"], ["4"]]


def test_pieces_that_nothing_names_go(store: Store, folder: Path) -> None:
    keep(store, b"e", [pending(store)])
    for number in range(3):
        inside.run(folder, f"INSERT INTO piece VALUES ({inside.hexed(b'x' * 16)}, {number}, 'sealed')")
    assert store.sweep().partial == 1
    assert inside.count(folder, "piece") == 1


def test_what_is_being_written_stays_and_ends_whole(store: Store) -> None:
    content = [os.urandom(400_000) for _ in range(3)]
    blob = store.start_blob(None)
    for each in content:
        blob.write(each)
        assert store.sweep(NEXT).partial == 0
    blob.finish()
    with store.open_blob(blob.id) as file:
        assert file.read() == b"".join(content)
    assert store.missing([blob.id]) == []


def test_without_room_it_stays_for_the_next_sweep(store: Store, world: World, folder: Path) -> None:
    keep(store, b"e", [pending(store, os.urandom(5 * MB))])
    world.free = 10 * MB + 10_000
    done = store.sweep()
    assert (done.moved, done.left) == (0, 1)
    assert done.wanted > 15 * MB
    assert parts(folder, "piece") == {}
    world.free = done.wanted
    done = store.sweep()
    assert (done.moved, done.left, done.wanted) == (1, 0, 0)


# ---- others


def test_only_one_sweep_runs_at_a_time_and_none_beside_a_restore(
    store: Store, other: "psycopg.Connection[Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PATIENCE", 0.01)
    for number, why in ((sweep.SWEEP, Sweeping), (Turn.REFILL, Busy)):
        other.execute("SELECT pg_advisory_lock(%s, %s)", (OURS, int(number)))
        with pytest.raises(why):
            store.sweep()
        other.execute("SELECT pg_advisory_unlock_all()")
    store.sweep()


def test_beside_an_export_the_rest_is_done_and_the_next_sweep_does_it(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling.Settler.__init__, "__defaults__", (0.01,))
    monkeypatch.setattr(settling, "LOCK_SECONDS", 0.01)
    old = pending(store)
    keep(store, b"e", [pending(store)])
    with store.pinned() as here:
        with pytest.raises(Busy, match="body"):
            store.sweep(DAY + timedelta(days=3))
        assert store.missing([old]) == [old]
        assert len(list(here.envelopes())) == 1
        options = "SELECT count(*) FROM pg_class WHERE reloptions::text LIKE '%vacuum%'"
        assert inside.run(folder, options) == [(0,)]
    assert store.sweep(DAY + timedelta(days=3)).moved == 1
    assert only(folder, "piece") == 0


def test_nothing_is_lost_or_comes_back_while_others_write_read_and_delete(
    opened: OpenStore, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "ROWS_AT_ONCE", 5)
    random, lock = Random(), threading.Lock()
    kept: dict[bytes, tuple[bytes, bytes]] = {}
    gone: set[bytes] = set()

    def write() -> None:
        slot, content = os.urandom(16), random.randbytes(random.choice((100, 300_000)))
        blob = pending(store, content)
        keep(store, slot * 300, [blob], [slot])
        with lock:
            kept[slot] = blob, content

    def delete() -> None:
        with lock:
            slot = random.choice(sorted(kept)) if len(kept) > 10 else b""
            blob, _ = kept.pop(slot, (b"", b""))
        if slot:
            store.delete({slot: [blob]})
            gone.add(slot)

    def read() -> None:
        with lock:
            slot = random.choice(sorted(kept)) if kept else b""
        if slot and [row.id for row in store.slots([slot])]:
            blob, content = kept.get(slot, (b"", b""))
            try:
                with store.open_blob(blob) as file:
                    assert file.read() == content
            except FileNotFoundError:
                with lock:
                    assert slot not in kept

    def export() -> None:
        with store.pinned() as here:
            digests = [digest for digest, _ in here.envelopes()]
            bodies = [here.envelope(digest) for digest in digests]
            blobs = dict(here.kept_blobs())
        assert len(bodies) == len(blobs) == len(set(digests))

    with again_and_again(write, write, delete, read, export):
        for _ in range(count(3, 60)):
            store.sweep()
    slots = [row.id for row in store.slots([*kept, *gone])]
    assert sorted(slots) == sorted(kept)
    assert len(list(store.envelopes())) == len(kept)
    assert dict(store.kept_blobs()) == {blob: len(content) for blob, content in kept.values()}
    assert store.sweep().lost == 0
    assert inside.blobs(folder) == dict(kept.values())


# ---- kills


@pytest.mark.slow
def test_a_sweep_may_be_killed_at_any_moment(opened: OpenStore, folder: Path) -> None:
    random, later = Random(), date(2026, 12, 31)
    store = opened()
    contents = {}
    for _ in range(8):
        data = random.randbytes(random.choice((3000, 600_000)))
        contents[pending(store, data)] = data
    keep(store, b"envelope" * 2000, list(contents))

    def everything_to_do_again() -> None:
        for _ in range(4):
            pending(store)
        inside.leave_half(folder, os.urandom(16), b"partial")
        inside.run(folder, "UPDATE blob SET settled = false")
        for table in ("piece", "body"):
            # As if it had come since.
            inside.run(folder, f"CREATE TABLE moved AS SELECT * FROM {table}")
            inside.run(folder, f"DELETE FROM {table}")
            inside.run(folder, f"INSERT INTO {table} SELECT * FROM moved")
            inside.run(folder, "DROP TABLE moved")

    everything_to_do_again()
    with running("sweep", folder, later, 10**9) as process:
        longest = int(finished(process)[0])
    for _ in range(count(3, 150)):
        everything_to_do_again()
        with running("sweep", folder, later, 1 + random.randrange(longest)) as process:
            process.communicate(timeout=BOUND)
            assert process.returncode == -signal.SIGKILL
        for blob, data in contents.items():
            with store.open_blob(blob) as file:
                assert file.read() == data
        assert {blob for blob, _ in store.kept_blobs()} == contents.keys()
        assert len(list(store.envelopes())) == 1
    store.sweep(later)
    assert inside.blobs(folder) == contents
    assert (only(folder, "piece"), len(parts(folder, "piece"))) == (0, 1)


@pytest.mark.slow
def test_a_server_may_die_at_any_moment_of_a_sweep(tmp_path: Path) -> None:
    random = Random()
    with postgres.running(tmp_path / "server", **quiet.SETTINGS) as server, ExitStack() as stack:
        url = quiet.database(server)
        store = quiet.opened(tmp_path / "data", url)
        stack.callback(store.close)
        reports = [quiet.kept(store, random, size=300_000) for _ in range(10)]
        for _ in range(count(2, 40)):
            reports += [quiet.kept(store, random, size=300_000) for _ in range(3)]
            thread = threading.Thread(target=lambda: _swept(store))
            thread.start()
            time.sleep(random.uniform(0, 0.5))
            server.kill()
            thread.join(BOUND)
            server.start()
            assert {row.id for row in store.slots([each.slot for each in reports])} == {
                each.slot for each in reports
            }
            assert len(list(store.envelopes())) == len(reports)
            for each in reports:
                for blob, mark in each.blobs.items():
                    with store.open_blob(blob) as file:
                        assert file.read() == mark + bytes(300_000)
        assert store.sweep().lost == 0


def _swept(store: Store) -> None:
    with suppress(StoreError):  # its server dies
        store.sweep()
