"""What deploy.install.database answers where several web machines share one PostgreSQL (docs/cluster.md).

Others use it meanwhile, with this release or the one before. So it is neither copied nor turned back: whether
a release can use it is all that there is to know.
"""

from collections.abc import Sequence

from store.errors import StoreUnusable
from store.postgres.database import Database
from store.postgres.refill import check_empty


def names(url: str) -> list[str]:
    """Give the changes that the database has seen, oldest first; none where it is new.

    :raises StoreError: it cannot be read
    """
    database = Database(url)
    try:
        with database.reading():
            is_there = database.run("SELECT to_regclass('migration') IS NOT NULL")
            if is_there != (True,):
                return []
            found = database.run("SELECT string_agg(name, ' ' ORDER BY name) FROM migration")
            return str(found[0]).split() if found and found[0] else []
    finally:
        database.end()


def check_usable(url: str, known: Sequence[str]) -> None:
    """Make sure that a release that knows these changes can use the database.

    :raises StoreUnusable: it has seen others
    :raises StoreError: it cannot be read
    """
    others = [name for name in names(url) if name not in known]
    if others:
        raise StoreUnusable(
            f"a newer release has changed it, which is not undone where others use it: {', '.join(others)}",
            "bring every web machine to the newer release",
        )


def empty(url: str) -> bool:
    """Say whether nothing was ever kept there, or all of it is gone.

    :raises StoreError: it cannot be read
    """
    if not names(url):
        return True
    database = Database(url)
    try:
        with database.reading():
            check_empty(database.connection())
    except StoreUnusable:
        return False
    finally:
        database.end()
    return True
