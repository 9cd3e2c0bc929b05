"""Begin in the box: take the limits on, then do one task on the file that is standard input.

    python -I -S -B -c BOOT LIBRARIES CODE MODULE TASK LIMITS

Only numbers, and names of ours, are on the command line.
"""

import io
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

from .frames import Answer, Cannot
from .kinds import code_of

Task = Callable[[BinaryIO, Answer], None]


def limit(limits: dict[str, int]) -> None:
    """Take limits on, by their names: AS, CPU, …; none can be raised again."""
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (least, least))
        except ValueError:
            # macOS refuses a limit of address space below what Python has reserved already: the time is left.
            if name != "AS" or sys.platform == "linux":
                raise


def _fitting(limits: dict[str, int], head: bytes) -> dict[str, int]:
    """Let the reader of HEIC begin the one thread that it cannot do without; nothing else begins any."""
    threads = limits.pop("THREADS")
    return {**limits, "NPROC": threads} if code_of(head) == "heic" else limits


def given() -> BinaryIO:
    """Give the file: standard input itself where it can be read at any place, else what comes from it."""
    if sys.stdin.buffer.seekable():
        return io.BufferedReader(io.FileIO(0, closefd=False))
    return io.BytesIO(sys.stdin.buffer.read())


def main(tasks: Callable[[str], Task]) -> None:
    """Do the task that the command line names."""
    name, limits = sys.argv[1:]
    source = given()
    limit(_fitting(json.loads(limits), source.read(64)))
    source.seek(0)
    # A library that prints must not write between the frames.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer = Answer(out)
    try:
        tasks(name)(source, answer)
    except Cannot as cannot:
        answer.send({"cannot": cannot.code})
    except MemoryError:
        answer.send({"cannot": "too-large"})
    answer.end()
