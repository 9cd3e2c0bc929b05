"""Servers for the tests of backup and restore: each a whole site in a folder, all in this process."""

import importlib
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

from click.testing import Result
from flask import Flask

import commands
from commands.running import Stopped
from config import Config
from crypto.teamkeys import TeamKeys
from store import Store
from tests import engine, inside
from tests.commands.conftest import TODAY, Settings, Site


def part(name: str) -> ModuleType:
    """Give the module of this name of the engine that the tests are on."""
    room = engine.POSTGRES if engine.is_postgres() else engine.SQLITE
    return importlib.import_module(f"store.{room}.{name}")


@dataclass
class Server:
    """A data folder, with a list of keys in it or not."""

    data: Path
    team: TeamKeys
    day: date = TODAY

    @property
    def config(self) -> Config:
        return Config.read({**engine.environment(self.data), "VIGIL_PRACTICE": "1"})

    def open(self) -> Store:
        return engine.open_store(self.data, today=lambda: self.day)

    def prepared(self) -> "Server":
        """Put the list of keys there, and let the store trust it."""
        store = self.open()
        store.trust_keys(self.team.raw, [desk.sign_public for desk in self.team.desks])
        store.close()
        (self.data / "team.keys").write_bytes(self.team.raw)
        return self

    def run(self, *arguments: str | Path) -> Result:
        """Run a command of a site that runs."""
        store = self.open()
        app = Flask(__name__)
        app.extensions["vigil"] = Site(store, self.team, Settings(self.data / "team.keys"), self.day)
        commands.register(app)
        try:
            return app.test_cli_runner().invoke(args=list(map(str, arguments)))
        finally:
            store.close()

    def restore(self, *arguments: str | Path, practice: bool = True) -> Result:
        """Restore where no site starts."""
        settings = {**engine.environment(self.data), "VIGIL_PRACTICE": "1" if practice else ""}
        app = Flask(__name__)
        app.extensions["vigil.stopped"] = Stopped(Config.read(settings), "no keys", "bring them")
        commands.register(app)
        return app.test_cli_runner().invoke(args=["restore", *map(str, arguments)])


def report(store: Store, *contents: bytes, slot: bytes | None = None) -> tuple[bytes, list[bytes]]:
    """Keep a report with files of these bytes, under a slot; give its envelope and the ids of the files."""
    blobs = [pending(store, content) for content in contents]
    envelope = os.urandom(3000)
    store.keep_report(envelope, blobs, [slot or os.urandom(16)], lambda _: os.urandom(681))
    return envelope, blobs


def pending(store: Store, content: bytes) -> bytes:
    """Upload a file that no report has claimed."""
    blob = store.start_blob(len(content))
    blob.write(content)
    blob.finish()
    return blob.id


def content(store: Store) -> dict[str, bytes]:
    """Give all that an export would hold, and the replies' files."""
    found = {f"env/{digest.hex()}": store.envelope(digest) for digest, _ in store.envelopes()}
    for (blob,) in inside.run(store.data, "SELECT id FROM blob WHERE kept"):
        with store.open_blob(blob) as file:
            found[f"blob/{blob.hex()}"] = file.read()
    return found
