"""The shell scripts: what shellcheck finds, and what bash and dash make of them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHELLS = ("#!/bin/sh", "#!/bin/bash", "# shellcheck shell=bash")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(ROOT / line for line in listed.stdout.splitlines())


def is_shell(path: Path) -> bool:
    if not path.is_file() or path.suffix not in {"", ".sh"}:
        return False
    return path.read_bytes()[:100].decode("utf-8", "replace").startswith(SHELLS)


SCRIPTS = [path for path in tracked() if is_shell(path)]


def test_every_file_that_ends_in_sh_says_which_shell_it_is_for() -> None:
    assert [
        path for path in tracked() if path.suffix == ".sh" and path.is_file() and path not in SCRIPTS
    ] == []
    assert len(SCRIPTS) > 10


@pytest.mark.skipif(
    shutil.which("shellcheck") is None and "CI" not in os.environ, reason="no shellcheck here"
)
def test_shellcheck_finds_nothing() -> None:
    judged = subprocess.run(
        ["shellcheck", "--external-sources", "--severity=style", *map(str, SCRIPTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.stdout + judged.stderr == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_stops_at_what_fails_and_can_be_run(script: Path) -> None:
    text = script.read_text()
    if not text.startswith("#!"):
        return  # read by another, which says how
    assert "\nset -eu" in text
    assert script.stat().st_mode & 0o111 == 0o111
