"""deploy/backup.sh: which of the nightly backups stay. The site's own command has a stand-in."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parent.parent / "deploy/backup.sh"
ROOMY = "echo head; echo disk 100 0 90 x /"
FULL = "echo head; echo disk 100 0 10 x /"


class Nightly:
    """A release with that script alone."""

    def __init__(self, folder: Path) -> None:
        self.kept, self.programs = folder / "backups", folder / "programs"
        self.script = folder / "release/deploy/backup.sh"
        python = folder / "release/.venv/bin/python"
        for made in (self.kept, self.programs, self.script.parent, python.parent):
            made.mkdir(parents=True)
        shutil.copy(SHIPPED, self.script)
        # -m flask --app app backup FILE
        self.put(python, 'echo backup >"$6"')

    def put(self, program: Path, does: str) -> None:
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)

    def night(self, day: int, df: str = ROOMY, **settings: str) -> subprocess.CompletedProcess[str]:
        self.put(self.programs / "date", f"echo 2026-03-{day:02}")
        self.put(self.programs / "df", df)
        environment = {"PATH": f"{self.programs}:{os.environ['PATH']}", **settings}
        command = [str(self.script), str(self.kept)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    @property
    def days(self) -> list[str]:
        return sorted(path.name.removeprefix("vigil-2026-03-") for path in self.kept.iterdir())


@pytest.fixture
def nightly(tmp_path: Path) -> Nightly:
    return Nightly(tmp_path)


def test_two_nights_are_kept_because_what_sources_delete_is_in_them(nightly: Nightly) -> None:
    for day in range(1, 5):
        assert nightly.night(day).returncode == 0
    assert nightly.days == ["03.1.tar", "04.1.tar"]
    assert nightly.night(4).returncode == 0
    assert nightly.days == ["04.1.tar", "04.2.tar"]
    assert nightly.night(5, FULL).returncode == 0
    assert nightly.days == ["05.1.tar"]


def test_the_operator_may_keep_more(nightly: Nightly) -> None:
    for day in range(1, 6):
        assert nightly.night(day, VIGIL_BACKUPS="4").returncode == 0
    assert nightly.days == ["02.1.tar", "03.1.tar", "04.1.tar", "05.1.tar"]


@pytest.mark.parametrize("number", ["0", "10", "-1", "two", "2 3"])
def test_a_number_that_is_none_is_told_and_nothing_is_removed(nightly: Nightly, number: str) -> None:
    assert nightly.night(1).returncode == 0
    done = nightly.night(2, VIGIL_BACKUPS=number)
    assert done.returncode == 1
    assert f"VIGIL_BACKUPS is '{number}'" in done.stderr
    assert "hint: " in done.stderr
    assert nightly.days == ["01.1.tar"]
