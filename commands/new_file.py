"""Files that are whole at every moment: new ones without a name before their last byte, others exchanged."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from store.disk import sync_file, sync_folder

# What file systems answer that know no unnamed files (sticks, network folders).
_NO_UNNAMED = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_HANDLES = Path("/proc/self/fd")


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write (0600), named ``path`` once the block has ended without an error.

    Where the file system allows it the file has no name until then, so that not even a killed process
    leaves one. Elsewhere it is called ``.<name>.unfinished``, which the next attempt replaces.

    :raises FileExistsError: there is such a file already
    :raises OSError: the disk is full, the folder is missing or read-only, ...
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        unnamed = _unnamed(folder)
        if unnamed is None:
            with _under_another_name(path, folder) as file:
                yield file
        else:
            with os.fdopen(unnamed, "wb") as file:
                yield file
                file.flush()
                sync_file(file.fileno())
                # With a folder's handle given, Python calls linkat, which follows /proc to the file itself.
                os.link(_HANDLES / str(unnamed), path.name, dst_dir_fd=folder, follow_symlinks=True)
        os.fsync(folder)
    finally:
        os.close(folder)


def put_in_place(path: Path, data: bytes) -> None:
    """Put a file with ``data`` in the place of ``path``, with its owner and mode; on disk when this returns.

    :raises OSError: there is none, the disk is full, the folder is read-only; it stays as it was then
    """
    target = Path(os.path.realpath(path))
    before = target.stat()
    unfinished = target.with_name(f".{target.name}.unfinished")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(unfinished, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(file.fileno(), before.st_uid, before.st_gid)
        os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
        sync_file(file.fileno())
    unfinished.replace(target)
    sync_folder(target.parent)


def _unnamed(folder: int) -> int | None:
    flag: int | None = getattr(os, "O_TMPFILE", None)
    if flag is None or not _HANDLES.is_dir():
        return None
    try:
        return os.open(".", os.O_WRONLY | os.O_CLOEXEC | flag, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno in _NO_UNNAMED:
            return None
        raise


@contextmanager
def _under_another_name(path: Path, folder: int) -> Iterator[BinaryIO]:
    name = f".{path.name}.unfinished"
    # One export at a time: a second one would take away what the first is writing.
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
            yield file
            file.flush()
            sync_file(file.fileno())
        _place(name, path, folder)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def _place(name: str, path: Path, folder: int) -> None:
    try:
        # A link, unlike a rename, refuses a name that is taken.
        os.link(name, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.rename(name, path.name, src_dir_fd=folder, dst_dir_fd=folder)
