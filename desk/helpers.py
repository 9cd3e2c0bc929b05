"""Processes that help another one end when it does, however it ends: they hold keys, and what reports say."""

import ctypes
import os
import signal
import sys

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def end_with(parent: int) -> bool:
    """Have the system end this process when ``parent``, which began it, ends; say whether it can.

    To be called first, in the process that helps. From then on Ctrl-C is the parent's alone to answer, and
    to be told to end ends this process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "linux":
        return False
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it ended a moment ago
        os._exit(1)
    return True
