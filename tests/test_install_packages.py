"""deploy/install/machine.sh: an ssh server brought along with the staff's opens no port 22."""

import os
import subprocess
from pathlib import Path

import pytest

INSTALL = Path(__file__).parent.parent / "deploy/install"
# As if nothing of the machine itself were there: each program says what it was asked for.
RUN = f"""
set -euo pipefail
DRY_RUN='' ASK='' ONION=no STAFF_ONION=yes DOMAIN=none CERTIFICATE=''
. {INSTALL}/lib.sh
ETC=$1 HERE=$1
. {INSTALL}/machine.sh
let_start() {{ :; }}
booted() {{ true; }}
dpkg-query() {{ case ${{!#}} in $LACKING) return 1 ;; *) printf 'ii ' ;; esac }}
apt-get() {{ :; }}
run() {{ case $* in *openssh-server*) echo "apt brings ssh"; [ -z "$CUT" ] || exit 9 ;; esac }}
systemctl() {{ echo "systemctl $*"; }}
packages
"""


def packages(etc: Path, *, lacking: str, cut: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", RUN, "bash", str(etc)],
        env={"PATH": os.environ["PATH"], "LACKING": lacking, "CUT": cut},
        capture_output=True,
        text=True,
        check=False,
    )


OFF = ["systemctl --quiet disable ssh.service ssh.socket", "systemctl stop ssh.service ssh.socket"]


def asked(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("systemctl ")]


def test_a_machine_without_an_ssh_server_gets_none_on_port_22(tmp_path: Path) -> None:
    done = packages(tmp_path, lacking="openssh-server")
    assert asked(done) == OFF
    assert "had no ssh server on port 22, and has none now" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lacking", ["nothing", "tor"])
def test_one_that_was_there_is_left_alone(tmp_path: Path, lacking: str) -> None:
    assert asked(packages(tmp_path, lacking=lacking)) == []


def test_a_run_that_was_cut_short_is_mended_by_the_next(tmp_path: Path) -> None:
    assert packages(tmp_path, lacking="openssh-server", cut="yes").returncode == 9
    assert asked(packages(tmp_path, lacking="nothing")) == OFF
    # What the operator does afterwards stays.
    assert asked(packages(tmp_path, lacking="nothing")) == []
