"""A restore fills an empty database as a whole, once, or leaves nothing in it."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from store import Busy, Snapshot, Store, StoreError, StoreUnusable, open_store
from store.postgres import alone
from tests import engine, inside
from tests.commands.backups import report
from tests.commands.moves import files, filled, rows

CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
pytestmark = pytest.mark.usefixtures("on_postgres")


@pytest.fixture
def source(on_postgres: None, tmp_path: Path) -> Store:
    """A store with a little of everything."""
    store = engine.open_store(tmp_path / "source")
    store.drop_pending(filled(store))
    return store


@pytest.fixture
def new(on_postgres: None, tmp_path: Path) -> Store:
    """An empty store."""
    return engine.open_store(tmp_path / "new", restoring=True)


def refill(store: Store, here: Snapshot, before_the_end: Callable[[], object] = lambda: None) -> None:
    """Fill a store from a snapshot of another."""
    with store.refilling() as refill:
        refill.check_room(1000, 1000)
        refill.take_database([here.database.read_bytes()])
        for blob in here.blobs:
            with here.open_blob(blob) as file:
                refill.put_blob(blob, iter(lambda: file.read(100_000), b""))
        before_the_end()
        refill.commit(b"keys", [b"d" * 32])


def is_blank(store: Store) -> bool:
    """Say whether nothing of a restore is left, also on the disk of this machine."""
    tables = ("slot", "body", "blob", "piece", "reply", "mark", "signer", "trusted")
    return not any(inside.count(store.data, name) for name in tables) and not list(
        store.data.glob("restoring")
    )


def test_all_of_it_is_there(source: Store, new: Store) -> None:
    with source.snapshot() as here:
        refill(new, here)
    wanted = rows(source) | {"trusted": {(1, b"keys")}}
    found = rows(new)
    assert {row[-1] for row in found["signer"]} == {row[-1] for row in wanted["signer"]} | {b"d" * 32}
    assert found | {"signer": set(), "trusted": set()} == wanted | {"signer": set(), "trusted": set()}
    assert new.trusted_keys() == b"keys"
    assert files(new) == files(source)
    assert inside.run(new.data, "SELECT what FROM done WHERE what = 'restoring'") == []
    source.close()
    new.close()


def test_a_restore_that_fails_leaves_nothing(source: Store, new: Store) -> None:
    def breaks() -> None:
        raise KeyboardInterrupt

    with source.snapshot() as here, pytest.raises(KeyboardInterrupt):
        refill(new, here, breaks)
    assert is_blank(new)
    engine.open_store(new.data).close()
    source.close()
    new.close()


def test_while_it_is_at_work_nobody_opens_the_store(source: Store, new: Store) -> None:
    with new.refilling(), pytest.raises(StoreUnusable, match="a restore into this database is not finished"):
        engine.open_store(new.data)
    engine.open_store(new.data).close()
    source.close()
    new.close()


def test_when_the_connection_breaks_nothing_counts_and_it_is_run_again(source: Store, new: Store) -> None:
    with psycopg.connect(str(engine.database(new.data)), autocommit=True) as other, source.snapshot() as here:
        with pytest.raises(StoreError):
            refill(new, here, before_the_end=lambda: other.execute(CUT_OFF))
        with pytest.raises(StoreUnusable, match="not finished"):
            engine.open_store(new.data)
        refill(new, here)
    new.close()
    again = engine.open_store(new.data)
    assert files(again) == files(source)
    source.close()
    again.close()


def test_of_two_machines_one_restores(
    source: Store, new: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "PATIENCE", 0.0)
    with (
        new.refilling(),
        elsewhere(new, tmp_path) as other,
        pytest.raises(Busy, match="another restore"),
        other.refilling(),
    ):
        raise AssertionError("both")
    source.close()
    new.close()


@contextmanager
def elsewhere(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Open the same store on another machine."""
    other = open_store(tmp_path / "another", database_url=engine.database(store.data), restoring=True)
    yield other
    other.close()


def test_a_store_that_takes_something_in_meanwhile_keeps_it(source: Store, new: Store) -> None:
    running = engine.open_store(new.data)
    came: list[tuple[bytes, list[bytes]]] = []
    with source.snapshot() as here, pytest.raises(StoreUnusable, match="a restore never overwrites"):
        refill(new, here, before_the_end=lambda: came.append(report(running, b"came meanwhile")))
    assert [running.envelope(digest) for digest, _ in running.envelopes()] == [came[0][0]]
    # Nothing says that a restore is under way.
    engine.open_store(new.data).close()
    for store in (running, source, new):
        store.close()


def test_what_is_no_database_is_refused(new: Store) -> None:
    for content in (b"", b"nonsense" * 1000):
        with pytest.raises(StoreUnusable, match="not one of this program's"), new.refilling() as begun:
            begun.take_database(io.BytesIO(content))
        assert is_blank(new)
    new.close()
