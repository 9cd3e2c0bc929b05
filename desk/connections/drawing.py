"""A network as a picture: SVG that needs no script and no style, and that is the same for the same network.

A case is a box with round corners, with a few of its words; what cases share is a box with square ones that
says what it is and how sure. A thick line leads to a case of a confirmed pair, a dashed one is no more than
likely, a dotted one rejected. No colour says anything:
lines and letters have that of the text around, so that a dark page needs no other picture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from desk.connections.layout import Place, Size, laid_out
from desk.connections.network import CONFIRMED, KINDS, OPEN, REJECTED, Network, Shared
from desk.connections.scale import SURE
from desk.harmless import harmless_name

_LETTER, _LINE, _MARGIN = 9.4, 18.0, 12.0  # of a label in 14 pixels
_LONGEST = 26  # characters of a value
_LINES = {CONFIRMED: 'stroke-width="4"', REJECTED: 'stroke-width="1.5" stroke-dasharray="1.5 5"'}
_GUESS = 'stroke-width="1.5" stroke-dasharray="7 4"'

Href = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Box:
    name: str
    rows: tuple[str, ...]
    case: bool
    strong: bool = False

    @property
    def size(self) -> Size:
        width = max(len(row) for row in self.rows) * _LETTER + 20
        return max(width, 60.0), len(self.rows) * _LINE + 12


def svg(network: Network, href: Href | None = None, *, alone: bool = False) -> str:
    """Draw it. ``href`` gives the address of a case's page, where there is one. ``alone``: as a file of its
    own, black on white."""
    titles = network.titles or ("",) * len(network.cases)
    boxes = {
        case: _Box(case, (_cut(title), case) if title else (case,), True, case == network.around)
        for case, title in zip(network.cases, titles, strict=True)
    }
    numbers = count(1)
    things = {f"thing {next(numbers)}": shared for shared in network.drawn}
    boxes |= {name: _Box(name, _rows(shared), False) for name, shared in things.items()}
    ties = {(case, name): tie for name, one in things.items() for case, tie in one.ties_by_case().items()}
    edges = [(case, name) for name, shared in things.items() for case in shared.cases]
    places, (width, height) = laid_out({name: box.size for name, box in boxes.items()}, edges)
    wide, high = f"{width + 2 * _MARGIN:.0f}", f"{height + 2 * _MARGIN:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"',
        f' role="{"img" if href is None else "group"}" aria-label={quoteattr(network.told)}',
        f' font-family="sans-serif" font-size="14" color="{"black" if alone else "inherit"}">',
        '<rect width="100%" height="100%" fill="white"/>' if alone else "",
        f'<g transform="translate({_MARGIN:.0f} {_MARGIN:.0f})" stroke="currentColor" fill="none">',
        *(_line(places[case], places[name], *ties[case, name]) for case, name in edges),
        "</g>",
        f'<g transform="translate({_MARGIN:.0f} {_MARGIN:.0f})" text-anchor="middle">',
        *(_drawn(box, places[box.name], href, alone=alone) for box in boxes.values()),
        "</g></svg>",
    ]
    return "".join(parts)


def _rows(shared: Shared) -> tuple[str, ...]:
    return KINDS.get(shared.kind, shared.kind), _cut(shared.written), shared.said


def _cut(text: str) -> str:
    shown = harmless_name(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _line(start: Place, end: Place, decision: str, score: float) -> str:
    style = _LINES.get(decision, 'stroke-width="1.5"')
    if decision == OPEN and score < SURE:
        style = _GUESS
    return f'<path d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" {style}/>'


def _drawn(box: _Box, place: Place, href: Href | None, *, alone: bool) -> str:
    width, height = box.size
    left, top = place[0] - width / 2, place[1] - height / 2
    paper = 'fill="white"' if alone else 'class="paper"'
    edge = f'stroke="currentColor" stroke-width="{3 if box.strong else 1.5}"'
    round_ = ' rx="14"' if box.case else ""
    frame = (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"{round_} '
        f"{paper} {edge}/>"
    )
    rows = "".join(
        f'<text x="{place[0]:.1f}" y="{top + 20 + at * _LINE:.1f}" fill="currentColor"'
        f"{_weight(box, at)}>{escape(row)}</text>"
        for at, row in enumerate(box.rows)
    )
    if box.case and href is not None:
        return f"<a href={quoteattr(href(box.name))}>{frame}{rows}</a>"
    return f"<g>{frame}{rows}</g>"


def _weight(box: _Box, row: int) -> str:
    if box.case:
        if row:
            return ' font-size="12"'
        return ' font-weight="bold"' if box.strong else ""
    return ' font-weight="bold"' if row == 1 else ' font-size="12"'
