"""The rows as measured, printed as a table or as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from .budgets import BUDGETS, BY_NAME, Budget


@dataclass(frozen=True)
class Row:
    """A figure and its reference, both in the budget's unit. ``None`` where this system cannot measure it."""

    name: str
    value: float | None
    reference: float | None
    on: str = "SQLite"  # the database that the site had

    @property
    def budget(self) -> Budget:
        """The budget of this row."""
        return BY_NAME[self.name]

    @property
    def ratio(self) -> float | None:
        """The figure over its reference."""
        if self.value is None or not self.reference:
            return None
        return self.value / self.reference

    @property
    def verdict(self) -> str:
        """``OK``, ``OVER``, ``not measured``, or nothing where there is no limit."""
        judged = self.ratio if self.budget.of_ratio else self.value
        if judged is None:
            return "not measured"
        if self.budget.limit is None:
            return ""
        return "OK" if self.budget.kept(judged) else "OVER"


def number(value: float | None) -> str:
    """A figure in three digits; a dash where there is none."""
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


COLUMNS = ("what", "on", "measured", "budget", "", "reference", "measured", "ratio")


def _cells(row: Row) -> tuple[str, ...]:
    budget = row.budget
    return (
        row.name,
        row.on,
        f"{number(row.value)} {budget.unit}",
        budget.text(),
        row.verdict,
        budget.reference,
        number(row.reference),
        number(row.ratio),
    )


def printed(rows: list[Row]) -> str:
    """Lay rows out as a plain table, in the order of the budgets, columns two spaces apart."""
    order = {budget.name: place for place, budget in enumerate(BUDGETS)}
    lines = [
        COLUMNS,
        *(_cells(row) for row in sorted(rows, key=lambda row: (order[row.name], row.on != "SQLite"))),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def from_json(entries: list[dict[str, Any]]) -> list[Row]:
    """The rows that were written by `as_json`, those that the bench still has."""
    return [
        Row(entry["name"], entry["value"], entry["reference_value"], entry["on"])
        for entry in entries
        if entry["name"] in BY_NAME
    ]


def as_json(rows: list[Row]) -> list[dict[str, object]]:
    """The rows with their budgets, ready for json.dump."""
    return [
        {
            **asdict(row.budget),
            "on": row.on,
            "value": row.value,
            "reference_value": row.reference,
            "ratio": row.ratio,
            "verdict": row.verdict,
        }
        for row in rows
    ]
