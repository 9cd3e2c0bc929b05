"""Other processes on the same folder, for tests: each runs one function of this module, and is always ended.

A process is started anew instead of forked: pytest has threads.
"""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from store import Limits
from store.sqlite.database import NAME
from tests.engine import open_store
from tests.store.kept import keep

ROOT = Path(__file__).parent.parent.parent
LIMITS = Limits(file_reserve=0, text_reserve=0, pending_quota=10**12)
BOUND = 120


@contextmanager
def running(function: str, *args: object) -> Iterator["subprocess.Popen[str]"]:
    """Run a function of this module in a process of its own; its answers come line by line on stdout."""
    command = [sys.executable, "-m", "tests.store.processes", function, *map(str, args)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(BOUND)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stdin is not None
        process.stdin.close()


def finished(process: "subprocess.Popen[str]") -> list[str]:
    """Wait for the end and give all lines; the process has to succeed."""
    output, _ = process.communicate(timeout=BOUND)
    assert process.returncode == 0
    return output.splitlines()


def report(number: int, seed: str) -> tuple[bytes, list[bytes]]:
    """Make up an envelope and its files."""
    random = Random(f"{seed} {number}")
    return random.randbytes(5000), [
        random.randbytes(random.randrange(200_000)) for _ in range(random.randrange(3))
    ]


def write(folder: str, seed: str, reports: str) -> None:
    """Keep reports, and say each once it is kept: digest, then id and hash of each file."""
    store = open_store(Path(folder), limits=LIMITS)
    for number in range(int(reports)):
        envelope, contents = report(number, seed)
        ids = []
        for content in contents:
            blob = store.start_blob(None)
            for at in range(0, len(content), 65536):
                blob.write(content[at : at + 65536])
            blob.finish()
            ids.append(blob.id)
        keep(store, envelope, ids)
        words = [hashlib.sha256(envelope).hexdigest()]
        for blob_id, content in zip(ids, contents, strict=True):
            words += [blob_id.hex(), hashlib.sha256(content).hexdigest()]
        print(*words, flush=True)
    store.close()


def scrub(folder: str) -> None:
    """Scrub as often as can be until standard output is closed; say after each round whether it went."""
    store = open_store(Path(folder), limits=LIMITS)
    while True:
        print(int(store.try_scrub()), flush=True)


def sweep(folder: str, day: str, lines: str) -> None:
    """Sweep, killed after so many lines of the store's own code; say how many there were."""
    store = open_store(Path(folder), limits=LIMITS)
    left = int(lines)

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if "/store/" not in frame.f_code.co_filename:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    sys.settrace(count)
    store.sweep(date.fromisoformat(day))
    sys.settrace(None)
    print(int(lines) - left)


def hold(folder: str) -> None:
    """Read, and go on reading the same until standard input is closed."""
    with closing(sqlite3.connect(Path(folder) / NAME, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM slot").fetchone()
        print("reading", flush=True)
        sys.stdin.read()


def look(folder: str) -> None:
    """Look at everything again and again, until standard output is closed; say each round."""
    store = open_store(Path(folder), limits=LIMITS)
    while True:
        for digest, _ in list(store.envelopes())[:20]:
            with suppress(KeyError):  # deleted meanwhile
                store.envelope(digest)
        print(len(store.slots([bytes(16)])), flush=True)


def fork(folder: str) -> None:
    """Keep a report before, in and after a fork; the child must find no connection of its parent's."""
    store = open_store(Path(folder), limits=LIMITS)
    keep(store, b"before", [])
    store.try_scrub()
    database = {(status.st_dev, status.st_ino) for status in map(os.stat, Path(folder).glob("vigil.db*[!m]"))}
    child = os.fork()
    if not child:
        for fd in range(3, 256):
            try:
                status = os.fstat(fd)
            except OSError:
                continue
            if (status.st_dev, status.st_ino) in database:
                os._exit(1)
        keep(store, b"in the child", [])
        store.try_scrub()
        os._exit(0)
    for number in range(20):
        keep(store, b"in the parent %d" % number, [])
    _, status = os.waitpid(child, 0)
    keep(store, b"after", [])
    print(os.waitstatus_to_exitcode(status), len(list(store.envelopes())))


def gevent(folder: str) -> None:
    """Keep many reports at once from gevent's thread pool, beside an event loop that must go on."""
    from gevent import monkey

    monkey.patch_all()
    import gevent as g

    store = open_store(Path(folder), limits=LIMITS)
    pool = g.get_hub().threadpool

    def one(number: int) -> None:
        blob = pool.apply(store.start_blob, (None,))
        blob.write(b"%d" % number)
        pool.apply(blob.finish)
        pool.apply(keep, (store, b"envelope %d" % number, [blob.id]))

    g.joinall([g.spawn(one, number) for number in range(60)], raise_error=True)
    print(len(list(store.envelopes())), len(store._database._idle) <= pool.maxsize + 1)
    store.close()


if __name__ == "__main__":
    functions = (write, scrub, sweep, hold, look, fork, gevent)
    {function.__name__: function for function in functions}[sys.argv[1]](*sys.argv[2:])
