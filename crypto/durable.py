"""Writing a small file so that after a power cut there is the old one or the new one, and nothing between."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` (mode 0600) in the place of what ``path`` names: fsync, rename, fsync the folder.

    :raises OSError: the disk is full, the folder is read-only, ...; ``path`` is then as it was.
    """
    with _folder(path) as (folder, unfinished):
        _write(unfinished, data, folder)
        os.rename(unfinished, path.name, src_dir_fd=folder, dst_dir_fd=folder)


def create(path: Path, data: bytes) -> None:
    """Write a new file (mode 0600) as durably as ``replace`` does, and never over one that is there.

    :raises FileExistsError: something of that name is there.
    :raises OSError: the disk is full, the folder is read-only, ...; nothing of that name is left.
    """
    with _folder(path) as (folder, unfinished):
        _write(unfinished, data, folder)
        try:
            # A link, unlike a rename, refuses a name that is taken.
            os.link(unfinished, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A stick with a FAT file system: the lock keeps our own writers from coming between.
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            os.rename(unfinished, path.name, src_dir_fd=folder, dst_dir_fd=folder)


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[tuple[int, str]]:
    """Open and lock the folder, give it and the name to write under, and leave nothing of that name.

    The name is always the same, so that a copy that a killed writer left is found and removed: it may hold
    keys that were destroyed since.
    """
    unfinished = f".{path.name}.new"
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # One writer at a time: the second would rename what the first is still writing.
        fcntl.flock(folder, fcntl.LOCK_EX)
        _unlink(unfinished, folder)
        try:
            yield folder, unfinished
        finally:
            _unlink(unfinished, folder)
        os.fsync(folder)
    finally:
        os.close(folder)


def _unlink(name: str, folder: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def _write(name: str, data: bytes, folder: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        # On macOS fsync leaves the bytes in the drive's own cache.
        if (full := getattr(fcntl, "F_FULLFSYNC", None)) is not None:
            fcntl.fcntl(file.fileno(), full)
