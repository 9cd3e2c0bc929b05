"""The folder's files while they arrive: straight into their final place, on disk before their row is."""

import os
from collections.abc import Mapping
from io import BufferedReader, FileIO

from store.disk import failures_named, set_day, sync_file, sync_folder
from store.errors import Busy
from store.models import CLAIMED, Blob
from store.sqlite.database import Database
from store.sqlite.folder import BlobFolder


class NewFile:
    """One file that arrives, open and locked by its writer."""

    def __init__(self, database: Database, folder: BlobFolder, blob: bytes, file: FileIO) -> None:
        self._database = database
        self._folder = folder
        self._file = file
        self.id = blob

    @property
    def closed(self) -> bool:
        """Whether it is kept, or nothing remains of it."""
        return self._file.closed

    def write(self, data: bytes) -> None:
        """Append bytes.

        :raises StoreError: the disk failed
        """
        with failures_named():
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]

    def is_there(self) -> bool:
        """Say whether nobody has unlinked it meanwhile.

        :raises StoreError: the disk failed
        """
        with failures_named():
            return os.fstat(self._file.fileno()).st_nlink > 0

    def keep(self, row: Mapping[str, object]) -> bool:
        """Return once bytes, name and row are on disk, in that order; False where somebody unlinked it.

        :raises StoreError: the disk failed
        """
        with failures_named():
            day = row["day"]
            set_day(self._file.fileno(), day)  # type: ignore[arg-type]  # a row's day is a date
            sync_file(self._file.fileno())
            sync_folder(self._folder.path)
            with self._database.writing():
                # Seen under the write lock, under which others evict.
                if not self.is_there():
                    return False
                Blob.insert(id=self.id, **row).execute(self._database)
            self._folder.note(self.id).unlink(missing_ok=True)
        self._file.close()
        return True

    def remove(self) -> None:
        """Leave nothing of it. Any number of times.

        :raises StoreError: the disk failed
        """
        if self._file.closed:
            return
        # Unlinked before the lock goes with the file handle.
        with failures_named():
            self._folder.remove(self.id)
        self._file.close()


class Files:
    """What is in one store's folder."""

    def __init__(self, database: Database, folder: BlobFolder) -> None:
        self._database = database
        self._folder = folder

    def holds(self, blob: bytes) -> bool:
        """Say whether the blob's file is here."""
        return self._folder.holds(blob)

    def open(self, blob: bytes) -> BufferedReader:
        """Open a blob for reading.

        :raises FileNotFoundError: it is not here
        """
        return self._folder.open(blob)

    def being_written(self) -> dict[bytes, int]:
        """Give the blobs that are being written, by any process, and how many bytes they have by now."""
        with failures_named():
            return self._folder.being_written()

    def drop(self, blob: bytes) -> bool:
        """Forget a blob, row and file, unless something has claimed it; say whether it is gone."""
        # The file goes while the write lock is held: so no writer can commit its row, and no report claim it.
        with self._database.writing():
            if Blob.select().where(Blob.id == blob, CLAIMED).exists(self._database):
                return False
            Blob.delete().where(Blob.id == blob).execute(self._database)
            self._folder.remove(blob)
        return True

    def new(self) -> NewFile:
        """Make a file under a new id.

        :raises StoreError: the disk failed
        """
        with failures_named():
            blob, file = self._folder.create()
        return NewFile(self._database, self._folder, blob, file)

    def new_as(self, blob: bytes) -> NewFile:
        """Make the file; whatever is here without both a row and a file is what a killed process left.

        :raises Busy: another process is writing it, or has written it
        :raises StoreError: the disk failed
        """
        while True:
            # Under the write lock nobody else begins or finishes it.
            with failures_named(), self._database.writing(), self._folder.unless_written(blob) as ours:
                here = Blob.select().where(Blob.id == blob).exists(self._database)
                if not ours or (here and self._folder.holds(blob)):
                    raise Busy("another process is writing this file")
                Blob.delete().where(Blob.id == blob).execute(self._database)
                self._folder.erase(blob)
                file = self._folder.create_as(blob)
            if file is not None:
                return NewFile(self._database, self._folder, blob, file)
