"""What is pinned stays readable, whatever is deleted; whoever stands still for too long is told."""

import hashlib
import os
import tracemalloc
from pathlib import Path

import psycopg
import pytest

from store import Busy, Store, StoreError
from store.postgres import alone
from tests import engine
from tests.commands.backups import report

pytestmark = pytest.mark.usefixtures("on_postgres")
MB = 1_000_000


@pytest.fixture
def store(on_postgres: None, tmp_path: Path) -> Store:
    return engine.open_store(tmp_path / "data")


def url(tmp_path: Path) -> str:
    found = engine.database(tmp_path / "data")
    assert found
    return found


def test_what_is_deleted_meanwhile_is_still_read_and_nobody_waits(store: Store) -> None:
    content = os.urandom(700_000)
    envelope, (blob,) = report(store, content, slot=b"s" * 16)
    with store.pinned() as here:
        store.delete({b"s" * 16: [blob]})
        later, _ = report(store, b"later")
        assert [here.envelope(digest) for digest, _ in here.envelopes()] == [envelope]
        assert list(here.kept_blobs()) == [(blob, len(content))]
        with here.open_blob(blob) as file:
            assert file.read() == content
            assert file.tell() == len(content)
    assert [store.envelope(digest) for digest, _ in store.envelopes()] == [later]
    store.close()


def test_envelopes_are_found_in_any_order(store: Store) -> None:
    envelopes = {
        hashlib.sha256(envelope).digest(): envelope for envelope, _ in (report(store) for _ in range(40))
    }
    with store.pinned() as here:
        assert dict(here.envelopes()) == {digest: len(envelope) for digest, envelope in envelopes.items()}
        for digest in envelopes:
            assert here.envelope(digest) == envelopes[digest]
        with pytest.raises(KeyError):
            here.envelope(bytes(32))
        with pytest.raises(FileNotFoundError):
            here.open_blob(bytes(16))
    store.close()


def test_one_at_a_time_pins(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "PATIENCE", 0.0)
    with store.pinned(), pytest.raises(Busy, match="another export reads the database"), store.pinned():
        raise AssertionError("pinned twice")
    with store.pinned():
        """Free again."""
    store.close()


def test_a_large_file_is_read_a_piece_at_a_time(store: Store) -> None:
    part = os.urandom(MB)
    blob = store.start_blob(40 * MB)
    for _ in range(40):
        blob.write(part)
    blob.finish()
    store.keep_report(b"envelope" * 9, [blob.id], [b"s" * 16], lambda _: bytes(681))
    with store.pinned() as here, here.open_blob(blob.id) as file:
        tracemalloc.start()
        digest = hashlib.file_digest(file, "sha256").digest()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert digest == hashlib.sha256(part * 40).digest()
    assert most < 4 * MB
    store.close()


def test_when_the_connection_breaks_it_is_told(store: Store, tmp_path: Path) -> None:
    _, (blob,) = report(store, b"x" * 500_000)
    with psycopg.connect(url(tmp_path), autocommit=True) as other, store.pinned() as here:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with pytest.raises(StoreError):
            list(here.envelopes())
        with pytest.raises(StoreError):
            here.open_blob(blob)
    with store.pinned() as here:
        assert len(list(here.envelopes())) == 1
    store.close()


def test_who_stands_still_for_too_long_lets_go(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "SETTINGS", "SET idle_in_transaction_session_timeout = '50ms'")
    report(store)
    with psycopg.connect(url(tmp_path), autocommit=True) as other, store.pinned() as here:
        # PostgreSQL ends it by itself, and with it what it holds.
        while other.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", (int(alone.Turn.EXPORT),)
        ).fetchone():
            pass
        with pytest.raises(Busy):
            list(here.envelopes())
    store.close()
