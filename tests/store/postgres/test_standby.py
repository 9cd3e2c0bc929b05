"""A copy of the database that follows it: what was deleted is gone from there, too, once the sweep came."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import monotonic, sleep

import psycopg
import pytest

from bench.postgres import Server, binaries, running
from tests.store.postgres import quiet, seized

pytestmark = pytest.mark.usefixtures("on_postgres")
BOUND = 60


@pytest.fixture
def leader(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "leader", **quiet.SETTINGS) as server:
        yield server


@pytest.fixture
def standby(leader: Server) -> Iterator[Server]:
    """Copy the leader beside it, and let the copy follow it by a slot of its own."""
    data = leader.sockets / "copy"
    user = "postgres" if os.geteuid() == 0 else None
    settings = {**quiet.SETTINGS, "unix_socket_directories": str(data)}
    command = [binaries() / "pg_basebackup", "-h", leader.sockets, "-U", "postgres", "-D", data]
    subprocess.run(
        [*command, "-R", "-C", "-S", "copy", "-c", "fast"],
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user else None,
        check=True,
        capture_output=True,
    )
    copy = Server(data, data, leader.log.parent / "copy.log", settings)
    copy.start()
    yield copy
    copy.stop()
    shutil.rmtree(data)


def until(done: Callable[[], bool]) -> None:
    end = monotonic() + BOUND
    while not done():
        assert monotonic() < end
        sleep(0.1)


def test_what_was_deleted_is_gone_from_a_copy_that_follows(
    leader: Server, standby: Server, tmp_path: Path
) -> None:
    url = quiet.database(leader)
    store = quiet.opened(tmp_path / "data", url)
    reports = [quiet.kept(store, Random(), files=2) for _ in range(6)]
    gone, here = reports[:2], reports[2]
    secrets = [secret for each in gone for secret in each.secrets]
    store.delete({each.slot: list(each.blobs) for each in gone})
    until(lambda: bool(seized.left(standby.data / "pg_wal", secrets)))
    store.sweep()
    assert seized.left(leader.data / "pg_wal", secrets) == {}

    def forgotten() -> bool:
        # By itself it does so within `checkpoint_timeout`, which is five minutes.
        with psycopg.connect(standby.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        return not seized.left(standby.data, secrets)

    until(forgotten)
    assert seized.left(standby.data / "base", here.secrets)
    store.close()
