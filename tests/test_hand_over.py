"""A database machine whose disk is nearly full gives the lead away, and nobody else does."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "deploy/cluster/hand-over.sh"
SWITCHED = "-c /etc/patroni/config.yml switchover vigil --candidate db2 --force\n"


def look(folder: Path, *, free: str = "499", recovering: str = "f", standby: str = "db2") -> str:
    """Run the script on a machine of which these are true; give what patronictl was asked."""
    programs = {
        "df": f"echo Avail; echo ' {free}'",
        "psql": f'case $* in *recovery*) echo "{recovering}" ;; *sync_state*) echo "{standby}" ;; esac',
        "patronictl": f"echo \"$*\" >> '{folder}/asked'",
    }
    for name, body in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    (folder / "asked").write_text("")
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "STAMP": str(folder / "stamp")}
    subprocess.run([SCRIPT], env=environment, capture_output=True, check=True, timeout=60)
    return (folder / "asked").read_text()


def test_a_leader_without_room_hands_over_to_its_standby_once_an_hour(tmp_path: Path) -> None:
    assert look(tmp_path) == SWITCHED
    assert look(tmp_path) == ""
    an_hour_ago = (tmp_path / "stamp").stat().st_mtime - 3700
    os.utime(tmp_path / "stamp", (an_hour_ago, an_hour_ago))
    assert look(tmp_path) == SWITCHED


@pytest.mark.parametrize(
    "true",
    [{"free": "500"}, {"recovering": "t"}, {"recovering": ""}, {"standby": ""}],
    ids=["enough room", "another leads", "no database", "nobody to take over"],
)
def test_nothing_happens_where_it_need_not_or_cannot(true: dict[str, str], tmp_path: Path) -> None:
    assert look(tmp_path, **true) == ""
    assert not (tmp_path / "stamp").exists()
