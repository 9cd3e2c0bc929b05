"""The table drawn: how much of its budget each figure takes, as an SVG without a script, light and dark."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from .budgets import BUDGETS
from .place import POSTGRES, SQLITE
from .table import Row, number

# What a reader who wants one picture wants in it; rows that are not here are in the table.
DRAWN = (
    "First load of /report, no JavaScript",
    "First load of /report, JavaScript",
    "GET /report",
    "New source: form, review, 1 KB sent",
    "New source, CPU",
    "2,000 sources a minute with 50 KB, p95",
    "Mailbox opened, among 5,000",
    "100 MB file, sealed and fsynced",
    "100 MB file, memory it adds",
    "100 MB file, disk written",
    "Idle memory, two workers and master",
    "GET p95 meanwhile",
    "Search among 10,000 articles, p95",
    "Export of 1,000 reports",
    "Import of 1,000 reports",
    "New source, 100x",
    "Export's memory, 100x",
    "Desk opens 10,000 cases",
    "Links of 10,000 cases",
)
WIDTH, LABEL, FIGURE, LINE, HEAD = 880, 300, 210, 12, 64
MOST = 1.5  # times its budget: a bar that would be longer ends in an arrow
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1b1b18; } .small { font-size: 11px; }
.sqlite { fill: #2b6a6c; } .postgres { fill: #b07d2b; } .over { stroke: #a3231f; stroke-width: 2; }
.budget { stroke: #1b1b18; stroke-dasharray: 3 3; } .back { fill: #fdfcf9; }
@media (prefers-color-scheme: dark) {
text { fill: #ece9e1; } .sqlite { fill: #66b3b0; } .postgres { fill: #d9ae62; } .over { stroke: #ff8f84; }
.budget { stroke: #ece9e1; } .back { fill: #1c1b18; } }
"""


def used(row: Row) -> float | None:
    """How much of its budget a row takes: 1 is all of it. None where it was not measured or has none."""
    judged = row.ratio if row.budget.of_ratio else row.value
    limit = row.budget.limit
    if judged is None or not limit:
        return None
    if row.budget.at_least:
        return limit / judged if judged else MOST
    return judged / limit


def drawn(rows: Iterable[Row]) -> str:
    """Draw those of the rows that are in DRAWN, in the order of the table, a bar for each database."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        if row.name in DRAWN and used(row) is not None:
            by_name.setdefault(row.name, []).append(row)
    place, parts = HEAD, []
    for name in (budget.name for budget in BUDGETS if budget.name in by_name):
        some = sorted(by_name[name], key=lambda row: row.on != SQLITE)
        parts.append(_text(8, place + LINE * len(some) / 2 + 5, name))
        for row in some:
            parts += _bar(row, place)
            place += LINE
        place += 8
    budget = _across(1)
    said = "; ".join(_said(row) for some in by_name.values() for row in some)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {place + 8}" width="{WIDTH}"',
        ' role="img" aria-labelledby="title what">',
        '<title id="title">What Vigil costs, as a part of its budget</title>',
        f'<desc id="what">{escape(said)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{place + 8}"/>',
        _text(8, 22, "How much of its budget each figure takes: shorter is better"),
        f'<rect class="sqlite" x="{LABEL}" y="34" width="10" height="10"/>',
        _text(LABEL + 16, 44, SQLITE, "small"),
        f'<rect class="postgres" x="{LABEL + 70}" y="34" width="10" height="10"/>',
        _text(LABEL + 86, 44, POSTGRES, "small"),
        *parts,
        f'<line class="budget" x1="{budget:.1f}" y1="48" x2="{budget:.1f}" y2="{place}"/>',
        _text(budget - 20, 44, "budget", "small"),
        "</svg>",
        "",
    ])  # fmt: skip


def _across(part: float) -> float:
    return LABEL + (WIDTH - LABEL - FIGURE) * min(part, MOST) / MOST


def _bar(row: Row, top: float) -> list[str]:
    part = used(row) or 0.0
    kind = "sqlite" if row.on == SQLITE else "postgres"
    over = " over" if row.verdict == "OVER" else ""
    long = max(1.0, _across(part) - LABEL)
    figure = f"{_figure(row)}, {row.budget.text()}"
    return [
        f'<rect class="{kind}{over}" x="{LABEL}" y="{top}" width="{long:.1f}" height="{LINE - 2}"/>',
        _text(WIDTH - FIGURE + 10, top + LINE - 2, figure + (" →" if part > MOST else ""), "small"),
    ]


def _figure(row: Row) -> str:
    return number(row.ratio if row.budget.of_ratio else row.value)


def _said(row: Row) -> str:
    return f"{row.name} ({row.on}): {_figure(row)}, {row.budget.text()}"


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{named}>{escape(text)}</text>'
