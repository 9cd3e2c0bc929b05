"""Look for words where they must not be: in every file of a folder, whatever it is."""

from collections.abc import Iterable, Iterator
from pathlib import Path


def files_of(*folders: Path) -> Iterator[Path]:
    """Every file below these folders."""
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def found(needles: Iterable[bytes], *folders: Path) -> list[str]:
    """Which needle is in which file's content or name, whatever the case of letters."""
    wanted = [needle.lower() for needle in needles]
    hits = []
    for path in files_of(*folders):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a database that runs lets go of files of its own meanwhile
        content = str(path).encode() + b"\0" + content.lower()
        hits += [f"{needle!r} in {path}" for needle in wanted if needle in content]
    return hits
