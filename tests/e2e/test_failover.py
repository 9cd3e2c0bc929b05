"""The leader of three databases loses its power while sources report: nothing is lost, nothing comes twice.

The short form of scripts/failover.sh, which makes more happen, to more sources (`make soak`).
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.counts import count
from tests.e2e.server import ROOT
from tests.e2e.waiting import until

# Killed with whoever started it.
SOAK = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.soak"]
PEOPLE, SAMPLE = count(10, 50), count(3, 25)


def test_a_leader_that_loses_its_power_loses_nothing_that_was_acknowledged(
    world: None, tmp_path: Path
) -> None:
    report = tmp_path / "measured.json"
    options = ["--people", str(PEOPLE), "--sample", str(SAMPLE), "--events", "leader", "--json", str(report)]
    done = subprocess.run(
        [*SOAK, *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(report.read_text())
    (event,) = found["events"]
    assert event["acknowledged"]
    assert not event["without"], "somebody was answered with a page that did not have their text"
    assert found["acknowledged"] > PEOPLE
    assert (found["lost"], found["twice"], found["closed"], found["damaged"]) == ([], [], [], [])
    assert found["checksums"] == 3
    # Nothing of it stays behind.
    assert [path.name for path in tmp_path.iterdir()] == ["measured.json"]


def test_a_world_ends_with_whoever_made_it(world: None, tmp_path: Path) -> None:
    # As this process is of those who run the tests.
    waiting = f"import subprocess; subprocess.run({[*SOAK, '--people', '1']!r})"
    made = subprocess.Popen(
        [sys.executable, "-c", waiting],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: "postgres" in below(made.pid).values(), "database")
        processes = below(made.pid)
    finally:
        made.kill()
        made.wait()
    assert {"etcd", "patroni"} <= set(processes.values())
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes), "end of all")


def below(process: int) -> dict[int, str]:
    """All processes that this one started, and those that they did, with their names."""
    found: dict[int, str] = {}
    with suppress(OSError):  # it has just ended
        for pid in map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()):
            found[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
            found |= below(pid)
    return found
