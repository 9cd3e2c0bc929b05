"""Carry over what differs between the two: found by going through both, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from store.moving.source import Source
from store.moving.tables import BLOBS, QUICK, TABLES, Compared, Key, Row
from store.moving.target import Target

# Rows that are written, or deleted, by one transaction.
AT_ONCE = 100
READ = 1024 * 1024


@dataclass
class Carried:
    """What one look round has changed: rows and files written, the files' bytes, rows deleted.

    ``lost`` are files whose rows are here, and of which the source has not all bytes: they stay lost.
    """

    rows: int = 0
    files: int = 0
    bytes: int = 0
    deleted: int = 0
    lost: int = 0

    @property
    def changes(self) -> int:
        """How many things were written or deleted."""
        return self.rows + self.files + self.deleted


def look_round(source: Source, target: Target, *, quick: bool = False) -> Carried:
    """Go through all of both once, and make the target what the source is.

    ``quick``: envelopes are told by their digests alone, and are not read on either side.

    :raises StoreError: either failed; what was carried over stays, and again it goes on from there
    """
    carried = Carried()
    for table in QUICK if quick else TABLES:
        _carry(source, target, table, carried)
    _mend(source, target, carried)
    return carried


def _carry(source: Source, target: Target, table: Compared, carried: Carried) -> None:
    gone: list[Key] = []
    wanted: list[Key] = []
    for ours, theirs in side_by_side(table, source.compared(table), target.compared(table)):
        if ours is not None:
            wanted.append(table.key_of(ours))
        elif theirs is not None:
            gone.append(table.key_of(theirs))
        if len(gone) + len(wanted) >= AT_ONCE:
            _change(source, target, table, gone, wanted, carried)
            gone, wanted = [], []
    _change(source, target, table, gone, wanted, carried)


def _change(
    source: Source, target: Target, table: Compared, gone: list[Key], wanted: list[Key], carried: Carried
) -> None:
    if gone:
        carried.deleted += len(gone)
        target.remove(table, gone)
    rows = [
        row
        for row in source.rows(table, wanted)
        if table is not BLOBS or not _write_file(source, target, row, carried)
    ]
    if rows:
        carried.rows += len(rows)
        target.write(table, rows)


def _write_file(source: Source, target: Target, row: Row, carried: Carried) -> bool:
    """Write a file that is not there yet, and its row; say whether that is done."""
    key = BLOBS.whole_key(row)
    if target.has(BLOBS, key):
        return False
    done = _put(source, target, row, carried)
    # Without the file its row says what a report relies on; but a row that went with it says nothing.
    return done or next(source.rows(BLOBS, [key]), None) is None


def _put(source: Source, target: Target, row: Row, carried: Carried) -> bool:
    (blob,) = BLOBS.whole_key(row)
    file = source.open(blob)
    if file is None:
        return False
    with file:
        if not target.put(BLOBS, row, blob, _pieces(file)):
            return False
    carried.files += 1
    carried.bytes += BLOBS.size_of(row)
    return True


def _mend(source: Source, target: Target, carried: Carried) -> None:
    """Write files that were lost, and are at the source by now."""
    for blob in target.broken():
        for row in source.rows(BLOBS, [(blob,)]):
            carried.lost += not _put(source, target, row, carried)


def _pieces(file: BufferedReader) -> Iterator[bytes]:
    while piece := file.read(READ):
        yield piece


def side_by_side(
    table: Compared, ours: Iterator[Row], theirs: Iterator[Row]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Give the rows that differ, one of either or both of one key; both come by their keys."""
    mine, other = next(ours, None), next(theirs, None)
    while mine is not None or other is not None:
        if other is None or (mine is not None and table.key_of(mine) < table.key_of(other)):
            yield mine, None
            mine = next(ours, None)
        elif mine is None or table.key_of(other) < table.key_of(mine):
            yield None, other
            other = next(theirs, None)
        else:
            if mine != other:
                yield mine, other
            mine, other = next(ours, None), next(theirs, None)
