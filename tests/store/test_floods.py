"""A disk of 10 GB, drawn a hundred times smaller: however it is flooded with files, texts are still kept."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from store import Limits, NoRoom, Store
from store.blobs import PendingBlob
from store.postgres.pieces import PIECE
from tests import engine
from tests.engine import open_store
from tests.store.conftest import MB, World, pending
from tests.store.kept import keep

SMALLER = 100
USUAL = Limits()
LIMITS = Limits(
    file_reserve=USUAL.file_reserve // SMALLER,
    text_reserve=USUAL.text_reserve // SMALLER,
    floor=USUAL.floor // SMALLER,
)
DISK = 6_000 * MB // SMALLER  # what is free of 10 GB after the system
FILE = 5 * MB // 4
TEXT = 20_000
# What PostgreSQL's tables have of it, but for what it keeps of rows that went until it is vacuumed.
SIZES = [
    f"coalesce(sum(octet_length({column})), 0)::bigint FROM {table}"
    for table, column in (("piece", "data"), ("body", "envelope"))
]


Taken = Callable[[], int]


@pytest.fixture
def taken(folder: Path) -> Iterator[Taken]:
    """What gives the bytes that the disk has of the store by now."""
    if not (url := engine.database(folder)):
        yield lambda: sum(_size(path) for path in folder.rglob("*"))
        return
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda: sum(connection.execute(f"SELECT {size}").fetchone()[0] for size in SIZES)  # type: ignore[index]


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


@pytest.fixture
def disk(folder: Path, world: World, taken: Taken, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that has the whole of such a disk."""
    monkeypatch.setattr("store.blobs.QUOTA_EVERY", 64 * 1024)
    store = open_store(folder, limits=LIMITS, free=lambda _: DISK - taken(), today=lambda: world.day)
    yield store
    store.close()


def keep_texts(store: Store, number: int = 30) -> None:
    for _ in range(number):
        keep(store, os.urandom(TEXT))


def upload(store: Store) -> bytes | None:
    """Upload a file in pieces, as they come; None where it is refused."""
    try:
        blob = store.start_blob(FILE)
        for _ in range(10):
            blob.write(bytes(FILE // 10))
        blob.finish()
    except NoRoom:
        return None
    return blob.id


def test_files_that_are_never_claimed_take_half_and_texts_go_on(disk: Store, taken: Taken) -> None:
    for _ in range(80):
        upload(disk)
    for_files = DISK - LIMITS.file_reserve
    # What is not yet a whole piece of a file that arrives is counted when the file is there.
    assert sum(disk._room.pending().values()) <= for_files // 2 + (PIECE if engine.is_postgres() else 0)
    keep_texts(disk)
    assert DISK - taken() > LIMITS.file_reserve


def test_files_that_reports_claim_stop_for_the_day_and_before_the_disk_is_full(
    disk: Store, taken: Taken, world: World
) -> None:
    claimed = []
    for _day in range(6):
        before = len(claimed)
        for _ in range(60):
            if (blob := upload(disk)) is not None:
                with suppress(NoRoom):
                    keep(disk, os.urandom(500), [blob])
                    claimed.append(blob)
        took = (len(claimed) - before) * FILE
        assert took <= max(LIMITS.floor, (DISK - before * FILE) // 2) + FILE
        keep_texts(disk)
        world.day += timedelta(days=1)
    # Days of it do fill what files may have. Not a byte of what is kept for texts is theirs.
    assert upload(disk) is None
    assert len(claimed) * FILE <= DISK - LIMITS.file_reserve


def test_of_very_many_writers_at_once_none_takes_what_is_kept_for_texts(disk: Store, taken: Taken) -> None:
    writing: list[PendingBlob] = [disk.start_blob(None) for _ in range(60)]
    piece = bytes(256 * 1024)
    refused = 0
    while writing:
        for blob in list(writing):
            try:
                blob.write(piece)
            except NoRoom:
                writing.remove(blob)
                refused += 1
            assert DISK - taken() >= LIMITS.file_reserve
        if len(writing) <= 3:
            break
    assert refused > 50
    for blob in writing:
        blob.abandon()


def test_many_small_files_go_in_many_steps_and_are_never_read_all_at_once(
    disk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.room.EVICTED_AT_ONCE", 3)
    small = [pending(disk, bytes(10_000)) for _ in range(20)]
    monkeypatch.setattr(disk._room, "_limits", Limits(LIMITS.file_reserve, LIMITS.text_reserve, 50_000))
    monkeypatch.setattr(disk._room, "pending", None)
    assert len(disk._room.make_room()) == 15
    assert len(disk.missing(small)) == 15
