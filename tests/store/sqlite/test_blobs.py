import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Closed, DiskFailed, NoRoom, Store, StoreError
from store.sqlite.database import Database
from tests.store.conftest import DAY, OpenStore, files, notes, pending
from tests.store.kept import file_of, keep


def kind_of(fd: int, folder: Path) -> str:
    here = os.fstat(fd).st_ino
    if here == (folder / "blobs").stat().st_ino:
        return "folder"
    return "file" if here in {path.stat().st_ino for path in (folder / "blobs").iterdir()} else "other"


def test_a_file_then_its_folder_then_the_row_then_the_report(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, commit = os.fsync, Database.commit
    monkeypatch.setattr(os, "fsync", lambda fd: (fsync(fd), steps.append(f"fsync {kind_of(fd, folder)}"))[0])
    monkeypatch.setattr(Database, "commit", lambda self: (commit(self), steps.append("commit"))[0])
    blob = store.start_blob(3)
    blob.write(b"abc")
    assert steps == []
    blob.finish()
    assert steps == ["fsync file", "fsync folder", "commit"]
    keep(store, b"envelope", [blob.id])
    assert steps == ["fsync file", "fsync folder", "commit", "commit"]


def test_every_commit_waits_for_the_disk(store: Store) -> None:
    with store._database.reading():
        assert store._database.run("PRAGMA synchronous") == (2,)
        assert store._database.run("PRAGMA journal_mode") == ("wal",)
        assert store._database.run("PRAGMA secure_delete") == (1,)


@pytest.mark.parametrize(
    ("number", "error", "failing"),
    [
        (errno.EIO, DiskFailed, "file"),
        (errno.EIO, DiskFailed, "folder"),
        (errno.ENOSPC, NoRoom, "file"),
        (errno.EDQUOT, NoRoom, "folder"),
    ],
)
def test_a_failed_fsync_fails_the_upload(
    store: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: type[StoreError],
    failing: str,
) -> None:
    fsync = os.fsync

    def fail(fd: int) -> None:
        if kind_of(fd, folder) == failing:
            raise OSError(number, os.strerror(number))
        fsync(fd)

    blob = store.start_blob(None)
    blob.write(b"abc")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(error):
        blob.finish()
    monkeypatch.undo()
    assert files(folder) == notes(folder) == set()
    assert store.missing([blob.id]) == [blob.id]
    with pytest.raises(Closed):
        blob.finish()


def test_a_failed_commit_fails_the_upload(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Database) -> None:
        raise OSError(errno.EIO, "no")

    blob = store.start_blob(None)
    monkeypatch.setattr(Database, "commit", fail)
    with pytest.raises(DiskFailed):
        blob.finish()
    monkeypatch.undo()
    assert files(folder) == notes(folder) == set()
    assert store.missing([blob.id]) == [blob.id]


class FullDisk:
    """A file whose disk is full after some bytes."""

    def __init__(self, file: object, room: int) -> None:
        self._file = file
        self._room = room

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        if not self._room:
            raise OSError(errno.ENOSPC, "full")
        part = data[: self._room]
        self._room -= len(part)
        return self._file.write(part)


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(store: Store, folder: Path) -> None:
    blob = store.start_blob(None)
    blob._file._file = FullDisk(blob._file._file, 10)
    with pytest.raises(NoRoom):
        blob.write(b"x" * 20)
    assert files(folder) == notes(folder) == set()
    with pytest.raises(Closed):
        blob.write(b"x")
    blob.abandon()


def test_a_short_write_is_continued(store: Store) -> None:
    blob = store.start_blob(None)
    write = blob._file._file.write

    class Slow(FullDisk):
        def write(self, data: bytes) -> int:
            return write(data[:7])

    blob._file._file = Slow(blob._file._file, 0)
    blob.write(bytes(range(100)))
    blob.finish()
    with store.open_blob(blob.id) as file:
        assert file.read() == bytes(range(100))


def test_what_a_killed_process_left_goes_when_the_store_is_opened(
    opened: OpenStore, folder: Path, store: Store
) -> None:
    whole, writing = pending(store), store.start_blob(None)
    writing.write(b"still being written")
    dead = os.urandom(16).hex()
    (folder / "blobs" / dead).write_bytes(b"partial")
    (folder / "writing" / dead).touch()
    (folder / "writing" / whole.hex()).touch()
    opened()
    assert files(folder) == {whole.hex(), writing.id.hex()}
    assert notes(folder) == {writing.id.hex()}
    writing.finish()
    assert store.missing([whole, writing.id]) == []


def test_a_file_tells_the_day_only(store: Store) -> None:
    status = file_of(store, pending(store)).stat()
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC).timestamp()
    assert (status.st_mtime, status.st_atime) == (midnight, midnight)
    assert status.st_mode & 0o777 == 0o600


def test_a_row_whose_file_went_just_before_a_kill_goes_too(opened: OpenStore, store: Store) -> None:
    gone, here = pending(store), pending(store)
    file_of(store, gone).unlink()
    assert set(store._room.pending()) == {gone, here}
    opened()
    assert set(store._room.pending()) == {here}
