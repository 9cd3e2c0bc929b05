"""The line that a visitor comes by, as the server in front of Flask knows it: how slow it is, and its end.

deploy/worker.py puts it into the environment. No header of a client becomes a key of this name.
"""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import flask

KEY = "vigil.line"


@runtime_checkable
class Line(Protocol):
    """One connection."""

    def kept_waiting(self) -> float:
        """Give the seconds for which we have waited since 64 KiB came or went, 0 while we do not wait."""

    def holds(self, size: int) -> None:
        """Be told how many bytes of what comes are in memory, for as long as the request lasts."""

    def shed(self) -> None:
        """Break it off: to whoever waits for its bytes, the client has gone."""


def of(environ: Mapping[str, object]) -> Line | None:
    """Give the line of a request by its environment; None where the server says nothing of it."""
    line = environ.get(KEY)
    return line if isinstance(line, Line) else None


def current() -> Line | None:
    """Give the line of the request being answered; None where there is none."""
    return of(flask.request.environ) if flask.has_request_context() else None
