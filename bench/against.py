"""What got worse since the figures that the tree keeps: ratios, which say the same on any machine, about."""

import json
from collections.abc import Iterable
from pathlib import Path

from .budgets import Budget
from .table import Row

# How much worse a ratio may be before it counts: bytes are the same everywhere, times are not, and who the
# slowest few in a hundred are the machine alone decides.
EXACT, USUAL, RARE = 0.02, 0.35, 1.0
_COUNTED = {"KB", "requests", "bytes a byte", "of those found", "of those there are"}

Ratios = dict[tuple[str, str], float]


def read(file: Path) -> Ratios:
    """The ratios that were kept, by row and database."""
    return {(row["name"], row["on"]): row["ratio"] for row in json.loads(file.read_text())}


def write(rows: Iterable[Row], file: Path) -> None:
    """Keep the ratios of rows, one to a line, so that a review shows what changed. Others there stay."""
    kept = read(file) if file.exists() else {}
    kept |= {(row.name, row.on): round(row.ratio, 3) for row in rows if row.ratio is not None}
    lines = [
        json.dumps({"name": name, "on": on, "ratio": ratio}) for (name, on), ratio in sorted(kept.items())
    ]
    file.write_text("[\n" + ",\n".join(lines) + "\n]\n")


def tolerance(budget: Budget) -> float:
    """By how much of itself a row's ratio may be worse."""
    if budget.unit in _COUNTED:
        return EXACT
    return RARE if budget.unit == "MB" or "p95" in budget.name or "p99" in budget.name else USUAL


def worse(rows: Iterable[Row], before: Ratios) -> list[str]:
    """A line for each row whose ratio is worse than it was, by more than it may be."""
    lines = []
    for row in rows:
        was = before.get((row.name, row.on))
        if was is None or row.ratio is None:
            continue
        most = tolerance(row.budget)
        bound = was / (1 + most) if row.budget.at_least else was * (1 + most)
        if row.ratio < bound if row.budget.at_least else row.ratio > bound:
            lines.append(f"{row.name}, {row.on}: {row.ratio:.3g} times its reference, and was {was:.3g}")
    return lines
