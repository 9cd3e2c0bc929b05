"""Sealed files as pieces: whatever their size, in constant memory, and gone when they are to be."""

import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store import NoRoom, Store, open_store
from store.postgres import pieces
from store.postgres.pieces import PIECE
from tests import engine, inside
from tests.counts import count
from tests.store.conftest import MB, pending
from tests.store.kept import keep
from tests.store.postgres.two import url

pytestmark = pytest.mark.usefixtures("on_postgres")
SLOT = b"s" * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(on_postgres: None, folder: Path) -> Iterator[Store]:
    found = engine.open_store(folder)
    yield found
    found.close()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
@pytest.mark.parametrize("part", [1000, 65_536, 4 * PIECE])
def test_a_file_comes_out_as_it_went_in(store: Store, folder: Path, size: int, part: int) -> None:
    content = os.urandom(size)
    blob = store.start_blob(size)
    for at in range(0, size, part):
        blob.write(content[at : at + part])
    blob.finish()
    with store.open_blob(blob.id) as file:
        assert file.read() == content
    with store.open_blob(blob.id) as file:
        read = bytearray()
        while some := file.read1(7001):
            read += some
        assert read == content
    assert store.missing([blob.id]) == []
    assert inside.arriving(folder) == set()
    keep(store, b"envelope", [blob.id])
    assert list(store.kept_blobs()) == [(blob.id, size)]


def test_a_large_file_takes_little_memory_either_way(store: Store) -> None:
    part, digest = os.urandom(MB), hashlib.sha256()
    rounds = count(30, 300)
    tracemalloc.start()
    try:
        blob = store.start_blob(None)
        for _ in range(rounds):
            blob.write(part)
            digest.update(part)
        blob.finish()
        again = hashlib.sha256()
        with store.open_blob(blob.id) as file:
            while some := file.read(65_536):
                again.update(some)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert again.digest() == digest.digest()
    assert peak < 6 * MB


def test_a_file_that_is_deleted_while_it_is_read_ends_with_an_error(store: Store) -> None:
    blob = pending(store, os.urandom(6 * PIECE))
    with store.open_blob(blob) as file:
        assert len(file.read(10)) == 10
        store.drop_pending(blob)
        with pytest.raises(FileNotFoundError):
            file.read()
    with pytest.raises(FileNotFoundError):
        store.open_blob(blob)


def test_what_is_too_large_for_one_transaction_goes_all_the_same(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "AT_ONCE", 2)
    one, two, three = (pending(store, bytes(5 * PIECE)) for _ in range(3))
    keep(store, b"envelope", [one, two], [SLOT])
    store.drop_pending(three)
    assert set(inside.blobs(folder)) == {one, two}
    store.delete({SLOT: [one, two]})
    half = store.start_blob(None)
    half.write(bytes(7 * PIECE))
    half.abandon()
    assert inside.count(folder, "piece") == inside.count(folder, "arriving") == 0
    reply = store.take_blob(SLOT)
    reply.write(bytes(7 * PIECE))
    reply._file._turn.close()
    again: Any = store.take_blob(SLOT)
    assert inside.count(folder, "piece") == 0
    again.finish()


def test_what_a_kill_left_of_a_deletion_goes_when_it_is_made_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = pending(store, bytes(9 * PIECE))
    keep(store, b"envelope", [blob], [SLOT])
    with monkeypatch.context() as patch:
        patch.setattr(pieces, "AT_ONCE", 2)
        patch.setattr("store.postgres.erasing.clear", lambda *_: None)
        store.delete({SLOT: [blob]})
    assert inside.count(folder, "piece") == 7
    assert store.missing([blob]) == [blob]
    store.delete({SLOT: [blob]})
    assert inside.count(folder, "piece") == 0


def test_the_database_takes_no_more_than_it_may(on_postgres: None, folder: Path) -> None:
    size = inside.run(folder, "SELECT pg_database_size(current_database())")[0][0]
    room = size + 512 * MB
    store = open_store(folder, database_url=url(folder), database_bytes=room + 10 * MB)
    store.start_blob(MB).abandon()
    with pytest.raises(NoRoom):
        store.start_blob(20 * MB)
    store.close()
    full = open_store(folder, database_url=url(folder), database_bytes=size)
    with pytest.raises(NoRoom):
        keep(full, b"envelope")
    full.close()
