"""The newsroom's files as bytes: only what lies in its folder, and no more of it than is wanted."""

import os
import stat
from pathlib import Path


class BadFile(Exception):  # noqa: N818 - says what is the case
    """A file that is not read: what is wrong, and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def data(content: Path, file: str, most: int) -> bytes:
    """Read ``file`` of the folder ``content``, of at most ``most`` bytes.

    :raises BadFile: it lies outside the folder, is a pipe or a device, or is larger
    :raises OSError: it cannot be read
    """
    # What is published must be what lies in the folder: a link could lead to a key.
    real = Path(os.path.realpath(content / file))
    if not real.is_relative_to(os.path.realpath(content)):
        raise BadFile("is a link that leads out of the folder", "put a copy of the file in its place")
    # Not waiting: opening a pipe would wait for somebody to write to it.
    handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BadFile("is no file", "put a file in its place")
        found = opened.read(most + 1)
    if len(found) > most:
        size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1_000} KB"
        raise BadFile(f"is larger than {size}", "make it smaller, or split it in two")
    return found
