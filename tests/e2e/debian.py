"""A Debian of its own, in a folder: bare, as a provider gives it, with little_init.py in systemd's place.

    with Debian(folder) as debian: debian.run("bash", "/root/install.sh", …)

It has its own processes and its own view of the files, and all of that ends with it. It shares the machine's
network, for apt and pip; what its services run has no network at all. Needs root and mmdebstrap.
"""

import contextlib
import platform
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from tests.e2e.http_client import Address
from tests.e2e.server import ROOT
from tests.e2e.waiting import end

HERE = Path(__file__).parent
# What every Debian server has, and what the installer would have apt fetch: fetched once, for speed.
BARE = ["systemd", "passwd", "procps", "ca-certificates", "python3", "libseccomp2"]
FETCHED = ["python3-venv", "tor", "nginx-light", "openssl", "openssh-client", "openssh-server"]
PYTHON = {"bookworm": "3.11", "trixie": "3.13"}
LITTLE = "/usr/local/lib/little"

# The tree's /proc is new, but its settings are the whole machine's: nobody in there may change those.
START = f"""
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
    touch dev/$name
    mount --bind /dev/$name dev/$name
done
ln -s /proc/self/fd dev/fd
mkdir -p dev/shm wheels
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -o ro,bind "$2" wheels
mkdir -p run/systemd/system run/lock
exec chroot . /usr/bin/python3 {LITTLE}/little_init.py
"""


def bootstrap(folder: Path, suite: str = "bookworm", *, bare: bool = False) -> Path:
    """Make a tree in ``folder``; some 40 seconds.

    :raises AssertionError: with what mmdebstrap says.
    """
    packages = ",".join(BARE if bare else BARE + FETCHED)
    made = subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=apt", f"--include={packages}", suite, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    # The tree's package lists may be older than the archive is, where a test lets it fetch something.
    return folder


def wheels(folder: Path, suite: str = "bookworm") -> Path:
    """Fetch what the release's requirements.txt names, for that Debian's Python."""
    machine = platform.machine()
    kinds = (
        "manylinux1",
        "manylinux_2_5",
        "manylinux2014",
        "manylinux_2_17",
        "manylinux_2_28",
        "manylinux_2_34",
    )
    platforms = [word for kind in kinds for word in ("--platform", f"{kind}_{machine}")]
    command = [
        sys.executable,
        "-m",
        "pip",
        "--quiet",
        "download",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]
    command += ["-r", str(ROOT / "requirements.txt"), "-d", str(folder), "--implementation", "cp"]
    command += ["--python-version", PYTHON[suite], *platforms]
    subprocess.run(command, check=True, capture_output=True)
    return folder


class Relay(socketserver.ThreadingTCPServer):
    """A port of 127.0.0.1 that leads to a unix socket, for clients that know no other way."""

    daemon_threads = True

    def __init__(self, door: Path) -> None:
        self.door = door
        super().__init__(("127.0.0.1", 0), Through)


class Through(socketserver.BaseRequestHandler):
    """One connection, both ways, until both ends have ended."""

    server: Relay

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as inner:
            inner.connect(str(self.server.door))
            back = threading.Thread(target=carry, args=(inner, self.request), daemon=True)
            back.start()
            carry(self.request, inner)
            back.join()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes until there are no more."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


class Debian:
    """A running tree; a context manager that starts it and ends it."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder, self.wheels = folder, wheels
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def copy_of(cls, tree: Path, folder: Path, wheels: Path) -> Self:
        """A tree like another one."""
        subprocess.run(["cp", "-a", "--reflink=auto", str(tree), str(folder)], check=True)
        return cls(folder, wheels)

    def __enter__(self) -> Self:
        little = self.folder / LITTLE[1:]
        little.mkdir(parents=True, exist_ok=True)
        for name in ("little_init.py", "confined.py"):
            shutil.copy(HERE / name, little)
        shim = self.folder / "usr/local/bin/systemctl"
        shutil.copy(HERE / "little_systemctl.py", shim)
        shim.chmod(0o755)
        shutil.copy("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        unshare = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child=KILL"]
        self.process = subprocess.Popen(
            [*unshare, "sh", "-c", START, "sh", str(self.folder), str(self.wheels)],
            # It ends when this process does: nobody holds the other end then.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process is not None
        end(self.process, patience=0)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def run(
        self, *command: str, given: str | None = None, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the tree, as root."""
        into = [f"--target={self.first}", "--mount", "--pid", "--root"]
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "/wheels",
            **(more or {}),
        }
        return subprocess.run(
            ["nsenter", *into, "env", "--chdir=/", *command],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    @contextlib.contextmanager
    def relay(self, door: str) -> Iterator[Address]:
        """An address that leads to a socket in the tree."""
        with Relay(Path(f"/proc/{self.first}/root{door}")) as relay:
            thread = threading.Thread(target=relay.serve_forever, daemon=True)
            thread.start()
            yield ("127.0.0.1", relay.server_address[1])
            relay.shutdown()
            thread.join()

    @property
    def first(self) -> str:
        """Its process 1, as seen from outside."""
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]

    def path(self, inside: str) -> Path:
        """Where a file of the tree is, seen from outside: not what is in its /run and /tmp."""
        return self.folder / inside.lstrip("/")
