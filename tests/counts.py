"""How often a test repeats: a few times in `make test`, the full count in `make soak`."""

import os

SOAK = os.environ.get("VIGIL_SOAK") == "1"


def count(small: int, full: int) -> int:
    """Give ``full`` under `make soak` (VIGIL_SOAK=1), else ``small``."""
    return full if SOAK else small
