"""On which day something was last done, for all machines: one row each."""

from datetime import date

from store.postgres.database import Database


def note(database: Database, what: str, day: date) -> None:
    """Note that ``what`` was done on a day.

    :raises StoreError: the database failed
    """

    def put() -> None:
        with database.writing():
            sql = "INSERT INTO done VALUES (%s, %s) ON CONFLICT (what) DO UPDATE SET day = excluded.day"
            database.run(sql, what, day)

    database.again(put)


def last(database: Database, what: str) -> date | None:
    """Give the day on which it was last done; None where that is not known.

    :raises StoreError: the database failed
    """
    with database.reading():
        row = database.run("SELECT day FROM done WHERE what = %s", what)
    return None if row is None else row[0]
