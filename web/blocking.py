"""Work that would stop every other visitor, done so that it does not.

The site runs under gevent: one thread serves hundreds of slow uploads, and gives way only where it waits for
a socket. Disk work goes to threads (`run`, `look`), long computations give way now and then (`breathe`).
Without gevent, as in tests and on the command line, the same calls do the plain thing.
"""

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from gevent.event import AsyncResult
    from gevent.threadpool import ThreadPool

# Threads that only read; each is made when it is first wanted.
LOOKING = 4
# Pieces of one upload, 256 KiB each, that wait while another one is sealed and written.
MOST_BESIDE = 3
# By gevent's hub, of which there is one for each thread that waits.
_looking: "WeakKeyDictionary[object, ThreadPool]" = WeakKeyDictionary()

P = ParamSpec("P")
T = TypeVar("T")


class TookTooLong(Exception):  # noqa: N818 - reads better where it is caught
    """The time given by `at_most` has passed."""


def under_gevent() -> bool:
    """Tell whether this process was monkey-patched, so that waiting means switching greenlets."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))


def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``work`` in a real thread while other greenlets go on, and give back its result.

    :raises: what ``work`` raises.
    """
    if not under_gevent():
        return work(*args, **kwargs)
    import gevent

    return _in_thread(gevent.get_hub().threadpool, lambda: work(*args, **kwargs))


def look(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `run`, for work that only reads: its threads are of its own.

    Who writes may wait half a minute for the database, and those who read must not stand behind them.

    :raises: what ``work`` raises.
    """
    if not under_gevent():
        return work(*args, **kwargs)
    import gevent
    from gevent.threadpool import ThreadPool

    hub = gevent.get_hub()
    pool = _looking.get(hub)
    if pool is None:
        pool = _looking[hub] = ThreadPool(LOOKING)
    return _in_thread(pool, lambda: work(*args, **kwargs))


def _in_thread(pool: "ThreadPool", work: Callable[[], T]) -> T:
    result: list[T] = []
    failure: list[BaseException] = []

    def carried() -> None:
        try:
            result.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below, in the caller's greenlet
            # Left to itself, gevent's hub would print the traceback to the log.
            failure.append(error)

    pool.apply(carried)
    if failure:
        raise failure.pop()
    return result.pop()


class Beside:
    """Work of one visitor that a real thread does, piece after piece, while the visitor's greenlet goes on.

    At most MOST_BESIDE pieces wait for it. Without gevent each is done at once.
    """

    def __init__(self) -> None:
        self._pieces: deque[Callable[[], object]] = deque()
        self._under_way: AsyncResult[None] | None = None
        self._failure: list[BaseException] = []

    def do(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have ``work`` done once what came before it is.

        :raises: what the work before it raised; then nothing of what waited is done.
        """
        if not under_gevent():
            work(*args, **kwargs)
            return
        if self._failure or len(self._pieces) >= MOST_BESIDE:
            self.wait()
        self._pieces.append(partial(work, *args, **kwargs))
        if self._under_way is None or self._under_way.ready():
            self._begin()

    def wait(self) -> None:
        """Return once all is done.

        :raises: what the work raised, once.
        """
        while self._under_way is not None:
            self._under_way.get()
            self._under_way = None
            # It may have looked for more just before the last piece came.
            if self._pieces:
                self._begin()
        if self._failure:
            raise self._failure.pop()

    def _begin(self) -> None:
        import gevent

        self._under_way = gevent.get_hub().threadpool.spawn(self._carry)

    def _carry(self) -> None:
        try:
            while self._pieces:
                self._pieces.popleft()()
        except BaseException as error:  # noqa: BLE001 - raised again by `wait`, in the caller's greenlet
            self._failure.append(error)
            self._pieces.clear()


def breathe() -> None:
    """Let other greenlets run."""
    if under_gevent():
        import gevent

        gevent.sleep(0)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop waiting for a socket after ``seconds``. Without gevent there is nothing that could stop it.

    :raises TookTooLong: when the time has passed.
    """
    if not under_gevent():
        yield
        return
    import gevent

    timeout = gevent.Timeout.start_new(max(seconds, 0.001))
    try:
        yield
    except gevent.Timeout as passed:
        if passed is not timeout:
            raise
        raise TookTooLong from None
    finally:
        timeout.close()


class Soon:
    """Call ``work`` once in the background, ``seconds`` after the last `touch`.

    Touches that never pause do not put it off for ever: after ten times ``seconds`` it is called anyway.
    ``failed`` is told of an exception that ``work`` raises; without it the exception ends the thread.
    """

    def __init__(
        self,
        work: Callable[[], object],
        seconds: float,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._failed = failed
        self._lock = threading.Lock()
        self._first = 0.0
        self._last = 0.0
        self._timer: threading.Timer | None = None

    def touch(self) -> None:
        """Ask for the work to be done, a while from now."""
        with self._lock:
            self._last = time.monotonic()
            if self._timer is None:
                self._first = self._last
                self._arm(self._seconds)

    def cancel(self) -> None:
        """Forget what was asked for. Work that has begun goes on."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _arm(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._due)
        self._timer.daemon = True
        self._timer.start()

    def _due(self) -> None:
        with self._lock:
            if self._timer is None:  # cancelled while the timer fired
                return
            now = time.monotonic()
            left = min(self._last + self._seconds, self._first + 10 * self._seconds) - now
            if left > 0:
                self._arm(left)
                return
            self._timer = None
        if self._failed is None:
            run(self._work)
            return
        try:
            run(self._work)
        except Exception as error:  # noqa: BLE001 - handed on: nobody stands above this thread
            self._failed(error)
