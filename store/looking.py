"""What looking at a store as a whole finds: is its database sound, is every file there that it names?"""

from dataclasses import dataclass
from datetime import date, timedelta

import peewee
from peewee import fn

from store.models import Blob, Failure, Reply, Slot


@dataclass(frozen=True)
class Remark:
    """What one part of a database's server is like. ``good``: None where it could be better."""

    name: str
    good: bool | None
    what: str
    hint: str = ""


@dataclass(frozen=True)
class Looked:
    """What was found. ``sound``: None where the database is too large to be read through for this.

    ``lost`` files are named and not there. ``newest``: the last day on which anything was
    kept. ``failures``: kind, place and count of what went wrong unexpectedly in the last days.
    ``remarks`` on the database's server, where there is one.
    """

    sound: bool | None
    reports: int
    waiting: int
    replies: int
    files: int
    lost: int
    newest: date | None
    bytes: int
    failures: tuple[tuple[str, str, int], ...]
    remarks: tuple[Remark, ...] = ()


def newest_day(database: peewee.Database) -> date | None:
    """Give the last day on which anything was kept, by the connection at hand."""
    days = [_newest(database, model) for model in (Slot, Blob, Reply)]
    return max((day for day in days if day is not None), default=None)


def recent_failures(database: peewee.Database, today: date, days: int) -> tuple[tuple[str, str, int], ...]:
    """Give kind, place and count of what went wrong in the last ``days``, by the connection at hand."""
    recent = Failure.select(Failure.kind, Failure.place, fn.SUM(Failure.count))
    recent = recent.where(Failure.day > today - timedelta(days=days)).group_by(Failure.kind, Failure.place)
    return tuple(recent.order_by(Failure.kind, Failure.place).tuples().execute(database))


def _newest(database: peewee.Database, model: type[Slot] | type[Blob] | type[Reply]) -> date | None:
    row = model.select(model.day).order_by(model.day.desc()).limit(1).tuples().first(database)
    return None if row is None else row[0]
