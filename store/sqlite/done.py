"""On which day nightly work was last done here, for whoever looks after the server: days, nothing else."""

import os
from datetime import date
from pathlib import Path

from store.disk import failures_named, make_folder, set_day, sync_file, sync_folder
from store.locks import locked

FOLDER = "done"
LOCK = "done.lock"
LONGEST = 20


def note(data: Path, what: str, day: date) -> None:
    """Note that ``what`` was done on a day.

    :raises StoreError: the disk failed, or another process held the lock for too long
    """
    folder = data / FOLDER
    with locked(data / LOCK), failures_named():
        make_folder(folder)
        # One name, under the lock: what a killed process left is written over.
        copy = folder / f"{what}.new"
        fd = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="ascii") as file:
            file.write(f"{day.isoformat()}\n")
            file.flush()
            set_day(fd, day)
            sync_file(fd)
        copy.replace(folder / what)
        sync_folder(folder)
        set_day(folder, day)


def last(data: Path, what: str) -> date | None:
    """Give the day on which it was last done; None where that is not known.

    :raises StoreError: the disk failed
    """
    with failures_named():
        try:
            with (data / FOLDER / what).open("rb") as file:
                text = file.read(LONGEST)
        except FileNotFoundError:
            return None
    try:
        return date.fromisoformat(text.decode("ascii").strip())
    except ValueError:
        return None
