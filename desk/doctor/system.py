"""The rest of the machine: what a crash would write, the clock, the room that is left, the cage for files."""

import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk.doctor.check import Check, Machine, good, unknown, wrong
from desk.errors import DeskError
from desk.home import Home
from desk.server import read_server

DUMPS, CLOCK, SPACE = "core dumps", "clock", "space"
CODE = Path(__file__).resolve().parents[2]
KIT = "KIT"  # the file of a kit that says its version and the day of its code, a line each
LEAST = 1_000_000_000  # bytes
# Programs that keep nothing of what is piped to them.
NOWHERE = (["/bin/false"], ["/bin/true"], ["/usr/bin/false"], ["/usr/bin/true"])


def core_dumps(machine: Machine) -> Check:
    """See what a crash writes: the desk itself lets none be, but a helper of the system may not ask it."""
    if not machine.linux:
        return good(DUMPS, "the desk writes none")
    pattern = machine.read("proc/sys/kernel/core_pattern")
    if pattern is None:
        return unknown(DUMPS, "where crashes go cannot be seen here", "look by: sysctl kernel.core_pattern")
    if not pattern.startswith("|") or pattern[1:].split()[:1] in NOWHERE:
        return good(DUMPS, "the desk writes none")
    return wrong(
        DUMPS,
        "a program of the system is given what was in memory when another crashes",
        "as root: echo kernel.core_pattern=core > /etc/sysctl.d/60-desk.conf; sysctl --system",
    )


def clock(home: Home, today: date, code: Path = CODE) -> Check:
    """Compare the clock with what must lie before it: the code, the last bundle, the list, the casebook."""
    past = {day: what for what, day in _past(home, code)}
    latest = max(past, default=None)
    # The server's day may be a day ahead of ours, by the zone of who set the clock.
    if latest is not None and today < latest - timedelta(days=1):
        return wrong(
            CLOCK,
            f"it says {today}, and {past[latest]} {latest}: it is behind",
            "set it by your watch: a wrong day seals and opens with the wrong month's keys",
        )
    return unknown(
        CLOCK,
        f"it says {today}, {datetime.now(UTC):%H:%M} UTC, and nothing here is later",
        "compare it with your watch: nothing here can say whether it is ahead",
    )


def _past(home: Home, code: Path) -> list[tuple[str, date]]:
    found: list[tuple[str, date]] = []
    if (made := code_day(code)) is not None:
        found.append(("Vigil's code was made on", made))
    try:
        if (server := read_server(home.folder)) is not None:
            found.append(("the last bundle was made on", server.made_on))
        month = home.read_team_keys().oldest.number
        found.append(("the list's first month began on", date(month // 100, month % 100, 1)))
    except DeskError:
        pass  # the line on the keys tells of it
    for folder in (home.folder, home.casebook / "env"):
        if folder.is_dir():
            written = datetime.fromtimestamp(folder.stat().st_mtime, UTC).date()
            found.append(("something was written here on", written))
    return found


def code_day(code: Path = CODE) -> date | None:
    """Give the day of the code that runs, as a kit or a clone's last commit says; None where neither does."""
    try:
        return date.fromisoformat((code / KIT).read_text().split()[1])
    except (OSError, ValueError, IndexError):
        pass
    if not (code / ".git").exists():
        return None
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%cs"],  # noqa: S607 - git is where it is
            cwd=code,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return date.fromisoformat(told.stdout.strip())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def space(home: Home) -> Check:
    """See how much room is left for the casebook."""
    folder = home.folder if home.folder.is_dir() else Path(os.path.realpath(home.folder)).parent
    free = shutil.disk_usage(folder).free
    if free < LEAST:
        return wrong(
            SPACE,
            f"{free // 1_000_000:,} MB are left",
            "make room: nothing is kept of a bundle that has none",
        )
    return good(SPACE, f"{free / 1_000_000_000:,.1f} GB are left")
