import fcntl
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from store import Busy, NotScrubbed, Store
from store.sqlite.database import NAME
from store.sqlite.erasing import Eraser
from store.sqlite.folder import BlobFolder
from tests.counts import count
from tests.store.conftest import DAY, OpenStore, files
from tests.store.kept import file_of
from tests.store.processes import running
from tests.store.test_delete import delete, gone, kept
from tests.store.traces import traces


@pytest.mark.slow
def test_what_is_deleted_is_in_no_file_and_everything_else_is(store: Store, folder: Path) -> None:
    random = Random(5)
    all_things = [kept(store, random) for _ in range(count(18, 300))]
    assert len(traces(folder, [secret for things in all_things for secret in things.secrets])) == 12 * len(
        all_things
    )
    for place, things in enumerate(all_things[::3]):
        delete(store, things)
        assert gone(store, things)
        if place % 4 == 3:
            store.sweep(DAY)
    assert (folder / f"{NAME}-wal").stat().st_size == 0
    assert traces(folder, [secret for things in all_things[::3] for secret in things.secrets]) == []
    rest = [things for things in all_things if not gone(store, things)]
    assert len(rest) == len(all_things) - len(all_things[::3])
    assert files(folder) == {blob.hex() for things in rest for blob in things.blobs}
    assert len(list(store.envelopes())) == len(rest)


@pytest.mark.slow
def test_beside_a_process_that_keeps_reading_everything_is_deleted_and_the_log_is_told(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    things, other = kept(store), kept(store)
    monkeypatch.setattr("store.sqlite.erasing.PATIENCE", 0.01)
    with running("hold", folder) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        with pytest.raises(NotScrubbed) as caught:
            delete(store, things)
        assert "deleted" in caught.value.what
        assert caught.value.hint
        assert gone(store, things)
        assert files(folder) == {blob.hex() for blob in other.blobs}
    monkeypatch.undo()
    delete(store, things)
    assert traces(folder, things.secrets) == []
    assert len(traces(folder, other.secrets)) == 12


@pytest.mark.slow
def test_beside_processes_that_read_and_write_and_scrub_nothing_of_it_is_left(
    store: Store, folder: Path
) -> None:
    all_things = [kept(store) for _ in range(count(6, 100))]
    with (
        running("look", folder) as reader,
        running("write", folder, "a", 10**6) as writer,
        running("scrub", folder) as scrubber,
    ):
        for process in (reader, writer, scrubber):
            assert process.stdout is not None
            assert process.stdout.readline()
        for things in all_things:
            delete(store, things)
            assert traces(folder, [secret[:16] for secret in things.secrets]) == []
        for process in (reader, writer, scrubber):
            assert process.poll() is None
            process.kill()
    assert traces(folder, [secret for things in all_things[:1] for secret in things.secrets]) == []


def test_where_a_writer_never_ends_nothing_is_deleted(store: Store, folder: Path) -> None:
    things = kept(store)
    with store._database.reading():
        store._database.run("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy) as caught:
            delete(store, things)
    assert not isinstance(caught.value, NotScrubbed)
    assert not gone(store, things)
    assert files(folder) == {blob.hex() for blob in things.blobs}


def test_a_sweep_that_is_just_copying_a_file_does_not_bring_it_back(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = kept(store)
    rename = Path.rename
    deleting: list[threading.Thread] = []

    def then_delete(self: Path, target: Path) -> Path:
        if not deleting:
            deleting.append(threading.Thread(target=delete, args=(store, things)))
            deleting[0].start()
            while not gone(store, things):
                pass
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", then_delete)
    store.sweep(DAY)
    deleting[0].join(60)
    assert not deleting[0].is_alive()
    assert files(folder) == set()
    assert traces(folder, things.secrets) == []


@pytest.mark.parametrize("ending", ["", ".old", ".new"])
def test_what_a_killed_sweep_left_of_a_file_goes_with_it(
    store: Store, folder: Path, ending: str, opened: OpenStore
) -> None:
    things = kept(store)
    path = file_of(store, things.blobs[0])
    path.with_name(path.name + ending).write_bytes(things.contents[0])
    if ending == ".old":
        path.unlink()
    delete(store, things)
    assert files(folder) == set()


def test_whoever_looks_at_a_file_does_not_keep_it(store: Store, folder: Path) -> None:
    things = kept(store)
    with file_of(store, things.blobs[0]).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        delete(store, things)
        assert files(folder) == set()


def test_files_whose_rows_went_before_a_kill_go_when_it_is_asked_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = kept(store)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(BlobFolder, "erase", killed)
    with pytest.raises(KeyboardInterrupt):
        delete(store, things)
    monkeypatch.undo()
    assert gone(store, things)
    delete(store, things)
    assert files(folder) == set()


def test_after_a_deletion_files_and_folders_tell_the_day_only(store: Store, folder: Path) -> None:
    delete(store, kept(store))
    start = datetime.combine(DAY, time(), UTC).timestamp()
    names = [NAME, f"{NAME}-wal", f"{NAME}-shm", "blobs", "writing"]
    assert {name: (folder / name).stat().st_mtime - start for name in names} == dict.fromkeys(names, 0)


def test_files_go_before_the_log_is_cut_and_the_folder_is_synced(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = kept(store)
    steps: list[str] = []
    erase, scrub = BlobFolder.erase, Eraser.scrub
    monkeypatch.setattr(
        BlobFolder, "erase", lambda self, blob: (erase(self, blob), steps.append("unlink"))[0]
    )
    monkeypatch.setattr(Eraser, "scrub", lambda self, then: (steps.append("scrub"), scrub(self, then))[1])
    monkeypatch.setattr("store.sqlite.erasing.sync_folder", lambda path: steps.append(f"sync {path.name}"))
    delete(store, things)
    assert steps == ["unlink"] * 3 + ["sync blobs", "scrub"]
