"""What lies on the sticks that are mounted, so that nobody has to type where."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from crypto.ustar import BLOCK, read_header
from desk.errors import DeskError

MOST_EACH = 60  # files of one stick that are named
MOST_STICKS = 12
MANIFEST = "manifest"  # what a bundle begins with
BACK = b'"direction":"back"'  # stands in its first line where a desk wrote it
FIRST_LINE = 1024


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
    """Give the files that lie at the top of each stick, without those that begin with a dot.

    Nor those whose name no form could send back: bytes that are no text, or several lines.
    """
    found: list[Path] = []
    for stick in mounted():
        try:
            files = sorted(
                path
                for path in stick.iterdir()
                if path.is_file() and path.name.isprintable() and not path.name.startswith(".")
            )
        except OSError:
            continue  # pulled out this moment
        found += files[:MOST_EACH]
    return found


def check_kind(file: Path) -> None:
    """See that a file is what a server wrote for the desk, as far as its beginning tells.

    :raises DeskError: it is another kind of file, or was written for the server.
    :raises OSError: it cannot be read.
    """
    if file.is_dir():
        raise DeskError("this is a folder", "choose the bundle that lies in it")
    if file.exists() and not file.is_file():
        # A pipe that is opened waits for ever.
        raise DeskError("this is no file", "choose the one that vigil-fetch wrote")
    with file.open("rb") as source:
        header, begins = source.read(BLOCK), source.read(FIRST_LINE)
    told = read_header(header)
    if told is None or told[0] != MANIFEST:
        raise DeskError(
            "this is another kind of file",
            "choose the one that vigil-fetch wrote; if this is that one, it is damaged: fetch it again",
        )
    if BACK in begins:
        raise DeskError(
            "this bundle was written by a desk, for the server",
            "choose the one that vigil-fetch wrote for the desk",
        )


def said_of(error: DeskError | OSError) -> DeskError | OSError:
    """Give in plain words what the system says of a place that is not there."""
    match error:
        case FileNotFoundError():
            return DeskError(
                "there is no such file or folder",
                "see that the stick is plugged in, then choose from the list",
            )
        case PermissionError():
            return DeskError("this place may not be used by you", "choose a stick, or a folder of your own")
        case NotADirectoryError():
            return DeskError("a part of this place is a file, and no folder", "type it anew")
    return error


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
