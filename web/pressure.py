"""Who presses hard is slowed or put off, and nobody else: by the Tor circuit, the one thing known of anybody.

A circuit's number says nothing of a person and dies with the circuit. It is kept in memory only, for an hour
after it was last of use, of a few thousand circuits at most. Who came by no circuit that is known, as
everybody does over the open web, is held by the bounds of all alone: so wide that no ten can fill them.

Each worker has a Pressure of its own, so a circuit may have up to twice what is said here, over two workers.
"""

import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from web.line import Line
from web.refusals import Refused

# Why something is refused: too much is under way, or this circuit has sent enough for now.
BUSY = "busy"
ENOUGH = "enough"

HOUR = 3600.0  # seconds
FORGET_EVERY = HOUR / 4
MB = 1_000_000

# Of those whose circuit is known, and as many of all others: a flood of one kind does not put off the other.
# Four hundred people may all be on one worker, which takes 2,000 connections.
MOST_UPLOADS = 500
# Our script sends one file at a time; without it each tab sends one. While many are under way, each has one.
UPLOADS_OF_A_CIRCUIT = 4
CROWDED = MOST_UPLOADS // 2
# An upload that does not send 64 KiB in so long (2 KB/s) goes when another wants its place.
STALLED_SECONDS = 30.0
# What Tor carries in an hour at its fastest (3 Mbit/s), and a little more.
BYTES_OF_A_CIRCUIT = 1_500 * MB
# A file takes a name and a row, too, however small it is.
LEAST_OF_A_FILE = 1 * MB

LONGEST_STEP = 30.0  # seconds from one to the next
# Whoever would wait longer, or while so many wait, is asked to come again: what waits is held in memory.
LONGEST_WAIT = 60.0
# What waits for a turn nobody can break off, and a report's text may take some 2 MB.
MOST_WAITING = 15
MOST_CIRCUITS = 4_096


@dataclass
class _Level:
    """What rises with use and runs out again at ``an_hour``."""

    an_hour: float
    held: float = 0.0
    at: float = 0.0

    def now(self, now: float) -> float:
        self.held = max(0.0, self.held - (now - self.at) * self.an_hour / HOUR)
        self.at = now
        return self.held

    def add(self, amount: float, now: float) -> None:
        self.held = self.now(now) + amount


@dataclass
class _Queue:
    """Turns one after the other: ``free`` of them at once, then each twice as long after the one before."""

    free: int
    level: _Level
    next: float = 0.0

    def wait(self, now: float) -> float:
        """Give the seconds until the turn of whoever comes now."""
        over = round(self.level.now(now)) - self.free
        step = min(LONGEST_STEP, 2.0 ** min(over, 10)) if over >= 0 else 0.0
        # Those who come at once wait for each other, else thirty streams of a circuit would be one.
        return max(now, self.next) + step - now


def _reports() -> _Queue:
    return _Queue(free=3, level=_Level(an_hour=6))


def _guesses() -> _Queue:
    return _Queue(free=5, level=_Level(an_hour=30))


@dataclass
class _Circuit:
    used: float
    bytes: _Level = field(default_factory=lambda: _Level(an_hour=BYTES_OF_A_CIRCUIT))
    reports: _Queue = field(default_factory=_reports)
    guesses: _Queue = field(default_factory=_guesses)


@dataclass(eq=False)
class _Upload:
    circuit: bytes | None
    line: Line | None


class Pressure:
    """What one process knows of it. ``now`` counts seconds and never goes back. Nothing here waits.

    A ``circuit`` is the number of a Tor circuit, or None where none is known.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._circuits: OrderedDict[bytes, _Circuit] = OrderedDict()
        # How many are under way, by circuit: no more than there may be uploads.
        self._uploads: Counter[bytes | None] = Counter()
        self._by_circuit = 0
        self._under_way: set[_Upload] = set()
        self._waiting = 0
        self._timer: threading.Timer | None = None
        self._timer_of = 0

    @contextmanager
    def upload(self, circuit: bytes | None, line: Line | None = None) -> Iterator[Callable[[int], None]]:
        """Be counted as an upload until the block ends. What this gives is told of bytes that have come.

        Where as many are under way as may be, the one that had us wait longest for 64 KiB is broken off for
        the one that begins, if that was longer than STALLED_SECONDS: its ``line`` is shed. No other is ever
        cut off once it has begun.

        :raises Refused: BUSY, too many are under way, in all or of this circuit; ENOUGH, this circuit has
            sent as much as it may for now
        """
        begun = self._begin(_Upload(circuit, line))

        def came(size: int) -> None:
            self._came(circuit, size)

        try:
            came(LEAST_OF_A_FILE)
            yield came
        finally:
            with self._lock:
                self._end(begun)

    @contextmanager
    def report(self, circuit: bytes | None) -> Iterator[float]:
        """Give the seconds to wait, in the block, before a report is kept: none for the first few.

        Then each waits twice as long after the one before as that one did, half a minute at the longest,
        and those that come at once wait one after the other.

        :raises Refused: BUSY, there would be too long to wait; nothing is wrong with coming again
        """
        with self._turn(self._of, circuit, lambda found: found.reports, 1) as wait:
            yield wait

    @contextmanager
    def guess(self, circuit: bytes | None) -> Iterator[float]:
        """Give the seconds to wait before a return code is looked for, by what `guessed` was told.

        That somebody looks is not remembered.

        :raises Refused: BUSY, as `report`
        """
        with self._turn(self._known, circuit, lambda found: found.guesses, 0) as wait:
            yield wait

    def guessed(self, circuit: bytes | None) -> None:
        """Count a return code that opened nothing."""
        with self._lock:
            if (found := self._of(circuit)) is not None:
                found.guesses.level.add(1, self._now())

    def close(self) -> None:
        """Forget every circuit."""
        with self._lock:
            self._circuits.clear()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def __len__(self) -> int:
        """How many circuits are known now."""
        with self._lock:
            self._forget()
            return len(self._circuits)

    @contextmanager
    def _turn(
        self,
        look: Callable[[bytes | None], _Circuit | None],
        circuit: bytes | None,
        queue_of: Callable[[_Circuit], _Queue],
        counts: float,
    ) -> Iterator[float]:
        wait = 0.0
        with self._lock:
            if (found := look(circuit)) is not None:
                now, queue = self._now(), queue_of(found)
                wait = queue.wait(now)
                if wait > LONGEST_WAIT or (wait and self._waiting >= MOST_WAITING):
                    raise Refused(BUSY)
                queue.next = now + wait
                queue.level.add(counts, now)
            waiting = bool(wait)
            self._waiting += waiting
        try:
            yield wait
        finally:
            with self._lock:
                self._waiting -= waiting

    def _begin(self, upload: _Upload) -> _Upload:
        circuit = upload.circuit
        with self._lock:
            if circuit is not None:
                most = UPLOADS_OF_A_CIRCUIT if self._by_circuit < CROWDED else 1
                if self._uploads[circuit] >= most:
                    raise Refused(BUSY)
                found = self._known(circuit)
                if found is not None and found.bytes.now(self._now()) >= BYTES_OF_A_CIRCUIT:
                    raise Refused(ENOUGH)
            if (self._uploads[None] if circuit is None else self._by_circuit) >= MOST_UPLOADS:
                self._make_room(by_circuit=circuit is not None)
            self._uploads[circuit] += 1
            self._by_circuit += circuit is not None
            self._under_way.add(upload)
        return upload

    def _make_room(self, *, by_circuit: bool) -> None:
        """End the upload that stalls for longest.

        :raises Refused: BUSY, none does
        """
        longest, stalled = STALLED_SECONDS, None
        for each in self._under_way:
            if each.line is not None and (each.circuit is not None) == by_circuit:
                waited = each.line.kept_waiting()
                if waited > longest:
                    longest, stalled = waited, each
        if stalled is None or stalled.line is None:
            raise Refused(BUSY)
        # Its place is free from now on, not when it has noticed.
        self._end(stalled)
        stalled.line.shed()

    def _end(self, upload: _Upload) -> None:
        """Count it no more; a second time does nothing."""
        if upload not in self._under_way:
            return
        self._under_way.discard(upload)
        self._uploads[upload.circuit] -= 1
        if not self._uploads[upload.circuit]:
            del self._uploads[upload.circuit]
        self._by_circuit -= upload.circuit is not None

    def _came(self, circuit: bytes | None, size: int) -> None:
        with self._lock:
            if (found := self._of(circuit)) is not None:
                found.bytes.add(size, self._now())

    def _known(self, circuit: bytes | None) -> _Circuit | None:
        """Give what is known of a circuit, if anything is."""
        self._forget()
        return None if circuit is None else self._circuits.get(circuit)

    def _of(self, circuit: bytes | None) -> _Circuit | None:
        """Give what is known of a circuit from now on; of very many, the one longest unused is forgotten."""
        if circuit is None:
            return None
        found = self._known(circuit) or _Circuit(self._now())
        found.used = self._now()
        self._circuits[circuit] = found
        self._circuits.move_to_end(circuit)
        if len(self._circuits) > MOST_CIRCUITS:
            self._circuits.popitem(last=False)
        self._forget_later()
        return found

    def _forget(self) -> None:
        now = self._now()
        while self._circuits:
            oldest = next(iter(self._circuits.values()))
            if now - oldest.used < HOUR:
                return
            self._circuits.popitem(last=False)

    def _forget_later(self) -> None:
        """See to it that this process forgets, also when nobody comes any more."""
        # A timer of the process that this one was forked from does not run here.
        if self._timer is not None and self._timer_of == os.getpid():
            return
        self._timer_of = os.getpid()
        self._timer = threading.Timer(FORGET_EVERY, self._due)
        self._timer.daemon = True
        self._timer.start()

    def _due(self) -> None:
        with self._lock:
            self._timer = None
            self._forget()
            if self._circuits:
                self._forget_later()
