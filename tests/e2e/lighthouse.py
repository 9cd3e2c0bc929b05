"""Lighthouse, as a telephone would see a page: its scores, and what it finds wanting.

It drives a Chromium of ours by its port of 127.0.0.1, so that the flags are those of chromium.py, and is told
to report nothing to its maker.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.checkers import MODULES
from tests.e2e.waiting import BOUND

PROGRAM = MODULES / "lighthouse/cli/index.js"
# What does not depend on how busy the machine is.
STEADY = ("accessibility", "best-practices", "seo")
SPEED = "performance"
# Lighthouse itself asks for another run where a busy machine lost part of its recording.
AGAIN = "Please run Lighthouse again"
TRIES = 5


@dataclass(frozen=True)
class Judged:
    """One run: the score of each category from 0 to 100, the faults that lowered any, and each audit."""

    scores: dict[str, float]
    faults: list[str]
    audits: dict[str, Any]

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Judged":
        """Take it out of Lighthouse's own report.

        :raises AssertionError: it could not load the page.
        """
        assert "runtimeError" not in told, told["runtimeError"]
        categories, audits = told["categories"], told["audits"]
        faults = [
            f"{name}: {audits[ref['id']]['title']}: {json.dumps(audits[ref['id']].get('details'))[:2_000]}"
            for name, category in categories.items()
            for ref in category["auditRefs"]
            if ref["weight"] and audits[ref["id"]]["score"] not in (None, 1)
        ]
        scores = {name: round(100 * category["score"], 1) for name, category in categories.items()}
        return cls(scores, faults, audits)


class Lighthouse:
    """Judges pages with the Chromium that listens on ``port``. Lighthouse itself writes to ``folder``."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port, self._folder = port, folder

    def judge(self, url: str, categories: Sequence[str] = (*STEADY, SPEED)) -> Judged:
        """Load a page as a middling telephone on a slow network does, and judge it."""
        command = [
            *("node", str(PROGRAM), url, "--quiet", "--output=json", "--no-enable-error-reporting"),
            *(f"--port={self._port}", f"--only-categories={','.join(categories)}"),
            f"--max-wait-for-load={BOUND * 1000:.0f}",  # milliseconds
        ]
        done = self._run(command)
        for _ in range(TRIES - 1):
            if AGAIN not in done.stderr:
                break
            done = self._run(command)
        assert done.returncode == 0, done.stderr
        return Judged.read(json.loads(done.stdout))

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "TMPDIR": str(self._folder)}
        return subprocess.run(
            command,
            cwd=self._folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
