"""Progress bars for long work, only where somebody looks: on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tqdm import tqdm


class Bar(Protocol):
    """What moves a bar on."""

    def update(self, n: float | None = 1) -> bool | None:
        """Say that ``n`` more are done."""


@contextmanager
def bar(what: str, total: int, unit: str) -> Iterator[Bar]:
    """Show a bar of ``total`` on standard error while inside; ``unit`` is "B" for bytes."""
    # Its watching thread would be there when opening.py forks, and a fork beside threads may hang.
    tqdm.monitor_interval = 0
    with tqdm(
        desc=what,
        total=total,
        unit=unit,
        unit_scale=unit == "B",
        leave=False,
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
        delay=0.3,
        dynamic_ncols=True,
    ) as shown:
        yield shown
