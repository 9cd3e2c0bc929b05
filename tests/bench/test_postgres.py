"""The throwaway PostgreSQL: what it promises to the bench and the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.postgres import QUICK, ROLE, Server, running
from tests.e2e.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("postgres"), **QUICK) as server:
        yield server


def tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found
    return int(found[0])


def test_a_fresh_database_is_empty_and_belongs_to_an_ordinary_role(server: Server) -> None:
    one, two = server.fresh(), server.fresh()
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        row = connection.execute("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")
        assert row.fetchone() == (ROLE, False)
    assert (tables(one), tables(two)) == (1, 0)
    server.drop(one)
    server.drop(one)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(one)


def test_a_database_may_be_made_like_another(server: Server) -> None:
    first = server.fresh()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    assert tables(server.fresh(like=first)) == 1


def test_who_uses_a_dropped_database_is_cut_off(server: Server) -> None:
    url = server.fresh()
    with psycopg.connect(url) as connection:
        server.drop(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        connection.close()


def test_it_listens_at_no_address(server: Server) -> None:
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_what_was_committed_is_there_after_a_kill_and_after_a_stop(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        url = server.fresh()
        for number, end in enumerate((server.kill, server.stop), 1):
            with psycopg.connect(url) as connection:
                connection.execute(f"CREATE TABLE kept{number} (id int)")
            end()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(url)
            server.start()
            assert tables(url) == number
    assert not server.sockets.exists()


def test_a_server_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from bench.postgres import QUICK, running\n"
        "with running(pathlib.Path(sys.argv[1]), **QUICK) as server:\n"
        "    print(server.process.pid, server.sockets, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    pid, sockets = process.stdout.readline().split()
    assert Path(sockets).exists()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    until(lambda: not Path(sockets).exists(), "end of the server's folder")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
