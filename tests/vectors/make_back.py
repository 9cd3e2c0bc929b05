"""The vectors of bundles that go back: as they must be, damaged on the way, and made by an enemy or a bug.

Those of the last two kinds are signed by the desk itself, unless they say otherwise.
"""

import json
from hashlib import sha256
from typing import Any

from crypto import ustar
from crypto.back_manifest import COLLECTED, LABEL, MAX_REPLY, mark
from crypto.primitives import sign
from tests.vectors.back_parts import (
    BASES,
    FILES,
    FIRST,
    LAST,
    LINES,
    MARKS,
    OTHER,
    SECOND,
    SEED,
    SIGNATURE,
    START,
    WHOLE,
    made,
)
from tests.vectors.changes import Change, difference

ABOUT = (
    "Bundles that go back. base64(bases[base]) with changes (see changes.py) made in order is what a reader "
    "gets, and verifies with the key that they name. outcome is 'reads', or BadBundle and its reason when "
    "nothing counts, or 'takes n of m', m being the members that the signed manifest lists, and then what is "
    "damaged. desk is the signing seed."
)
GIVEN = {"desk": SEED.reveal().hex()}

NO_BUNDLE = "BadBundle: it is not a bundle: it does not begin with a manifest"
WRONG = "BadBundle: its signature is wrong"
UNSIGNED = "BadBundle: it is not signed"
COUNT = "BadBundle: the manifest has not as many lines as it promises"
UNSORTED = "BadBundle: the manifest is not sorted, or lists something twice"
HEAD_LINE = "BadBundle: the manifest's first line is refused: {}"
LINE = "BadBundle: a line of the manifest is refused: {}"
SPELT = "it is spelt otherwise than it must be"
CUT = "it cannot be read to its end"
BYTES = "its bytes are not those that the manifest names"
END = "bundle: its end is missing, or something follows it"
HEADER = "bundle: a header is not as it must be"
ZEROS = "bundle: there are bytes where zeros must be"


def entry(name: str, base: str, changes: list[Change], wanted: str) -> dict[str, Any]:
    """Make one vector."""
    return {"name": name, "base": base, "changes": changes, "outcome": wanted}


def anew(name: str, data: bytes, wanted: str) -> dict[str, Any]:
    """Make one vector of a bundle that was put together otherwise."""
    return entry(name, "back", difference(WHOLE, data), wanted)


def takes(whole: int, *damage: str) -> str:
    """Write an outcome."""
    return f"takes {whole} of 4; {'; '.join(damage)}"


def good() -> list[dict[str, Any]]:
    """Bundles that read."""
    return [entry(name, name, [], "reads") for name in BASES]


def cut() -> list[dict[str, Any]]:
    """Cut short at every boundary, or too long."""

    def at(name: str, length: int, wanted: str) -> dict[str, Any]:
        return entry(f"cut {name}", "back", [{"cut": length}], wanted)

    reply, keys = f"reply: {CUT}", f"team.keys: {CUT}"
    return [
        at("to nothing", 0, NO_BUNDLE),
        at("in the manifest", 1500, "BadBundle: it is cut short within the manifest"),
        at("before the signature", SIGNATURE, UNSIGNED),
        at("in the signature", SIGNATURE + 512 + 63, WRONG),
        at(
            "after the signature",
            START - 448,
            takes(0, ZEROS, f"blob: {CUT}", reply, reply, keys, END),
        ),
        at("before the second member", SECOND, takes(1, reply, reply, keys, END)),
        at("in the last member", LAST + 600, takes(3, keys, END)),
        at("before the end", len(WHOLE) - 1024, takes(4, END)),
        at("by one byte", len(WHOLE) - 1, takes(4, END)),
        entry("a byte after the end", "back", [{"append": "00"}], takes(4, END)),
    ]


def bytes_changed() -> list[dict[str, Any]]:
    """Bytes that changed on the way."""

    def flip(name: str, at: int, wanted: str) -> dict[str, Any]:
        return entry(name, "back", [{"at": at, "flip": 1}], wanted)

    return [
        flip("a bit of the first line", 512 + 100, WRONG),
        flip("a bit of a mark", 512 + len(FIRST) + 30, WRONG),
        flip("a bit of a member's line", 512 + len(FIRST) + len(b"".join(MARKS)) + 30, WRONG),
        flip("a bit of the signature's header", SIGNATURE + 3, UNSIGNED),
        flip("a bit of the signature", SIGNATURE + 512, WRONG),
        flip("a bit of the signature's padding", START - 1, takes(4, ZEROS)),
        flip("a bit of the manifest's padding", SIGNATURE - 1, takes(4, ZEROS)),
        flip("a bit of a blob", START + 512, takes(3, f"blob: {BYTES}")),
        flip("a bit of a reply", SECOND + 512, takes(3, f"reply: {BYTES}")),
        flip("a bit of the list of keys", LAST + 512, takes(3, f"team.keys: {BYTES}")),
        flip("a bit of a member's header", SECOND + 9, takes(4, HEADER)),
        flip("a bit of the end", len(WHOLE) - 1, takes(4, END)),
    ]


def signatures() -> list[dict[str, Any]]:
    """Signed by another, for something else, or not."""
    unsigned = WHOLE[:SIGNATURE] + WHOLE[START:]
    right = WHOLE[SIGNATURE + 512 : SIGNATURE + 576]
    listed = FIRST + b"".join(MARKS) + b"".join(LINES)
    digest = sha256(listed).digest()
    return [
        anew("without a signature", unsigned, UNSIGNED),
        anew("signed by another desk", made(signature=sign(OTHER.reveal(), LABEL + digest)), WRONG),
        anew("signed without the label", made(signature=sign(SEED.reveal(), digest)), WRONG),
        anew("the manifest signed, not its hash", made(signature=sign(SEED.reveal(), LABEL + listed)), WRONG),
        anew("a signature too long", made(signature=right + b"\0"), UNSIGNED),
        anew("a signature of zeros", made(signature=bytes(64)), WRONG),
        anew("a signature at the end", unsigned[:-1024] + WHOLE[SIGNATURE:START] + ustar.END, UNSIGNED),
    ]


def manifests() -> list[dict[str, Any]]:
    """Manifests that are signed, and not as they must be."""
    first, line = json.loads(FIRST), json.loads(LINES[1])

    def heading(name: str, wanted: str, **values: object) -> dict[str, Any]:
        return anew(name, made(first=_line(first | values)), HEAD_LINE.format(wanted))

    def member(title: str, wanted: str, /, **values: object) -> dict[str, Any]:
        return anew(title, made(lines=[LINES[0], _line(line | values), *LINES[2:]]), wanted)

    def marks(name: str, wanted: str, *changed: bytes) -> dict[str, Any]:
        return anew(name, made(marks=list(changed)), wanted)

    name = "BadBundle: a member's name is not blob/…, reply/… or team.keys"
    collected = "BadBundle: a line of what is collected is not as it must be"
    more = _line(first | {"collected": 3, "blobs": 1})
    return [
        heading("bundle 2", "it is of an unknown version", bundle=2),
        heading("the way out", "it does not go from a desk to a server", direction="out"),
        heading("a desk too short", "desk is not 64 hex digits", desk="a" * 62),
        heading("a desk in capitals", "desk is not 64 hex digits", desk="A" * 64),
        heading("seq 0", "seq is not a whole number from 1 to 4294967295", seq=0),
        heading("seq a fraction", "a number has a fraction", seq=1.5),
        heading("seq true", "seq is not a whole number from 1 to 4294967295", seq=True),
        heading("not after no day", "not_after is not a day, YYYY-MM-DD", not_after="2027-02-29"),
        heading("not after in another spelling", SPELT, not_after="20270121"),
        heading("team version 0", "team_version is not a whole number from 1 to 4294967295", team_version=0),
        heading("members below zero", "members is not a whole number from 0 to 2147483648", members=-1),
        heading("first line with more", "it has an unknown key", comment="x"),
        anew("first line with spaces", made(first=FIRST.replace(b",", b", ")), HEAD_LINE.format(SPELT)),
        anew("no line end at all", made([], [], first=FIRST[:-1]), HEAD_LINE.format("it has no end")),
        anew("a mark more than promised", made([mark(COLLECTED, bytes(32)), *MARKS]), COUNT),
        anew("a mark less than promised", made(MARKS[1:]), COUNT),
        anew("a member more than promised", made(lines=[*LINES, LINES[-1]]), COUNT),
        anew("a member less than promised", made(lines=LINES[:-1]), COUNT),
        anew("one kind of mark too many, another too few", made(first=more), collected),
        marks("marks not in order", UNSORTED, MARKS[1], MARKS[0], *MARKS[2:]),
        marks("a mark twice", UNSORTED, MARKS[0], MARKS[0], *MARKS[2:]),
        marks("a mark in capitals", collected, MARKS[0].upper(), *MARKS[1:]),
        marks("a mark with a space", collected, MARKS[0].replace(b":", b": "), *MARKS[1:]),
        marks("a mark too short", collected, MARKS[0][:-5] + b'"}\n', *MARKS[1:]),
        marks("a mark of another kind", collected, MARKS[2], *MARKS[1:]),
        anew("members not in order", made(lines=[LINES[1], LINES[0], *LINES[2:]]), UNSORTED),
        anew("a member twice", made(lines=[LINES[0], LINES[0], *LINES[2:]]), UNSORTED),
        member("an envelope on the way back", name, name="env/" + line["sha256"]),
        member("a name with ..", name, name="blob/../../etc/passwd"),
        member("a name in capitals", name, name=line["name"].upper()),
        member("another team.keys", name, name="team.keys2"),
        member("a size below zero", LINE.format("size is not a whole number from 0 to 8589934591"), size=-1),
        member(
            "a reply too large", f"BadBundle: a reply is larger than {MAX_REPLY} bytes", size=MAX_REPLY + 1
        ),
        member("a hash in capitals", LINE.format("sha256 is not 64 hex digits"), sha256="A" * 64),
        member("since a later bundle", "BadBundle: a member is since a later bundle than this one", since=5),
        member("since 0", LINE.format("since is not a whole number from 1 to 4294967295"), since=0),
        member("since null", LINE.format("since is not a whole number from 1 to 4294967295"), since=None),
        anew(
            "a list of keys with since",
            made(lines=[*LINES[:-1], _line(json.loads(LINES[-1]) | {"since": 1})]),
            "BadBundle: a member's since is out of place or out of range",
        ),
        anew(
            "since in front",
            made(lines=[LINES[0], _line({"since": 4} | line), *LINES[2:]]),
            LINE.format(SPELT),
        ),
        member("a line with more", LINE.format("it has an unknown key"), comment="x"),
        anew(
            "a list of keys too large",
            made(lines=[*LINES[:-1], _line(json.loads(LINES[-1]) | {"size": 2**20 + 1})]),
            "BadBundle: team.keys is larger than 1048576 bytes",
        ),
        anew(
            "the last line without an end",
            made(lines=[*LINES[:-1], LINES[-1][:-1]]),
            "BadBundle: the manifest's last line has no end",
        ),
    ]


def archives() -> list[dict[str, Any]]:
    """Archives that are not what their signed manifest says."""
    head, data = FILES[1]
    more = "reply/" + "0" * 32
    wrong = f"reply: {BYTES}"
    link = bytearray(head)
    link[156:157] = b"2"
    return [
        anew("a symbolic link", made(files=[FILES[0], (bytes(link), data), *FILES[2:]]), takes(4, HEADER)),
        anew(
            "other bytes of the same size",
            made(files=[FILES[0], (head, bytes(len(data))), *FILES[2:]]),
            takes(3, f"reply: {BYTES}"),
        ),
        anew(
            "a member more than the manifest lists",
            made(files=[*FILES, (ustar.header(more, 4), b"more")]),
            takes(4, END),
        ),
        anew(
            "one member in the place of another",
            made(files=[FILES[0], FILES[2], FILES[1], FILES[3]]),
            takes(2, HEADER, ZEROS, wrong, HEADER, wrong),
        ),
    ]


def found() -> list[dict[str, Any]]:
    """Give all vectors."""
    return [*good(), *cut(), *bytes_changed(), *signatures(), *manifests(), *archives()]


def _line(value: dict[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
