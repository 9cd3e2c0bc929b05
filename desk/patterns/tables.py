"""Tables of counts, the one shape that all patterns have: a page, JSON and CSV are made from it.

A count is publishable when it is five or more, and when what was counted names nobody: a telephone number, a
plate or an address is for work, and never for print.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

FEWEST = 5  # cases that a count must have to be published
FEW = "too few to publish"
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

    def why_not(self, row: Row) -> str:
        """Say why a row is not to be published, or nothing."""
        if self.naming:
            return NAMES
        counts = [row.count, *(value for value in row.more.values() if isinstance(value, int))]
        return FEW if min(counts) < FEWEST else ""

    def publishable(self, row: Row) -> bool:
        """Whether a row may be published."""
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
    """Give all tables as one of CSV: table, value, label, cases, publishable, why_not, more; in UTF-8 with a
    byte order mark, as spreadsheets want it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["table", "value", "label", "cases", "publishable", "why_not", "more"])
    for table in tables:
        for row in table.rows:
            more = "; ".join(f"{table.columns.get(name, name)}: {value}" for name, value in row.more.items())
            told = [table.name, row.value, row.label, row.count]
            told += ["yes" if table.publishable(row) else "no", table.why_not(row), more]
            writer.writerow([_plain(cell) for cell in told])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> str:
    """Give a cell that no spreadsheet takes for a formula: a stranger may have written it."""
    text = str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
