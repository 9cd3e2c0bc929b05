"""At whichever line a move is killed, one of the two has everything; whoever writes meanwhile is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import engine
from tests.counts import count
from tests.store.processes import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("on_sqlite")]


def ran(doing: str, folder: Path, turns: int) -> int:
    """Run a part of move_kills with the tests' server; give the number that it prints."""
    engine.server()
    command = [sys.executable, "-m", "tests.commands.move_kills", doing, str(folder), str(turns)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=7200)
    assert run.returncode == 0, run.stderr
    return int(run.stdout)


def test_a_kill_at_any_line_loses_nothing(tmp_path: Path) -> None:
    assert ran("kills", tmp_path, count(12, 10**6)) > 100


def test_who_writes_during_the_switch_is_refused_or_carried_over(tmp_path: Path) -> None:
    for turn in range(count(1, 20)):
        (tmp_path / str(turn)).mkdir()
        assert ran("races", tmp_path / str(turn), 0) > 0
