"""`make desk` opens the practice desk's page, and makes that desk where there is none."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOUND = 60  # seconds


def environment(data: Path, port: int) -> dict[str, str]:
    own = {"VIGIL_DATA": str(data), "DESK_PORT": str(port), "PYTHON": sys.executable, "HOME": str(data)}
    return {"PATH": os.environ["PATH"], **own}


@pytest.fixture
def port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number: int = taken.getsockname()[1]
        return number


@pytest.mark.slow
def test_a_practice_desk_is_made_and_its_page_is_open(tmp_path: Path, port: int) -> None:
    data = tmp_path / "data"
    with subprocess.Popen(
        ["sh", "scripts/desk.sh"],
        cwd=ROOT,
        env=environment(data, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as opened:
        try:
            said = iter(opened.stdout or ())
            start = next(found[0] for line in said if (found := re.search(r"http://\S+", line)))
            assert start.startswith(f"http://127.0.0.1:{port}/")
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=BOUND)
        finally:
            os.killpg(opened.pid, signal.SIGINT)
            assert opened.wait(BOUND) == 0
    assert (data / "practice-desk/desk.keys").is_file()
    assert (data / "team.keys").is_file()


def test_where_the_keys_are_another_desks_it_says_so(tmp_path: Path, port: int) -> None:
    (tmp_path / "team.keys").write_bytes(b"real")
    run = subprocess.run(
        ["sh", "scripts/desk.sh"],
        cwd=ROOT,
        env=environment(tmp_path, port),
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert run.returncode == 1
    assert "there is no practice desk" in run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["team.keys"]


def test_the_makefile_hands_on_what_can_be_chosen() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "desk", "practice", "desk-kit", "DESK_PORT=8155", "VIGIL_DATA=elsewhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "DESK_PORT=8155 exec scripts/desk.sh" in told
    assert '--home "elsewhere/practice-desk" practice' in told
    assert "scripts/desk-kit.sh" in told
