"""An application with a store, team keys and the commands, and nothing else."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import commands
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.seal import sealed
from crypto.teamkeys import TeamKeys
from store import Store
from store.machines import WebMachine
from tests.engine import open_store

TODAY = date(2026, 11, 22)
MONTH = Epoch.parse("202611")


@dataclass
class Settings:
    """Where the list of keys is, and the address of the onion service."""

    team_keys: Path
    onion: str | None = None


@dataclass
class Site:
    """A site of a store and a list of keys, which does not read them itself; its day does not pass."""

    store: Store
    team_keys: TeamKeys
    settings: Settings
    day: date = TODAY

    def today(self) -> date:
        return self.day

    def note_machine(self) -> WebMachine | None:
        """It has its store alone."""
        return None


@pytest.fixture(scope="session")
def identity() -> Identity:
    return Identity.new()


@pytest.fixture(scope="session")
def desk() -> DeskKeys:
    return DeskKeys.make("practice", MONTH)


@pytest.fixture(scope="session")
def team_keys(identity: Identity, desk: DeskKeys) -> TeamKeys:
    return TeamKeys.read(identity.team_keys((desk.public(),), version=7, practice=True))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "data", today=lambda: TODAY)
    yield store
    store.close()


@pytest.fixture
def site(store: Store, team_keys: TeamKeys) -> Site:
    return Site(store, team_keys, Settings(store.data / "team.keys"))


@pytest.fixture
def runner(site: Site) -> FlaskCliRunner:
    app = Flask(__name__)
    app.extensions["vigil"] = site
    commands.register(app)
    return app.test_cli_runner()


def keep(
    store: Store, team_keys: TeamKeys, *contents: bytes, month: Epoch = MONTH
) -> tuple[bytes, list[bytes]]:
    """Keep a report with files of these sealed bytes; give its envelope and their ids."""
    blobs = []
    for content in contents:
        blob = store.start_blob(None)
        blob.write(content)
        blob.finish()
        blobs.append(blob.id)
    envelope = sealed(Kind.INCOMING, month, team_keys.recipients(month), os.urandom(100))
    store.keep_report(envelope, blobs, [os.urandom(16)], lambda _: os.urandom(681))
    return envelope, blobs
