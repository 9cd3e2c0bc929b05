"""The staff's way in: the shipped ssh server and commands, for a running site, in a folder of their own.

    with visits.open(site): ... a computer of staff comes to visits.socket, or through Tor

What systemd does on a server is done here by hand: a socket, and for each connection the command of
vigil-staff@.service, as a user called vigil that has no shell, with a shell in its place (bwrap).
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.e2e.server import ROOT, Site
from tests.e2e.waiting import BOUND, end

SHIPPED = ROOT / "deploy/staff"
USER = 4242  # vigil's number, as the ssh server sees it; outside it is ours
PASSWD = f"vigil:x:{USER}:{USER}::/:/usr/sbin/nologin\n"


class Visits:
    """One server's staff onion, and what is behind it. ``base`` needs a short path."""

    def __init__(self, base: Path) -> None:
        self.base, self.root, self.socket = base, base / "server", base / "staff.sock"
        self.onion = self.root / "var/lib/tor/vigil-staff"
        self.under_way, self.locks = base / "cache", base / "locks"
        self.log = base / "visits.log"
        (base / "staff.passwd").write_text(PASSWD)
        (base / "staff.group").write_text(f"vigil:x:{USER}:\n")

    def client(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run vigil-staff-client, as the operator does."""
        environment = {"PATH": os.environ["PATH"], "VIGIL_STAFF_ROOT": str(self.root)}
        command = [SHIPPED / "vigil-staff-client", *arguments]
        return subprocess.run(
            command, env=environment, input=given, capture_output=True, text=True, timeout=BOUND, check=False
        )

    @contextlib.contextmanager
    def open(self, site: Site) -> Iterator[None]:
        """Let staff in to this site, until the block ends."""
        command = self._command(self._config(site))
        visitors: list[subprocess.Popen[bytes]] = []
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.socket))
            listening.listen()

            def serve() -> None:
                with contextlib.suppress(OSError), self.log.open("ab") as log:
                    while True:
                        taken, _ = listening.accept()
                        with taken:
                            visitor = subprocess.Popen(
                                command, stdin=taken, stdout=taken, stderr=log, start_new_session=True
                            )
                        visitors.append(visitor)

            thread = threading.Thread(target=serve)
            thread.start()
            try:
                yield
            finally:
                # So that accept gives up.
                listening.shutdown(socket.SHUT_RDWR)
                thread.join()
                for visitor in visitors:
                    end(visitor)
                self.socket.unlink()

    def _config(self, site: Site) -> Path:
        """Write the shipped configuration with the folders that are here."""
        release, settings = self.base / "release", self.base / "vigil.env"
        shutil.rmtree(release, ignore_errors=True)
        release.mkdir()
        for path in ROOT.iterdir():
            if path.name != ".venv":
                (release / path.name).symlink_to(path)
        (release / ".venv").symlink_to(sys.prefix)
        settings.write_text("".join(f"{name}={value}\n" for name, value in site.environ().items()))
        for folder in (self.under_way, self.locks):
            folder.mkdir(mode=0o700, exist_ok=True)
        # Here all files seem to be its own, and such a key nobody else may read.
        key = Path(shutil.copy(self.root / "etc/vigil/staff_host_key", self.base))
        key.chmod(0o600)
        replaced = {
            "/etc/vigil/staff_host_key": str(key),
            "/etc/vigil/staff_keys": str(self.root / "etc/vigil/staff_keys"),
            "/opt/vigil/current/deploy/staff/vigil-staff": str(SHIPPED / "vigil-staff"),
            "/opt/vigil/current ": f"{release} ",
            "/etc/vigil/vigil.env": str(settings),
            "/var/cache/vigil-staff": str(self.under_way),
            "/run/vigil-staff": str(self.locks),
            # Everybody may write to /tmp, above it.
            "StrictModes yes": "StrictModes no",
        }
        return write_replaced(SHIPPED / "sshd_config", self.base / "sshd_config", replaced)

    def _command(self, config: Path) -> list[str]:
        """The unit's command, in what its settings make of the system."""
        shell = Path("/bin/sh").resolve()
        inside = ["bwrap", "--unshare-user", "--uid", str(USER), "--gid", str(USER), "--dev-bind", "/", "/"]
        for name in ("passwd", "group"):
            inside += ["--ro-bind", str(self.base / f"staff.{name}"), f"/etc/{name}"]
        inside += ["--ro-bind", str(shell), "/usr/sbin/nologin"]
        return [*inside, shutil.which("sshd") or "sshd", "-i", "-f", str(config)]


def write_replaced(shipped: Path, here: Path, words: Mapping[str, str]) -> Path:
    """Write a shipped file with these words replaced.

    :raises AssertionError: one of them is not there.
    """
    lines = [line for line in shipped.read_text().splitlines() if not line.startswith("#")]
    text = "\n".join([*lines, ""])
    for old, new in words.items():
        assert old in text, old
        text = text.replace(old, new)
    here.write_text(text)
    return here


class Computer:
    """A computer of staff, with vigil-fetch and keys of its own; it goes through a Tor of this machine."""

    def __init__(self, home: Path, onion: str) -> None:
        self.home, self.onion = home, onion
        made = self("keys", onion)
        assert made.returncode == 0, made.stderr
        self.public = made.stdout

    @property
    def onion_keys(self) -> Path:
        """What its tor is told of (ClientOnionAuthDir)."""
        return self.home / "auth"

    def __call__(self, *arguments: str | Path, socks: int = 0) -> subprocess.CompletedProcess[str]:
        """Run vigil-fetch."""
        return subprocess.run(
            [SHIPPED / "vigil-fetch", *map(str, arguments)],
            env=self.environ(socks),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=4 * BOUND,
            check=False,
        )

    def environ(self, socks: int) -> dict[str, str]:
        """The environment of vigil-fetch."""
        return {
            "PATH": os.environ["PATH"],
            "VIGIL_STAFF_HOME": str(self.home),
            "VIGIL_SOCKS": f"127.0.0.1:{socks}",
        }

    def ssh(self, door: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Go straight to the socket with these arguments of ssh, whatever vigil-fetch would do."""
        own = ["-i", self.home / "ssh_key", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"]
        own += ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR"]
        own += ["-o", f"UserKnownHostsFile={self.home}/known_hosts", "-o", f"ProxyCommand=nc -U {door}"]
        command = ["ssh", "-F", "/dev/null", *own, *arguments]
        return subprocess.run(command, input=given, capture_output=True, timeout=BOUND, check=False)
