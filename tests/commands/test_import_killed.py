"""An import that is cut off at any moment is done again, and ends as one that was not."""

import fcntl
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import commands
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from store import Store
from store.blobs import ReplyBlob
from tests.commands.conftest import TODAY, Settings, Site, keep
from tests.commands.parcel import Parcel, taken
from tests.commands.test_import import tables
from tests.counts import count
from tests.engine import open_store

pytestmark = pytest.mark.slow

REPLIES = 6


class Killed(BaseException):
    """What a process dies of; nothing catches it."""


def parcel_for(site: Site, identity: Identity, desk: DeskKeys) -> tuple[Parcel, dict[str, set[bytes]]]:
    """Fill a site, and make a bundle of all there is; give what has to be there when it is in."""
    site.settings.team_keys.write_bytes(site.team_keys.raw)
    held, held_blobs = keep(site.store, site.team_keys, b"not yet collected")
    parcel = Parcel(desk)
    for _ in range(3):
        envelope, blobs = keep(site.store, site.team_keys, b"one", b"two")
        parcel.mark([envelope], blobs)
    site.store.note_import(desk.public().sign_public, 0, b"0", {b"o" * 16: "before"})
    parcel.keys(identity.team_keys((desk.public(),), version=8, practice=True))
    slots = {parcel.reply(os.urandom(100)) for _ in range(REPLIES)}
    files = {parcel.blob(os.urandom(100_000)) for _ in range(2)}
    before = tables(site.store)
    (digest,) = {each for each in before["envelopes"] if site.store.envelope(each) == held}
    return parcel, {"envelopes": {digest}, "replies": slots, "blobs": {*held_blobs, *files}}


def done(site: Site, wanted: dict[str, set[bytes]], raw: bytes) -> None:
    """Say that the bundle is in, and nothing else is."""
    assert tables(site.store) == wanted
    assert site.store.trusted_keys() == site.settings.team_keys.read_bytes() == raw
    assert list(site.store.last_imports().values()) == [1]
    assert site.store.refused() == []


STEPS: list[tuple[object, str]] = [
    (Store, "trust_keys"),
    (Store, "mark"),
    (ReplyBlob, "write"),
    (ReplyBlob, "finish"),
    (Store, "keep_reply"),
    (Store, "note_import"),
    (Store, "try_scrub"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[name for _, name in STEPS])
def test_cut_off_at_a_step_it_is_finished_by_the_next(
    step: tuple[object, str],
    after: bool,
    site: Site,
    identity: Identity,
    desk: DeskKeys,
    runner: FlaskCliRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parcel, wanted = parcel_for(site, identity, desk)
    path = parcel.write(tmp_path / "back")
    owner, name = step
    real: Callable[..., object] = getattr(owner, name)
    calls = []

    def killed(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) != 2 and name not in ("trust_keys", "note_import", "try_scrub"):
            return real(*args, **kwargs)
        if after:
            real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        with pytest.raises(Killed):
            runner.invoke(args=["import", str(path)], catch_exceptions=False)
    # As a new process would: it opens the store, and reads the list that is in its place.
    site.store.close()
    site.store = open_store(site.store.data, today=lambda: TODAY)
    site.team_keys = TeamKeys.read(site.settings.team_keys.read_bytes())
    if name == "trust_keys" and not after:
        site.store.trust_keys(site.team_keys.raw, [])  # the start of a site does it
    taken(runner, path)
    done(site, wanted, parcel.members["team.keys"])
    assert [each for each in site.settings.team_keys.parent.iterdir() if "unfinished" in each.name] == []
    site.store.close()


def main(data: Path, bundle: Path) -> None:
    """Import in a process of its own, which may be killed."""
    store = open_store(data, today=lambda: TODAY)
    keys = Settings(data / "team.keys")
    raw = keys.team_keys.read_bytes()
    if store.trusted_keys() != raw:
        store.trust_keys(raw, [], store.trusted_keys())
    app = Flask(__name__)
    app.extensions["vigil"] = Site(store, TeamKeys.read(raw), keys)
    commands.register(app)
    print("begun", flush=True)
    result = app.test_cli_runner().invoke(args=["import", str(bundle)])
    print(result.output, flush=True)
    sys.exit(result.exit_code)


def run(data: Path, bundle: Path) -> subprocess.Popen[str]:
    program = "import sys; from pathlib import Path; from tests.commands.test_import_killed import main; "
    program += "main(*map(Path, sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", program, str(data), str(bundle)], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("seed", range(count(2, 40)))
def test_killed_at_any_time_it_is_finished_by_the_next(
    seed: int, site: Site, identity: Identity, desk: DeskKeys, tmp_path: Path
) -> None:
    parcel, wanted = parcel_for(site, identity, desk)
    path = parcel.write(tmp_path / "back")
    dice = random.Random(seed)
    for _ in range(3):
        process = run(site.store.data, path)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        try:
            process.wait(dice.uniform(0, 0.3))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait(60)
        process.stdout.close()
    process = run(site.store.data, path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    site.store.close()
    site.store = open_store(site.store.data, today=lambda: TODAY)
    done(site, wanted, parcel.members["team.keys"])
    site.store.close()


def test_only_one_import_runs_at_a_time(
    site: Site, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.importing.PATIENCE", 0.01)
    path = Parcel(desk).write(tmp_path / "back")
    with (site.store.data / "import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _, told = taken(runner, path, exit_code=1)
    assert told == ["error: another process holds import.lock", "hint: try again in a minute"]
    taken(runner, path)
