"""Read an SQLite file by its pages: where each row of a table lies. Tables without rowids only."""

import struct
from dataclasses import dataclass

INTERIOR, LEAF = 2, 10


@dataclass(frozen=True)
class Place:
    """Where a row lies: page, cell, bytes into the page; the first page of what did not fit, or 0."""

    page: int
    cell: int
    offset: int
    overflow: int


class Pages:
    """The pages of a database whose log is empty."""

    def __init__(self, data: bytes) -> None:
        assert data.startswith(b"SQLite format 3\0")
        self._data = data
        self._size = struct.unpack_from(">H", data, 16)[0]
        self._usable = self._size - data[20]

    def places(self, root: int) -> dict[bytes, Place]:
        """Give the places of all rows below a root page by their first column, a blob."""
        found = {}
        waiting = [root]
        while waiting:
            number = waiting.pop()
            page = self._page(number)
            assert page[0] in (INTERIOR, LEAF)
            cells = struct.unpack_from(">H", page, 3)[0]
            header = 12 if page[0] == INTERIOR else 8
            if page[0] == INTERIOR:
                waiting.append(struct.unpack_from(">I", page, 8)[0])
            for cell in range(cells):
                offset = struct.unpack_from(">H", page, header + 2 * cell)[0]
                at = offset
                if page[0] == INTERIOR:
                    waiting.append(struct.unpack_from(">I", page, at)[0])
                    at += 4
                key, overflow = self._read(page, at)
                found[key] = Place(number, cell, offset, overflow)
        return found

    def _page(self, number: int) -> bytes:
        start = (number - 1) * self._size
        return self._data[start : start + self._size]

    def _read(self, page: bytes, at: int) -> tuple[bytes, int]:
        size, at = _varint(page, at)
        most = (self._usable - 12) * 64 // 255 - 23
        local, overflow = size, 0
        if size > most:
            least = (self._usable - 12) * 32 // 255 - 23
            local = least + (size - least) % (self._usable - 4)
            local = local if local <= most else least
            overflow = struct.unpack_from(">I", page, at + local)[0]
        header, after = _varint(page, at)
        kind, _ = _varint(page, after)
        assert kind >= 12
        assert kind % 2 == 0
        start = at + header
        return page[start : start + (kind - 12) // 2], overflow


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = data[at + place]
        if place == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    raise AssertionError
