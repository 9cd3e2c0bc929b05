"""Wait for what must come, and end what was started, on machines of any speed.

A test here never sleeps for a fixed time and then hopes: it asks again and again, up to a bound so generous
that only something broken reaches it. How fast a process ends is nobody's claim, so no test fails by it.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BOUND = 120.0  # seconds


def until(condition: Callable[[], T], what: str, bound: float = BOUND) -> T:
    """Ask until the condition gives something true, and give that.

    :raises AssertionError: when nothing true came within ``bound`` seconds.
    """
    deadline = time.monotonic() + bound
    while not (value := condition()):
        assert time.monotonic() < deadline, f"no {what} within {bound:.0f} s"
        time.sleep(0.02)
    return value


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal every process of the group that this one leads, as far as there are any left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def end(process: subprocess.Popen[bytes], patience: float = 20) -> None:
    """End a process that leads its own group, and the group: ask, ask again, then kill.

    Asked again, because a gunicorn worker that is still starting does not hear the first time.
    """
    deadline = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < deadline:
        signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its whole group, as a power cut would, and wait until it is gone."""
    signal_group(process, signal.SIGKILL)
    process.wait()
