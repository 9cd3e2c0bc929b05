"""Hostile tasks: each does its worst, and says how far it came."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def task(name: str) -> Callable[[BinaryIO, object], None]:
    return {
        "look-round": _look_round,
        "hang": _hang,
        "work": _work,
        "fork": _fork,
        "flood": _flood,
        "long-frame": _long_frame,
        "memory": _memory,
        "write": _write,
        "nonsense": _nonsense,
        "die": _die,
        "silent": _silent,
        "linger": _linger,
    }[name]


def _can(step: Callable[[], object]) -> str:
    try:
        return f"done: {step()}"
    except OSError as error:
        return f"{type(error).__name__}: {error.strerror}"


def _look_round(source: BinaryIO, answer: object) -> None:
    wanted, port = source.read().decode().split("\n")[:2]
    seen = {
        "home": _can(lambda: Path(wanted).read_text()),
        "root": sorted(path.name for path in Path("/").iterdir()),
        "folders": sorted(str(path) for path in Path("/").glob("*/*") if not str(path).startswith("/usr")),
        "processes": _can(lambda: [path.name for path in Path("/proc").iterdir()]),
        "parent": os.getppid(),
        "environment": dict(os.environ),
        "network": _can(lambda: socket.create_connection(("127.0.0.1", int(port)), timeout=5)),
        "outside": _can(lambda: socket.create_connection(("192.0.2.1", 80), timeout=5)),
        "interfaces": [name for _, name in socket.if_nameindex()],
        "abstract": _can(lambda: socket.socket(socket.AF_UNIX).connect(f"\0vigil-test-{port}")),
        "signal": _can(lambda: os.kill(int(port), 0)),
        "files": sorted(int(name) for name in range(64) if _is_open(name)),
        "change": _can(lambda: os.pwrite(0, b"changed", 0)),
        "program": sys.executable,
    }
    answer.send(seen)


def _is_open(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.fstat(number)
        return True
    return False


def _hang(_source: BinaryIO, _answer: object) -> None:
    time.sleep(10_000)


def _work(_source: BinaryIO, _answer: object) -> None:
    while True:
        pass


def _fork(source: BinaryIO, answer: object) -> None:
    """Have children outlive this one: they hold a lock on the file that is named for as long as they live."""
    made = 0
    with contextlib.suppress(OSError):
        while made < 50:
            if os.fork() == 0:
                os.setsid()
                time.sleep(10_000)
            made += 1
    answer.send({"forked": made})


def _flood(_source: BinaryIO, answer: object) -> None:
    while True:
        answer.send({"more": True}, bytes(2**20))


def _long_frame(_source: BinaryIO, answer: object) -> None:
    answer._out.write(b"\xff" * 8)
    answer._out.flush()
    time.sleep(10_000)


def _memory(_source: BinaryIO, answer: object) -> None:
    held = []
    while True:
        held.append(b"x" * 2**24)


def _write(_source: BinaryIO, answer: object) -> None:
    def into(folder: str) -> str:
        def write() -> None:
            path = Path(folder) / "left-by-the-box"
            with path.open("xb") as file:
                file.write(b"x" * 100)

        return _can(write)

    folders = ["/", "/tmp", "/dev/shm", "/box", "/box/code", "/usr/lib", "/var/tmp"]
    answer.send({folder: into(folder) for folder in folders})


def _nonsense(_source: BinaryIO, answer: object) -> None:
    answer._out.write(b"\0\0\0\x05\0\0\0\0" + b"[1,2}")
    answer._out.flush()


def _die(_source: BinaryIO, _answer: object) -> None:
    os.kill(os.getpid(), 11)


def _silent(_source: BinaryIO, _answer: object) -> None:
    os._exit(0)


def _linger(_source: BinaryIO, answer: object) -> None:
    answer.end()
    time.sleep(10_000)
