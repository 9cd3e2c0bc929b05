"""A server as its unit runs it: a release behind a link, sockets from systemd, and who listens for its word.

    with Released(folder, practice / "data") as site: ... site.release("second"); site.reload()

The Server header says which release answers.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e import doors
from tests.e2e.server import APP, ROOT, Site
from tests.e2e.waiting import kill, signal_group, until

# systemd hands over sockets as files from 3 on, and says so to the process that has this number.
HANDED = """import fcntl, os, sys
those = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 50) for one in sys.argv[1].split(",")]
for place, one in enumerate(those, 3):
    os.dup2(one, place)
os.environ |= {"LISTEN_FDS": str(len(those)), "LISTEN_PID": str(os.getpid())}
os.chdir(sys.argv[2])
os.execv(sys.argv[3], sys.argv[3:])"""
# What a release has of its own here: the rest is the tree that is tested.
OWN = {"deploy", ".venv", ".git", "var", "tests"}


class Released(Site):
    """One server, with both doors and a port of 127.0.0.1."""

    def __init__(self, folder: Path, practice_data: Path) -> None:
        super().__init__(folder, practice_data)
        self._short = tempfile.TemporaryDirectory(prefix="vg")  # the path of a socket has 108 characters
        run = Path(self._short.name)
        self.by_tor, self.by_nginx = run / doors.BY_TOR, run / doors.BY_NGINX
        self.listening = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        for sock, path in zip(self.listening, (self.by_tor, self.by_nginx), strict=True):
            sock.bind(str(path))
            sock.listen(2048)
        self.listening.append(socket.create_server(("127.0.0.1", self.port), backlog=2048))
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(run / "notify"))
        self.notified.setblocking(False)
        self.environment["NOTIFY_SOCKET"] = str(run / "notify")
        self.current = folder / "opt" / "current"
        self.release("first")

    def environ(self) -> dict[str, str]:
        environ = super().environ()
        del environ["PYTHONPATH"]  # the code is that of the release
        return environ

    def release(self, name: str, *, broken: bool = False) -> None:
        """Make a release of this name, and let the link lead to it."""
        new = self.folder / "opt" / "releases" / name
        (new / "deploy").mkdir(parents=True)
        for each in ROOT.iterdir():
            if each.name not in OWN:
                (new / each.name).symlink_to(each)
        (new / ".venv").symlink_to(sys.prefix)
        for each in (ROOT / "deploy").glob("*.py"):
            (new / "deploy" / each.name).write_text(each.read_text())
        with (new / "deploy/gunicorn.conf.py").open("a") as config:
            config.write(f'\nwsgi.SERVER = "{name}"\n')
            if broken:
                config.write('\nraise RuntimeError("a release that does not start")\n')
        link = self.current.with_name("new")
        link.symlink_to(new)
        link.replace(self.current)

    def command(self) -> list[str]:
        """The unit's own words."""
        python = self.current / ".venv" / "bin" / Path(sys.executable).name
        return [str(python), "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", APP]

    def spawn(self) -> subprocess.Popen[bytes]:
        handed = [sock.fileno() for sock in self.listening]
        numbers = ",".join(map(str, handed))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", HANDED, numbers, str(self.current), *self.command()],
                cwd=self.folder,
                env=self.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=handed,
                start_new_session=True,
            )
        self.main = self.process.pid
        return self.process

    def reload(self) -> None:
        """Ask for a reload, and do not wait for it."""
        os.kill(self.main, signal.SIGUSR2)

    def told(self) -> int:
        """Wait until systemd is told of a new main process, and give its number."""
        self.main = until(self._told, f"word of a new master; the log says: {self.output()[-3000:]}")
        return self.main

    def _told(self) -> int:
        try:
            lines = self.notified.recv(4096).decode().splitlines()
        except BlockingIOError:
            return 0
        if not lines[0].startswith("MAINPID="):
            return 0
        assert lines[1:] == ["READY=1"]
        return int(lines[0].removeprefix("MAINPID="))

    def stop(self) -> None:
        """End all of it: masters and workers are one group."""
        if self.process:
            signal_group(self.process, signal.SIGTERM)
            kill(self.process)
        for sock in (*self.listening, self.notified):
            sock.close()
        self._short.cleanup()
