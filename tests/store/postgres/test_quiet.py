"""What PostgreSQL says of values gets nowhere: no traceback, no log, no repr, no process's command line."""

import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path

import psycopg
import pytest

from store import Store, StoreError, open_store
from store.postgres.errors import failures_named
from tests import engine
from tests.store.kept import keep
from tests.store.postgres.two import url

pytestmark = pytest.mark.usefixtures("on_postgres")
ROOT = Path(__file__).parents[3]
SECRET = b"0123456789abcdef"


@pytest.fixture
def store(on_postgres: None, tmp_path: Path) -> Store:
    return engine.open_store(tmp_path / "data")


def told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


def test_no_error_tells_a_value(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    database = store._database
    keep(store, b"envelope", (), [SECRET])
    statements = [
        ("INSERT INTO slot VALUES (%b, '2026-01-01', 1, '', NULL)", SECRET),
        ("SELECT 1 / (length(%b) - 16)", SECRET),
        ("SELECT %b::bytea::text::integer", SECRET),
    ]
    for statement, value in statements:
        with pytest.raises(StoreError) as caught, database.writing():
            database.run(statement, value)
        words = told(caught.value)
        assert SECRET.hex() not in words
        assert SECRET.decode() not in words
    assert SECRET.hex() not in caplog.text
    store.close()


def test_neither_does_a_raw_error(store: Store, tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError) as caught,
        psycopg.connect(url(tmp_path / "data")) as connection,
        failures_named(),
    ):
        connection.execute("SELECT %b::bytea::text::integer", (SECRET,))
    assert SECRET.hex() not in told(caught.value)
    store.close()


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("53100", "NoRoom"),
        ("55P03", "Busy"),
        ("57014", "Busy"),
        ("40001", "Again"),
        ("40P01", "Again"),
        ("57P01", "Again"),
        ("25006", "Again"),
        ("08006", "Again"),
        ("58030", "DiskFailed"),
        ("XX001", "DiskFailed"),
    ],
)
def test_each_failure_has_its_name(store: Store, state: str, name: str) -> None:
    with pytest.raises(StoreError) as caught, store._database.reading():
        store._database.run(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
    assert type(caught.value).__name__ == name
    assert caught.value.hint
    store.close()


def test_the_url_is_in_no_repr_and_in_no_process_list(store: Store) -> None:
    shown = repr(store) + repr(store._database) + repr(store._engine) + str(store._database.database)
    assert store._database._url not in shown
    assert store._database._url.encode() not in Path("/proc/self/cmdline").read_bytes()
    store.close()


def test_no_connection_is_carried_over_a_fork(store: Store) -> None:
    keep(store, b"before")
    assert store._database._idle
    child = os.fork()
    if not child:
        # A child that used, or closed, its parent's connection would end that.
        try:
            keep(store, b"in the child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    keep(store, b"after")
    assert len(list(store.envelopes())) == 3
    store.close()


def test_a_site_on_sqlite_has_no_psycopg_in_its_memory(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, app, store;"
        "store.open_store(pathlib.Path(sys.argv[1])).close();"
        "assert not [name for name in sys.modules if name.startswith('psycopg')]"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "data"], cwd=ROOT, check=True, timeout=300)


def test_each_host_of_a_url_has_its_addresses_and_its_port() -> None:
    from store.postgres.waiting import each_address

    found = each_address("postgresql://vigil:x@127.0.0.1:1,[::1]:2,127.0.0.3:3/site?connect_timeout=9")
    assert [(one["host"], one["hostaddr"], one["port"]) for one in found] == [
        ("127.0.0.1", "127.0.0.1", "1"),
        ("::1", "::1", "2"),
        ("127.0.0.3", "127.0.0.3", "3"),
    ]
    assert {one["connect_timeout"] for one in found} == {"9"}
    (socket,) = each_address("postgresql:///site?host=/run/postgresql")
    assert socket["host"] == "/run/postgresql"
    assert "hostaddr" not in socket
    assert each_address("postgresql://vigil@nowhere.invalid/site") == []


def test_a_newer_database_is_left_alone(store: Store, tmp_path: Path) -> None:
    from store import FutureDatabase

    store._database.again(lambda: _note_newer(store))
    with pytest.raises(FutureDatabase, match="9999_newer"):
        open_store(tmp_path / "other", database_url=url(tmp_path / "data"))
    store.close()


def _note_newer(store: Store) -> None:
    with store._database.writing():
        store._database.run("INSERT INTO migration VALUES ('9999_newer', '2026-01-01')")
