"""Look for what SQLite left behind of rows that were deleted.

With secure_delete it fills what it frees with zeros. But where it moves rows from one page to another, to
make room for a new one, it may leave a copy behind, in the part of the page that nothing uses; and when the
row is deleted later, that copy stays. Only rewriting the database removes it. This reads the file by its
pages ("Database File Format", section 1.6), and writes nothing.
"""

import os
import struct
from collections.abc import Callable, Collection, Iterable, Iterator

# So many bytes together, of a deleted row, count as found. What is overwritten in part begins anywhere.
PIECE = 8
INTERIOR = {2, 5}
LEAF = {10, 13}
# The child of a cell; before the cells' places, the header of a page: the longer one has the last child.
_CHILD = 4
_HEADER = {True: 12, False: 8}

ReadPage = Callable[[int], bytes]


def pages_of(fd: int, size: int) -> ReadPage:
    """Give what reads a page of an open file by its number, from 1."""
    return lambda number: os.pread(fd, size, (number - 1) * size)


def are_left(page: ReadPage, roots: Iterable[int], deleted: Iterable[bytes]) -> bool:
    """Say whether a piece of anything ``deleted`` is in the unused part of a page below ``roots``."""
    pieces = {part[at : at + PIECE] for part in deleted for at in range(0, len(part) - PIECE + 1, PIECE)}
    return any(_holds(gap, pieces) for root in roots for gap in _gaps(page, root))


def _holds(gap: bytes, pieces: Collection[bytes]) -> bool:
    if not gap.strip(b"\0"):
        return False
    return any(gap[at : at + PIECE] in pieces for at in range(len(gap) - PIECE + 1))


def _gaps(page: ReadPage, root: int) -> Iterator[bytes]:
    """Give the unused part of every page of a tree, between the places of its cells and the cells."""
    waiting = [root]
    while waiting:
        data = page(waiting.pop())
        if data[0] not in INTERIOR | LEAF:
            continue
        interior = data[0] in INTERIOR
        cells, content = struct.unpack_from(">HH", data, 3)
        start = _HEADER[interior]
        end = start + 2 * cells
        if interior:
            places = struct.unpack_from(f">{cells}H", data, start)
            waiting.extend(struct.unpack_from(">I", data, place)[0] for place in places)
            waiting.append(struct.unpack_from(">I", data, start - _CHILD)[0])
        # 0 stands for the 65,536 of the largest pages.
        yield data[end : content or len(data)]
