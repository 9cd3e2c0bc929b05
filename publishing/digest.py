"""A digest of what is published: the same wherever the same folder is published by the same release."""

import sqlite3
from hashlib import sha256

# What to read of each table, in an order that depends on what it holds alone. Not `about`: its version is
# another one each time.
_ROWS = (
    "SELECT * FROM topic ORDER BY key",
    "SELECT * FROM byline ORDER BY slug",
    "SELECT * FROM article ORDER BY id",
    "SELECT * FROM body ORDER BY id",
    "SELECT * FROM written ORDER BY byline, article",
    "SELECT * FROM correction ORDER BY id",
    "SELECT * FROM agency ORDER BY place",
    "SELECT * FROM letter ORDER BY slug",
    "SELECT * FROM page ORDER BY name",
    "SELECT * FROM image ORDER BY path",
    "SELECT rowid, title, summary, text, more, notes FROM search ORDER BY rowid",
)


def of_site(database: sqlite3.Connection, *, attack: bool) -> str:
    """Give the digest of a site.db, in hexadecimal; ``attack``: it says that it is under attack."""
    digest = sha256(b"attack" if attack else b"")
    for sql in _ROWS:
        digest.update(f"\n{sql}\n".encode())
        for row in database.execute(sql):
            values = [sha256(each).hexdigest() if isinstance(each, bytes) else each for each in row]
            digest.update(f"{values!r}\n".encode())
    return digest.hexdigest()
