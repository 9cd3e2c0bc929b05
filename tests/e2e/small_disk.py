"""A server on a real, small disk of its own, which can be made smaller, full or read-only while it runs.

The disk is a tmpfs in a mount namespace of its own, so the rest of the machine never sees it. Root may mount
one; anybody else needs user namespaces (`possible`).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.e2e.server import ROOT, Site
from tests.e2e.waiting import kill, until

ROOMY = "2g"  # a tmpfs takes memory for what lies on it alone
# With so little free no file is taken, or no text either (store/room.py).
BELOW_FILES, BELOW_TEXTS = "400m", "40m"
OWN = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
ENTER = ["--mount", *([] if os.geteuid() == 0 else ["--user", "--preserve-credentials"])]


def possible() -> bool:
    """Say whether this machine lets us mount a disk that nobody else sees."""
    if not shutil.which("unshare") or not shutil.which("nsenter"):
        return False
    tried = subprocess.run([*OWN, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


def loops() -> bool:
    """Say whether it lets us mount a file as a disk."""
    return os.geteuid() == 0 and Path("/dev/loop-control").exists() and possible()


class Disk:
    """The disk under one folder, for those processes alone that `inside` starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        script = f'{self.mounting()} "$0" && chmod 700 "$0" && exec sleep infinity'
        self.keeper = subprocess.Popen([*OWN, "sh", "-c", script, str(folder)], start_new_session=True)
        until(self._mounted, "disk")

    def mounting(self) -> str:
        """The command that mounts it, but for the folder."""
        return f"mount -t tmpfs -o size={ROOMY} none"

    @property
    def seen(self) -> Path:
        """The folder on the disk, as everybody can reach it."""
        return Path(f"/proc/{self.keeper.pid}/root{self.folder}")

    def inside(self, folder: Path) -> list[str]:
        """What to put before a command for it to see the disk, its working folder being this one."""
        return ["nsenter", f"--target={self.keeper.pid}", *ENTER, f"--wd={folder}", "--"]

    def _mounted(self) -> bool:
        assert self.keeper.poll() is None
        return f" {self.folder} " in Path(f"/proc/{self.keeper.pid}/mounts").read_text()

    def change(self, options: str) -> None:
        """Mount it anew with these options: another size, or `ro`."""
        until(lambda: self._remounted(options), f"disk with {options}")

    def _remounted(self, options: str) -> bool:
        command = [*self.inside(Path("/")), "mount", "-o", f"remount,{options}", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        # Whoever was killed may take a moment to let go of its files.
        assert done.returncode == 0 or "busy" in done.stderr, done.stderr
        return done.returncode == 0

    def run(self, *command: str) -> str:
        """Run a command that sees the disk; give what it prints."""
        whole = [*self.inside(Path("/")), *command]
        return subprocess.run(whole, check=True, capture_output=True, text=True).stdout.strip()

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.seen / "filler").open("wb", buffering=0) as filler:
            self.change(f"size={self.taken() + 256 * 1024}")
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """Give the room back."""
        self.change(f"size={ROOMY}")
        (self.seen / "filler").unlink(missing_ok=True)

    def taken(self) -> int:
        """Give how many bytes are in use."""
        found = os.statvfs(self.seen)
        return (found.f_blocks - found.f_bfree) * found.f_frsize

    def close(self) -> None:
        kill(self.keeper)


class Ext4(Disk):
    """A disk on which an error can happen: the kernel then makes it read-only, until it is mounted anew."""

    def __init__(self, folder: Path, image: Path) -> None:
        self.image = image
        with image.open("wb") as file:
            file.truncate(2 << 30)
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True, capture_output=True)
        super().__init__(folder)

    def mounting(self) -> str:
        return f"mount -o loop,errors=remount-ro '{self.image}'"

    def fail(self) -> None:
        """Tell the kernel that something is wrong on it."""
        device = Path(self.run("findmnt", "-no", "SOURCE", str(self.folder))).name
        Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("1")

    def mend(self) -> None:
        """Mount it anew, as soon as nobody uses it any more."""
        until(self._unmounted, "end of whoever uses the disk")
        self.run("sh", "-c", f'{self.mounting()} "$0"', str(self.folder))

    def _unmounted(self) -> bool:
        try:
            self.run("umount", str(self.folder))
        except subprocess.CalledProcessError:
            return False
        return True


class SmallSite(Site):
    """A server whose data folder is such a disk."""

    def __init__(self, folder: Path, practice_data: Path, kind: Callable[[Path], Disk] = Disk) -> None:
        super().__init__(folder, practice_data)
        self.disk = kind(self.data)
        shutil.copy(practice_data / "team.keys", self.disk.seen)
        self.disk.run("sync", "--file-system", str(self.data))
        self.prefix = self.disk.inside(folder / "cwd")

    def flask(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [*self.disk.inside(ROOT), sys.executable, "-m", "flask", "--app", "app"]
        return subprocess.run(
            [*command, *map(str, arguments)],
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def close(self) -> None:
        """Kill the server, and take its disk away."""
        self.kill()
        self.disk.close()
