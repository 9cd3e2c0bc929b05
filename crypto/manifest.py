"""A bundle's list of contents: one line that says what the bundle is, then one line a member.

FORMAT.md, "Bundle", specifies both kinds of line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crypto import strict_json, ustar
from crypto.epoch import Epoch
from crypto.errors import BadBundle
from crypto.teambody import MAX_VERSION

FORMAT = 1
MAX_LINE = 64 * 1024
LEAST_LINE = len('{"name":"blob/","size":0,"sha256":""}\n') + 32 + 64  # a member's
MAX_MEMBERS = 2**31
_NAME = re.compile(r"env/[0-9a-f]{64}|blob/[0-9a-f]{32}")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a server says of a bundle to the desk: its team.keys, and the months it holds envelopes of.

    :raises BadBundle: a version out of range, or months that are not in order.
    """

    team_version: int
    epochs: tuple[Epoch, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.team_version <= MAX_VERSION:
            raise BadBundle("the manifest's team version is out of range")
        if list(self.epochs) != sorted(set(self.epochs)):
            raise BadBundle("the manifest's epochs are not in order")

    def line(self, members: int) -> bytes:
        """Write the first line, for so many members."""
        return _line(
            {
                "bundle": FORMAT,
                "direction": "out",
                "members": members,
                "team_version": self.team_version,
                "epochs": [str(epoch) for epoch in self.epochs],
            }
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle: env/<64 hex digits> or blob/<32 hex digits>, its size, its SHA-256 (32 bytes).

    An envelope's name is its digest.

    :raises BadBundle: anything else.
    """

    name: str
    size: int
    sha256: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise BadBundle("a member's name is not env/… or blob/…")
        if not 0 <= self.size <= ustar.MAX_SIZE:
            raise BadBundle("a member's size is out of range")
        if len(self.sha256) != 32:
            raise BadBundle("a member's hash has not 32 bytes")
        if self.name.startswith("env/") and self.name[4:] != self.sha256.hex():
            raise BadBundle("an envelope's name is not its digest")

    def line(self) -> bytes:
        """Write the member's line."""
        return _line({"name": self.name, "size": self.size, "sha256": self.sha256.hex()})


def is_name(name: str) -> bool:
    """Tell whether a member may have this name."""
    return _NAME.fullmatch(name) is not None


def read_heading(line: bytes) -> tuple[Heading, int]:
    """Read the first line, and how many members it promises.

    :raises BadBundle: not such a line, of an unknown format, or of the other direction.
    """
    try:
        value = strict_json.read_object(line)
        if type(value.get("bundle")) is not int:
            raise strict_json.JsonError("it names no format")
        if value["bundle"] != FORMAT:
            raise strict_json.JsonError("it is of an unknown version")
        if value.get("direction") != "out":
            raise strict_json.JsonError("it does not go from a server to a desk")
        strict_json.exactly(value, ("bundle", "direction", "members", "team_version", "epochs"))
        members = strict_json.whole_number(value["members"], "members", 0, MAX_MEMBERS)
        version = strict_json.whole_number(value["team_version"], "team_version", 1, MAX_VERSION)
        heading = Heading(version, tuple(_epochs(value["epochs"])))
    except strict_json.JsonError as bad:
        raise BadBundle(f"the manifest's first line is refused: {bad}") from None
    if heading.line(members) != line + b"\n":
        raise BadBundle("the manifest's first line is refused: it is spelt otherwise than it must be")
    return heading, members


def read_member(line: bytes) -> Member:
    """Read a member's line.

    :raises BadBundle: not such a line.
    """
    try:
        value = strict_json.exactly(strict_json.read_object(line), ("name", "size", "sha256"))
        name, digest = strict_json.text(value["name"], "name"), strict_json.text(value["sha256"], "sha256")
        size = strict_json.whole_number(value["size"], "size", 0, ustar.MAX_SIZE)
    except strict_json.JsonError as bad:
        raise BadBundle(f"a line of the manifest is refused: {bad}") from None
    if not _HEX.fullmatch(digest):
        raise BadBundle("a line of the manifest is refused: sha256 is not 64 hex digits")
    member = Member(name, size, bytes.fromhex(digest))
    if member.line() != line + b"\n":
        raise BadBundle("a line of the manifest is refused: it is spelt otherwise than it must be")
    return member


def _epochs(value: object) -> Sequence[Epoch]:
    if not isinstance(value, list):
        raise strict_json.JsonError("epochs is not a list")
    try:
        return [Epoch.parse(strict_json.text(epoch, "an epoch")) for epoch in value]
    except ValueError:
        raise strict_json.JsonError("an epoch is not a month, YYYYMM") from None


def _line(value: dict[str, object]) -> bytes:
    return strict_json.write_object(value) + b"\n"
