"""Starting: what cannot be used stops the server, in two lines that say what and what to do."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.site import CONTENT, Site
from web.setup import SetUpError

ROOT = Path(__file__).parent.parent


def start(environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
    return subprocess.run(
        [sys.executable, "-c", "from app import create_app; create_app()"],
        cwd=ROOT,
        env=clean | dict(environ),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Site.make(tmp_path / "site").close()
    return tmp_path / "site"


def test_a_good_environment_starts(data: Path) -> None:
    run = start({"VIGIL_DATA": str(data), "VIGIL_PRACTICE": "1"})
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_practice_keys_are_refused_unless_asked_for(data: Path) -> None:
    run = start({"VIGIL_DATA": str(data)})
    assert run.returncode == 1
    assert "holds practice keys, which anyone can open" in run.stderr
    assert "vigil: hint: make real keys at the desk" in run.stderr
    assert len(run.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "VIGIL_TEAM_KEYS",
            "/nowhere/team.keys",
            "vigil: error: the team keys /nowhere/team.keys cannot be read",
        ),
        ("VIGIL_CONTENT", "/nowhere", "vigil: error: /nowhere/site.toml cannot be read"),
        ("VIGIL_MAX_FILE_MB", "x", "vigil: error: VIGIL_MAX_FILE_MB"),
        ("VIGIL_FORM_KEY", "/dev/null/x", "vigil: error: "),
        ("VIGIL_DATABASE_URL", "x", "vigil: error: VIGIL_DATABASE_URL"),
    ],
)
def test_what_cannot_be_used_is_said_in_two_lines(data: Path, name: str, value: str, says: str) -> None:
    run = start({"VIGIL_DATA": str(data), "VIGIL_PRACTICE": "1", name: value})
    assert run.returncode == 1
    error, hint = run.stderr.splitlines()
    assert error.startswith(says)
    assert hint.startswith("vigil: hint: ")
    assert len(hint) > len("vigil: hint: ")


def test_damaged_team_keys_are_refused(data: Path) -> None:
    keys = data / "team.keys"
    keys.write_bytes(keys.read_bytes()[:-20])
    run = start({"VIGIL_DATA": str(data), "VIGIL_PRACTICE": "1"})
    assert run.returncode == 1
    assert "cannot be used" in run.stderr.splitlines()[0]


def test_a_damaged_form_key_file_is_refused(data: Path) -> None:
    (data / "form.keys").write_bytes(b"nonsense")
    with pytest.raises(SetUpError):
        Site.make(data)


def test_the_starter_content_is_used_where_no_other_is_named(data: Path) -> None:
    assert (CONTENT / "site.toml").exists()
