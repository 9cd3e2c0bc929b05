"""The same rows on PostgreSQL: its database is what the site had, and it is gone afterwards."""

import psycopg

from bench import __main__ as bench
from bench import server
from bench.place import POSTGRES, SQLITE, Place, on_postgres
from bench.scale import TINY

GROWN = 6  # rows' subjects that are the site's own, each with ten and a hundred times the data


def test_a_site_on_postgresql_loses_no_report_and_grows_as_on_sqlite() -> None:
    with on_postgres() as place:
        assert place.name == POSTGRES
        rows = {row.name: row for row in bench.GROUPS["sustained"](TINY, place)}
        assert rows["2,000 sources a minute, lost"].value == 0
        assert rows["2,000 sources a minute, failed"].value == 0
        assert rows["2,000 sources a minute, lost"].reference == 10
        grown = bench.GROUPS["growth"](TINY, place)
        assert len(grown) == 2 * GROWN
        assert place.database is not None
        with psycopg.connect(place.database.url("postgres", "postgres")) as connection:
            left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'v%'").fetchall()
        assert left == []


def test_a_folder_says_which_database_its_site_has() -> None:
    with Place().folder() as folder:
        assert Place().name == SQLITE
        assert "VIGIL_DATABASE_URL" not in server.environment(folder)
        (folder / server.DATABASE).write_text("postgresql:///x")
        assert server.environment(folder)["VIGIL_DATABASE_URL"] == "postgresql:///x"
