"""Which of many ids are there: a mailbox asks for all that it may have, and mostly has none or few."""

from collections.abc import Sequence
from functools import cache

from store.engine import Database
from store.models import Reply, Slot


def here(database: Database, model: type[Slot] | type[Reply], ids: Sequence[bytes]) -> list[bytes]:
    """Give those of ``ids`` that ``model`` has a row for.

    By a statement that is made once for each number of ids: to make it costs peewee ten times what SQLite
    needs to answer it, and whoever guesses return codes would have it made each time.
    """
    if not ids:
        return []
    table = model._meta.table_name  # noqa: SLF001 - peewee's own way
    statement = _statement(table, database.only_index(f"{table}_id"), len(ids), database.param)
    cursor = database.execute_sql(statement, list(ids))  # type: ignore[no-untyped-call]  # peewee's types leave it open
    return [found for (found,) in cursor.fetchall()]


@cache
def _statement(table: str, index: str, count: int, parameter: str) -> str:
    places = ", ".join([parameter] * count)
    return f'SELECT id FROM "{table}" {index} WHERE id IN ({places})'  # noqa: S608 - a table of ours and placeholders
