"""A bundle's list of contents: one line that says what the bundle is, then one line a member.

FORMAT.md, "Bundle", specifies both kinds of line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from crypto import strict_json, ustar
from crypto.epoch import Epoch
from crypto.errors import BadBundle
from crypto.teambody import MAX_DESKS, MAX_VERSION

FORMAT = 1
MAX_LINE = 256 * 1024
LEAST_LINE = len('{"name":"blob/","size":0,"sha256":""}\n') + 32 + 64  # a member's
MAX_MEMBERS = 2**31
MAX_SEQ = 2**32 - 1
MAX_REFUSED = 1000
_HEX = re.compile(r"[0-9a-f]{64}")
_SLOT = re.compile(r"[0-9a-f]{32}")
_KEYS = (
    "bundle",
    "direction",
    "members",
    "team_version",
    "epochs",
    "sealing",
    "made_on",
    "seqs",
    "refused",
    "damaged",
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a server says of itself, in a bundle to the desk.

    ``team_version``: of its team.keys. ``epochs``: the months it holds envelopes of, in order. ``sealing``:
    the month it seals to on ``made_on`` (UTC). ``seqs``: the last bundle that it took from each desk, by the
    desk's signing key (32 bytes). ``refused``: by desk alike, the slots (16 bytes, sorted, at most
    MAX_REFUSED) whose replies it refused, and wants again. ``damaged``: how many things it holds that it
    could not read, and that are therefore not in the bundle.

    :raises BadBundle: a number out of range, months or slots that are not in order, too many of anything.
    """

    team_version: int
    epochs: tuple[Epoch, ...]
    sealing: Epoch
    made_on: date
    seqs: Mapping[bytes, int] = field(default_factory=dict)
    refused: Mapping[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    damaged: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.team_version <= MAX_VERSION:
            raise BadBundle("the manifest's team version is out of range")
        if list(self.epochs) != sorted(set(self.epochs)):
            raise BadBundle("the manifest's epochs are not in order")
        if len(self.seqs) > MAX_DESKS or {len(desk) for desk in self.seqs} - {32}:
            raise BadBundle(f"the manifest's seqs are not of at most {MAX_DESKS} desks")
        if not all(1 <= seq <= MAX_SEQ for seq in self.seqs.values()):
            raise BadBundle("a seq of the manifest is out of range")
        self._check_refused()
        if not 0 <= self.damaged <= MAX_MEMBERS:
            raise BadBundle("the manifest's number of damaged things is out of range")
        for name in ("seqs", "refused"):
            object.__setattr__(self, name, MappingProxyType(dict(sorted(getattr(self, name).items()))))

    def _check_refused(self) -> None:
        if len(self.refused) > MAX_DESKS or {len(desk) for desk in self.refused} - {32}:
            raise BadBundle(f"the manifest's refused slots are not of at most {MAX_DESKS} desks")
        for slots in self.refused.values():
            if list(slots) != sorted(set(slots)) or {len(slot) for slot in slots} != {16}:
                raise BadBundle("the manifest's refused slots are not in order")
            if len(slots) > MAX_REFUSED:
                raise BadBundle(f"the manifest names more than {MAX_REFUSED} refused slots of a desk")

    def line(self, members: int) -> bytes:
        """Write the first line, for so many members."""
        return written(
            {
                "bundle": FORMAT,
                "direction": "out",
                "members": members,
                "team_version": self.team_version,
                "epochs": [str(epoch) for epoch in self.epochs],
                "sealing": str(self.sealing),
                "made_on": self.made_on.isoformat(),
                "seqs": {desk.hex(): seq for desk, seq in self.seqs.items()},
                "refused": {desk.hex(): [slot.hex() for slot in some] for desk, some in self.refused.items()},
                "damaged": self.damaged,
            }
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle: env/<64 hex digits> or blob/<32 hex digits>, its size, its SHA-256 (32 bytes).

    An envelope's name is its digest.

    :raises BadBundle: anything else.
    """

    NAMES: ClassVar[re.Pattern[str]] = re.compile(r"env/[0-9a-f]{64}|blob/[0-9a-f]{32}")
    NOT_A_NAME: ClassVar[str] = "a member's name is not env/… or blob/…"

    name: str
    size: int
    sha256: bytes

    def __post_init__(self) -> None:
        if not self.NAMES.fullmatch(self.name):
            raise BadBundle(self.NOT_A_NAME)
        if not 0 <= self.size <= ustar.MAX_SIZE:
            raise BadBundle("a member's size is out of range")
        if len(self.sha256) != 32:
            raise BadBundle("a member's hash has not 32 bytes")
        if self.name.startswith("env/") and self.name[4:] != self.sha256.hex():
            raise BadBundle("an envelope's name is not its digest")

    def line(self) -> bytes:
        """Write the member's line."""
        return written({"name": self.name, "size": self.size, "sha256": self.sha256.hex()})


def read_heading(line: bytes) -> tuple[Heading, int]:
    """Read the first line, and how many members it promises.

    :raises BadBundle: not such a line, of an unknown format, or of the other direction.
    """
    try:
        value = of_direction(line, "out", "a server to a desk")
        strict_json.exactly(value, _KEYS)
        members = strict_json.whole_number(value["members"], "members", 0, MAX_MEMBERS)
        heading = Heading(
            team_version=strict_json.whole_number(value["team_version"], "team_version", 1, MAX_VERSION),
            epochs=tuple(_epochs(value["epochs"])),
            sealing=_epochs([value["sealing"]])[0],
            made_on=a_day(value["made_on"], "made_on"),
            seqs=_seqs(value["seqs"]),
            refused=_refused(value["refused"]),
            damaged=strict_json.whole_number(value["damaged"], "damaged", 0, MAX_MEMBERS),
        )
    except strict_json.JsonError as bad:
        raise BadBundle(f"the manifest's first line is refused: {bad}") from None
    if heading.line(members) != line + b"\n":
        raise BadBundle("the manifest's first line is refused: it is spelt otherwise than it must be")
    return heading, members


def read_member(line: bytes) -> Member:
    """Read a member's line.

    :raises BadBundle: not such a line.
    """
    member = Member(*member_values(line)[1])
    check_spelling(member, line)
    return member


def member_values(
    line: bytes, optional: Sequence[str] = ()
) -> tuple[dict[str, object], tuple[str, int, bytes]]:
    """Read a member's line as far as both directions are alike: the whole object, and name, size and hash.

    :raises BadBundle: not such a line.
    """
    try:
        value = strict_json.exactly(strict_json.read_object(line), ("name", "size", "sha256"), optional)
        name, digest = strict_json.text(value["name"], "name"), strict_json.text(value["sha256"], "sha256")
        size = strict_json.whole_number(value["size"], "size", 0, ustar.MAX_SIZE)
    except strict_json.JsonError as bad:
        raise BadBundle(f"a line of the manifest is refused: {bad}") from None
    if not _HEX.fullmatch(digest):
        raise BadBundle("a line of the manifest is refused: sha256 is not 64 hex digits")
    return value, (name, size, bytes.fromhex(digest))


def check_spelling(member: Member, line: bytes) -> None:
    """Check that a member was read from the one line that says it.

    :raises BadBundle: otherwise.
    """
    if member.line() != line + b"\n":
        raise BadBundle("a line of the manifest is refused: it is spelt otherwise than it must be")


def _epochs(value: object) -> Sequence[Epoch]:
    if not isinstance(value, list):
        raise strict_json.JsonError("epochs is not a list")
    try:
        return [Epoch.parse(strict_json.text(epoch, "an epoch")) for epoch in value]
    except ValueError:
        raise strict_json.JsonError("an epoch is not a month, YYYYMM") from None


def _seqs(value: object) -> dict[bytes, int]:
    if not isinstance(value, dict):
        raise strict_json.JsonError("seqs is not an object")
    if not all(_HEX.fullmatch(desk) for desk in value):
        raise strict_json.JsonError("a desk of seqs is not 64 hex digits")
    return {
        bytes.fromhex(desk): strict_json.whole_number(seq, "a seq", 1, MAX_SEQ) for desk, seq in value.items()
    }


def _refused(value: object) -> dict[bytes, tuple[bytes, ...]]:
    if not isinstance(value, dict):
        raise strict_json.JsonError("refused is not an object")
    if not all(_HEX.fullmatch(desk) for desk in value):
        raise strict_json.JsonError("a desk of refused is not 64 hex digits")
    return {bytes.fromhex(desk): _slots(slots) for desk, slots in value.items()}


def _slots(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list):
        raise strict_json.JsonError("a desk's refused slots are not a list")
    if not all(_SLOT.fullmatch(strict_json.text(slot, "a refused slot")) for slot in value):
        raise strict_json.JsonError("a refused slot is not 32 hex digits")
    return tuple(bytes.fromhex(slot) for slot in value)


def of_direction(line: bytes, direction: str, way: str) -> dict[str, object]:
    """Read a first line as far as both directions are alike.

    :raises JsonError: not strict JSON, of an unknown format, or not of that direction.
    """
    value = strict_json.read_object(line)
    if type(value.get("bundle")) is not int:
        raise strict_json.JsonError("it names no format")
    if value["bundle"] != FORMAT:
        raise strict_json.JsonError("it is of an unknown version")
    if value.get("direction") != direction:
        raise strict_json.JsonError(f"it does not go from {way}")
    return value


def a_day(value: object, what: str) -> date:
    """Read YYYY-MM-DD.

    :raises JsonError: anything else.
    """
    try:
        day = date.fromisoformat(strict_json.text(value, what))
    except ValueError as bad:
        if isinstance(bad, strict_json.JsonError):
            raise
        raise strict_json.JsonError(f"{what} is not a day, YYYY-MM-DD") from None
    return day


def written(value: dict[str, object]) -> bytes:
    """Write one line."""
    return strict_json.write_object(value) + b"\n"
