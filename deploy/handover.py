"""A reload that cuts nothing: SIGUSR2, and a new master with new code takes over from the old one.

The old master starts the same command again, in the release that is current by then, and hands on its
sockets. While the new one starts, the old one serves; should the new one fail, it goes on. Once every
worker of the new one takes connections, systemd is told the new process id, and the old master is asked to
end: its workers take nobody new and finish what is under way. The next reload need not wait for that.

What a source notices: an open mailbox page asks for its words once more, as after any restart, with what was
typed still there, because its key lies in the memory of one master and its workers (web/memory_keys.py).
"""

import contextlib
import fcntl
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gunicorn import systemd
from gunicorn.arbiter import Arbiter

from deploy.worker import Worker


@dataclass
class _Master:
    """What this master knows: where to start the next one, and how many of its workers serve."""

    release: Path | None = None
    heard: int | None = None
    serving: int = 0


_this = _Master()
_promote = Arbiter.maybe_promote_master


def pre_exec(server: Any) -> None:
    """Make ready to become the new master: a process that is about to run the same command again."""
    # gunicorn would start its __main__.py by path, and its own modules would hide others of the same name.
    server.START_CTX |= {0: sys.executable, "args": [sys.executable, *sys.orig_argv[1:]]}
    if _this.release is not None:
        server.START_CTX["cwd"] = str(_this.release)
    if server.systemd:
        # The sockets have to be where systemd puts them, from 3 on; gunicorn has moved them.
        first = systemd.SD_LISTEN_FDS_START
        beyond = first + len(server.LISTENERS)
        kept = [fcntl.fcntl(each.fileno(), fcntl.F_DUPFD, beyond) for each in server.LISTENERS]
        for place, each in enumerate(kept, first):
            os.dup2(each, place, inheritable=True)
            os.close(each)


def when_ready(server: Any) -> None:
    """Before a master's first worker starts: note where we are; let the workers say when they serve."""
    # By the names that were given: where one leads through a link, the next master shall follow it anew.
    here = Path.cwd().resolve()
    named = (Path(server.cfg.config).absolute().parents[1], Path(sys.executable).absolute().parents[2])
    _this.release = next((each for each in named if each != here and each.resolve() == here), None)
    if server.master_pid:
        _this.heard, said = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        Worker.on_serving = lambda: os.write(said, b".")


def maybe_promote_master(server: Any) -> None:
    """Once a second: take over from the old master when all workers serve."""
    if not server.master_pid or server.master_pid != os.getppid():
        _promote(server)
    elif _all_serve(server):
        old, server.master_pid = server.master_pid, 0
        os.environ.pop("GUNICORN_PID", None)
        systemd.sd_notify(f"MAINPID={os.getpid()}\nREADY=1", server.log)
        with contextlib.suppress(ProcessLookupError):
            os.kill(old, signal.SIGTERM)


def _all_serve(server: Any) -> bool:
    if _this.heard is not None:
        with contextlib.suppress(BlockingIOError):
            _this.serving += len(os.read(_this.heard, 64))
    return _this.serving >= int(server.num_workers)
