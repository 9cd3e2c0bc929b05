"""Disk work leaves the other visitors running: plainly here, and under gevent in a process of its own."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from web import blocking

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def test_without_gevent_it_is_a_plain_call() -> None:
    assert not blocking.under_gevent()
    for call in (blocking.run, blocking.look):
        assert call(lambda a, b: (a, b, threading.get_ident()), 1, b=2) == (1, 2, threading.get_ident())
    with blocking.at_most(0):
        blocking.breathe()


def test_what_it_raises_comes_through() -> None:
    with pytest.raises(KeyError):
        blocking.run({}.__getitem__, "x")


def test_without_gevent_work_beside_is_done_at_once() -> None:
    done: list[int] = []
    beside = blocking.Beside()
    beside.do(done.append, 1)
    assert done == [1]
    with pytest.raises(KeyError):
        beside.do({}.__getitem__, "x")
    beside.wait()


class Hand:
    """Timers and a clock that only the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []
        hand = self

        class Timer:
            daemon = False

            def __init__(self, seconds: float, work: Callable[[], None]) -> None:
                self.entry = (hand.now + seconds, work)

            def start(self) -> None:
                hand.due.append(self.entry)

            def cancel(self) -> None:
                hand.due.remove(self.entry)

        monkeypatch.setattr(blocking.threading, "Timer", Timer)
        monkeypatch.setattr(blocking.time, "monotonic", lambda: self.now)

    def move(self, seconds: float) -> None:
        self.now += seconds
        for entry in [entry for entry in self.due if entry[0] <= self.now]:
            self.due.remove(entry)
            entry[1]()


def test_soon_calls_once_for_many_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    hand, called = Hand(monkeypatch), []
    soon = blocking.Soon(lambda: called.append(hand.now), 1.0)
    for _ in range(5):
        soon.touch()
        hand.move(0.5)
    assert called == []
    hand.move(0.25)
    hand.move(0.25)
    assert called == [3.0]
    hand.move(100)
    assert called == [3.0]
    soon.touch()
    hand.move(1)
    assert called == [3.0, 104.0]


def test_soon_is_not_put_off_for_ever_by_touches_that_never_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    hand, called = Hand(monkeypatch), []
    soon = blocking.Soon(lambda: called.append(hand.now), 1.0)
    while not called and hand.now < 20:
        soon.touch()
        hand.move(0.25)
    assert called == [10.0]


def test_soon_that_is_cancelled_does_not_call(monkeypatch: pytest.MonkeyPatch) -> None:
    hand, called = Hand(monkeypatch), []
    soon = blocking.Soon(lambda: called.append(hand.now), 1.0)
    soon.cancel()
    soon.touch()
    soon.cancel()
    hand.move(100)
    assert called == []


def test_soon_calls_from_a_thread_of_its_own() -> None:
    called = threading.Event()
    soon = blocking.Soon(called.set, 0.01)
    soon.touch()
    assert called.wait(PATIENCE)


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
import os, sys, threading, time
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

# look: in threads of its own, so that nobody who reads stands behind all who wait to write
stuck, go_on = os.pipe()
writers = [gevent.spawn(blocking.run, os.read, stuck, 1) for _ in range(50)]
gevent.sleep(0)
assert blocking.look(lambda a, b: (a, b, real()), 1, b=2)[:2] == (1, 2)
assert not any(writer.dead for writer in writers)
try:
    blocking.look(broken)
except KeyError:
    pass
else:
    raise AssertionError("nothing came through")
assert len({blocking.look(real) for _ in range(20)}) <= blocking.LOOKING
os.write(go_on, bytes(50))
gevent.joinall(writers)

# Beside: one piece after the other, in a real thread, while the caller goes on; no more wait than there may
done, gate = [], monkey.get_original("threading", "Event")()
beside = blocking.Beside()
def piece(number):
    gate.wait(60)
    done.append((number, real()))
for number in range(1 + blocking.MOST_BESIDE):
    beside.do(piece, number)
    gevent.sleep(0.01)
assert done == []
last = gevent.spawn(beside.do, piece, 99)
gevent.sleep(0.05)
assert not last.dead
gate.set()
last.join()
beside.wait()
assert [number for number, _ in done] == [*range(1 + blocking.MOST_BESIDE), 99]
assert real() not in {thread for _, thread in done}
# After a failure nothing of what waited is done; it comes through once, and no log hears of it
gate.clear()
def waits_and_breaks():
    gate.wait(60)
    broken()
beside.do(waits_and_breaks)
beside.do(piece, 100)
gate.set()
try:
    beside.wait()
except KeyError:
    pass
else:
    raise AssertionError("nothing came through")
beside.wait()
assert 100 not in {number for number, _ in done}
for number in range(200):
    beside.do(piece, number)
beside.wait()
assert [number for number, _ in done[-200:]] == list(range(200))

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
data = multipart([("a", "1"), ("f", File("x", b"12"))])
theirs.send(data[:-10])
sent = request(data)
sent.environ["wsgi.input"] = Socket(ours)
sent.incoming = incoming.Incoming(Socket(ours), len(data), 1.0)
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
assert called and called[0] != real()
print("all of it")
"""


@pytest.mark.slow
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
