import fcntl
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from crypto.teamkeys import TeamKeys
from store import Limits, ReplyBlob, Store
from tests import inside
from tests.commands.conftest import keep
from tests.engine import open_store


def test_a_sweep_says_what_it_did(store: Store, team_keys: TeamKeys, runner: FlaskCliRunner) -> None:
    keep(store, team_keys, b"one", b"two")
    store.start_blob(None).finish()
    inside.run(store.data, "UPDATE blob SET day = '2026-01-01' WHERE size = 0")
    inside.leave_half(store.data, bytes(16), b"partial")
    result = runner.invoke(args=["sweep"])
    assert result.exit_code == 0
    assert result.stdout == (
        "vigil: removed 1 unclaimed file and 1 broken upload; shuffled the database and 2 files\n"
    )
    assert runner.invoke(args=["sweep"]).stdout == (
        "vigil: removed no unclaimed files and no broken uploads; shuffled the database and no files\n"
    )


def test_a_lost_file_is_an_error(store: Store, team_keys: TeamKeys, runner: FlaskCliRunner) -> None:
    _, (blob,) = keep(store, team_keys, b"one")
    inside.lose(store.data, blob)
    result = runner.invoke(args=["sweep"])
    assert result.exit_code == 1
    assert result.stderr.startswith("vigil: error: 1 file that reports rely on is not on disk\nvigil: hint: ")


def test_want_of_room_is_an_error(tmp_path: Path, team_keys: TeamKeys, runner: FlaskCliRunner) -> None:
    full = open_store(
        tmp_path / "full", limits=Limits(file_reserve=0, text_reserve=10**18), free=lambda _: 10**18
    )
    try:
        keep_limits = full._room._limits
        full._room._limits = Limits(file_reserve=0, text_reserve=0)
        keep(full, team_keys, b"one")
        full._room._limits = keep_limits
        runner.app.extensions["vigil"].store = full
        result = runner.invoke(args=["sweep"])
    finally:
        full.close()
    assert result.exit_code == 1
    assert result.stdout.endswith("; shuffled no files\n")
    told = result.stderr.splitlines()
    assert told[0] == "vigil: error: 1 file could not be shuffled for want of room"
    assert told[2].startswith("vigil: error: the database was not rewritten: needs 1,000,000,000,001 MB free")
    assert [line.startswith("vigil: hint: ") for line in told] == [False, True, False, True]


@pytest.mark.usefixtures("on_sqlite")  # its lock is a file
def test_a_second_sweep_is_told_to_wait(
    store: Store, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sqlite.sweep.PATIENCE", 0.01)
    with (store.data / "sweep.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = runner.invoke(args=["sweep"])
    assert result.exit_code == 1
    assert result.stderr == (
        "vigil: error: another process holds sweep.lock\nvigil: hint: try again in a minute\n"
    )


def test_what_has_outlived_its_days_is_told(
    store: Store, team_keys: TeamKeys, runner: FlaskCliRunner
) -> None:
    sender = team_keys.desks[0].sign_public
    envelope, _ = keep(store, team_keys)
    keep(store, team_keys, b"still held")
    store.mark(sender, [sha256(envelope).digest()], [], {sender})
    store.keep_reply(b"r" * 16, b"a reply")
    blob = store.take_blob(b"b" * 16)
    assert isinstance(blob, ReplyBlob)
    blob.finish()
    for table in ("slot", "reply", "blob"):
        inside.run(store.data, f"UPDATE {table} SET expires = '2026-01-01' WHERE expires IS NOT NULL")
    result = runner.invoke(args=["sweep"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == (
        "vigil: their days were over: 1 collected report, 1 reply and 1 file of replies"
    )
    assert len(list(store.envelopes())) == 1
    assert "days were over" not in runner.invoke(args=["sweep"]).stdout
