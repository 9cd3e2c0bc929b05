"""The memory of a server that has answered a few pages and waits."""

from . import server, wire
from .scale import MB
from .server import Server
from .table import Row

VISITS = 20  # enough for both workers to have answered


def measure(site: Server, one_line: Server) -> list[Row]:
    """Two workers and their master, what they share counted once (PSS)."""
    for _ in range(VISITS):
        wire.get(site.address, "/report")
        wire.get(one_line.address, "/")
    ours, theirs = (server.pss_bytes(each.processes()) for each in (site, one_line))
    return [
        Row(
            "Idle memory, two workers and master",
            None if ours is None else ours / MB,
            None if theirs is None else theirs / MB,
        )
    ]
