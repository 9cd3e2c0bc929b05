"""The server of the desk's pages: 127.0.0.1 alone, one worker process, nothing logged.

The first process holds no key and opens nothing; it listens, and keeps one worker. The worker opens the book
with the passphrase that was typed on its page. Locking ends it, and the first process starts a fresh one.
"""

import ctypes
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from crypto import keyfile
from desk.book import Book, open_book
from desk.errors import DeskError
from desk.home import Home, read_key_file
from desk.keys import notes
from desk.pages import create
from desk.pages.doors import Doors
from desk.pages.guard import Guard
from desk.pages.session import Session, Told
from web.headers import Always

ADDRESS = "127.0.0.1"
THREADS = 8
DONE = 0
_PR_SET_DUMPABLE = 4
_LAST_WORDS = 3.0  # seconds after which a worker that was locked is gone, whatever it is doing


def opened(home: Home, phrase: str, told: Told) -> Book:
    """Open the book with a passphrase that was typed on the page.

    :raises DeskError: it does not open.
    :raises OSError: a file cannot be read.
    """
    keys = read_key_file(home.keys, phrase, keyfile.unlocked)
    notes.read(home, keys).check(home.read_team_keys())
    return open_book(home, keys, told)


def serve(home: Home, port: int, *, idle: float, browser: bool) -> int:
    """Serve the pages until Ctrl-C.

    :raises DeskError: the port is taken, or the desk's list of keys cannot be read.
    """
    # What opens the door, the passphrase when it is typed: workers inherit it.
    hide_memory()
    listener = _listening(port)
    # From here on gunicorn has it, and closes it.
    port, number = listener.getsockname()[1], listener.detach()
    doors = Doors(port)
    session = Session(home, opened, _end_worker, idle=idle)
    session.keep_name = doors.keep_name
    opener = _Opener(doors) if browser else None
    application = guarded(create(session), doors, opener.forget if opener else lambda: None)
    print(f"the desk is open at {doors.start}", flush=True)
    print("that address is good for one browser, once; Ctrl-C here ends the desk", flush=True)
    if opener is not None:
        opener.open()
    first = os.getpid()
    try:
        _Server(application, session, doors, number).run()
    except SystemExit:
        # A worker ends in this way too, and has nothing more to do here.
        if os.getpid() != first:
            raise
    if opener is not None:
        opener.forget()
    return DONE


def guarded(app: Flask, doors: Doors, let_in: Any = lambda: None) -> Any:
    """Put the guard before ``app``, as a WSGI application."""
    app.extensions["vigil.doors"] = doors

    def made(template: str, **context: object) -> bytes:
        with app.test_request_context():
            return render_template(template, **context).encode()

    def refused(why: str) -> bytes:
        return made("desk/refused.html", why=why)

    def entered(inside: str) -> bytes:
        return made("desk/entered.html", inside=inside)

    return Always(Guard(app.wsgi_app, doors, refused, entered, let_in))


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((ADDRESS, port))
        made.listen()
    except OSError:
        made.close()
        raise DeskError(
            f"port {port} of this computer is taken",
            "end the desk that is open already, or take another one: serve --port 8101",
        ) from None
    return made


def _end_worker() -> None:
    """Leave once the answers under way are out, or soon, whatever is under way."""

    def gone() -> None:
        time.sleep(_LAST_WORDS)
        os._exit(0)

    threading.Thread(target=gone, daemon=True).start()
    os.kill(os.getpid(), signal.SIGTERM)


def hide_memory() -> None:
    """Keep other programs of the same person from reading this process's memory; Linux alone has the call."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """Ends with the window that it was started in: gunicorn would start anew."""

    def handle_hup(self) -> None:
        raise StopIteration

    def handle_usr2(self) -> None:
        """No second server takes this one's place."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, application: Any, session: Session, doors: Doors, listener: int) -> None:
        self._application = application
        self._session = session
        self._doors = doors
        self._listener = listener
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"fd://{self._listener}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            # Opening ten thousand reports takes its time, and it is the worker's own.
            "timeout": 0,
            "graceful_timeout": 2,
            # Each request has its connection: none is left to a worker that is about to end.
            "keepalive": 0,
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "critical",
            "umask": 0o077,
            "limit_request_line": 4094,
            "forwarder_headers": "",
            "sendfile": False,
            "post_worker_init": self._begin,
            # Ended by Ctrl-C, too: what was typed and not sent is sealed.
            "worker_exit": lambda _server, _worker: self._session.lock(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def _begin(self, _worker: object) -> None:
        # A closed window tells both processes: the first one ends this one, in order.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._session.author = self._doors.name
        self._session.watch()

    def load(self) -> Any:
        return self._application

    def run(self) -> None:
        _Arbiter(self).run()


class _Opener:
    """Opens the browser by a file that only its owner can read: whoever lists the processes of this computer
    sees every word of a command line, and the address would be there before the browser has asked."""

    def __init__(self, doors: Doors) -> None:
        above = os.environ.get("XDG_RUNTIME_DIR")
        folder = tempfile.mkdtemp(prefix="desk-", dir=above if above and Path(above).is_dir() else None)
        self._folder = Path(folder)
        self._file = self._folder / f"open-{secrets.token_hex(4)}.html"
        page = (
            '<!doctype html><meta charset="utf-8"><title>Desk</title>'
            f'<meta http-equiv="refresh" content="0; url={doors.start}">'
        )
        number = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(page)

    def open(self) -> None:
        """Open it, where there is a screen."""
        screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        if screen:
            threading.Thread(target=self._try, daemon=True).start()

    def _try(self) -> None:
        with suppress(webbrowser.Error):
            webbrowser.open(self._file.as_uri())

    def forget(self) -> None:
        """Remove the file: it was used, or the desk ends."""
        with suppress(FileNotFoundError):
            self._file.unlink()
        with suppress(FileNotFoundError):
            self._folder.rmdir()
