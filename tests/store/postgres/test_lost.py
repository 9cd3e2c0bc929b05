"""Connections break, servers go and come: nothing acknowledged is lost, and nothing is there twice."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.postgres import QUICK, Server, running
from store import Busy, DiskFailed, KeptReply, NoRoom, Store, StoreError, StoreUnusable, open_store
from store.postgres import connection as connecting
from store.postgres import database, files
from store.postgres.connection import Connection
from store.postgres.pieces import PIECE
from tests import engine, inside
from tests.store.conftest import pending
from tests.store.kept import keep
from tests.store.postgres.two import by_hand, cut_off, until, url

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


def lost(monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    """Let the connection break at the next commit, before the server has it or just after it."""
    commit, times = Connection.commit_for_good, iter([True])

    def breaks(self: Connection) -> None:
        if not next(times, False):
            return commit(self)
        if kept:
            commit(self)
        self.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Connection, "commit_for_good", breaks)


ONCE: list[tuple[str, Callable[[Store], object], Callable[[Store], object]]] = [
    ("report", lambda store: keep(store, b"one"), lambda store: len(list(store.envelopes())) == 1),
    ("file", lambda store: pending(store, b"x" * 9), lambda store: len(store._room.pending()) == 1),
    (
        "large",
        lambda store: pending(store, b"x" * (PIECE + 1)),
        lambda store: len(store._room.pending()) == 1 and not store._engine.files.being_written(),
    ),
    (
        "reply",
        lambda store: store.keep_reply(SLOT, b"r"),
        lambda store: len(list(store.replies([SLOT]))) == 1,
    ),
    ("note", lambda store: store.note_import(b"d", 1, b"m"), lambda store: store.last_imports() == {b"d": 1}),
    ("keys", lambda store: store.trust_keys(b"k", [b"s"]), lambda store: store.trusted_keys() == b"k"),
    ("done", lambda store: store.note_done("it"), lambda store: store.last_done("it")),
]


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
@pytest.mark.parametrize(("do", "there"), [one[1:] for one in ONCE], ids=[one[0] for one in ONCE])
def test_what_was_begun_when_the_connection_broke_is_there_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, do: Any, there: Any, kept: bool
) -> None:
    lost(monkeypatch, kept=kept)
    do(store)
    assert there(store)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_what_was_being_deleted_then_is_gone_and_nothing_else(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    shared, own = pending(store), pending(store)
    keep(store, b"one", [shared, own], [SLOT])
    keep(store, b"two", [shared], [b"t" * 16])
    lost(monkeypatch, kept=kept)
    store.delete({SLOT: [shared, own]})
    assert store.missing([shared, own]) == [own]
    assert inside.run(folder, "SELECT claims FROM blob") == [(1,)]


def test_idle_connections_that_broke_are_nobodys_trouble(store: Store, folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: keep(store, b"%d" % at), range(8)))
    cut_off(folder)
    assert len(list(store.envelopes())) == 8
    cut_off(folder)
    keep(store, b"another")
    assert len(list(store.envelopes())) == 9


def test_a_transaction_that_is_cut_off_is_made_again(store: Store, folder: Path) -> None:
    with by_hand(folder) as hand:
        hand.execute("LOCK TABLE body IN EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as pool:
            kept = pool.submit(keep, store, b"one")
            until(lambda: cut_off_writers(folder))
            hand.commit()
            kept.result()
    assert len(list(store.envelopes())) == 1


def cut_off_writers(folder: Path) -> bool:
    sql = (
        "SELECT bool_or(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(url(folder).replace("user=vigil", "user=postgres"), autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
    return row == (True,)


def test_a_large_file_of_which_the_server_lost_a_part_does_not_count(store: Store, folder: Path) -> None:
    blob = store.start_blob(None)
    blob.write(bytes(3 * PIECE))
    # As a server that takes over has it, which had not all of the other's log.
    inside.run(folder, "DELETE FROM piece WHERE number = 2")
    inside.run(folder, f"UPDATE arriving SET size = {2 * PIECE}")
    with pytest.raises(DiskFailed, match="send it again"):
        blob.finish()
    assert inside.count(folder, "piece") == inside.count(folder, "blob") == 0
    other = store.start_blob(None)
    other.write(bytes(3 * PIECE))
    inside.run(folder, f"UPDATE arriving SET size = {PIECE}")
    with pytest.raises(DiskFailed, match="send it again"):
        other.write(bytes(PIECE))


def test_a_piece_whose_end_was_lost_is_there_once(store: Store, folder: Path, monkeypatch: Any) -> None:
    put, times = files.NewFile._put, iter([True, False, True])

    def breaks(self: files.NewFile, piece: bytes) -> None:
        put(self, piece)
        if next(times, False):
            raise database.Again

    monkeypatch.setattr(files.NewFile, "_put", breaks)
    content = os.urandom(5 * PIECE + 7)
    blob = pending(store, content)
    assert inside.blobs(folder) == {blob: content}


def test_a_piece_whose_end_was_lost_is_there_once_though_a_sweep_moved_it_meanwhile(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, times = files.NewFile._put, iter([True, False, True])

    def breaks(self: files.NewFile, piece: bytes) -> None:
        put(self, piece)
        if next(times, False):
            store.sweep()
            assert inside.run(folder, "SELECT count(*) FROM ONLY piece") == [(0,)]
            raise database.Again

    monkeypatch.setattr(files.NewFile, "_put", breaks)
    content = os.urandom(2 * PIECE + 7)
    blob = pending(store, content)
    assert next(times, None) is None
    assert inside.count(folder, "piece") == 3
    assert inside.blobs(folder) == {blob: content}


def test_a_failed_statement_that_nobody_told_of_is_not_taken_for_kept(store: Store) -> None:
    def forgets() -> None:
        with store._database.writing():
            store._database.run("INSERT INTO done VALUES ('lost', '2026-01-01')")
            with pytest.raises(StoreError):
                store._database.run("SELECT 1 / 0")

    with pytest.raises(DiskFailed, match="took back"):
        forgets()
    assert store.last_done("lost") is None


def test_a_commit_that_no_standby_has_is_not_taken_for_kept(
    on_postgres: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 3.0)
    monkeypatch.setattr(database, "SETTINGS", "-c lock_timeout=1s")
    monkeypatch.setattr(database, "PATIENCE", 1.0)
    with running(tmp_path, **QUICK | {"synchronous_commit": "on"}) as server:
        here = server.fresh()
        store = open_store(tmp_path / "data", database_url=here)
        keep(store, b"before")
        change(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        with pytest.raises(Busy):
            keep(store, b"one")
        # An impatient operator: from then on the server has it, and no standby.
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            sql = "SELECT bool_or(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            connection.execute(sql)
        until(lambda: len(list(store.envelopes())) == 2)
        with pytest.raises(Busy):
            keep(store, b"one")
        change(server, "ALTER SYSTEM RESET synchronous_standby_names")
        keep(store, b"one")
        assert len(list(store.envelopes())) == 2
        store.close()


def test_a_warning_of_the_server_at_a_commit_is_no_yes(store: Store) -> None:
    with pytest.raises(Busy, match="standby"), store._database.reading():
        # There is no transaction: it warns, and says COMMIT all the same.
        store._database.connection().commit_for_good()


def test_a_server_that_is_frozen_is_given_up(
    on_postgres: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "ALIVE_SECONDS", 0.5)
    with running(tmp_path, **QUICK) as server:
        store = open_store(tmp_path / "data", database_url=server.fresh())
        keep(store, b"one")
        with by_pid(store) as pid:
            os.kill(pid, signal.SIGSTOP)
            try:
                keep(store, b"two")
            finally:
                os.kill(pid, signal.SIGCONT)
        assert len(list(store.envelopes())) == 2
        store.close()


@contextmanager
def by_pid(store: Store) -> Iterator[int]:
    """Give the process of the server that has the store's idle connection, the last that was used."""
    connection, _ = store._database._idle[-1]
    yield connection.info.backend_pid


def change(server: Server, statement: str) -> None:
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(statement)
        connection.execute("SELECT pg_reload_conf()")
        until(lambda: _is_set(server, statement))
        # Whom a commit waits for, the checkpointer says: it looks at its settings before it begins.
        connection.execute("CHECKPOINT")


def _is_set(server: Server, statement: str) -> bool:
    # A new connection is made when all processes have been told of the settings.
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        row = connection.execute("SELECT current_setting('synchronous_standby_names')").fetchone()
    return row == ("nobody" if "nobody" in statement else "",)


def test_while_a_server_is_away_writers_wait_and_then_are_told(
    on_postgres: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, **QUICK) as server:
        store = open_store(tmp_path / "data", database_url=server.fresh())
        keep(store, b"before")
        server.stop()
        with ThreadPoolExecutor(2) as pool:
            kept = pool.submit(keep, store, b"meanwhile")
            read = pool.submit(lambda: len(list(store.envelopes())))
            server.start()
            kept.result()
            assert read.result() in (1, 2)
        assert len(list(store.envelopes())) == 2
        server.kill()
        monkeypatch.setattr(database, "PATIENCE", 0.5)
        with pytest.raises(Busy):
            keep(store, b"never")
        # Whoever comes now does not wait as long again.
        monkeypatch.setattr(database, "PATIENCE", 10_000.0)
        with pytest.raises(Busy):
            store.keep_reply(SLOT, b"never")
        server.start()
        assert store.keep_reply(SLOT, b"reply") is KeptReply.NEW
        store.close()


def test_a_server_that_only_reads_is_passed_over(on_postgres: None, folder: Path, store: Store) -> None:
    keep(store, b"one")
    sql = "ALTER DATABASE {} SET default_transaction_read_only = {}"
    name = psycopg.conninfo.conninfo_to_dict(url(folder))["dbname"]
    with psycopg.connect(engine.server().url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(sql.format(name, "on").encode())
        cut_off(folder)
        with ThreadPoolExecutor(1) as pool:
            kept = pool.submit(keep, store, b"two")
            connection.execute(sql.format(name, "off").encode())
            kept.result()
    assert len(list(store.envelopes())) == 2


def test_the_server_that_answered_last_is_asked_first(
    on_postgres: None, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = url(folder).replace("host=", f"host={tmp_path},")
    store = open_store(folder, database_url=here)
    connect, asked = Connection.connect, []
    monkeypatch.setattr(
        Connection, "connect", lambda **given: (asked.append(given["host"]), connect(**given))[1]
    )
    store._database.connected().close()
    assert asked == [str(engine.server().sockets)]
    store.close()


def test_a_url_that_leads_nowhere_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    for wrong in ("postgresql://vigil:s3cret@/x?host=/nowhere", "postgresql://vigil:s3cr%et@localhost/x"):
        with pytest.raises(StoreUnusable) as caught:
            open_store(tmp_path, database_url=wrong)
        assert "s3cr" not in caught.value.what + caught.value.hint + repr(caught.value)
        assert caught.value.hint


def test_a_disk_that_is_full_is_told(store: Store, folder: Path) -> None:
    with pytest.raises(NoRoom), store._database.writing():
        store._database.run("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$")
