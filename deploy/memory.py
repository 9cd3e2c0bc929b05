"""How much memory there is, how much this process has, and giving back what it does not use."""

import ctypes
import os
from pathlib import Path

STATM, OWN_GROUP, GROUPS = Path("/proc/self/statm"), Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def resident() -> int:
    """The memory of this process in bytes, 0 where the system does not say."""
    try:
        fields = STATM.read_text().split()
    except FileNotFoundError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def trim() -> None:
    """Give memory that is free back to the machine, where the C library can."""
    give = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give is not None:
        give(0)


def of_machine(own: Path = OWN_GROUP, groups: Path = GROUPS) -> int:
    """Give the bytes of memory that there are: the machine's, or what a group that we are in may take."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        lines = own.read_text().splitlines()
    except FileNotFoundError:
        return most
    inside = next((line.removeprefix("0::") for line in lines if line.startswith("0::")), "")
    folder = groups / inside.lstrip("/")
    for each in (folder, *folder.parents):
        if each.is_relative_to(groups) and (limit := each / "memory.max").is_file():
            said = limit.read_text().strip()
            most = min(most, int(said)) if said.isdigit() else most
    return most
