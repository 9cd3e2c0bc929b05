"""Of several web machines that share a store one sweeps: the others say so, and have done their own part."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import commands
from crypto.teamkeys import TeamKeys
from store import Busy, Store, open_store
from store.machines import WebMachine
from store.postgres.sweep import Sweep
from tests import engine
from tests.commands.conftest import TODAY, Settings, Site

WEB1 = WebMachine("web1", b"host...1", TODAY, "", b"", b"", b"", 7)
WEB2 = replace(WEB1, name="web2", host=b"host...2")


@dataclass
class Machine(Site):
    """One web machine of several."""

    mine: WebMachine = field(default=WEB1)

    def note_machine(self) -> WebMachine | None:
        """Tell the others."""
        assert self.store.machines is not None
        self.store.machines.note(replace(self.mine, day=self.day))
        return self.mine

    def sweep(self, *options: str) -> tuple[int, str, str]:
        app = Flask(__name__)
        app.extensions["vigil"] = self
        commands.register(app)
        runner: FlaskCliRunner = app.test_cli_runner()
        done = runner.invoke(args=["sweep", *options])
        return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def stores(on_postgres: None, tmp_path: Path) -> Iterator[list[Store]]:
    """Two stores on one database, as two machines have them."""
    url = engine.database(tmp_path / "one")
    made = [engine.open_store(tmp_path / "one", today=lambda: TODAY)]
    made.append(open_store(tmp_path / "two", database_url=url, today=lambda: TODAY))
    yield made
    for store in made:
        store.close()


@pytest.fixture
def machines(stores: list[Store], team_keys: TeamKeys) -> list[Machine]:
    made = []
    for store, own in zip(stores, (WEB1, WEB2), strict=True):
        path = store.data / "team.keys"
        path.write_bytes(team_keys.raw)
        made.append(Machine(store, team_keys, Settings(path), mine=own))
    return made


def test_the_first_one_sweeps_and_the_other_says_so(machines: list[Machine]) -> None:
    one, two = machines
    status, said, _ = one.sweep()
    assert (status, said.startswith("vigil: removed no unclaimed files")) == (0, True)
    assert two.sweep() == (
        0,
        "vigil: web1 has swept today, for all web machines; --again sweeps once more\n",
        "",
    )
    # The one that did may do it again, and the other one where it is told to.
    for status, said, _ in (one.sweep(), two.sweep("--again")):
        assert (status, said.startswith("vigil: removed")) == (0, True)


def test_the_next_night_whoever_comes_first_sweeps(machines: list[Machine]) -> None:
    one, two = machines
    assert one.sweep()[0] == 0
    for each in machines:
        each.day = TODAY + timedelta(days=1)
    assert two.sweep()[1].startswith("vigil: removed")
    assert "web2 has swept today" in one.sweep()[1]


def test_one_that_comes_while_another_sweeps_says_so(
    machines: list[Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machines

    monkeypatch.setattr("store.postgres.sweep.PATIENCE", 0.01)
    at_work: Any = one.store._engine
    with Sweep(at_work.database, at_work.files, at_work.room, at_work.eraser)._alone():
        assert two.sweep() == (0, "vigil: another web machine is sweeping, for all of them\n", "")
    assert two.sweep()[1].startswith("vigil: removed")


def test_a_sweep_that_fails_leaves_it_to_the_others(
    machines: list[Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machines

    def fails(*_: object) -> None:
        raise Busy

    with monkeypatch.context() as patched:
        patched.setattr(Sweep, "run", fails)
        status, _, told = one.sweep()
    assert status == 1
    assert told.startswith("vigil: error: ")
    assert two.sweep()[1].startswith("vigil: removed")


def test_the_newest_list_of_keys_is_put_into_each_machines_file(machines: list[Machine]) -> None:
    one, two = machines
    two.settings.team_keys.write_bytes(b"an older list")
    for each in (one, two):
        assert each.sweep()[0] == 0
        assert each.settings.team_keys.read_bytes() == each.team_keys.raw
