"""One client's connection: how long it may keep us waiting, and who goes first when there are too many.

It stands where gunicorn expects the socket. Nothing waits for a client without a bound: a head has 30
seconds, a kept-alive connection 15 for the next request, 16 KiB of an answer have a minute. The
pace of a body is watched by web.incoming, which knows what was promised.
"""

import socket
import time
from typing import Any

# Seconds. Over Tor a whole head may come some round trips after the connection, and those take seconds each.
HEAD_SECONDS = 30.0
IDLE_SECONDS = 15.0
ANSWER_SECONDS = 60.0
LINGER_SECONDS = 5.0
# How long we wait for 64 KiB of bodies and answers (7 KB/s) before it is among those who leave where all
# places are taken, the slowest first. Small requests, one after the other, buy no more.
PACE_SECONDS = 10.0
PACE_BYTES = 64 * 1024
# A head comes some round trips after the connection: so long it stays where others are slow.
FRESH_SECONDS = 5.0
# As PACE_SECONDS, when memory runs short. Who has us hold much goes even if it comes fast.
PRESSED_SECONDS = 5.0
MUCH = 256 * 1024

MOST_AT_ONCE = 256 * 1024
ANSWER_PIECE = 16 * 1024
# Read at once of what is still on its way to us, and then so much at a time: a proxy whose writing is broken
# off never looks at the answer.
LINGER_BYTES = 1 << 20
LINGER_PIECE, LINGER_PAUSE = 64 * 1024, 0.05

IDLE, HEAD, BODY = range(3)


class Gone(ConnectionError):  # noqa: N818 - says what happened
    """The client has gone, or has kept us waiting for too long."""


class Connection:
    """A client's socket, with its bounds.

    ``circuit`` is the Tor circuit it came by, 4 bytes, or None. ``by_nginx`` says that our own proxy speaks.
    """

    def __init__(self, sock: Any, *, by_nginx: bool) -> None:
        self.circuit: bytes | None = None
        self.by_nginx = by_nginx
        self._sock = sock
        self._phase = HEAD
        self._waiting = False
        self._gone = False
        # When the phase began, and when we began to wait for what we wait for now.
        self._since = self._wait_since = time.monotonic()
        # How long bodies and answers kept us waiting since 64 KiB of them, over the life of the connection.
        self._waited = 0.0
        self._bytes = 0
        self._holds = 0

    def expect(self) -> None:
        """The next bytes are those of another request, whenever it comes."""
        self._phase, self._since, self._holds = IDLE, time.monotonic(), 0

    def begin(self) -> None:
        """A head has come: what follows is its body, and the answer."""
        self._phase, self._since = BODY, time.monotonic()

    @property
    def idle(self) -> bool:
        """Whether it is kept alive and nothing of another request has come."""
        return self._phase == IDLE and self._waiting

    def place(self, now: float, pace: float, fresh: float = 0.0) -> tuple[int, float] | None:
        """Where it stands among those who leave when all places are taken, the smallest first.

        None when it may stay: we are at work for it, or have waited less than ``pace`` seconds for 64 KiB of
        its bodies and answers, or less than ``fresh`` for a head.
        """
        if not self._waiting or self._gone:
            return None
        if self._phase == BODY:
            waited = self._waited_by(now)
            return (BODY, -waited) if waited >= pace else None
        if self._phase == HEAD and now - self._since < fresh:
            return None
        return self._phase, self._since

    def burden(self, now: float) -> int | None:
        """How many bytes would be free without it, about, when memory runs short; None where it may stay."""
        if not self._waiting or self._gone or self._phase != BODY:
            return None
        return self._holds if self._holds >= MUCH or self._waited_by(now) >= PRESSED_SECONDS else None

    # ---- what the application may ask; see web.line

    def kept_waiting(self) -> float:
        """Give the seconds for which we have waited since 64 KiB came or went, 0 while we do not wait."""
        return self._waited_by(time.monotonic()) if self._waiting and not self._gone else 0.0

    def holds(self, size: int) -> None:
        """Be told how many bytes of what comes are in memory, for as long as the request lasts."""
        self._holds = size

    def shed(self) -> None:
        """Break it off: to whoever waits for its bytes, the client has gone."""
        self._gone = True
        self.shutdown(socket.SHUT_RDWR)

    # ---- what gunicorn does with a socket

    def recv(self, size: int) -> bytes:
        """Wait for bytes, and give at most 256 KiB of them.

        :raises Gone: the connection broke, or the time for a head is over.
        """
        patience = None
        if self._phase == IDLE:
            patience = IDLE_SECONDS
        elif self._phase == HEAD:
            patience = max(0.001, self._since + HEAD_SECONDS - time.monotonic())
        data = self._recv(min(size, MOST_AT_ONCE), patience)
        if self._phase == IDLE:
            self._phase, self._since = HEAD, time.monotonic()
        return data

    def sendall(self, data: bytes) -> None:
        """Send it all.

        :raises Gone: the connection broke, or the client does not take 16 KiB within a minute.
        """
        view = memoryview(data)
        self._holds = max(self._holds, len(view))
        self._sock.settimeout(ANSWER_SECONDS)
        self._wait()
        try:
            for start in range(0, len(view), ANSWER_PIECE):
                piece = view[start : start + ANSWER_PIECE]
                self._sock.sendall(piece)
                self._passed(len(piece))
        except OSError:
            raise Gone from None
        finally:
            self._stop_waiting()

    def send(self, data: bytes) -> int:
        """Send it all, and say how much that is; raises as `sendall`."""
        self.sendall(data)
        return len(data)

    def shutdown(self, how: int) -> None:
        """End one direction or both; it may have ended already."""
        try:
            self._sock.shutdown(how)
        except OSError:
            self._gone = True

    def linger(self) -> None:
        """Let the client read its answer before the connection goes.

        Closed while bytes of the client's are on their way it would be reset, and the answer be lost.
        """
        self.shutdown(socket.SHUT_WR)
        self._phase = IDLE
        end, left = time.monotonic() + LINGER_SECONDS, LINGER_BYTES
        try:
            while (patience := end - time.monotonic()) > 0:
                data = self._recv(MOST_AT_ONCE if left > 0 else LINGER_PIECE, patience)
                if not data:
                    return
                left -= len(data)
                if left <= 0:
                    time.sleep(LINGER_PAUSE)
        except Gone:
            self._gone = True

    def close(self) -> None:
        """Give the socket up."""
        self._sock.close()

    def _recv(self, size: int, patience: float | None) -> bytes:
        self._sock.settimeout(patience)
        self._wait()
        try:
            data: bytes = self._sock.recv(size)
        except OSError:
            raise Gone from None
        finally:
            self._stop_waiting()
        self._passed(len(data))
        return data

    def _wait(self) -> None:
        self._wait_since, self._waiting = time.monotonic(), True

    def _stop_waiting(self) -> None:
        self._waited, self._waiting = self._waited_by(time.monotonic()), False

    def _waited_by(self, now: float) -> float:
        """What was waited for bodies and answers: not for the next request, and not while we are at work."""
        return self._waited + (now - self._wait_since if self._waiting and self._phase == BODY else 0.0)

    def _passed(self, size: int) -> None:
        """So many bytes came or went: 64 KiB of them are a new start."""
        if self._phase != BODY:
            return
        self._bytes += size
        if self._bytes >= PACE_BYTES:
            self._bytes, self._waited, self._wait_since = 0, 0.0, time.monotonic()
