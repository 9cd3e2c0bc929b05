"""How gunicorn serves Vigil: two gevent workers, nothing about anybody in any log, nothing cut by a restart.

Measured: plain or threaded workers time out under 400 slow uploads, gevent answers in milliseconds.
The addresses to listen on come from systemd or from the command line; worker.py says what their names mean,
handover.py how a reload goes. Start it in the folder of a release, with its own Python by whole path.
"""

from gevent import monkey

# Before anything else is imported: the application is loaded once, in the master (preload_app).
monkey.patch_all()

import logging  # noqa: E402 - the patch above has to come first
import os  # noqa: E402 - as above
import resource  # noqa: E402 - as above
import signal  # noqa: E402 - as above
import sys  # noqa: E402 - as above
import time  # noqa: E402 - as above
from collections.abc import Callable  # noqa: E402 - as above
from typing import Any  # noqa: E402 - as above

import gevent  # noqa: E402 - as above
from gevent import hub  # noqa: E402 - as above
from gunicorn import arbiter, glogging, util  # noqa: E402 - as above
from gunicorn.http import wsgi  # noqa: E402 - as above
from gunicorn.workers import base  # noqa: E402 - as above

from deploy import handover  # noqa: E402 - as above
from deploy.connection import IDLE_SECONDS  # noqa: E402 - as above
from deploy.worker import Worker  # noqa: E402 - as above

# Workers may live on for hours after `current` leads to another release; they import from their own.
sys.path[:] = [os.path.realpath(each) for each in sys.path]

worker_class = Worker
workers = 2
preload_app = True
# A worker's heartbeat, not a request's length: an upload over Tor may take hours.
timeout = 120
# A restart waits for uploads under way: 500 MB over Tor takes up to two hours.
graceful_timeout = 10_800
keepalive = int(IDLE_SECONDS)
# Connections that wait to be taken: the kernel allows as many. Where it is full, tor and nginx do not wait.
backlog = 4096
umask = 0o007
control_socket_disable = True
accesslog = None
# Header lines of one request: what a browser sends, and no more.
limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 4096
# What a proxy may say, and the worker believes it of ours only. Nothing else of a client's becomes a setting.
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}
forwarder_headers = ""
# An answer goes out by our own hand, which watches how long it takes.
sendfile = False

# Open files: a connection is one and may have another, for what it uploads. A worker's own are some fifty:
# pipes, and the database in each of its threads. With none left it could not even accept somebody to refuse.
MOST_CONNECTIONS, LEAST_CONNECTIONS = 2000, 8
FILES_OF_A_WORKER, FILES_OF_A_CONNECTION = 80, 2


def _may_open() -> int:
    """Give how many files a process may have open, once `on_starting` has asked for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_OF_A_WORKER + FILES_OF_A_CONNECTION * MOST_CONNECTIONS
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    return most if soft == resource.RLIM_INFINITY else max(soft, most)


# When all of them are taken the slowest leave; where nobody is slow, who comes waits in the kernel's queue.
worker_connections = min(
    MOST_CONNECTIONS, max(LEAST_CONNECTIONS, (_may_open() - FILES_OF_A_WORKER) // FILES_OF_A_CONNECTION)
)

_STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}


def _let_stop() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Hold signals back until the worker can hear them.

    A worker that is told to stop between its fork and its own signal handlers would forget it, and the
    master would then wait for it through the whole graceful timeout. Blocked, the signal stays pending.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)


os.register_at_fork(after_in_parent=_let_stop)


def post_worker_init(worker: Any) -> None:
    """Hear signals again, those that came meanwhile included, and let gevent print nothing."""
    hub.Hub.print_exception = Untold(worker.wsgi.extensions["vigil.unexpected"])
    _let_stop()


class Untold:
    """What gevent does with an exception that nobody caught: not print it, with a traceback and the time.

    A visitor can cause one, and no line of a log is theirs. The first in each minute is counted, by its kind.
    """

    def __init__(self, count: Callable[[str, str], object]) -> None:
        self._count = count
        self._next = 0.0

    def __call__(self, _context: object, kind: type[BaseException], *_exception: object) -> None:
        """Take an exception; called in the hub, where nothing may wait."""
        if (now := time.monotonic()) >= self._next:
            self._next = now + 60
            gevent.spawn(self._count, kind.__name__, "gevent")


# This file is read in the master, before any worker is made.
_MASTER = os.getpid()
_OF_A_WORKER = {"Booting worker with pid: %s", "Worker exiting (pid: %s)"}


class Quiet(logging.Filter):
    """Lets pass what the master says, and that a worker starts or ends.

    Every other line of a worker was caused by a request or by its client, and would say which.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line may be printed."""
        return os.getpid() == _MASTER or record.msg in _OF_A_WORKER


class Logger(glogging.Logger):  # type: ignore[misc] - gunicorn ships no types
    """gunicorn's logger, which otherwise writes the address and first line of a broken request."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does, then filter."""
        super().setup(cfg)
        self.error_log.addFilter(Quiet())


logger_class = Logger


# What a program may do that sends no request as browsers do.
WORDS = {
    411: (
        "What you sent came in pieces (chunked), without its length.",
        "Send it again with Content-Length.",
    ),
}


def write_error(sock: Any, status_int: int, reason: str, mesg: str) -> None:  # noqa: ARG001 - echoes the request
    """Answer a broken request without gunicorn's page, which repeats what was sent."""
    said = "".join(f"{line}\n" for line in (f"{status_int} {reason}", *WORDS.get(status_int, ())))
    body = said.encode("latin-1", "replace")
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\n"
        "Connection: close\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Security-Policy: default-src 'none'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n"
        "Permissions-Policy: camera=(), display-capture=(), geolocation=(), microphone=()\r\n"
        "Referrer-Policy: same-origin\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "X-Frame-Options: DENY\r\n"
        "Cache-Control: no-store\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    sock.sendall(head.encode("latin-1", "replace") + body)


# gunicorn has no setting for this; its workers look the function up in util.
util.write_error = write_error
base.util.write_error = write_error


# The Server header: gunicorn's name and version are nobody's business.
wsgi.SERVER = "vigil"


def on_starting(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """No core dump of a process that sees reports in memory, and as many open files as we may have."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != (wanted := _may_open()):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


# A reload: the new master takes over from the old one when its workers serve.
pre_exec = handover.pre_exec
when_ready = handover.when_ready
arbiter.Arbiter.maybe_promote_master = handover.maybe_promote_master
