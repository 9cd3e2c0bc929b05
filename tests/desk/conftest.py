"""A practice desk for each test, made once and copied, and its command line."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk import cli
from tests.desk.bundles import Parcel

ROOT = Path(__file__).parents[2]


@dataclass
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str


@dataclass
class DeskUnderTest:
    """A desk's folder, and its commands, run in this process or in one of their own."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> Answer:
        """Run a command here."""
        self.capsys.readouterr()
        status = cli.main(["--home", str(self.home), *map(str, arguments)])
        told = self.capsys.readouterr()
        return Answer(status, told.out, told.err)

    def done(self, *arguments: object) -> str:
        """Run a command that must succeed, and give what it printed."""
        answer = self.run(*arguments)
        assert answer.status == 0, answer
        return answer.out

    def json(self, *arguments: object) -> Any:
        """Run a command that must succeed with --json, and give what it said."""
        return json.loads(self.done(*arguments, "--json"))

    def parcel(self) -> Parcel:
        """Begin a bundle to this desk."""
        return Parcel.to(self.home / "team.keys")

    def command(self, *arguments: object) -> list[str]:
        """Give the command line of a process of its own."""
        return [sys.executable, "-m", "desk", "--home", str(self.home), *map(str, arguments)]

    def process(self, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in a process of its own, to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="session")
def made_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "desk"
    assert cli.main(["--home", str(folder), "init", "--practice"]) == 0
    return folder


@pytest.fixture
def desk(
    made_desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> DeskUnderTest:
    home = tmp_path / "desk"
    shutil.copytree(made_desk, home)
    phrase = tmp_path / "passphrase"
    phrase.write_text("practice\n")
    phrase.chmod(0o600)
    monkeypatch.setenv("DESK_PASSPHRASE_FILE", str(phrase))
    monkeypatch.setenv("COLUMNS", "80")
    return DeskUnderTest(home, capsys)
