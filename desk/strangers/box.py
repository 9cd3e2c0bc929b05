"""The box: a child process for a stranger's file, which can harm nothing but its own answer.

Where there is bubblewrap it has no network, no file but the interpreter and its libraries (read-only), no
other process to see and an empty environment; everywhere it has limits of memory, time, files and processes.
Where bubblewrap is missing or not permitted, the limits are all there is: `isolation.isolation` says which.
"""

import json
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from desk.strangers.inside.frames import END, HEAD
from desk.strangers.isolation import OURS, Code, Isolation, command, isolation, threads

MB = 2**20
MOST_JSON = 2 * MB  # bytes of one frame's JSON
AT_ONCE = 2  # boxes: a page of twenty pictures must not take the whole laptop

_slots = threading.BoundedSemaphore(AT_ONCE)


class BoxFailed(Exception):  # noqa: N818 - says what happened
    """The box gave no whole answer; ``code`` is "died", "too-slow", "too-much" or "nonsense"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Frame:
    """One part of the box's answer: JSON members and bytes, as untrusted as the file itself."""

    said: Mapping[str, object]
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Bounds:
    """What a task may use: ``seconds`` of work, bytes of ``memory`` and of the ``answer``.

    ``wait``: seconds that it may take by the clock, on a laptop that has much else to do.
    """

    seconds: int
    memory: int
    answer: int
    wait: int = 120

    def limits(self) -> dict[str, int]:
        """Give the limits that the child takes on, by their names."""
        return {
            "AS": self.memory,
            "CPU": self.seconds,
            "CORE": 0,
            "FSIZE": 0,
            "NPROC": 0,
            "NOFILE": 32,
            "MEMLOCK": 0,
            "STACK": 8 * MB,
        }


def run(
    task: str, source: BinaryIO, bounds: Bounds, *, code: Code = OURS, kept: Isolation | None = None
) -> Generator[Frame]:
    """Do ``task`` on ``source`` in a box; give its frames as they come.

    ``source`` is a memory file (of `desk.strangers.opened`) or BytesIO, read from its beginning.

    :raises BoxFailed: the answer is not whole; frames given before may still be looked at, as untrusted.
    """
    with _slots:
        kept = kept or isolation()
        line = command(task, json.dumps({**bounds.limits(), "THREADS": threads(kept)}), code, kept)
        with _running(line, source) as process:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            reader = _Reader(process.stdout.fileno(), time.monotonic() + bounds.wait, bounds.answer)
            yield from _frames(reader)


def _frames(reader: "_Reader") -> Iterator[Frame]:
    while True:
        length, size = HEAD.unpack(reader.read(HEAD.size))
        if length > MOST_JSON:
            raise BoxFailed("nonsense")
        try:
            said = json.loads(reader.read(length))
        except (ValueError, RecursionError):
            raise BoxFailed("nonsense") from None
        if not isinstance(said, dict):
            raise BoxFailed("nonsense")
        if said.get(END) is True:
            return
        yield Frame(said, reader.read(size))


class _Reader:
    """Reads a pipe until a time, and so many bytes in all."""

    def __init__(self, number: int, until: float, most: int) -> None:
        self._number = number
        self._until = until
        self._left = most

    def read(self, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise BoxFailed("too-much")
        found = bytearray()
        while len(found) < count:
            # poll, not select: the page's server may have many files open.
            waiting = select.poll()
            waiting.register(self._number, select.POLLIN)
            if not waiting.poll(max(0, self._until - time.monotonic()) * 1000):
                raise BoxFailed("too-slow")
            piece = os.read(self._number, min(count - len(found), MB))
            if not piece:
                raise BoxFailed("died")
            found += piece
        return bytes(found)


@contextmanager
def _running(line: list[str], source: BinaryIO) -> Iterator["subprocess.Popen[bytes]"]:
    piped = isinstance(source, BytesIO)
    source.seek(0)
    # In a session of its own, so that whatever it starts can be ended with it.
    process = subprocess.Popen(  # noqa: S603 - our own command line
        line,
        stdin=subprocess.PIPE if piped else source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )
    feeder = threading.Thread(target=_feed, args=(process, source), daemon=True) if piped else None
    try:
        if feeder:
            feeder.start()
        yield process
    finally:
        _end(process)
        if feeder:
            feeder.join()


def _feed(process: "subprocess.Popen[bytes]", source: BinaryIO) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        with process.stdin as pipe:
            while piece := source.read(MB):
                view = memoryview(piece)
                while view:
                    view = view[pipe.write(view) or 0 :]
    except BrokenPipeError:
        return  # it has ended, or was ended: what it answered says which


def _end(process: "subprocess.Popen[bytes]") -> None:
    # Not yet waited for, so the number is still its own; in bubblewrap all inside end with it.
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()  # macOS says so of a group that has only just ended
    if process.stdout is not None:
        process.stdout.close()
    process.wait()
