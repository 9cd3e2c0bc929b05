"""A real gunicorn with the site's own configuration, on a free port of 127.0.0.1, in a folder of its own.

    with Site(folder, keys) as site: ... site.url, site.kill(), site.start()

The folder holds all that the server may write to: its data, its temp folder, its home, its working folder,
and its output. So a search of the folder is a search of everything it left; `disks` adds PostgreSQL's.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests import engine
from tests.e2e.http_client import Address, request
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import end, kill, until

ROOT = Path(__file__).parents[2]
APP = "app:create_app()"


class Site:
    """One server; a context manager that starts it and ends it.

    ``prefix`` is put before the command: a tracer. ``practice_data`` is a data folder to begin with.
    ``doors`` is a folder with a short path for the sockets of a real site: http.sock for tor, clearnet.sock
    for nginx.
    """

    def __init__(
        self,
        folder: Path,
        practice_data: Path,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        doors: Path | None = None,
    ) -> None:
        self.folder, self.data = folder, folder / "data"
        self.prefix, self.environment, self.doors = list(prefix), dict(environment or {}), doors
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "output.log"
        self.port = free_ports(1)[0]
        self.data.mkdir(parents=True)
        shutil.copy(practice_data / "team.keys", self.data)
        for name in ("tmp", "home", "cwd"):
            (folder / name).mkdir()

    @property
    def address(self) -> Address:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environ(self) -> dict[str, str]:
        """The server's whole environment: nothing of the caller's but the path."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            **engine.environment(self.data),
            "VIGIL_PRACTICE": "1",
            **self.environment,
        }

    @property
    def disks(self) -> list[Path]:
        """The folders in which all lies that the server leaves, its database's too."""
        return [self.folder, *engine.disks(self.data)[1:]]

    def command(self) -> list[str]:
        """The command that serves the site, as `make serve` gives it."""
        config = str(ROOT / "deploy/gunicorn.conf.py")
        addresses = [f"127.0.0.1:{self.port}"]
        if self.doors:
            addresses += [f"unix:{self.doors / name}" for name in ("http.sock", "clearnet.sock")]
        binds = [word for address in addresses for word in ("--bind", address)]
        return [*self.prefix, sys.executable, "-m", "gunicorn", "--config", config, *binds, APP]

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server, and do not wait for it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder / "cwd",
                env=self.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.process

    def start(self) -> Self:
        """Start the server, and wait until it answers."""
        self.spawn()
        until(self.answers, f"answer of the server; {self.log} says: {self.output()[-3000:]}")
        return self

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output()
        with contextlib.suppress(OSError):
            return request(self.address, "GET", "/report").status == 200
        return False

    def output(self) -> str:
        """All that the server has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """Take its power away: SIGKILL, to every process of it."""
        if self.process:
            kill(self.process)

    def stop(self) -> None:
        if self.process:
            end(self.process)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def flask(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command of the server, as its operator does."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *map(str, arguments)],
            cwd=ROOT,
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def export(self, target: Path) -> Path:
        """Export all that is kept.

        :raises AssertionError: with what the command printed, when it fails.
        """
        done = self.flask("export", target)
        assert done.returncode == 0, done.stderr
        return target

    def take(self, bundle: Path) -> str:
        """Import what a desk sends back; give what the command says.

        :raises AssertionError: with what the command printed, when it fails.
        """
        done = self.flask("import", bundle)
        assert done.returncode == 0, done.stderr
        return done.stdout
