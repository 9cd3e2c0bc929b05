"""Carry a site that keeps its things in SQLite and a folder over to PostgreSQL, while it serves.

`moving(data, url)` takes hold of both. `run` compares the two, table by table and file by file, and carries
over what differs, until nothing does: new things, changed ones, and deletions too. `switch` does that once
more while the site takes nothing in, and from then on PostgreSQL has it. A kill at any moment loses
nothing: either side counts, never both, and the same call goes on where it was.
"""

from store.moving.carrying import Carried
from store.moving.move import Move, ended, moving, undo

__all__ = ["Carried", "Move", "ended", "moving", "undo"]
