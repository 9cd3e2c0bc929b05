"""peewee without psycopg, which it would import wherever that is: 18 MB that SQLite has no use for."""

import sys

if "peewee" not in sys.modules and "psycopg" not in sys.modules:
    # What tells the import of peewee that there is none.
    sys.modules["psycopg"] = None  # type: ignore[assignment]  # as the import system has it
    try:
        import playhouse.migrations  # noqa: F401 - and peewee with it, so that they are imported now
    finally:
        del sys.modules["psycopg"]
