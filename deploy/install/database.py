"""The database in an upgrade: `python -m deploy.install.database COMMAND …`, as the user vigil.

    names FOLDER              the changes to its shape that it has seen, one a line
    copy FOLDER NEW           a copy of it in the folder NEW, for a rehearsal; without the sealed files
    back FOLDER NAME…         undo every change but these, for the release before
    empty FOLDER              prints `empty` where nothing is kept in it: no report, no reply, no import

Where VIGIL_DATABASE_URL names a PostgreSQL, which other machines use too, that one is asked: `copy` does
nothing, and `back` only says whether the release that knows these changes can use it. See shared.py.

An upgrade changes the database's shape, and the release before refuses a shape that it does not know. Putting
a backup back would lose what was received since it was made; undoing the changes keeps every report.
"""

import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from peewee import PeeweeException
from playhouse.migrations import Runner

from store.errors import StoreError, StoreUnusable
from store.locks import locked
from store.sqlite.database import MIGRATIONS, NAME, Database
from store.sqlite.refill import check_empty


def names(folder: Path) -> list[str]:
    """Give the changes that the database has seen, oldest first; none where there is no database."""
    if not (folder / NAME).exists():
        return []
    database = Database(folder / NAME)
    try:
        with database.connection_context():
            return [
                state.name
                for state in Runner(database, str(MIGRATIONS)).status()
                if state.applied is not None
            ]
    finally:
        database.end()


def copy(folder: Path, new: Path) -> None:
    """Copy the database, as it is at one moment, while the site writes to it.

    :raises sqlite3.Error: it cannot be read, or there is no room
    """
    target = new / NAME
    with closing(sqlite3.connect(folder / NAME, timeout=60)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def back(folder: Path, known: Sequence[str]) -> list[str]:
    """Undo the changes that are not among ``known``, newest first; give their names.

    :raises StoreError: another process holds the database
    """
    with locked(folder / "vigil.lock"):
        undo = [name for name in names(folder) if name not in known]
        if not undo:
            return []
        database = Database(folder / NAME)
        try:
            with database.connection_context():
                done: list[str] = Runner(database, str(MIGRATIONS)).down(undo[0])
                return done
        finally:
            database.end()


def empty(folder: Path) -> bool:
    """Say whether nothing was ever kept here, or all of it is gone.

    :raises StoreError: it cannot be read
    """
    database = Database(folder / NAME)
    try:
        with database.reading():
            check_empty(database)
    except StoreUnusable:
        return False
    finally:
        database.end()
    return True


def answer_shared(command: str, url: str, more: Sequence[str]) -> None:
    """Run one command on a database that other machines share.

    :raises StoreError: it cannot be read, or the release before cannot use it
    """
    # Only here: a site on SQLite loads nothing of PostgreSQL's.
    from deploy.install import shared

    if command == "names":
        print("\n".join(shared.names(url)))
    elif command == "empty":
        print("empty" if shared.empty(url) else "in use")
    elif command == "back":
        shared.check_usable(url, more)


def main(command: str, folder: str, *more: str) -> int:
    """Run one command; give the exit status."""
    try:
        if url := os.environ.get("VIGIL_DATABASE_URL"):
            answer_shared(command, url, more)
        elif command == "names":
            print("\n".join(names(Path(folder))))
        elif command == "copy":
            copy(Path(folder), Path(more[0]))
        elif command == "empty":
            print("empty" if empty(Path(folder)) else "in use")
        else:
            for name in back(Path(folder), more):
                print(f"install: undone in the database: {name}")
    except StoreError as error:
        return failed(error.what, error.hint)
    except (sqlite3.Error, PeeweeException, OSError) as error:
        return failed(str(error), "see that the disk has room: df -h")
    return 0


def failed(what: str, hint: str) -> int:
    """Say so on two lines; give the exit status."""
    print(f"install: error: the database: {what}", file=sys.stderr)
    print(f"install: hint: {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
