"""Where the things of a picture stand: the same for the same network, and no label over another.

Each connected group is laid out alone by networkx, drawn apart until its labels have room, and put beside the
others in rows.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np
import numpy.typing as npt

ROOM = 10.0  # between two labels
_SEED = 7
_ROUNDS = 500
_NEARLY = 1e-6
_BESIDE = 30.0  # between two groups

Array = npt.NDArray[np.float64]
Size = tuple[float, float]
Place = tuple[float, float]


def laid_out(sizes: Mapping[str, Size], edges: Iterable[tuple[str, str]]) -> tuple[dict[str, Place], Size]:
    """Give the centre of each thing, whose label is as large as ``sizes`` says, and the size of the whole."""
    graph = nx.Graph()
    graph.add_nodes_from(sizes)  # in their order: the same network gives the same picture
    graph.add_edges_from(edges)
    order = {name: at for at, name in enumerate(sizes)}
    groups = [sorted(group, key=order.__getitem__) for group in nx.connected_components(graph)]
    groups.sort(key=lambda group: (-len(group), order[group[0]]))
    boxes = [_group(graph.subgraph(group), group, [sizes[name] for name in group]) for group in groups]
    places: dict[str, Place] = {}
    at_x = at_y = row = widest = 0.0
    wide = max(
        [math.sqrt(sum(w * h for _, (w, h) in boxes)) * 2.0, *(w for _, (w, _h) in boxes)], default=0.0
    )
    for group, (centres, (width, height)) in zip(groups, boxes, strict=True):
        if at_x and at_x + width > wide:
            at_x, at_y, row = 0.0, at_y + row + _BESIDE, 0.0
        for name, (x, y) in zip(group, centres, strict=True):
            places[name] = (at_x + float(x), at_y + float(y))
        at_x += width + _BESIDE
        row = max(row, height)
        widest = max(widest, at_x - _BESIDE)
    return places, (widest, at_y + row)


def _group(graph: "nx.Graph[str]", names: Sequence[str], sizes: Sequence[Size]) -> tuple[Array, Size]:
    """Lay out one connected group: the centres, from (0, 0) at the top left, and the size of its box."""
    boxes = np.array(sizes, dtype=float)
    ordered = nx.Graph()
    ordered.add_nodes_from(names)
    ordered.add_edges_from(sorted(graph.edges))
    start = nx.circular_layout(ordered)
    found = nx.spring_layout(ordered, pos=start, seed=_SEED, iterations=120)
    centres = np.array([found[name] for name in names], dtype=float)
    if len(names) == 2:
        centres = np.array([[0.0, 0.0], [1.0, 0.25]])
    # As much room as the labels need, and lines to be seen between them.
    centres *= 0.7 * math.sqrt(float((boxes[:, 0] * boxes[:, 0]).sum()))
    centres = _apart(centres, boxes + ROOM)
    low = (centres - boxes / 2).min(axis=0)
    high = (centres + boxes / 2).max(axis=0)
    return _turned(centres - low, boxes, high - low), (float(high[0] - low[0]), float(high[1] - low[1]))


def _turned(centres: Array, boxes: Array, size: Array) -> Array:
    """Mirror a group so that something stands as near to its top left as can be: there reading begins."""
    best, least = centres, math.inf
    for sides in ((0, 0), (1, 0), (0, 1), (1, 1)):
        mirrored = np.where(np.array(sides, dtype=bool), size - centres, centres)
        far = float((mirrored - boxes / 2).sum(axis=1).min())
        if far < least - _NEARLY:
            best, least = mirrored, far
    return best


def _apart(
    centres: Array,
    boxes: Array,
) -> Array:
    """Push overlapping boxes apart, along the side where they overlap least, until none do.

    Where pushing alone finds no end, everything is drawn larger, which always makes room.
    """
    moved = centres.copy()
    room = (boxes[:, None, :] + boxes[None, :, :]) / 2
    one_each = np.triu(np.ones(room.shape[:2], dtype=bool), 1)
    for turn in range(_ROUNDS):
        apart = [moved[:, None, side] - moved[None, :, side] for side in (0, 1)]
        over = [room[:, :, side] - np.abs(apart[side]) for side in (0, 1)]
        first, second = np.nonzero((over[0] > _NEARLY) & (over[1] > _NEARLY) & one_each)
        if not len(first):
            return moved
        least = over[0][first, second] < over[1][first, second]
        for side, pushed in ((0, least), (1, ~least)):
            left, right = first[pushed], second[pushed]
            by = over[side][left, right] * np.where(apart[side][left, right] > 0, 0.3, -0.3)
            np.add.at(moved[:, side], left, by)
            np.add.at(moved[:, side], right, -by)
        if turn % 25 == 24:
            moved *= 1.08
    return _grid(moved, boxes)


def _grid(
    centres: Array,
    boxes: Array,
) -> Array:
    """Put everything into the cells of a grid, in the order of reading: the last resort."""
    width, height = boxes.max(axis=0)
    across = max(1, math.isqrt(len(centres)))
    moved = centres.copy()
    for at, one in enumerate(sorted(range(len(centres)), key=lambda one: (centres[one][1], centres[one][0]))):
        moved[one] = ((at % across) * width, (at // across) * height)
    return moved
