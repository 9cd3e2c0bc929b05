"""Kept is kept, and deleted stays deleted, at whichever line a process is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import engine
from tests.counts import count
from tests.store.kills import DOINGS
from tests.store.processes import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("doing", sorted(DOINGS))
def test_a_kill_at_any_line_loses_nothing_and_brings_nothing_back(doing: str, tmp_path: Path) -> None:
    # On PostgreSQL a sweep takes longer, and several follow each kill.
    kills = count(6 if engine.is_postgres() else 12, 10**6)
    command = [sys.executable, "-m", "tests.store.kills", doing, str(tmp_path), str(kills)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 10
