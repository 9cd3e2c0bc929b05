"""What lies on the sticks that are mounted, so that nobody has to type where."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from desk.errors import DeskError

MOST_EACH = 60  # files of one stick that are named
MOST_STICKS = 12


def mounted() -> list[Path]:
    """Give the folders at which sticks are mounted."""
    user = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    above = [Path("/Volumes")] if sys.platform == "darwin" else _above(user)
    found = [place for folder in above for place in _folders(folder) if place.is_mount()]
    return found[:MOST_STICKS]


def _above(user: str) -> list[Path]:
    bases = [Path("/media"), Path("/run/media")]
    return [*bases, *(base / user for base in bases if user)]


def _folders(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return


def on_sticks() -> list[Path]:
    """Give the files that lie at the top of each stick, without those that begin with a dot."""
    found: list[Path] = []
    for stick in mounted():
        try:
            files = sorted(
                path for path in stick.iterdir() if path.is_file() and not path.name.startswith(".")
            )
        except OSError:
            continue  # pulled out this moment
        found += files[:MOST_EACH]
    return found


def named(text: str) -> Path:
    """Give the path that was typed or chosen; it must be whole, since nobody sees where the desk was started.

    :raises DeskError: it is not.
    """
    typed = text.strip()
    if "\0" in typed:
        raise DeskError("no file has such a name", "type it anew")
    path = Path(typed).expanduser() if typed.startswith("~/") else Path(typed)
    if not path.is_absolute():
        raise DeskError(
            "the place is not whole", "write it from the beginning, such as /media/you/STICK/file"
        )
    return path
