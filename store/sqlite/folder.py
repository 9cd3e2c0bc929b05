"""The folder of sealed files: one file a blob, named by its random id in hex, and nothing beside them.

`blobs/<hex>` is a file's name from its first byte on. While it is written, its writer holds a lock on it
and an empty file `writing/<hex>` notes it, so that all processes can count what is under way without
reading the whole folder. A file with neither a row nor a lock is what an aborted upload or a killed process
left: it is unlinked.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, FileIO
from pathlib import Path

from store.disk import make_folder
from store.locks import take
from store.models import ID_BYTES

COPY = ".new"
ASIDE = ".old"
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
# Only Linux has it.
_NO_ATIME: int = getattr(os, "O_NOATIME", 0)
_NAME = re.compile(r"[0-9a-f]{32}")


class BlobFolder:
    """The files themselves; which of them count, the database says."""

    def __init__(self, data: Path) -> None:
        self.path = data / "blobs"
        self.writing = data / "writing"
        make_folder(self.path)
        make_folder(self.writing)

    def file(self, blob: bytes) -> Path:
        """Give the path of a blob."""
        return self.path / blob.hex()

    def note(self, blob: bytes) -> Path:
        """Give the path of the note that a blob is being written."""
        return self.writing / blob.hex()

    def holds(self, blob: bytes) -> bool:
        """Say whether the blob's file is here."""
        # A sweep that exchanges the file for its copy leaves no moment in which neither name is there. But
        # it may go on between two looks: one at a name before its rename, the other after.
        return self.file(blob).exists() or self.aside(blob).exists() or self.file(blob).exists()

    def aside(self, blob: bytes) -> Path:
        """Give the path under which a sweep keeps a blob while it puts the copy in its place."""
        return self.path / (blob.hex() + ASIDE)

    def copy(self, blob: bytes) -> Path:
        """Give the path of the copy that a sweep makes of a blob."""
        return self.path / (blob.hex() + COPY)

    def open(self, blob: bytes) -> BufferedReader:
        """Open a blob for reading, also while a sweep exchanges it.

        :raises FileNotFoundError: it is not here
        """
        for path in (self.file(blob), self.aside(blob)):
            with suppress(FileNotFoundError):
                return open_untouched(path)
        return open_untouched(self.file(blob))

    def link(self, blob: bytes, link: Path) -> bool:
        """Give a blob's file a second name, also while a sweep exchanges it; say whether it is here.

        :raises OSError: the disk does not let it
        """
        # It has one of its two names, seen twice at the worst.
        for path in (self.file(blob), self.aside(blob), self.file(blob)):
            with suppress(FileNotFoundError):
                link.hardlink_to(path)
                return True
        return False

    def create(self) -> tuple[bytes, FileIO]:
        """Make a new, empty, locked file (0600) under a new id, and note that it is being written.

        :raises OSError: the disk does not let it
        """
        while True:
            blob = secrets.token_bytes(ID_BYTES)
            file = self.create_as(blob)
            if file is None:
                continue
            try:
                os.close(os.open(self.note(blob), NEW_FILE, 0o600))
            except OSError:
                self.file(blob).unlink(missing_ok=True)
                file.close()
                raise
            return blob, file

    def create_as(self, blob: bytes) -> FileIO | None:
        """Make a new, empty, locked file (0600) under this id; give None when a sweep has just taken it.

        :raises FileExistsError: there is one
        :raises OSError: the disk does not let it
        """
        file = FileIO(os.open(self.file(blob), NEW_FILE, 0o600), "wb")
        try:
            # Between these two lines a sweep may take the file for a leftover.
            if take(file.fileno()) and os.fstat(file.fileno()).st_nlink:
                return file
        except OSError:
            self.file(blob).unlink(missing_ok=True)
            file.close()
            raise
        file.close()
        return None

    def erase(self, blob: bytes) -> None:
        """Unlink a blob under every name that a sweep may have given it, and its note."""
        self.aside(blob).unlink(missing_ok=True)
        self.copy(blob).unlink(missing_ok=True)
        self.remove(blob)

    def remove(self, blob: bytes) -> None:
        """Unlink a blob and its note, as far as they are there."""
        self.file(blob).unlink(missing_ok=True)
        self.note(blob).unlink(missing_ok=True)

    def being_written(self) -> dict[bytes, int]:
        """Give the blobs that are being written, by any process, and how many bytes they have by now."""
        sizes = {}
        for blob in self.noted():
            with suppress(FileNotFoundError):
                sizes[blob] = self.file(blob).stat().st_size
        return sizes

    def stored(self) -> Iterator[bytes]:
        """Give the ids of all blobs that have a file, whole or not."""
        return _ids(self.path)

    @contextmanager
    def unless_written(self, blob: bytes) -> Iterator[bool]:
        """Keep writers from the blob meanwhile; give False when one has it already."""
        try:
            fd = os.open(self.file(blob), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            yield True
            return
        try:
            yield take(fd)
        finally:
            os.close(fd)

    def noted(self) -> Iterator[bytes]:
        """Give the ids of all blobs that are noted as being written, rightly or not."""
        return _ids(self.writing)


def _ids(folder: Path) -> Iterator[bytes]:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    return (bytes.fromhex(name) for name in names if _NAME.fullmatch(name))


def open_untouched(path: Path) -> BufferedReader:
    """Open a file for reading and leave its times alone: else they show which files are read together.

    :raises OSError: it cannot be opened
    """
    return BufferedReader(FileIO(os.open(path, os.O_RDONLY | os.O_CLOEXEC | _NO_ATIME), "rb"))
