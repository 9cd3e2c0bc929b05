"""Is what lies on the disk sealed by the machine too: the desk's folder, and the swap space?"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from desk.doctor.check import Check, Machine, good, read, unknown, wrong
from desk.harmless import harmless

DISK, SWAP = "disk", "swap"
SEALED = "CRYPT-"  # how the name of a device begins that dm-crypt made: LUKS, plain, and what else it knows
IN_MEMORY = ("tmpfs", "ramfs")
# File systems that seal by themselves, above any device.
SEALING = ("ecryptfs", "fuse.gocryptfs", "fuse.cryfs")
DEEPEST = 8  # devices stacked on each other; more is a circle
INSTALL = (
    "install the laptop anew with an encrypted disk, and make the keys again: what once lay there readable "
    "stays there; see docs/desk-laptop.md, Set up"
)


@dataclass(frozen=True)
class Mount:
    """Where a folder lies: the mount's own folder, its device as ``8:1``, its file system, its source."""

    point: str
    device: str
    kind: str
    source: str


def checks(machine: Machine, home: Path) -> list[Check]:
    """Look at the disk under the desk's folder, and at the swap space."""
    if machine.macos:
        return [_filevault(machine), _mac_swap(machine)]
    if not machine.linux:
        return [unknown(DISK, "this kind of machine is not known here"), unknown(SWAP, "the same")]
    return [_disk(machine, home), _swap(machine)]


def _disk(machine: Machine, home: Path) -> Check:
    mount = mount_of(machine, home)
    if mount is None:
        return unknown(DISK, "which disk the desk's folder is on cannot be seen here")
    if mount.kind in SEALING:
        return good(DISK, f"{mount.kind} seals the desk's folder")
    if mount.kind in IN_MEMORY or (machine.tails and mount.kind == "overlay"):
        return unknown(
            DISK,
            "the desk's folder is in memory: it is gone when this machine is switched off",
            "keep a real desk in Tails' Persistent folder, or on an encrypted disk",
        )
    sealed = is_sealed(machine, mount)
    if sealed is None:
        return unknown(
            DISK,
            f"what lies under {harmless(mount.point)} ({harmless(mount.kind)}) cannot be seen here",
            "see by `lsblk` whether a line of type crypt is above it",
        )
    if sealed:
        return good(DISK, f"the disk under {harmless(mount.point)} is encrypted")
    return wrong(DISK, f"the disk under {harmless(mount.point)} is not encrypted", INSTALL)


def mount_of(machine: Machine, path: Path) -> Mount | None:
    """Give the mount that a path, there or not, lies on; None where it cannot be seen."""
    wanted = os.path.realpath(path)
    best: Mount | None = None
    for line in (machine.read("proc/self/mountinfo") or "").splitlines():
        before, _, after = line.partition(" - ")
        fields, told = before.split(), after.split()
        if len(fields) < 5 or len(told) < 2:
            continue
        point = _unescaped(fields[4])
        inside = wanted == point or wanted.startswith(point.rstrip("/") + "/")
        # A later line hides an earlier one of the same folder.
        if inside and (best is None or len(point) >= len(best.point)):
            best = Mount(point, fields[2], told[0], _unescaped(told[1]))
    return best


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def is_sealed(machine: Machine, mount: Mount) -> bool | None:
    """See whether a mount's device is encrypted, or all those below it; None where no device is seen."""
    device = machine.path(f"sys/dev/block/{mount.device}")
    if not device.exists():
        device = machine.path(f"sys/class/block/{_device_name(machine, mount.source)}")
    return _sealed(machine, device, DEEPEST) if device.exists() else None


def _device_name(machine: Machine, source: str) -> str:
    """Give the kernel's name of a device: of /dev/mapper/x it is dm-0."""
    path = Path(source)
    if path.parent.name == "mapper":
        for name in machine.path("sys/class/block").glob("dm-*/dm/name"):
            if read(name) == path.name:
                return name.parent.parent.name
    return Path(os.path.realpath(source)).name if source.startswith("/dev/") else "none"


def _sealed(machine: Machine, device: Path, deep: int) -> bool:
    device = device.resolve()
    if (read(device / "dm/uuid") or "").startswith(SEALED):
        return True
    if deep == 0:
        return False
    if (file := read(device / "loop/backing_file")) is not None:
        below = mount_of(machine, Path(file))
        return bool(below and is_sealed(machine, below))
    slaves = device / "slaves"
    if slaves.is_dir() and (lower := sorted(slaves.iterdir())):
        return all(_sealed(machine, one, deep - 1) for one in lower)
    if (device / "partition").exists():
        return _sealed(machine, device.parent, deep - 1)
    return False


def _swap(machine: Machine) -> Check:
    told = machine.read("proc/swaps")
    if told is None:
        return unknown(SWAP, "whether there is swap cannot be seen here", "look by: swapon --show")
    lines = [line.split() for line in told.splitlines()[1:] if line.strip()]
    plain = [
        harmless(path) for path in (_unescaped(line[0]) for line in lines) if not _swap_sealed(machine, path)
    ]
    if plain:
        return wrong(
            SWAP,
            f"what is in memory may be written to {', '.join(plain)}, which is not encrypted",
            "as root: swapoff -a, and take the swap line out of /etc/fstab",
        )
    return good(SWAP, "there is none" if not lines else "it is encrypted, or in memory")


def _swap_sealed(machine: Machine, path: str) -> bool:
    name = _device_name(machine, path)
    device = machine.path(f"sys/class/block/{name}")
    if name.startswith("zram"):
        # It is in memory, unless it was given a disk to fall back on.
        return (read(device / "backing_dev") or "none") == "none"
    if device.exists():
        return _sealed(machine, device, DEEPEST)
    mount = mount_of(machine, Path(path))
    return bool(mount and is_sealed(machine, mount))


def _filevault(machine: Machine) -> Check:
    told = machine.ask(["fdesetup", "status"])
    if told is None:
        return unknown(
            DISK, "whether FileVault is on cannot be seen here", "see System Settings, Privacy & Security"
        )
    if "FileVault is On" in told:
        return good(DISK, "FileVault is on")
    return wrong(
        DISK, "FileVault is off", "switch it on in System Settings, Privacy & Security, before keys are made"
    )


def _mac_swap(machine: Machine) -> Check:
    told = machine.ask(["sysctl", "-n", "vm.swapusage"])
    if told is not None and "(encrypted)" in told:
        return good(SWAP, "it is encrypted")
    return unknown(SWAP, "whether swap is encrypted cannot be seen here", "a Mac with FileVault encrypts it")
