"""Tables of counts, the one shape that all patterns have: a page, JSON and CSV are made from it.

A count that is five or more is not few; whether its sources agreed that it be published, the desk has not
checked. In the data a row is publishable when it is not few and names nobody: a telephone number, a plate or
an address is for work, and never for print.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

FEWEST = 5  # cases that a count must have to be published
FEW = f"under {FEWEST}: do not publish"
MANY = f"{FEWEST} or more"
NAMES = "names people or places: never publish it"


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """What was counted: ``value`` for data, ``label`` for people, in how many cases, and their names;
    ``more`` are further columns of the table by their names, counts or words."""

    value: str
    label: str
    cases: tuple[str, ...]
    more: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return "<Row>"

    @property
    def count(self) -> int:
        """How many cases."""
        return len(self.cases)


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Counts of one subject. ``about`` says in a sentence or two what they are; ``head`` is the heading of
    what was counted, ``columns`` the headings of the further columns by name. ``naming``: its values name
    people or places, and no row of it is publishable. ``left_out`` rows were too many to show."""

    name: str
    title: str
    about: str
    head: str
    rows: tuple[Row, ...]
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    naming: bool = False
    left_out: int = 0

    def __repr__(self) -> str:
        return f"<Table {self.name}>"

    def few(self, row: Row) -> bool:
        """Whether any count of a row is so small that it could point to somebody."""
        counts = [row.count, *(value for value in row.more.values() if isinstance(value, int))]
        return min(counts) < FEWEST

    def said(self, row: Row) -> str:
        """Say whether a row is few, for people."""
        return self.why_not(row) or MANY

    def why_not(self, row: Row) -> str:
        """Say why a row is not to be published, or nothing."""
        if self.naming:
            return NAMES
        return FEW if self.few(row) else ""

    def publishable(self, row: Row) -> bool:
        """Whether a row is not few and names nobody; nothing is said of what its sources agreed to."""
        return not self.why_not(row)

    def as_json(self) -> dict[str, object]:
        """Give the JSON object of it."""
        return {
            "title": self.title,
            "about": self.about,
            "left_out": self.left_out,
            "rows": [
                {
                    "value": row.value,
                    "label": row.label,
                    "cases": row.count,
                    "few": self.few(row),
                    "publishable": self.publishable(row),
                    "why_not": self.why_not(row),
                    **row.more,
                    "which": list(row.cases),
                }
                for row in self.rows
            ],
        }


def counted(
    pairs: Iterable[tuple[str, str]], labels: Mapping[str, str] | None = None, *, ordered: bool = False
) -> tuple[Row, ...]:
    """Count pairs of (value, case), each case once for a value; the most first, or in the order of
    ``labels``.

    A value without a label is its own.
    """
    named: dict[str, dict[str, None]] = {value: {} for value in labels or ()} if ordered else {}
    for value, case in pairs:
        named.setdefault(value, {})[case] = None
    rows = [
        Row(value, (labels or {}).get(value, value), tuple(cases)) for value, cases in named.items() if cases
    ]
    return tuple(rows if ordered else sorted(rows, key=lambda row: (-row.count, row.value)))


def shortened(rows: Sequence[Row], most: int) -> tuple[tuple[Row, ...], int]:
    """Give the first ``most`` rows, and how many are left out."""
    return tuple(rows[:most]), max(len(rows) - most, 0)


def csv_bytes(tables: Iterable[Table]) -> bytes:
    """Give all tables as one of CSV: table, value, label, cases, publishable, why_not, more, few; in UTF-8
    with a byte order mark, as spreadsheets want it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["table", "value", "label", "cases", "publishable", "why_not", "more", "few"])
    for table in tables:
        for row in table.rows:
            more = "; ".join(f"{table.columns.get(name, name)}: {value}" for name, value in row.more.items())
            told = [table.name, row.value, row.label, row.count]
            told += ["yes" if table.publishable(row) else "no", table.why_not(row), more]
            told.append("yes" if table.few(row) else "no")
            writer.writerow([_plain(cell) for cell in told])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> str:
    """Give a cell that no spreadsheet takes for a formula: a stranger may have written it."""
    text = str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
