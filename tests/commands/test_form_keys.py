"""`share-form-keys` makes a file for several web machines of the one that there is."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import commands
from commands.running import Stopped
from config import Config
from crypto.sharedkeys import following
from store.clock import utc_today
from store.form_keys import SHARED, TITLE, prepare


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "form.keys"


@pytest.fixture
def runner(tmp_path: Path) -> FlaskCliRunner:
    app = Flask(__name__)
    settings = Config.read({"VIGIL_DATA": str(tmp_path)})
    app.extensions["vigil.stopped"] = Stopped(settings, "nothing else is there", "")
    commands.register(app)
    return app.test_cli_runner()


def test_the_keys_that_there_are_become_the_shared_ones(path: Path, runner: FlaskCliRunner) -> None:
    before = prepare(path, utc_today(), following)
    result = runner.invoke(args=["share-form-keys"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == f"vigil: {path} can be shared now"
    assert "copy it to every other web machine: " in result.stdout
    assert path.read_text().startswith(SHARED)
    after = prepare(path, utc_today(), following)
    assert before.keys.items() <= after.keys.items()
    assert "is shared already" in runner.invoke(args=["share-form-keys"]).stdout


def test_where_there_are_none_they_are_made(path: Path, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["share-form-keys"]).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert prepare(path, utc_today(), following).shared


def test_anew_says_by_when_they_have_to_be_copied(path: Path, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["share-form-keys", "--anew"])
    assert "within 1 day" in result.stdout
    assert str(utc_today() + timedelta(days=2)) in path.read_text()


def test_no_key_is_told(path: Path, runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["share-form-keys"]).output
    keys = [line.split(" ")[1] for line in path.read_text().splitlines()[1:]]
    assert not [key for key in keys if key in said]


def test_a_damaged_file_is_told_and_left_alone(path: Path, runner: FlaskCliRunner) -> None:
    path.write_text(f"{TITLE}\nnonsense\n")
    path.chmod(0o600)
    result = runner.invoke(args=["share-form-keys"])
    assert result.exit_code == 1
    assert "does not hold form keys" in result.stderr
    assert path.read_text() == f"{TITLE}\nnonsense\n"
