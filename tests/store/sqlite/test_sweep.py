import errno
import fcntl
import os
import signal
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from store import Busy, DiskFailed, Store, SweepReport
from store.sqlite.database import NAME, Database
from store.sqlite.scrub import Scrubber
from tests.counts import count
from tests.store.conftest import DAY, MB, OpenStore, World, files, notes, pending
from tests.store.kept import file_of, keep
from tests.store.processes import BOUND, finished, running

NOTHING = SweepReport(unclaimed=0, partial=0, moved=0, left=0, lost=0)


def correlation(places: list[int]) -> float:
    """Spearman's rank correlation between the order of the list and the order of its values."""
    number = len(places)
    ranks = {place: rank for rank, place in enumerate(sorted(places))}
    squares = sum((rank - ranks[place]) ** 2 for rank, place in enumerate(places))
    return 1 - 6 * squares / (number * (number**2 - 1))


def test_partial_files_go_and_those_being_written_stay(store: Store, folder: Path) -> None:
    dead = os.urandom(16).hex()
    (folder / "blobs" / dead).write_bytes(b"partial")
    (folder / "writing" / dead).touch()
    blob = store.start_blob(None)
    blob.write(b"x")
    assert store.sweep(DAY).partial == 1
    assert files(folder) == notes(folder) == {blob.id.hex()}
    blob.finish()
    assert store.missing([blob.id]) == []


def test_after_the_sweep_no_place_follows_the_order_of_writing(store: Store, folder: Path) -> None:
    marks = [os.urandom(16) for _ in range(count(60, 400))]
    blobs = []
    for mark in marks:
        blobs.append(pending(store, mark))
        # The end of so long an envelope lies on pages of its own.
        keep(store, bytes(6000) + mark, blobs[-1:])
    store.scrub()
    before = (folder / NAME).read_bytes()
    assert abs(correlation([before.index(mark) for mark in marks])) > 0.9
    inodes = {file_of(store, blob).stat().st_ino for blob in blobs}
    assert store.sweep(DAY).moved == len(blobs)
    after = (folder / NAME).read_bytes()
    assert abs(correlation([after.index(mark) for mark in marks])) < 0.65
    moved = [file_of(store, blob).stat() for blob in blobs]
    assert abs(correlation([status.st_ino for status in moved])) < 0.65
    assert {status.st_ino for status in moved} != inodes
    for blob, mark in zip(blobs, marks, strict=True):
        with store.open_blob(blob) as file:
            assert file.read() == mark


def test_a_file_is_moved_once(store: Store) -> None:
    blob = pending(store)
    keep(store, b"e", [blob])
    waiting = pending(store)
    assert store.sweep(DAY).moved == 1
    inode = file_of(store, blob).stat().st_ino
    keep(store, b"f", [waiting])
    assert store.sweep(DAY).moved == 1
    assert file_of(store, blob).stat().st_ino == inode
    assert store.sweep(DAY) == NOTHING


def test_a_moved_file_tells_the_day_of_its_upload_only(store: Store) -> None:
    blob = pending(store)
    keep(store, b"e", [blob])
    before = file_of(store, blob).stat()
    store.sweep(DAY + timedelta(days=30))
    after = file_of(store, blob).stat()
    assert after.st_mtime == before.st_mtime
    assert after.st_mode & 0o777 == 0o600


def test_the_log_is_cut_or_the_sweep_fails(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, b"e", [])
    store.sweep(DAY)
    assert (folder / f"{NAME}-wal").stat().st_size == 0
    monkeypatch.setattr(Scrubber, "try_once", lambda *_, **__: False)
    monkeypatch.setattr(Scrubber.insist, "__defaults__", (0.01,))
    with pytest.raises(Busy):
        store.sweep(DAY)


def test_without_room_to_copy_a_file_stays_for_the_next_sweep(store: Store, world: World) -> None:
    blob = pending(store)
    keep(store, b"e", [blob])
    world.free = 5 * MB
    done = store.sweep(DAY)
    assert (done.moved, done.left) == (0, 1)
    world.free = 50 * MB
    assert store.sweep(DAY).moved == 1


def test_without_room_to_rewrite_the_database_everything_else_is_done(
    store: Store, world: World, folder: Path
) -> None:
    blob = pending(store)
    for number in range(100):
        keep(store, bytes([number]) * 100_000, [blob])
    store.scrub()
    size = (folder / NAME).stat().st_size
    keep(store, b"e", [])
    world.free = 10 * MB + 2 * size
    done = store.sweep(DAY + timedelta(days=3))
    assert (done.moved, done.left) == (1, 0)
    assert world.free < done.wanted < world.free + MB
    assert (folder / f"{NAME}-wal").stat().st_size == 0
    world.free = done.wanted
    assert store.sweep(DAY).wanted == 0


@pytest.mark.parametrize("full", ["copy", "VACUUM"])
def test_a_disk_that_others_fill_during_the_sweep_stops_no_other_part_of_it(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    blob = pending(store, b"content")
    keep(store, b"e", [blob])
    run = Database.run

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "")

    def runs(self: Database, sql: str) -> tuple[Any, ...]:
        return no_room() or () if sql == full else run(self, sql)

    if full == "copy":
        monkeypatch.setattr(os, "fsync", lambda fd: no_room() if os.fstat(fd).st_size == 7 else None)
    monkeypatch.setattr(Database, "run", runs)
    done = store.sweep(DAY)
    assert (done.moved, bool(done.wanted)) == ((0, False) if full == "copy" else (1, True))
    assert files(folder) == {blob.hex()}
    assert (folder / f"{NAME}-wal").stat().st_size == 0


def test_a_sweep_that_fails_cuts_the_log_all_the_same(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, b"e", [])

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "")

    monkeypatch.setattr("store.sqlite.sweep.sync_folder", fails)
    with pytest.raises(DiskFailed):
        store.sweep(DAY)
    assert (folder / f"{NAME}-wal").stat().st_size == 0


def test_only_one_sweep_runs_at_a_time(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.sqlite.sweep.PATIENCE", 0.01)
    with (folder / "sweep.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Busy):
            store.sweep(DAY)


def test_a_file_can_be_read_at_any_moment_of_a_sweep(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = pending(store, b"content")
    keep(store, b"e", [blob])
    rename = Path.rename
    read = []

    def then_read(self: Path, target: Path) -> Path:
        moved = rename(self, target)
        with store.open_blob(blob) as file:
            read.append(file.read())
        assert store.missing([blob]) == []
        return moved

    monkeypatch.setattr(Path, "rename", then_read)
    store.sweep(DAY)
    assert read == [b"content", b"content"]


def test_a_file_is_here_also_when_a_sweep_exchanges_it_between_two_looks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = pending(store)
    name, aside = file_of(store, blob), store._engine.folder.aside(blob)
    name.rename(aside)
    exists = Path.exists

    def looked(self: Path) -> bool:
        found = exists(self)
        if self == name and exists(aside):
            aside.rename(name)
        return found

    monkeypatch.setattr(Path, "exists", looked)
    assert store.missing([blob]) == []


@pytest.mark.slow
def test_a_sweep_may_be_killed_at_any_moment(opened: OpenStore, folder: Path) -> None:
    store = opened()
    random = Random()
    later = date(2026, 12, 31)
    contents = {}
    for _ in range(8):
        data = random.randbytes(random.randrange(3000))
        contents[pending(store, data)] = data
    keep(store, b"envelope" * 2000, list(contents))

    def everything_to_do_again() -> None:
        for _ in range(4):
            pending(store)
        (folder / "blobs" / os.urandom(16).hex()).write_bytes(b"partial")
        with store._database.writing():
            store._database.run("UPDATE blob SET settled = 0")

    everything_to_do_again()
    with running("sweep", folder, later, 10**9) as process:
        longest = int(finished(process)[0])
    for _ in range(count(6, 200)):
        everything_to_do_again()
        with running("sweep", folder, later, 1 + random.randrange(longest)) as process:
            process.communicate(timeout=BOUND)
            assert process.returncode == -signal.SIGKILL
        store.close()
        store = opened()
        for blob, data in contents.items():
            with store.open_blob(blob) as file:
                assert file.read() == data
        assert {blob for blob, _ in store.kept_blobs()} == contents.keys()
        assert len(list(store.envelopes())) == 1
        assert files(folder) == {blob.hex() for blob in [*contents, *store._room.pending()]}
    store.sweep(later)
    assert files(folder) == {blob.hex() for blob in contents}
