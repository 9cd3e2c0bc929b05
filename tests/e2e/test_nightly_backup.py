"""What the nightly backup keeps and removes: the shipped script, with a stand-in for the site."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.server import ROOT
from tests.e2e.waiting import BOUND

DAY = datetime.now(UTC).date()
# Stands in for the release's Python: says whether the store is empty, and makes a backup where there is room.
PYTHON = """#!/bin/sh
case "$*" in
*"database empty"*) cat "$0.store" ;;
*backup*)
    [ "$(ls "${6%/*}" | wc -l)" -lt "$(cat "$0.most")" ] || {
        echo "vigil: error: the backup will have 3 MB, and ${6%/*} has room for 1 MB" >&2
        exit 1
    }
    [ ! -e "$0.broken" ] || { echo "vigil: error: the store is broken" >&2; exit 1; }
    head -c "$(cat "$0.size")" /dev/zero >"$6" ;;
esac
"""
DF = "#!/bin/sh\necho head\necho disk 1000 500 500 50% /\n"


class Night:
    """A release with backup.sh in it, and a folder of backups."""

    def __init__(self, folder: Path) -> None:
        self.backups, self.python = folder / "backups", folder / "release/.venv/bin/python"
        (folder / "release/deploy").mkdir(parents=True)
        self.script = Path(shutil.copy(ROOT / "deploy/backup.sh", folder / "release/deploy"))
        self.python.parent.mkdir(parents=True)
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)
        self.backups.mkdir()
        self.programs = folder / "programs"
        self.programs.mkdir()
        (self.programs / "df").write_text(DF)
        (self.programs / "df").chmod(0o755)
        self.set(store="in use", most="99", size="5000")

    def set(self, **words: str) -> None:
        for name, word in words.items():
            self.python.with_name(f"python.{name}").write_text(f"{word}\n")

    def kept(self, name: str, size: int = 5000) -> None:
        (self.backups / name).write_bytes(bytes(size))

    def __call__(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.script, self.backups],
            env={"PATH": f"{self.programs}:{os.environ['PATH']}", "VIGIL_BACKUPS": "2"},
            capture_output=True,
            text=True,
            timeout=BOUND,
            check=False,
        )

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.backups.iterdir())


@pytest.fixture
def night(linux: None, tmp_path: Path) -> Night:
    return Night(tmp_path)


def test_the_newest_of_a_day_has_the_highest_number_and_stays(night: Night) -> None:
    night.kept(f"vigil-{DAY}.9.tar")
    night.kept("vigil-2020-01-01.1.tar")
    assert night().returncode == 0
    assert night.names == [f"vigil-{DAY}.10.tar", f"vigil-{DAY}.9.tar"]
    assert night().returncode == 0
    assert night.names == [f"vigil-{DAY}.10.tar", f"vigil-{DAY}.11.tar"]


def test_where_there_is_no_room_the_oldest_give_way_but_the_last(night: Night) -> None:
    for day in (1, 2, 3):
        night.kept(f"vigil-2020-01-0{day}.1.tar")
    night.set(most="2")
    assert night().returncode == 0
    assert night.names == ["vigil-2020-01-03.1.tar", f"vigil-{DAY}.1.tar"]
    night.set(most="1")
    done = night()
    assert done.returncode == 1
    assert "has room for" in done.stderr
    assert night.names == [f"vigil-{DAY}.1.tar"]


def test_another_failure_removes_nothing(night: Night) -> None:
    for day in (1, 2, 3):
        night.kept(f"vigil-2020-01-0{day}.1.tar")
    night.set(broken="")
    assert night().returncode == 1
    assert len(night.names) == 3


def test_backups_of_nothing_do_not_drive_out_those_of_something(night: Night) -> None:
    for day in (1, 2):
        night.kept(f"vigil-2020-01-0{day}.1.tar", 2_000_000)
    night.set(store="empty")
    for _ in range(4):
        done = night()
        assert done.returncode == 0
        assert "nothing is kept here" in done.stderr
    assert night.names == ["vigil-2020-01-01.1.tar", "vigil-2020-01-02.1.tar", f"vigil-{DAY}.4.tar"]
    night.set(store="in use")
    assert night().returncode == 0
    assert night.names == [f"vigil-{DAY}.4.tar", f"vigil-{DAY}.5.tar"]
