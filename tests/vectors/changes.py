"""How a vector's bytes come from a base: a short list of changes that a person can read.

{"cut": 13}                        keep the first 13 bytes
{"take": [[0, 13], [20, 40]]}      keep these slices, in this order (swap, repeat, leave out)
{"at": 7, "write": "02ff"}         put these bytes there
{"at": 7, "flip": 1}               exclusive-or the byte there
{"append": "00"}                   put these bytes behind
{"append_zeros": 12}               put zeros behind
"""

from itertools import pairwise
from typing import Any

Change = dict[str, Any]


def changed(base: bytes, changes: list[Change]) -> bytes:
    """Make a vector's bytes."""
    data = bytearray(base)
    for change in changes:
        match change:
            case {"cut": int(length)}:
                del data[length:]
            case {"take": list(slices)}:
                data = bytearray(b"".join(data[start:end] for start, end in slices))
            case {"at": int(place), "write": str(written)}:
                new = bytes.fromhex(written)
                data[place : place + len(new)] = new
            case {"at": int(place), "flip": int(bits)}:
                data[place] ^= bits
            case {"append": str(more)}:
                data += bytes.fromhex(more)
            case {"append_zeros": int(more_zeros)}:
                data += bytes(more_zeros)
            case _:
                raise ValueError(f"no such change: {change}")
    return bytes(data)


def difference(base: bytes, wanted: bytes, *, gap: int = 12) -> list[Change]:
    """Find the changes that make ``wanted`` of ``base``."""
    common = min(len(base), len(wanted))
    places = [at for at in range(common) if base[at] != wanted[at]]
    changes: list[Change] = []
    if places:
        breaks = [(a, b) for a, b in pairwise(places) if b - a > gap]
        starts = [places[0], *(b for _, b in breaks)]
        ends = [*(a for a, _ in breaks), places[-1]]
        changes += [
            {"at": start, "write": wanted[start : end + 1].hex()}
            for start, end in zip(starts, ends, strict=True)
        ]
    if len(base) > common:
        changes.append({"cut": common})
    if len(wanted) > common:
        changes.append({"append": wanted[common:].hex()})
    assert changed(base, changes) == wanted
    return changes
