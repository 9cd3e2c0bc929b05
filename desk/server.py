"""What the last imported bundle said of the server: its months and numbers, and what it held.

DIR/server.json   what stood in the bundle's first line
DIR/held.bin      the digests of its envelopes (32 bytes each) and the ids of its attachments (16 bytes each)

Nothing in either is readable as a report; both say only what the bundle itself says to anybody.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crypto.bundle import Heading
from crypto.epoch import Epoch
from desk.durable import sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless

SERVER = "server.json"
HELD = "held.bin"
_COUNTS = struct.Struct(">II")
DIGEST, BLOB = 32, 16
AGAIN = "import the last bundle again"


@dataclass(frozen=True)
class Server:
    """What the server said: see `crypto.bundle.Heading`. ``seqs`` and ``refused`` are by a desk's signing key
    (32 bytes). ``damaged``: how much of what it holds it could not read, or did not arrive here whole.
    """

    made_on: date
    sealing: Epoch
    epochs: tuple[Epoch, ...]
    team_version: int
    seqs: Mapping[bytes, int]
    refused: Mapping[bytes, tuple[bytes, ...]]
    damaged: int

    def refused_of(self, sign: bytes) -> frozenset[str]:
        """Give the slots (hex) whose replies, of one desk, it refused."""
        return frozenset(slot.hex() for slot in self.refused.get(sign, ()))

    @classmethod
    def of(cls, heading: Heading) -> "Server":
        """Take it from a bundle's heading."""
        return cls(
            heading.made_on,
            heading.sealing,
            heading.epochs,
            heading.team_version,
            heading.seqs,
            heading.refused,
            heading.damaged,
        )


@dataclass(frozen=True)
class Held:
    """What the server held when the bundle was made, as far as it arrived whole."""

    envelopes: frozenset[str] = field(default=frozenset())  # digests, hex
    blobs: frozenset[str] = field(default=frozenset())  # ids, hex


class Arrived:
    """Which members of a bundle are here, noted one by one, in no more memory than is written of them."""

    def __init__(self) -> None:
        self._envelopes, self._blobs = bytearray(), bytearray()

    def add(self, name: str) -> None:
        """Note one by its name, env/… or blob/…; what came by another name is not noted."""
        kind, _, rest = name.partition("/")
        if kind == "env":
            self._envelopes += bytes.fromhex(rest)
        elif kind == "blob":
            self._blobs += bytes.fromhex(rest)

    def packed(self) -> Iterator[bytes | bytearray]:
        """Give what `read_held` reads, in pieces."""
        envelopes, blobs = _sorted(self._envelopes, DIGEST), _sorted(self._blobs, BLOB)
        yield _COUNTS.pack(len(envelopes) // DIGEST, len(blobs) // BLOB)
        yield envelopes
        yield blobs


def _sorted(ids: bytearray, size: int) -> bytes | bytearray:
    """Give ids in order, each once; a bundle has them so, unless it is damaged."""
    places = range(0, len(ids), size)
    if all(ids[at - size : at] < ids[at : at + size] for at in places[1:]):
        return ids
    return b"".join(sorted({bytes(ids[at : at + size]) for at in places}))


def remember(folder: Path, server: Server, held: Arrived) -> None:
    """Write both files of a desk's ``folder``, durably; whoever calls holds the home's lock."""
    written = json.dumps(
        {
            "made_on": server.made_on.isoformat(),
            "sealing": str(server.sealing),
            "epochs": [str(epoch) for epoch in server.epochs],
            "team_version": server.team_version,
            "seqs": {desk.hex(): seq for desk, seq in server.seqs.items()},
            "refused": {desk.hex(): [slot.hex() for slot in some] for desk, some in server.refused.items()},
            "damaged": server.damaged,
        },
        indent=2,
    )
    for name, pieces in ((HELD, held.packed()), (SERVER, [written.encode(), b"\n"])):
        with writing(folder / name, replace=True) as file:
            file.writelines(pieces)
    sync_folder(folder)


def read_server(folder: Path) -> Server | None:
    """Give what the last imported bundle said, or None where none was imported yet.

    :raises DeskError: the file is damaged.
    """
    path = folder / SERVER
    try:
        value = json.loads(path.read_bytes())
        return Server(
            date.fromisoformat(value["made_on"]),
            Epoch.parse(value["sealing"]),
            tuple(Epoch.parse(epoch) for epoch in value["epochs"]),
            int(value["team_version"]),
            {bytes.fromhex(desk): int(seq) for desk, seq in value["seqs"].items()},
            {bytes.fromhex(desk): tuple(map(bytes.fromhex, some)) for desk, some in value["refused"].items()},
            int(value["damaged"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DeskError(f"{harmless(str(path))} is damaged", AGAIN) from None


def read_held(folder: Path) -> Held:
    """Give what the server held, nothing where no bundle was imported yet.

    :raises DeskError: the file is damaged.
    """
    path = folder / HELD
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Held()
    if len(data) < _COUNTS.size:
        raise DeskError(f"{harmless(str(path))} is damaged", AGAIN)
    envelopes, blobs = _COUNTS.unpack_from(data)
    middle = _COUNTS.size + DIGEST * envelopes
    if len(data) != middle + BLOB * blobs:
        raise DeskError(f"{harmless(str(path))} is damaged", AGAIN)
    return Held(frozenset(_each(data[_COUNTS.size : middle], DIGEST)), frozenset(_each(data[middle:], BLOB)))


def _each(data: bytes, size: int) -> Iterator[str]:
    return (data[at : at + size].hex() for at in range(0, len(data), size))
