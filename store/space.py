"""How much room the disk has. Tests put a function of their own in its place."""

import os
from collections.abc import Callable
from pathlib import Path

FreeSpace = Callable[[Path], int]


def free_space(folder: Path) -> int:
    """Give the bytes that an ordinary user can still write on the disk of ``folder``."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize
