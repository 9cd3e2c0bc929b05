"""Machines of a world: each with processes, mounts and a network of its own, on one wire with the others."""

import contextlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.waiting import until

WIRE = "wire"
HERE = "10.20.0.100"  # where the world itself stands: whoever tests, and the front
MASK = "/24"


def ours(*command: str | Path) -> str:
    """Run a command of the world's own to its end; give what it prints.

    :raises AssertionError: with its errors, when it fails.
    """
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def lay_wire() -> None:
    """Make the wire that all machines hang on."""
    ours("ip", "link", "set", "lo", "up")
    ours("ip", "link", "add", WIRE, "type", "bridge")
    ours("ip", "address", "add", HERE + MASK, "dev", WIRE)
    ours("ip", "link", "set", WIRE, "up")


class Machine:
    """One machine. Its disk is ``disk`` and outlives it; ``mounts`` says which of its folders lie where."""

    def __init__(self, name: str, address: str, disk: Path, mounts: Mapping[str, str]) -> None:
        self.name, self.address, self.disk, self.mounts = name, address, disk, dict(mounts)
        self.log = disk.parent / f"{name}.log"
        self.power: subprocess.Popen[bytes] | None = None
        self.first = 0  # its process 1, as the world sees it

    def boot(self) -> None:
        """Switch it on: nothing runs on it yet but its first process."""
        binds = [f"mount --bind '{self.disk / where}' '{folder}'" for folder, where in self.mounts.items()]
        script = " && ".join([*binds, "mount -t proc proc /proc", "{ sleep infinity & wait; }"])
        command = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c", script]
        self.power = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self.first = until(self._child, f"first process of {self.name}")
        until(lambda: self._has("proc /proc"), f"mounts of {self.name}")
        end = f"v-{self.name}"
        ours("ip", "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", str(self.first))
        ours("ip", "link", "set", end, "master", WIRE, "up")
        inside = ["nsenter", f"--target={self.first}", "--net", "ip"]
        ours(*inside, "link", "set", "lo", "up")
        ours(*inside, "address", "add", self.address + MASK, "dev", "eth0")
        ours(*inside, "link", "set", "eth0", "up")

    def _child(self) -> int:
        assert self.power is not None
        assert self.power.poll() is None, f"{self.name} did not start"
        pid = self.power.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def _has(self, mount: str) -> bool:
        """Say whether this is mounted, in its own eyes: the last thing that it does before it rests."""
        here, there = (Path(f"/proc/{who}/ns/mnt").readlink() for who in ("self", self.first))
        last = Path(f"/proc/{self.first}/mounts").read_text().splitlines()[-1]
        return here != there and last.startswith(mount)

    def inside(self, user: str = "", folder: str = "/") -> list[str]:
        """What to put before a command for it to run on this machine, as this user."""
        entered = ["nsenter", f"--target={self.first}", "--mount", "--pid", "--net", f"--wd={folder}", "--"]
        if user:
            entered += ["setpriv", f"--reuid={user}", f"--regid={user}", "--groups=ssl-cert", "--"]
        return entered

    def start(self, *command: str, user: str = "", environment: Mapping[str, str]) -> None:
        """Start a program on it, and leave it running."""
        with self.log.open("ab") as log:
            subprocess.Popen(
                [*self.inside(user), *command],
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def run(self, *command: str, user: str = "") -> str:
        """Run a program on it to its end; give what it prints.

        :raises AssertionError: with its errors, when it fails.
        """
        return ours(*self.inside(user), *command)

    def kill(self, name: str) -> None:
        """Kill every process of this name on it."""
        with contextlib.suppress(AssertionError):  # there was none
            self.run("pkill", "-KILL", "-x", name)

    def cut(self) -> None:
        """Pull its network cable: everybody waits for it, nobody is told."""
        ours("ip", "link", "set", f"v-{self.name}", "down")

    def join(self) -> None:
        """Plug it in again."""
        ours("ip", "link", "set", f"v-{self.name}", "up")

    def power_cut(self) -> None:
        """Take its power away: cable and all processes at once; what was on its disk stays."""
        if self.power is None:
            return
        self.cut()
        self.power.kill()
        self.power.wait()
        self.power = None
        until(lambda: not Path(f"/proc/{self.first}").exists(), f"end of {self.name}")
        with contextlib.suppress(AssertionError):  # gone with the other end
            ours("ip", "link", "delete", f"v-{self.name}")

    @property
    def on(self) -> bool:
        """Whether it has power."""
        return self.power is not None


class Disk:
    """A disk in memory, whose room can be taken and given back. Written to it is as good as fsynced."""

    def __init__(self, folder: Path, size: int = 6 << 30) -> None:
        self.folder, self.size = folder, size
        folder.mkdir(parents=True)
        ours("mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "none", folder)

    def taken(self) -> int:
        """How many bytes are in use."""
        found = os.statvfs(self.folder)
        return (found.f_blocks - found.f_bfree) * found.f_frsize

    def fill(self, left: int = 256 << 10) -> None:
        """Leave so many bytes free."""
        ours("mount", "-o", f"remount,size={self.taken() + left}", self.folder)

    def close(self) -> None:
        """Take it away, with all that is on it."""
        ours("umount", "--lazy", self.folder)

    def free(self) -> None:
        """Give the room back."""
        ours("mount", "-o", f"remount,size={self.size}", self.folder)
