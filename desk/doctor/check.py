"""What a look at one thing found."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# Seconds that a program of the system may take to answer.
BOUND = 20


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``ok``: False where something has to be done, None where nobody knows."""

    name: str
    ok: bool | None
    what: str
    hint: str = ""


def good(name: str, what: str) -> Check:
    """Say that all is well."""
    return Check(name, True, what)


def wrong(name: str, what: str, hint: str) -> Check:
    """Say that something has to be done."""
    return Check(name, False, what, hint)


def unknown(name: str, what: str, hint: str = "") -> Check:
    """Say that no program can know it here."""
    return Check(name, None, what, hint)


def asked(command: Sequence[str]) -> str | None:
    """Give what a program of the system prints, None where there is no such program or it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words, none of a stranger's
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=BOUND,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


@dataclass(frozen=True)
class Machine:
    """Where the machine is looked at: its files below ``root``, its kind (`sys.platform`), its programs."""

    root: Path = Path("/")
    kind: str = sys.platform
    ask: Callable[[Sequence[str]], str | None] = asked

    def path(self, name: str) -> Path:
        """Give the path of a file of the machine, such as ``proc/swaps``."""
        return self.root / name

    def read(self, name: str) -> str | None:
        """Give what stands in a file of the machine, stripped; None where it cannot be read."""
        return read(self.path(name))

    @property
    def linux(self) -> bool:
        """Whether it is a Linux."""
        return self.kind == "linux"

    @property
    def macos(self) -> bool:
        """Whether it is a Mac."""
        return self.kind == "darwin"

    @property
    def tails(self) -> bool:
        """Whether it is Tails."""
        lines = (self.read("etc/os-release") or "").splitlines()
        return "ID=tails" in lines or 'ID="tails"' in lines


def read(path: Path) -> str | None:
    """Give what stands in a small file, stripped; None where it cannot be read, as of a card that is off."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
