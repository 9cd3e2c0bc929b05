"""What the installer says and leaves when a release is taken back: its functions, with stand-ins."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.server import ROOT
from tests.e2e.waiting import BOUND

# What upgrade.sh takes from the others, each telling that it was called.
STAND_INS = """
set -euo pipefail
DRY_RUN='' HERE=$1/deploy/install
. "$HERE/lib.sh"
OPT=$2 DATA=$2/data BACKUPS=$2/backups SETTINGS=$2/vigil.env VERSION=2.0.0 RELEASE=$2/releases/2.0.0
. "$HERE/upgrade.sh"
mkdir -p "$OPT/releases/1.0.0" "$RELEASE" "$DATA" "$BACKUPS" "$UNDER_WAY"
printf '1\\n2\\n' >"$UNDER_WAY/known"
printf '%s\\n' "$RELEASE" >"$UNDER_WAY/next"
as_vigil() { echo "as vigil, $(basename "$RELEASE"): $*"; }
lay_out() { echo "laid out: $(basename "$1")"; }
use_release() { ln -sfn "$1" "$OPT/current"; }
vigil() { echo "vigil $*"; }
booted() { true; }
running() { true; }
running_from() { [ "$(readlink "$OPT/current")" = "$1" ]; }
hand_over() { true; }
systemctl() { echo "systemctl $*"; }
own_folder() { mkdir -p "$BACKUPS/x/own" && echo "$BACKUPS/x"; }
settings_lines() { true; }
use_release "$RELEASE"
before=$OPT/releases/1.0.0
"""
UNDO_FAILS = """
as_vigil() { echo "as vigil: $*"; case "$*" in *"database back"*) return 1 ;; esac; }
"""


def tried(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", STAND_INS + script, "sh", str(ROOT), str(folder)],
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )


def in_use(folder: Path) -> str:
    return (folder / "current").resolve().name


def test_a_release_that_could_not_be_taken_back_is_refused_beforehand(linux: None, tmp_path: Path) -> None:
    done = tried(tmp_path, UNDO_FAILS + "rehearse '1'")
    assert done.returncode == 1
    assert "cannot be undone, so it was not taken" in done.stderr
    assert list((tmp_path / "backups").iterdir()) == []
    assert tried(tmp_path, "rehearse '1'").returncode == 0


def test_back_is_said_once_it_is_true(linux: None, tmp_path: Path) -> None:
    done = tried(tmp_path, 'go_back_or_fail "$before" "1"')
    assert done.returncode == 0, done.stderr
    assert in_use(tmp_path) == "1.0.0"
    assert not (tmp_path / "upgrading").exists()


@pytest.mark.parametrize(
    ("broken", "stays_on", "said"),
    [
        (UNDO_FAILS, "2.0.0", "the site stays on 2.0.0"),
        ("hand_over() { false; }; running_from() { false; }", "1.0.0", "1.0.0 does not start again"),
        ("lay_out() { false; }", "1.0.0", "1.0.0 does not start again"),
    ],
    ids=["not to be undone", "not starting", "not laid out"],
)
def test_what_stays_instead_is_said_and_the_next_run_knows_of_it(
    linux: None, tmp_path: Path, broken: str, stays_on: str, said: str
) -> None:
    done = tried(tmp_path, broken + '\ngo_back_or_fail "$before" "1"')
    assert done.returncode == 1
    assert said in done.stderr
    assert "again, and" not in done.stderr
    assert in_use(tmp_path) == stays_on
    assert (tmp_path / "upgrading/known").exists()


def test_a_way_back_that_was_cut_short_is_gone_to_its_end(linux: None, tmp_path: Path) -> None:
    done = tried(tmp_path, 'RELEASE=$before VERSION=1.0.0; use_release "$before"; end_going_back "$before"')
    assert done.returncode == 0, done.stderr
    assert "as vigil, 2.0.0: .venv/bin/python -m deploy.install.database back" in done.stdout
    assert in_use(tmp_path) == "1.0.0"
    assert not (tmp_path / "upgrading").exists()
