"""`patterns`: what many reports say together, for a terminal, a spreadsheet or another program."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desk.columns import beside, columns
from desk.harmless import harmless, harmless_name
from desk.home import Home
from desk.patterns.gathered import FEW, HOW, Patterns
from desk.patterns.tables import Row, Table, csv_bytes

if TYPE_CHECKING:
    from desk.cli import Parser

_MOST = 15  # rows of a table on a terminal; --csv and --json have them all


def add(commands_: "argparse._SubParsersAction[Parser]") -> None:
    """Add `patterns`."""
    what = "count what the reports say together, and find what is new or rising"
    parser = commands_.add_parser("patterns", help=what, description=what)
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument(
        "--csv", metavar="FILE", help="write it for a spreadsheet too, readable, to a new file"
    )


def run(home: Home, given: argparse.Namespace) -> int:
    """Count, and print."""
    # Here alone: they take a part of a second to load.
    from desk.book.commands import opened
    from desk.connections.beside import looked_through
    from desk.connections.saving import new_file
    from desk.patterns.kept import counted_without, not_counted

    book = opened(home)
    found = looked_through(book.files())
    patterns = counted_without(found, not_counted(book.files()))
    if given.csv:
        new_file(Path(given.csv), csv_bytes(patterns.tables))
    if given.json:
        print(json.dumps(patterns.as_json(), indent=2))
        return 0
    for line in lines(patterns):
        print(line)
    return 0


def lines(patterns: Patterns) -> Iterator[str]:
    """Give them as lines for a terminal."""
    most = columns()
    if not patterns.cases:
        yield "no report to count yet: import a bundle"
        return
    counted = f"{patterns.cases:,} reports, received from {patterns.since} to {patterns.until}"
    yield f"{counted}; {patterns.not_counted}" if patterns.not_counted else counted
    for text in (HOW, FEW, patterns.comparing):
        yield ""
        yield from beside(text, [], most, most)
    for table in patterns.tables:
        if table.rows:
            yield from _table(table, most)


def _table(table: Table, most: int) -> Iterator[str]:
    yield ""
    yield f"== {table.title} =="
    yield from beside(table.about, [], most, most)
    shown = table.rows[:_MOST]
    left = min(max(len(harmless_name(row.label)) for row in shown), most // 2)
    for row in shown:
        yield from beside(harmless_name(row.label), [(" ", _row(table, row))], left, most)
    if more := len(table.rows) - len(shown) + table.left_out:
        yield f"and {more:,} more: --json has them"


def _row(table: Table, row: Row) -> str:
    more = [f"{table.columns.get(name, name)}: {value}" for name, value in row.more.items() if value != ""]
    return harmless("; ".join([f"{row.count:,}", *more, table.said(row)]))
