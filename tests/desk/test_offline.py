"""The desk needs neither a network nor the web server's libraries, and writes nothing readable by itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.conftest import ROOT, DeskUnderTest
from tests.desk.mail import Source, exported, read_in, took_in, wrote

# What a machine that is never online has not: run before anything of the desk is imported.
FENCE = """
import sys

REFUSED = {"flask", "werkzeug", "jinja2", "peewee", "gevent", "gunicorn", "wtforms", "flask_babel"}

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

def fenced(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        raise RuntimeError(f"the desk used the network: {event}")
    if event == "socket.__new__" and arguments[1] not in {1, -1}:
        raise RuntimeError("the desk made a socket")

sys.meta_path.insert(0, Absent())
sys.addaudithook(fenced)
"""


@pytest.fixture
def fenced(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Give a desk whose processes can reach no network and import nothing of the web server's."""
    (tmp_path / "fence").mkdir()
    (tmp_path / "fence" / "sitecustomize.py").write_text(FENCE)
    return desk


def _run(desk: DeskUnderTest, tmp_path: Path, *arguments: object) -> str:
    run = desk.process(*arguments, PYTHONPATH=str(tmp_path / "fence"))
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.slow
def test_every_command_runs_without_a_network_and_without_flask(
    fenced: DeskUnderTest, tmp_path: Path
) -> None:
    parcel = fenced.parcel()
    parcel.add("one", [("a.txt", b"hello")])
    bundle = parcel.write(tmp_path / "out.tar")
    _run(fenced, tmp_path, "import", bundle)
    name = fenced.json("list")[0]["case"]
    assert name in _run(fenced, tmp_path, "list")
    assert "  | one" in _run(fenced, tmp_path, "show", name)
    _run(fenced, tmp_path, "files", name, "--out", tmp_path / "saved")
    assert (tmp_path / "saved" / "a.txt").read_bytes() == b"hello"
    _run(fenced, tmp_path, "keys")
    for command in (["make"], ["renew"], ["export", tmp_path / "part"], ["new-recovery", "--shares", "2of3"]):
        _run(fenced, tmp_path, "keys", *command)
    _run(fenced, tmp_path, "export", tmp_path / "back.tar")
    source = Source()
    took_in(fenced, tmp_path, source.report(b"d" * 16))
    case = next(one["case"] for one in fenced.json("list") if one["mailboxes"])
    words = wrote(tmp_path, "Thank you.")
    _run(fenced, tmp_path, "reply", case, "--text-file", words, "--file", words)
    assert len(read_in(source, fenced, exported(fenced, tmp_path, "again.tar"))) == 1
    other = DeskUnderTest(tmp_path / "other", fenced.capsys)
    _run(other, tmp_path, "init", "--practice")


@pytest.mark.parametrize(
    "wrong", ["import flask", "import peewee", "import socket; socket.create_connection(('127.0.0.1', 9))"]
)
def test_the_fence_itself_holds(fenced: DeskUnderTest, tmp_path: Path, wrong: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", wrong],
        env={"PYTHONPATH": str(tmp_path / "fence")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert "No module named" in run.stderr or "the desk used the network" in run.stderr


@pytest.mark.slow
def test_reading_leaves_nothing_readable_on_the_disk(desk: DeskUnderTest, tmp_path: Path) -> None:
    marker = "a-marker-that-stands-nowhere-else"
    parcel = desk.parcel()
    parcel.add(f"{marker} in the text", [(f"{marker}.txt", marker.encode() * 100)])
    bundle = parcel.write(tmp_path / "out.tar")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    desk.done("import", bundle)
    name = desk.json("list")[0]["case"]
    for command in (["list"], ["show", name], ["keys"], ["export", tmp_path / "back.tar"]):
        run = desk.process(*command, TMPDIR=str(temporary), HOME=str(temporary))
        assert run.returncode == 0
    assert list(temporary.rglob("*")) == []
    for path in (path for path in desk.home.rglob("*") if path.is_file()):
        assert marker.encode() not in path.read_bytes()
        assert marker not in path.name


def test_nothing_secret_stands_in_what_a_process_shows_of_itself(desk: DeskUnderTest) -> None:
    run = subprocess.run(
        desk.command("--help"), cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "--passphrase" not in run.stdout
    assert "DESK_PASSPHRASE_FILE" in run.stdout
