"""What PostgreSQL says went wrong, in this room's own words, and without its: they may hold values."""

from collections.abc import Iterator
from contextlib import contextmanager

import peewee
import psycopg

from store.errors import Busy, DiskFailed, NoRoom, StoreError

FULL = "53100"
NO_MORE_CONNECTIONS = "53300"
READ_ONLY = "25006"
LOCKED = "55P03"
# A statement took longer than it may, or a transaction stood still for longer.
TOO_LONG = {"57014", "25P03", "25P04"}
# The connection, or the server, went, or another is the leader now; a transaction was the other one's victim;
# a row has come that this one was to bring. What was not done is done by the same call, made again.
AGAIN = {READ_ONLY, NO_MORE_CONNECTIONS, "57P01", "57P02", "57P03", "57P05", "40001", "40P01", "23505"}


class Again(Busy):
    """It was not done, or nobody knows whether it was: the same call may be made again."""


class InVain(Again):
    """For as long as it may wait, there was no server to do it: nothing was begun."""


@contextmanager
def failures_named() -> Iterator[None]:
    """Turn the errors of PostgreSQL into this room's own. None is chained: they may hold what a row holds.

    :raises NoRoom: its disk is full
    :raises Busy: others held a lock for too long, or the database does not answer
    :raises DiskFailed: anything else
    """
    try:
        yield
    except (psycopg.Error, peewee.DatabaseError, peewee.InterfaceError) as error:
        raise named(error) from None


def named(error: BaseException) -> StoreError:
    """Give this room's error for one of psycopg's, or of peewee's around it."""
    first = _first(error)
    code = first.sqlstate if isinstance(first, psycopg.Error) else None
    if code == FULL:
        return NoRoom("the disk of the database is full")
    if code == LOCKED:
        return Busy("others hold on to the database")
    if code in TOO_LONG:
        return Busy("the database takes too long")
    if code in AGAIN or is_lost(first):
        return Again("the database does not answer")
    return DiskFailed(f"the database failed: {code or type(first).__name__}")


def is_lost(error: BaseException) -> bool:
    """Say whether an error of psycopg's is that there is no connection, or none any more."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith("08")


def _first(error: BaseException) -> BaseException:
    """Give psycopg's error that came first: what came after it, a rollback's mostly, says less."""
    first = error
    cause: BaseException | None = error
    while cause is not None:
        inner = next((each for each in cause.args if isinstance(each, psycopg.Error)), cause)
        if isinstance(inner, psycopg.Error):
            first = inner
        cause = cause.__context__
    return first
