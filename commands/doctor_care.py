"""What is for the operator alone to do: Debian's updates, and what a restore set aside."""

import re
from pathlib import Path

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from store import Looked, StoreError

UPDATES, ASIDE = "updates", "set aside"
ROOT = Path("/")
_ON = re.compile(r'(?m)^\s*APT::Periodic::Unattended-Upgrade\s+"(\d+|always)"\s*;')


def checks(patient: Patient) -> list[Check]:
    """Look at both."""
    return [_updates(), _set_aside(patient.settings.data, patient.looked)]


def _updates() -> Check:
    if not (ROOT / "etc/debian_version").exists():
        return unknown(UPDATES, "this is no Debian: how it is kept up to date cannot be seen here")
    if (ROOT / "run/reboot-required").exists():
        return look(
            UPDATES,
            "an update of Debian waits for this machine to be started again",
            "at a quiet time: systemctl reboot",
        )
    if not (ROOT / "usr/bin/unattended-upgrade").exists():
        return look(
            UPDATES,
            "nothing installs Debian's security updates by itself",
            "apt-get install unattended-upgrades",
        )
    if not _switched_on():
        return look(
            UPDATES,
            "unattended-upgrades is installed, and switched off",
            "dpkg-reconfigure -plow unattended-upgrades",
        )
    return good(UPDATES, "Debian's security updates install themselves, and none waits for a restart")


def _switched_on() -> bool:
    # As apt reads them: in order of their names, and the last word counts.
    paths = sorted((ROOT / "etc/apt/apt.conf.d").glob("*"))
    said = [
        value for path in paths if path.is_file() for value in _ON.findall(path.read_text("utf-8", "replace"))
    ]
    return bool(said) and said[-1] != "0"


def _set_aside(data: Path, looked: Looked | StoreError | None) -> Check:
    left = sorted(data.parent.glob(f"{data.name}.before.*"))
    if left and isinstance(looked, Looked) and not (looked.reports or looked.replies or looked.files):
        return wrong(
            ASIDE,
            f"nothing is kept here, and {left[-1]} is what was here before a restore: was that cut short?",
            f"if so, restore the backup again, and keep {left[-1]} until everything is here",
        )
    left += sorted(data.parent.glob(f"{data.name}.failed.*"))
    if not left:
        return good(ASIDE, "nothing is left from a restore")
    names = " ".join(map(str, left))
    days = ", ".join(path.name.rpartition(".")[0].rpartition(".")[2] for path in left)
    return look(
        ASIDE,
        f"{names}: what a restore set aside or left ({days}); it also holds what was deleted since",
        f"when you are sure that you do not need it: rm -r {names}",
    )
