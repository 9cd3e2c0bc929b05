"""Run a command of the desk and kill it at a chosen step: a call that decides what is on the disk."""

import os
import subprocess
import sys

from tests.desk.conftest import ROOT, DeskUnderTest

MANY = 100_000
_KILLER = """
import os, signal, sys
from pathlib import Path
left = int(sys.argv.pop(1))

def deadly(owner, name):
    real = getattr(owner, name)
    def call(*given, **more):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*given, **more)
    setattr(owner, name, call)

for name in ("fsync", "replace", "link", "unlink"):
    deadly(os, name)
from desk.cli import main
status = main(sys.argv[1:])
print("steps left", left, file=sys.stderr)
sys.exit(status)
"""


def killed_at(desk: DeskUnderTest, step: int, *arguments: object) -> bool:
    """Run a command, kill it at a step, and say whether it was killed before it was done."""
    ended = _run(desk, step, *arguments)
    assert ended.returncode in (0, -9), ended.stderr
    return ended.returncode == -9


def steps_of(desk: DeskUnderTest, *arguments: object) -> int:
    """Run a command to its end, and say how many steps it has."""
    ended = _run(desk, MANY, *arguments)
    assert ended.returncode == 0, ended.stderr
    return MANY - int(ended.stderr.rsplit("steps left", 1)[1])


def _run(desk: DeskUnderTest, step: int, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _KILLER, str(step), "--home", str(desk.home), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
