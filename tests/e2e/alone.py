"""Programs on a machine without any network but its own loopback: a network namespace with nothing else."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# The files are this machine's; what is missing is every way out of it.
ALONE = ("bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", "--")
BOUND = 300  # seconds that one command may take


def run(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    typed: str = "",
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command there to its end, with ``typed`` as what is typed."""
    return subprocess.run(
        [*ALONE, *map(str, command)],
        cwd=folder,
        env=dict(environment),
        input=typed,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
