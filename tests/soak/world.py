"""Namespaces of our own: processes, mounts and network, and all in them ends with the process that made them.

    world.enter(["--json", "..."])    outside: runs `python -m tests.soak.inside` in a new world
    world.begin()                     inside: forks, so that process 1 can bury what nobody waits for

As root: mounting and making networks is root's.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = ("unshare", "nsenter", "ip", "setpriv", "mount", "etcd", "patroni")
POSTGRES = Path("/usr/lib/postgresql/15/bin")


def missing() -> list[str]:
    """What this machine lacks for it, in words."""
    lacking = [f"the program {name}" for name in PROGRAMS if not shutil.which(name)]
    if not (POSTGRES / "postgres").exists():
        lacking.append("PostgreSQL 15")
    if shutil.which("patroni") and subprocess.run(["/usr/bin/python3", "-c", "import idna"]).returncode:
        lacking.append("the package python3-idna")
    if os.geteuid() != 0:
        lacking.append("to be root")
    elif (
        not lacking and subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"]).returncode
    ):
        lacking.append("namespaces (unshare)")
    return lacking


def enter(arguments: Sequence[str]) -> int:
    """Run `tests.soak.inside` in a world of its own until it ends; give its exit status.

    When this process ends, however it does, the pipe breaks, and the world's first process with it.
    """
    watched, held = os.pipe()
    command = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc"]
    process = subprocess.Popen(
        [*command, sys.executable, "-m", "tests.soak.inside", *arguments], cwd=ROOT, stdin=watched
    )
    os.close(watched)
    try:
        return process.wait()
    finally:
        os.close(held)
        process.kill()
        process.wait()


def begin() -> None:
    """Become the second process of the world; the first stays behind, to end it and to bury its dead."""
    child = os.fork()
    if not child:
        return
    threading.Thread(target=_end_when_left_alone, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (found := os.wait())[0] != child:
        pass
    os._exit(os.waitstatus_to_exitcode(found[1]) & 0xFF)


def _end_when_left_alone() -> None:
    os.read(0, 1)
    os._exit(1)
