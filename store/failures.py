"""Count what went wrong, by kind, place and day: never a value, never a time."""

from collections.abc import Iterator
from datetime import date

from store.engine import Database
from store.models import Failure

LONGEST = 200


def count(database: Database, day: date, kind: str, place: str) -> None:
    """Add one to the count of a kind of failure at a place in the code.

    :raises StoreError: the disk failed
    """
    # Somebody waits for a page meanwhile, mostly because the database is away.
    with database.writing(patient=False):
        Failure.insert(day=day, kind=kind[:LONGEST], place=place[:LONGEST], count=1).on_conflict(
            conflict_target=[Failure.day, Failure.kind, Failure.place],
            update={Failure.count: Failure.count + 1},
        ).execute(database)


def counts(database: Database) -> Iterator[tuple[date, str, str, int]]:
    """Give day, kind, place and count, by day."""
    query = Failure.select(Failure.day, Failure.kind, Failure.place, Failure.count)
    with database.reading():
        rows = list(query.order_by(Failure.day, Failure.kind, Failure.place).tuples().execute(database))
    return iter(rows)
