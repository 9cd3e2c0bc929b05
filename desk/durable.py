"""Files that are whole or absent, whatever happens: temporary, fsync, rename, fsync of the folder."""

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PARTIAL = ".partial-"  # what a killed run leaves begins with this, and the next run removes it
# What file systems answer that know no links, such as FAT on a stick.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_OURS = re.compile(re.escape(PARTIAL) + "[0-9a-f]{16}")


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it, for nobody but us; what exists stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make what was renamed into ``folder`` last."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def writing(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Write ``path`` (0600): it appears whole, when the block ends well, or not at all.

    The folder still wants ``sync_folder``, once for all that went into it.

    :raises FileExistsError: something is there and ``replace`` is false.
    """
    partial = path.parent / f"{PARTIAL}{secrets.token_hex(8)}"
    # Inside try from the very first: a signal may come as soon as the file is there.
    try:
        number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            _sync(file.fileno())
        if replace:
            partial.replace(path)
        else:
            _place(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_new(path: Path, data: bytes) -> None:
    """Put ``data`` into a new file, durably.

    :raises FileExistsError: something is there.
    """
    with writing(path, replace=False) as file:
        file.write(data)
    sync_folder(path.parent)


def _sync(number: int) -> None:
    os.fsync(number)
    # On macOS fsync leaves the bytes in the drive's own cache.
    if (full := getattr(fcntl, "F_FULLFSYNC", None)) is not None:
        fcntl.fcntl(number, full)


def _place(partial: Path, path: Path) -> None:
    try:
        # A link, unlike a rename, refuses a name that is taken.
        path.hardlink_to(partial)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Looked for and not taken first: an empty file under that name would outlive a kill. Our own writers
        # are kept from coming between by a lock.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        partial.rename(path)


def clear_partials(folder: Path) -> None:
    """Remove what killed runs left in ``folder``; whoever calls holds the home's lock."""
    for path in folder.glob(f"{PARTIAL}*"):
        if _OURS.fullmatch(path.name):
            path.unlink(missing_ok=True)
