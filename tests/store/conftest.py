"""A store in a folder of its own, and a disk and a day that tests can set."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from store import Limits, Store
from tests import engine, inside

MB = 1_000_000
DAY = date(2026, 11, 22)
SMALL = Limits(file_reserve=50 * MB, text_reserve=10 * MB, pending_quota=100 * MB)


@dataclass
class World:
    """What a store sees of the world."""

    free: int = 1_000_000 * MB
    day: date = DAY


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


OpenStore = Callable[..., Store]


@pytest.fixture
def opened(folder: Path, world: World) -> Iterator[OpenStore]:
    with ExitStack() as stack:

        def make(limits: Limits = SMALL) -> Store:
            store = engine.open_store(
                folder, limits=limits, free=lambda _: world.free, today=lambda: world.day
            )
            stack.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(opened: OpenStore) -> Store:
    return opened()


def pending(store: Store, data: bytes = b"sealed" * 100) -> bytes:
    """Upload a blob that no report has claimed."""
    blob = store.start_blob(len(data))
    blob.write(data)
    blob.finish()
    return blob.id


def files(folder: Path) -> set[str]:
    """Give the names of all blob files, in hex."""
    if engine.is_postgres():
        return {blob.hex() for blob in inside.blobs(folder)}
    return {path.name for path in (folder / "blobs").iterdir()}


def notes(folder: Path) -> set[str]:
    """Give the names of all blobs that are noted as being written."""
    return {blob.hex() for blob in inside.arriving(folder)}
