"""A server as systemd keeps it: its socket is held for it, and it is started again whenever it ends.

So whoever comes while nobody is there waits for an answer, and is not refused.
"""

import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

from tests import inside
from tests.e2e.server import Site
from tests.e2e.waiting import kill, until

# systemd hands over the socket as file 3, and says so to the process that has this number.
HANDED = """import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])"""


class Supervised(Site):
    """One server that comes back; `kill` and `stop` are for good."""

    def __init__(self, folder: Path, practice_data: Path) -> None:
        super().__init__(folder, practice_data)
        self.listening = socket.create_server(("127.0.0.1", self.port))
        self.over = threading.Event()
        self.starts = 0
        self.watch: threading.Thread | None = None

    def spawn(self) -> subprocess.Popen[bytes]:
        if self.watch is None:
            self.watch = threading.Thread(target=self._keep, daemon=True)
            self._begin()
            self.watch.start()
        assert self.process is not None
        return self.process

    def _begin(self) -> None:
        handed = self.listening.fileno()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", HANDED, str(handed), *self.command()],
                cwd=self.folder / "cwd",
                env=self.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(handed,),
                start_new_session=True,
            )
        self.starts += 1

    def _keep(self) -> None:
        while not self.over.is_set():
            assert self.process is not None
            self.process.wait()
            # As systemd does, wait until all that it had started is gone too.
            until(lambda: not self.living(), "end of all its processes")
            if not self.over.is_set():
                self._begin()

    def living(self) -> list[int]:
        """The processes of the server that are there: the master and its workers."""
        assert self.process is not None
        return [pid for pid, group, state in _processes() if group == self.process.pid and state != "Z"]

    def workers(self) -> list[int]:
        """The workers that are there."""
        assert self.process is not None
        return [pid for pid in self.living() if pid != self.process.pid]

    def worker_that_takes(self, upload: socket.socket) -> int:
        """The worker at the other end of this connection, once it writes a file."""

        def found() -> int:
            other_end = f"socket:[{_other_end(upload)}]"
            return next((pid for pid in self.workers() if other_end in _open_files(pid)), 0)

        until(lambda: inside.arriving(self.data), "file that is being written")
        return until(found, "worker with the other end of the connection")

    def answers(self) -> bool:
        """Does it answer? What has ended is about to be started again."""
        return bool(self.process and self.process.poll() is None) and super().answers()

    def kill(self) -> None:
        self._end()

    def stop(self) -> None:
        self._end()

    def _end(self) -> None:
        self.over.set()
        while self.watch is not None and self.watch.is_alive():
            if self.process:
                kill(self.process)
            self.watch.join(0.2)
        self.listening.close()


def _processes() -> list[tuple[int, int, str]]:
    """Number, group and state of every process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue  # it has ended meanwhile
        matched = re.match(r"(\d+) \(.*\) (\w) \d+ (\d+) ", text, re.DOTALL)
        assert matched, text
        found.append((int(matched[1]), int(matched[3]), matched[2]))
    return found


def _other_end(connection: socket.socket) -> str:
    """The number that the system has for the other end of a connection within this machine."""
    ours = connection.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[2].rpartition(":")[2], 16) == ours:
            return fields[9]
    return "none"


def _open_files(pid: int) -> list[str]:
    try:
        return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return []  # it has ended, or the file was closed, meanwhile
