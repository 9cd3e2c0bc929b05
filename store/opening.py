"""Open a store, on the engine that the caller's settings name."""

from contextlib import ExitStack
from pathlib import Path

from store.clock import Today, utc_today
from store.disk import failures_named
from store.engine import Engine
from store.retention import Retention
from store.room import MB, Limits, Room
from store.space import FreeSpace
from store.sqlite.engine import open_engine as open_sqlite
from store.store import Store

DATABASE_BYTES = 20_000 * MB


def open_store(
    data: Path,
    *,
    database_url: str | None = None,
    database_bytes: int = DATABASE_BYTES,
    limits: Limits | None = None,
    retention: Retention | None = None,
    free: FreeSpace | None = None,
    today: Today = utc_today,
    restoring: bool = False,
) -> Store:
    """Open the store in the folder ``data``, made when absent (0700). What killed processes left there goes.

    With a ``database_url`` all of it is in the PostgreSQL that this names instead, which may take
    ``database_bytes`` of its disk; every machine that names the same one shares the same store. ``free``
    says how much room is left, where neither the disk of ``data`` nor the database is to say so.
    ``restoring``: where a restore was left unfinished, too: for the one that begins anew.

    :raises FutureDatabase: a newer version of the program has changed the database
    :raises StoreError: the folder or the database cannot be used
    """
    limits = limits or Limits()
    with failures_named():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine, room = _opened(data, database_url, database_bytes, limits, free, today, restoring=restoring)
    with ExitStack() as undo:
        undo.callback(engine.close)
        store = Store(data, engine, room, retention or Retention(), today)
        undo.pop_all()
    return store


def _opened(
    data: Path,
    url: str | None,
    most: int,
    limits: Limits,
    free: FreeSpace | None,
    today: Today,
    *,
    restoring: bool,
) -> tuple[Engine, Room]:
    if url is None:
        return open_sqlite(data, limits, free, today, restoring=restoring)
    # Only here: its library is not to be in the memory of a site on SQLite.
    from store.postgres.engine import open_engine

    return open_engine(data, url, most, limits, free, today, restoring=restoring)
