"""The machine: whether memory can reach its disk, whether its clock is right, what is done each night."""

import ctypes
import os
import re
import resource
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from commands.doctor_version import last_commit
from commands.output import counted
from store import Looked, done

SWAP, DUMPS, CLOCK = "swap", "core dumps", "clock"
ROOT = Path(__file__).parent.parent
PROC, SYS, ETC = Path("/proc"), Path("/sys"), Path("/etc")
# What adjtimex answers while nobody keeps the clock, and the size of what it writes, at the most.
TIME_ERROR, TIMEX = 5, 512
# Programs that keep nothing of what is piped to them.
NOWHERE = ("/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true")
NIGHTS = 2


def checks(patient: Patient) -> list[Check]:
    """Look at all of it."""
    return [_swap(), _core_dumps(), _clock(patient), *_nightly(patient)]


def _swap() -> Check:
    try:
        lines = (PROC / "swaps").read_text().splitlines()[1:]
    except OSError:
        return unknown(SWAP, "whether there is swap cannot be seen here")
    plain = [line.split()[0] for line in lines if line and not _is_sealed(line.split()[0])]
    if plain:
        return look(
            SWAP,
            f"swap is on and not encrypted ({', '.join(plain)}); the site itself is told not to use it",
            "swapoff -a and take it out of /etc/fstab, or encrypt it",
        )
    return good(SWAP, "no swap" if not lines else "swap is encrypted, or in memory")


def _is_sealed(device: str) -> bool:
    name = Path(os.path.realpath(device)).name
    if name.startswith("zram"):
        # It is in memory, unless it has a disk to fall back on.
        backing = SYS / "block" / name / "backing_dev"
        return not backing.exists() or backing.read_text().strip() == "none"
    uuid = SYS / "block" / name / "dm" / "uuid"
    return uuid.exists() and uuid.read_text().startswith("CRYPT-")


def _core_dumps() -> Check:
    try:
        pattern = (PROC / "sys/kernel/core_pattern").read_text().strip()
        suid = (PROC / "sys/fs/suid_dumpable").read_text().strip()
    except OSError:
        return unknown(DUMPS, "what becomes of the memory of a program that crashes cannot be seen here")
    if suid == "1":
        return look(DUMPS, "programs that change their user may be dumped", "sysctl -w fs.suid_dumpable=0")
    if pattern.startswith("|"):
        program = pattern[1:].split()[0]
        if program in NOWHERE or ("systemd-coredump" in program and _nothing_stored()):
            return good(DUMPS, "what a crashing program had in memory is thrown away")
        return look(
            DUMPS,
            f"what a crashing program had in memory goes to {program}",
            "as root: sysctl -w kernel.core_pattern='|/bin/false', and the same in /etc/sysctl.d",
        )
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0 and not _site_has_no_dumps():
        return look(
            DUMPS,
            "a crash may write what the site had in memory to the disk",
            "run it as a service (LimitCORE=0), or with `ulimit -c 0`",
        )
    return good(DUMPS, "a crashing site writes nothing of its memory to the disk")


def _nothing_stored() -> bool:
    texts = [ETC / "systemd/coredump.conf", *(ETC / "systemd/coredump.conf.d").glob("*.conf")]
    stored = [
        re.findall(r"(?m)^\s*Storage\s*=\s*(\w+)", path.read_text()) for path in texts if path.is_file()
    ]
    said = [each for some in stored for each in some]
    return bool(said) and said[-1] == "none"


def _site_has_no_dumps() -> bool:
    """Say whether the processes of a site that runs as this user may not be dumped, so far as one is seen."""
    limits = []
    for process in PROC.glob("[0-9]*"):
        try:
            if b"gunicorn" in (process / "cmdline").read_bytes() and process.stat().st_uid == os.geteuid():
                limits.append((process / "limits").read_text())
        except OSError:
            continue  # it has ended, or is another user's
    return bool(limits) and all(re.search(r"(?m)^Max core file size\s+0\s", text) for text in limits)


def _clock(patient: Patient) -> Check:
    today = patient.today
    if (known := _newest_known(patient)) is not None and known > today:
        return wrong(
            CLOCK,
            f"today is {today} here, and something here is of {known}: the clock was put back, or was ahead",
            "set the clock (timedatectl), then look at what was kept under a wrong day",
        )
    kept = _is_kept()
    if kept is False:
        return look(
            CLOCK,
            f"today is {today} here (UTC), and no time server keeps the clock",
            "compare it with another clock; timedatectl set-ntp true",
        )
    told = "and a time server keeps the clock" if kept else "which nothing here contradicts"
    return (good if kept else unknown)(CLOCK, f"today is {today} here (UTC), {told}")


def _newest_known(patient: Patient) -> date | None:
    """Give the newest day that anything here is of: what was kept, done, published or programmed."""
    known = [_programmed()]
    site_db = patient.settings.data / "site.db"
    if site_db.exists():
        # Written by the same clock, an hour's summer time included.
        known.append(datetime.fromtimestamp(site_db.stat().st_mtime, UTC).date())
    if patient.store is not None:
        known += [patient.store.last_done(what) for what in (done.SWEEP, done.BACKUP, done.EXPORT)]
    if isinstance(patient.looked, Looked):
        known.append(patient.looked.newest)
    return max((day for day in known if day is not None), default=None)


def _programmed() -> date | None:
    version = ROOT / "VERSION"
    if version.exists():
        return datetime.fromtimestamp(version.stat().st_mtime, UTC).date()
    if (ROOT / ".git").exists():
        return _committed()
    return None


def _committed() -> date | None:
    said = last_commit("%ct")
    return datetime.fromtimestamp(int(said), UTC).date() if said else None


def _is_kept() -> bool | None:
    """Say whether the kernel knows the clock to be kept by a time server; None where it cannot be asked."""
    if sys.platform != "linux":
        return None
    try:
        # With nothing to set, it only tells.
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != TIME_ERROR


def _nightly(patient: Patient) -> list[Check]:
    return [
        _since(patient, done.SWEEP, "what is over is not deleted, and the order of writing shows"),
        _since(patient, done.BACKUP, "what is lost with the disk is lost for good"),
    ]


def _since(patient: Patient, name: str, why: str) -> Check:
    if patient.store is None:
        return unknown(name, "not looked at: the site does not start")
    last, begun = patient.store.last_done(name), patient.store.last_done(done.BEGUN)
    since = last or begun or patient.today
    days = (patient.today - since).days
    ago = "today" if days <= 0 else f"{counted(days, 'day', 'days')} ago"
    told = f"the last {name} was {ago}, on {since}" if last else "none yet"
    if not last and days <= 0:
        return unknown(name, f"{told}: the first is tonight")
    if days <= NIGHTS:
        return (good if last else unknown)(name, told)
    hint = f"systemctl status vigil-{name}.timer vigil-{name}.service says why; `vigil {name}` does it now"
    # Whoever practises on a laptop has no nights.
    return (look if patient.settings.practice else wrong)(name, f"{told}: {why}", hint)
