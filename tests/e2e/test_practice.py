"""Practice keys: what `make serve` makes for trying out, and what a real site refuses to run on."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeSite
from tests.e2e.desk import Desk
from tests.e2e.http_client import request
from tests.e2e.server import ROOT, Site
from tests.e2e.source import Source
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import BOUND, end, until


@pytest.mark.parametrize("said", ["", "0"])
def test_a_site_not_told_to_practise_refuses_practice_keys(make_site: MakeSite, said: str) -> None:
    site = make_site(environment={"VIGIL_PRACTICE": said})
    process = site.spawn()
    assert process.wait(BOUND) != 0
    assert "vigil: error: " in site.output()
    assert "vigil: hint: " in site.output()
    assert "practice" in site.output()
    assert "Traceback" not in site.output()


def test_without_team_keys_the_server_says_what_to_do(make_site: MakeSite) -> None:
    site = make_site()
    (site.data / "team.keys").unlink()
    assert site.spawn().wait(BOUND) != 0
    assert "vigil: hint: " in site.output()
    assert "Traceback" not in site.output()


def test_every_page_of_a_practice_site_says_so(site: Site) -> None:
    for path in ("/", "/report", "/keys", "/nothing here"):
        page = request(site.address, "GET", path.replace(" ", "%20")).text
        assert re.search(r"Practice site\.", page), path


def copied_tree(target: Path) -> Path:
    """The project's files, as a fresh clone has them.

    With the tools of this one, where `make` has installed them already and would find nothing to do.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    stamp, pinned = Path(sys.prefix) / ".served", ("requirements.txt", "requirements-desk.txt")
    if stamp.exists() and all((ROOT / name).stat().st_mtime <= stamp.stat().st_mtime for name in pinned):
        (target / ".venv").symlink_to(sys.prefix)
    return target


def children(process: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = path.read_text().rpartition(")")[2].split()[1]
            found += [int(path.parent.name)] if int(parent) == process else []
    return found


def gunicorn_of(process: int) -> int | None:
    """The first gunicorn among a process and what it started, and they started."""
    for candidate in [process, *children(process)]:
        with suppress(OSError):
            if b"gunicorn" in (Path("/proc") / str(candidate) / "cmdline").read_bytes():
                return candidate
    for child in children(process):
        if deeper := gunicorn_of(child):
            return deeper
    return None


def test_make_serve_makes_all_it_needs_and_serves(linux: None, tmp_path: Path) -> None:
    tree = copied_tree(tmp_path / "clone")
    data, (port,) = tree / "var", free_ports(1)
    log = tmp_path / "log"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "serve"],
            cwd=tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:

        def answers() -> bool:
            assert process.poll() is None, log.read_text()
            with suppress(OSError):
                return request(("127.0.0.1", port), "GET", "/report").status == 200
            return False

        # It may install everything first.
        until(answers, "answer of make serve", bound=600)
        assert "Practice site." in request(("127.0.0.1", port), "GET", "/").text
        assert (data / "team.keys").is_file()
        master = gunicorn_of(process.pid)
        assert master
        until(lambda: len(children(master)) == 2, "two workers")
        assert Source(("127.0.0.1", port)).send("the first report")
        desk = Desk(data / "practice-desk")
        assert desk.cases() == []
    finally:
        end(process)
