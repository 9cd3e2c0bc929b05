"""Disk work leaves the other visitors running: plainly here, and under gevent in a process of its own."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from web import blocking

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def test_without_gevent_it_is_a_plain_call() -> None:
    assert not blocking.under_gevent()
    assert blocking.run(lambda a, b: (a, b, threading.get_ident()), 1, b=2) == (1, 2, threading.get_ident())
    with blocking.at_most(0):
        blocking.breathe()


def test_what_it_raises_comes_through() -> None:
    with pytest.raises(KeyError):
        blocking.run({}.__getitem__, "x")


def test_soon_calls_once_for_many_touches() -> None:
    called = threading.Semaphore(0)
    soon = blocking.Soon(called.release, 0.05)
    for _ in range(50):
        soon.touch()
    assert called.acquire(timeout=PATIENCE)
    assert not called.acquire(timeout=0.2)
    soon.touch()
    assert called.acquire(timeout=PATIENCE), "it can be touched again"


def test_soon_is_not_put_off_for_ever_by_touches_that_never_pause() -> None:
    called = threading.Event()
    soon = blocking.Soon(called.set, 0.05)
    ends = time.monotonic() + PATIENCE
    while not called.is_set() and time.monotonic() < ends:
        soon.touch()
        called.wait(0.001)
    assert called.is_set()
    soon.cancel()


def test_soon_that_is_cancelled_does_not_call() -> None:
    called = threading.Event()
    soon = blocking.Soon(called.set, 0.05)
    soon.touch()
    soon.cancel()
    assert not called.wait(0.3)


def test_soon_tells_of_a_failure() -> None:
    failed: list[str] = []
    told = threading.Event()

    def work() -> None:
        raise OSError

    def tell(error: Exception) -> None:
        failed.append(type(error).__name__)
        told.set()

    blocking.Soon(work, 0.01, tell).touch()
    assert told.wait(PATIENCE)
    assert failed == ["OSError"]


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import sys, threading, time
import gevent
from gevent import socket
from web import blocking

assert blocking.under_gevent()
real = monkey.get_original("threading", "get_ident")

# run: in another real thread, while greenlets go on; what it raises comes through, and no log hears of it
ticks = []
def ticking():
    while True:
        ticks.append(1)
        gevent.sleep(0.001)
ticker = gevent.spawn(ticking)
wait = monkey.get_original("threading", "Event")()
def block():
    while len(ticks) < 20:
        wait.wait(0.001)
    return real()
assert blocking.run(block) != real()
def broken():
    raise KeyError("a secret")
try:
    blocking.run(broken)
except KeyError:
    pass
else:
    raise AssertionError("nothing came through")

# breathe: lets the ticker run
before = len(ticks)
ends = time.monotonic() + 60
while len(ticks) == before and time.monotonic() < ends:
    blocking.breathe()
assert len(ticks) > before
ticker.kill()

# at_most: ends a read that would wait for ever
ours, theirs = socket.socketpair()
try:
    with blocking.at_most(0.05):
        ours.recv(1)
except blocking.TookTooLong:
    pass
else:
    raise AssertionError("it did not end")
with blocking.at_most(60):
    theirs.send(b"x")
    assert ours.recv(1) == b"x"

# an outer timeout is not mistaken for ours
try:
    with gevent.Timeout(0.05), blocking.at_most(60):
        ours.recv(1)
except gevent.Timeout:
    pass

# Incoming: a body that stops coming is a stall, and the sinks are undone
from tests.web.forms import BOUNDARY, File, Sinks, multipart, request
from web import body, incoming
class Socket:
    def __init__(self, sock): self.sock = sock
    def read(self, size): return self.sock.recv(size)
incoming.STALL_SECONDS = 0.2
data = multipart([("a", "1"), ("f", File("x", b"12"))])
theirs.send(data[:-10])
sent = request(data)
sent.environ["wsgi.input"] = Socket(ours)
sent.incoming = incoming.Incoming(Socket(ours), len(data), 0.2)
sinks = Sinks()
try:
    body.read(sent, sinks)
except body.Stalled as stalled:
    assert stalled.fields["a"] == "1"
else:
    raise AssertionError("it did not stall")
assert [sink.abandoned for sink in sinks.all] == [1]

# Soon: in the background, by a real thread
called = []
soon = blocking.Soon(lambda: called.append(real()), 0.01)
soon.touch()
soon.touch()
ends = time.monotonic() + 60
while not called and time.monotonic() < ends:
    gevent.sleep(0.01)
assert len(called) == 1 and called[0] != real()
print("all of it")
"""


def test_under_gevent_others_go_on_and_nothing_is_logged() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNDER_GEVENT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("all of it\n", "", 0)
