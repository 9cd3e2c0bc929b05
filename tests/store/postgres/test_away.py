"""While no server answers: some wait for one, and who stands behind them is not kept long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg
import pytest

from store import Store
from store.postgres import database
from store.postgres import engine as engine_room
from store.postgres.database import Database
from store.postgres.errors import Again
from store.postgres.pieces import PIECE
from tests import engine
from tests.store.kept import keep
from tests.store.postgres.two import until

pytestmark = pytest.mark.usefixtures("on_postgres")
FOR_EVER = 100_000.0


@pytest.fixture
def store(on_postgres: None, tmp_path: Path) -> Iterator[Store]:
    found = engine.open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def away(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """No server answers until it is set."""
    connect, back = Database.connected, Event()

    def connected(self: Database) -> database.Connection:
        if not back.is_set():
            raise Again
        return connect(self)

    monkeypatch.setattr(Database, "connected", connected)
    store._database.close_idle()
    yield back
    back.set()


def test_once_one_has_waited_in_vain_nobody_waits_as_long_whoever_tries_meanwhile(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    with pytest.raises(Again):
        store.note_done("it")
    # Longer than the test: whoever takes it for theirs does not come back.
    monkeypatch.setattr(database, "PATIENCE", FOR_EVER)
    monkeypatch.setattr(database, "HURRIED", 0.5)
    begun = monotonic()
    with ThreadPoolExecutor(4) as pool:
        kept = [pool.submit(store.note_done, "it") for _ in range(20)]
        until(lambda: all(each.done() for each in kept) or monotonic() - begun > 60)
        away.set()
    assert all(isinstance(each.exception(), Again) for each in kept)
    store.note_done("it")


def test_a_reader_who_has_waited_in_vain_does_not_hurry_a_writer(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_PATIENCE", 0.1)
    monkeypatch.setattr(database, "HURRIED", 0.0)
    for _ in range(2):
        with pytest.raises(Again):
            store.slots([b"s" * 16])
    with ThreadPoolExecutor(1) as pool:
        kept = pool.submit(store.note_done, "it")
        for _ in range(20):
            with pytest.raises(Again):
                store.slots([b"s" * 16])
        assert not kept.done()
        away.set()
        kept.result()
    assert store.last_done("it") is not None


def test_whoever_is_cut_off_tries_again_though_a_reader_has_waited_in_vain(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_PATIENCE", 0.1)
    with pytest.raises(Again):
        store.slots([b"s" * 16])
    tries = iter([True])

    def call() -> str:
        if next(tries, False):
            raise Again
        return "done"

    assert store._database.again(call) == "done"


def test_a_report_waits_as_long_as_a_writer_though_the_room_is_asked_for_first(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_PATIENCE", 0.1)
    monkeypatch.setattr(engine_room, "SEEN", 0.0)
    with ThreadPoolExecutor(1) as pool:
        kept = pool.submit(keep, store, b"one")
        for _ in range(5):
            with pytest.raises(Again):
                store.slots([b"s" * 16])
        assert not kept.done()
        away.set()
        kept.result()
    assert len(list(store.envelopes())) == 1


def test_room_that_could_not_be_asked_for_is_as_it_was(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_PATIENCE", 0.1)
    monkeypatch.setattr(engine_room, "SEEN", 0.0)
    away.set()
    before = store._engine.free()
    away.clear()
    store._database.close_idle()
    assert store._engine.free() == before < store._engine._most


def test_a_file_that_arrives_waits_as_long_as_a_report(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_PATIENCE", 0.1)
    away.set()
    blob = store.start_blob(None)
    blob.write(bytes(PIECE))
    away.clear()
    store._database.close_idle()
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(blob.write, bytes(PIECE))
        for _ in range(5):
            with pytest.raises(Again):
                store.slots([b"s" * 16])
        assert not written.done()
        away.set()
        written.result()
    blob.finish()
    with store.open_blob(blob.id) as file:
        assert file.read() == bytes(2 * PIECE)


def test_to_count_a_failure_nobody_waits_long(
    store: Store, away: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_PATIENCE", 0.1)
    monkeypatch.setattr(database, "PATIENCE", FOR_EVER)
    monkeypatch.setattr(database, "HURRIED", 0.0)
    with pytest.raises(Again):
        store.slots([b"s" * 16])
    # What a page does that could not be shown, before it says so.
    with ThreadPoolExecutor(1) as pool:
        counted = pool.submit(store.count_failure, "Busy", "views/held.py:73")
        begun = monotonic()
        until(lambda: counted.done() or monotonic() - begun > 30)
        away.set()
        assert isinstance(counted.exception(), Again)


def test_why_there_is_no_connection_says_where_and_why_and_asks_nothing_back() -> None:
    away = Database("postgresql://vigil@127.0.0.1:1/vigil")
    with pytest.raises(psycopg.OperationalError):
        away.connected()
    assert "127.0.0.1" in away.why_not()
    assert "Connection refused" in away.why_not()
    away.end()
