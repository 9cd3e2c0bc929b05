"""At whichever line a backup or a restore is killed, nothing is left that looks whole and is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.counts import count
from tests.store.processes import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("doing", ["backups", "restores"])
def test_a_kill_at_any_line_leaves_nothing_that_looks_whole(doing: str, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.commands.backup_kills",
        doing,
        str(tmp_path),
        str(count(12, 10**6)),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=7200)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 100
