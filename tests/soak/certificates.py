"""The newsroom's own authority, made by the script that operators run."""

import subprocess
from pathlib import Path

from tests.e2e.waiting import BOUND
from tests.soak.world import ROOT

SCRIPT = ROOT / "deploy" / "cluster" / "certificates.sh"


class Authority:
    """The newsroom's own authority, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run("authority")

    def _run(self, *arguments: str) -> None:
        command: list[str | Path] = [SCRIPT, self.folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=BOUND, check=False)
        assert done.returncode == 0, done.stderr

    def issue(self, name: str, address: str) -> Path:
        """Make a machine's files; give their folder."""
        self._run("machine", name, address)
        return self.folder / name
