"""The manifest of a bundle that goes back, from a desk to the server: FORMAT.md, "Bundle, the way back".

One line that says who made it, then what was collected, then the members.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from crypto import strict_json
from crypto.errors import BadBundle
from crypto.manifest import (
    FORMAT,
    MAX_MEMBERS,
    MAX_SEQ,
    Member,
    a_day,
    check_spelling,
    member_values,
    of_direction,
    written,
)
from crypto.teambody import MAX_VERSION
from crypto.teamkeys import MAX_FILE

LABEL = b"vigil/v1/bundle\0"
MAX_REPLY = 4 * 1024 * 1024  # the longest text with forty files is a tenth of it
MAX_FIRST = 1024
TEAM_KEYS = "team.keys"
COLLECTED = "collected"
GONE = "gone"
DIGEST_BYTES = 32
BLOB_BYTES = 16
_HEX = re.compile(r"[0-9a-f]{64}")
_KEYS = (
    "bundle",
    "direction",
    "desk",
    "seq",
    "not_after",
    "team_version",
    "collected",
    "blobs",
    "members",
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines of each kind follow the first: envelopes collected, blobs collected, members."""

    collected: int
    blobs: int
    members: int


@dataclass(frozen=True, slots=True)
class BackHeading:
    """What a desk says of a bundle to the server.

    ``desk``: its signing key, 32 bytes. ``seq``: 1 and up, each bundle of a desk has a higher one.
    ``not_after``: the last day (UTC) on which the server takes it. ``team_version``: of the desk's team.keys.

    :raises BadBundle: a number out of range, or a key of another length.
    """

    desk: bytes
    seq: int
    not_after: date
    team_version: int

    def __post_init__(self) -> None:
        if len(self.desk) != DIGEST_BYTES:
            raise BadBundle("the manifest's desk has not 32 bytes")
        if not 1 <= self.seq <= MAX_SEQ:
            raise BadBundle("the manifest's seq is out of range")
        if not 1 <= self.team_version <= MAX_VERSION:
            raise BadBundle("the manifest's team version is out of range")

    def line(self, counts: Counts) -> bytes:
        """Write the first line."""
        return written(
            {
                "bundle": FORMAT,
                "direction": "back",
                "desk": self.desk.hex(),
                "seq": self.seq,
                "not_after": self.not_after.isoformat(),
                "team_version": self.team_version,
                "collected": counts.collected,
                "blobs": counts.blobs,
                "members": counts.members,
            }
        )


@dataclass(frozen=True, slots=True)
class BackMember(Member):
    """One file of a bundle that goes back: blob/<32 hex digits>, reply/<32 hex digits of a slot>, team.keys.

    ``since``: the first of the desk's bundles, counted by ``seq``, from which on each had this file. A server
    that has taken one of them, and did not refuse this, takes it no more: it was taken, and may have been
    deleted. None where nothing is known of it.

    :raises BadBundle: anything else, or one larger than any such file.
    """

    NAMES: ClassVar[re.Pattern[str]] = re.compile(r"blob/[0-9a-f]{32}|reply/[0-9a-f]{32}|team\.keys")
    NOT_A_NAME: ClassVar[str] = "a member's name is not blob/…, reply/… or team.keys"

    since: int | None = None

    def __post_init__(self) -> None:
        # By name: super() is lost where a dataclass is made anew with slots.
        Member.__post_init__(self)
        if self.name.startswith("reply/") and self.size > MAX_REPLY:
            raise BadBundle(f"a reply is larger than {MAX_REPLY} bytes")
        if self.name == TEAM_KEYS and self.size > MAX_FILE:
            raise BadBundle(f"team.keys is larger than {MAX_FILE} bytes")
        if self.since is not None and (self.name == TEAM_KEYS or not 1 <= self.since <= MAX_SEQ):
            raise BadBundle("a member's since is out of place or out of range")

    def line(self) -> bytes:
        """Write the member's line."""
        value: dict[str, object] = {"name": self.name, "size": self.size, "sha256": self.sha256.hex()}
        return written(value if self.since is None else value | {"since": self.since})


def mark(kind: str, value: bytes) -> bytes:
    """Write the line of what was collected: COLLECTED and a digest (32 bytes), GONE and a blob's id (16)."""
    return written({kind: value.hex()})


def read_mark(line: bytes, kind: str) -> bytes:
    """Read such a line.

    :raises BadBundle: not the one spelling of one.
    """
    size = DIGEST_BYTES if kind == COLLECTED else BLOB_BYTES
    try:
        value = bytes.fromhex(line[len(kind) + 5 : -2].decode("ascii"))
    except ValueError:
        value = b""
    # Nothing else is to be understood: the line is what would be written, or it is refused.
    if len(value) != size or mark(kind, value) != line + b"\n":
        raise BadBundle(f"a line of what is {kind} is not as it must be")
    return value


def read_back_member(line: bytes) -> BackMember:
    """Read a member's line.

    :raises BadBundle: not such a line.
    """
    value, parts = member_values(line, ("since",))
    try:
        since = strict_json.whole_number(value["since"], "since", 1, MAX_SEQ) if "since" in value else None
    except strict_json.JsonError as bad:
        raise BadBundle(f"a line of the manifest is refused: {bad}") from None
    member = BackMember(*parts, since)
    check_spelling(member, line)
    return member


def read_back_heading(line: bytes) -> tuple[BackHeading, Counts]:
    """Read the first line.

    :raises BadBundle: not such a line, of an unknown format, or of the other direction.
    """
    try:
        value = strict_json.exactly(of_direction(line, "back", "a desk to a server"), _KEYS)
        desk = strict_json.text(value["desk"], "desk")
        if not _HEX.fullmatch(desk):
            raise strict_json.JsonError("desk is not 64 hex digits")
        heading = BackHeading(
            desk=bytes.fromhex(desk),
            seq=strict_json.whole_number(value["seq"], "seq", 1, MAX_SEQ),
            not_after=a_day(value["not_after"], "not_after"),
            team_version=strict_json.whole_number(value["team_version"], "team_version", 1, MAX_VERSION),
        )
        counts = Counts(*(strict_json.whole_number(value[key], key, 0, MAX_MEMBERS) for key in _KEYS[-3:]))
    except strict_json.JsonError as bad:
        raise BadBundle(f"the manifest's first line is refused: {bad}") from None
    if heading.line(counts) != line + b"\n":
        raise BadBundle("the manifest's first line is refused: it is spelt otherwise than it must be")
    return heading, counts
