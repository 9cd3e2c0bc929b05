"""The vectors of bundles: as they must be, damaged on the way, and made by an enemy."""

import json
from typing import Any

from crypto import ustar
from tests.vectors.bundle_parts import (
    ALIEN,
    BASES,
    FILES,
    FIRST,
    HEAD_LINE,
    HEADING,
    LAST,
    LINES,
    NO_BUNDLE,
    SECOND,
    SPELT,
    START,
    UNPLAIN,
    WHOLE,
    keeps,
    made,
)
from tests.vectors.changes import Change, difference

ABOUT = (
    "Bundles. base64(bases[base]) with changes (see changes.py) made in order is what a reader gets. outcome "
    "is 'reads', or BadBundle and its reason when nothing is usable, or 'keeps n of m', m being what the "
    "first line promises, and then what is damaged (blob, env, or the bundle itself) and why."
)


def entry(name: str, base: str, changes: list[Change], wanted: str) -> dict[str, Any]:
    """Make one vector."""
    return {"name": name, "base": base, "changes": changes, "outcome": wanted}


def anew(name: str, data: bytes, wanted: str) -> dict[str, Any]:
    """Make one vector of a bundle that was put together otherwise."""
    return entry(name, "four", difference(WHOLE, data), wanted)


def good() -> list[dict[str, Any]]:
    """Bundles that read."""
    return [entry(name, name, [], "reads") for name in BASES]


def cut() -> list[dict[str, Any]]:
    """Cut short at every boundary, or too long."""

    def at(name: str, length: int, wanted: str) -> dict[str, Any]:
        return entry(f"cut {name}", "four", [{"cut": length}], wanted)

    return [
        at("to nothing", 0, NO_BUNDLE),
        at("in the manifest's header", 511, NO_BUNDLE),
        at("after the manifest's header", 512, "BadBundle: it is cut short within the manifest"),
        at("in the manifest", START - 600, "BadBundle: it is cut short within the manifest"),
        at(
            "before the first member",
            START,
            keeps(0, "end", "blob missing", "blob missing", "env missing", "env missing"),
        ),
        at(
            "in the first header",
            START + 100,
            keeps(0, "stray 1", "end", "blob missing", "blob missing", "env missing", "env missing"),
        ),
        at(
            "in the first member",
            START + 512 + 100,
            keeps(0, "blob short", "stray 1", "end", "blob missing", "env missing", "env missing"),
        ),
        at(
            "in the padding",
            SECOND - 10,
            keeps(1, "stray 2", "end", "blob missing", "env missing", "env missing"),
        ),
        at("before the second member", SECOND, keeps(1, "end", "blob missing", "env missing", "env missing")),
        at("before the last member", LAST, keeps(3, "end", "env missing")),
        at("in the last member", LAST + 600, keeps(3, "env short", "stray 1", "end")),
        at("before the end", len(WHOLE) - 1024, keeps(4, "end")),
        at("in the end", len(WHOLE) - 512, keeps(4, "stray 1", "end")),
        at("by one byte", len(WHOLE) - 1, keeps(4, "stray 2", "end")),
        entry("a byte after the end", "four", [{"append": "00"}], keeps(4, "stray 3", "end")),
        entry("a block of zeros after the end", "four", [{"append": "00" * 512}], keeps(4, "stray 1")),
        entry(
            "a tar's usual 10 KiB", "four", [{"append": "00" * (-len(WHOLE) % 10_240)}], keeps(4, "stray 3")
        ),
        entry(
            "a second bundle after the end",
            "nothing held",
            [{"take": [[0, 2560], [0, 2560]]}],
            keeps(0, "stray 4", of=0),
        ),
    ]


def bytes_changed() -> list[dict[str, Any]]:
    """Bytes that changed on the way."""

    def flip(name: str, at: int, wanted: str) -> dict[str, Any]:
        return entry(name, "four", [{"at": at, "flip": 1}], wanted)

    return [
        flip("a bit of the first member", START + 512 + 5, keeps(3, "blob bytes")),
        flip("a bit of the last member", LAST + 512 + 5, keeps(3, "env bytes")),
        flip("a bit of a padding", SECOND - 1, keeps(4, "zeros")),
        flip("a bit of the manifest's padding", START - 1, keeps(4, "zeros")),
        flip("a bit of the end", len(WHOLE) - 100, keeps(4, "stray 2", "end")),
        flip("a bit of a member's name", SECOND + 9, keeps(3, "stray 3", "blob missing")),
        flip("a bit of the manifest's header", 130, NO_BUNDLE),
        flip("a bit of the first line", 520, HEAD_LINE.format("it is not JSON")),
        flip(
            "a bit of a hash in the manifest", 512 + len(FIRST) + len(LINES[0]) - 10, keeps(3, "blob bytes")
        ),
        flip(
            "a bit of a name in the manifest",
            512 + len(FIRST) + 20,
            keeps(3, "blob missing", "blob unlisted"),
        ),
        flip(
            "a bit of a line's end in the manifest",
            512 + len(FIRST) + len(LINES[0]) - 1,
            keeps(2, "line it is not JSON", "blob unlisted", "blob unlisted", "lists 3"),
        ),
        entry(
            "a sector of zeros over two members",
            "four",
            [{"at": SECOND - 256, "write": "00" * 512}],
            keeps(3, "stray 3", "blob missing"),
        ),
    ]


def manifests() -> list[dict[str, Any]]:
    """First lines and members' lines that are not as they must be."""
    line = json.loads(LINES[0])
    first = json.loads(FIRST)

    def heading(name: str, wanted: str, **values: object) -> dict[str, Any]:
        return anew(name, made(first=_line(first | values)), HEAD_LINE.format(wanted))

    def member(title: str, wanted: str, /, **values: object) -> dict[str, Any]:
        return anew(title, made([_line(line | values), *LINES[1:]]), keeps(3, wanted, "blob unlisted"))

    swapped = [LINES[1], LINES[0], *LINES[2:]]
    return [
        heading("bundle 2", "it is of an unknown version", bundle=2),
        heading("bundle true", "it names no format", bundle=True),
        heading("the way back", "it does not go from a server to a desk", direction="back"),
        heading("members below zero", "members is not a whole number from 0 to 2147483648", members=-1),
        heading("team version 0", "team_version is not a whole number from 1 to 4294967295", team_version=0),
        heading("epochs text", "epochs is not a list", epochs="202611"),
        heading("an epoch no month", "an epoch is not a month, YYYYMM", epochs=["202613"]),
        heading("sealing no month", "an epoch is not a month, YYYYMM", sealing="202600"),
        heading("sealing null", "an epoch is not a month, YYYYMM", sealing=None),
        heading("made on no day", "made_on is not a day, YYYY-MM-DD", made_on="2026-11-31"),
        heading("made on in another spelling", SPELT, made_on="20261122"),
        heading("seqs a list", "seqs is not an object", seqs=[]),
        heading("a desk in capitals", "a desk of seqs is not 64 hex digits", seqs={"A" * 64: 1}),
        heading("a seq below one", "a seq is not a whole number from 1 to 4294967295", seqs={"a" * 64: 0}),
        heading("desks not in order", SPELT, seqs={"b" * 64: 1, "a" * 64: 1}),
        heading("refused a list", "refused is not an object", refused=[]),
        heading("a desk of refused too short", "a desk of refused is not 64 hex digits", refused={"a": []}),
        heading("refused slots text", "a desk's refused slots are not a list", refused={"a" * 64: "b" * 32}),
        heading(
            "a refused slot too short",
            "a refused slot is not 32 hex digits",
            refused={"a" * 64: ["a" * 31]},
        ),
        heading("damaged below zero", "damaged is not a whole number from 0 to 2147483648", damaged=-1),
        anew(
            "a desk of which nothing is refused",
            made(first=_line(first | {"refused": {"a" * 64: []}})),
            "BadBundle: the manifest's refused slots are not in order",
        ),
        anew(
            "five desks",
            made(first=_line(first | {"seqs": {digit * 64: 1 for digit in "abcde"}})),
            "BadBundle: the manifest's seqs are not of at most 4 desks",
        ),
        anew(
            "refused slots not in order",
            made(first=_line(first | {"refused": {"a" * 64: ["b" * 32, "a" * 32]}})),
            "BadBundle: the manifest's refused slots are not in order",
        ),
        heading("first line with more", "it has an unknown key", comment="x"),
        anew(
            "epochs not in order",
            made(first=_line(first | {"epochs": ["202611", "202610"]})),
            "BadBundle: the manifest's epochs are not in order",
        ),
        anew("first line with spaces", made(first=FIRST.replace(b",", b", ")), HEAD_LINE.format(SPELT)),
        anew("no first line", made(first=b""), HEAD_LINE.format("it names no format")),
        anew("an empty manifest", made([], first=b""), HEAD_LINE.format("it is not JSON")),
        anew("five members promised", made(first=HEADING.line(5)), keeps(4, "lists 4", of=5)),
        anew("three members promised", made(first=HEADING.line(3)), keeps(4, "lists 4", of=3)),
        member("name with ..", "name", name="blob/../../etc/passwd"),
        member("name absolute", "name", name="/etc/passwd"),
        member("name in capitals", "name", name=line["name"].upper()),
        member("name with a line end", "name", name=line["name"] + "\n"),
        member("name a number", "line name is not text", name=5),
        member("size below zero", "line size is not a whole number from 0 to 8589934591", size=-1),
        member("size with a fraction", "line a number has a fraction", size=700.0),
        member("size over 8 GiB", "line size is not a whole number from 0 to 8589934591", size=8**11),
        member("hash in capitals", "line sha256 is not 64 hex digits", sha256=line["sha256"].upper()),
        member("hash too short", "line sha256 is not 64 hex digits", sha256=line["sha256"][:-2]),
        member("line with more", "line it has an unknown key", comment="x"),
        anew(
            "an envelope's name not its digest",
            made([*LINES[:-1], ALIEN]),
            keeps(3, "digest", "env unlisted"),
        ),
        anew("line no JSON", made([b"{\n", *LINES[1:]]), keeps(3, "line it is not JSON", "blob unlisted")),
        anew("line empty", made([b"\n", *LINES]), keeps(4, "line it is not JSON", "lists 5")),
        anew(
            "line spelt with spaces",
            made([LINES[0].replace(b",", b", "), *LINES[1:]]),
            keeps(3, "line it is spelt otherwise than it must be", "blob unlisted"),
        ),
        anew(
            "a name that sorts last",
            made([LINES[0][:14] + b"f" * 32 + LINES[0][46:], *LINES[1:]]),
            keeps(3, "unsorted", "blob unlisted", "blob missing"),
        ),
        anew("line twice", made([LINES[0], *LINES]), keeps(4, "unsorted", "lists 5")),
        anew("lines swapped", made(swapped), keeps(3, "unsorted", "blob missing", "blob unlisted")),
        anew(
            "last line without an end",
            made([*LINES[:-1], LINES[-1][:-1]]),
            keeps(3, "open", "lists 3", "env unlisted"),
        ),
    ]


def archives() -> list[dict[str, Any]]:
    """Archives that are not what their manifest says, or not plain."""
    head, data = FILES[0]

    def header(name: str, at: int, value: bytes, wanted: str = UNPLAIN) -> dict[str, Any]:
        return anew(name, made(files=[(_summed(head, at, value), data), *FILES[1:]]), wanted)

    def file(name: str, path: str, inside: bytes, wanted: str) -> dict[str, Any]:
        return anew(name, made(files=[(ustar.header(path, len(inside)), inside), *FILES]), wanted)

    other = bytes(len(data))
    return [
        header("a symbolic link", 156, b"2"),
        header("a hard link", 156, b"1"),
        header("a folder", 156, b"5"),
        header("a device", 156, b"3"),
        header("a pax record", 156, b"x"),
        header("a long name of GNU's", 156, b"L"),
        header("the old kind of a regular file", 156, b"\0"),
        header("a link's target", 157, b"/etc/passwd"),
        header("time not zero", 136, b"14770000000"),
        header("mode 0644", 100, b"0000644"),
        header("mode with setuid", 100, b"0004600"),
        header("owner not zero", 108, b"0001750"),
        header("group not zero", 116, b"0001750"),
        header("an owner's name", 265, b"root"),
        header("a name's prefix", 345, b"../.."),
        header("a header's name with ..", 0, b"../../x"),
        header("magic of GNU's", 257, b"ustar  \0"),
        header("size in base 256", 124, b"\x80" + bytes(9) + b"\x02\xbc"),
        header("size with a sign", 124, b"-0000001274"),
        anew(
            "checksum with spaces",
            made(files=[(head[:148] + b" " + head[149:], data), *FILES[1:]]),
            keeps(3, "stray 3", "blob missing"),
        ),
        header("size one more", 124, b"00000001275", keeps(3, "blob size")),
        header("size eight gigabytes", 124, b"77777777777", keeps(3, "blob size", "stray 2")),
        anew("other bytes of the same size", made(files=[(head, other), *FILES[1:]]), keeps(3, "blob bytes")),
        anew(
            "two members swapped",
            made(files=[FILES[1], FILES[0], *FILES[2:]]),
            keeps(3, "blob missing", "blob unlisted"),
        ),
        anew("a member twice", made(files=[FILES[0], *FILES]), keeps(4, "blob unlisted")),
        anew("a member left out", made(files=FILES[1:]), keeps(3, "blob missing")),
        anew(
            "every member left out",
            made(files=[]),
            keeps(0, "blob missing", "blob missing", "env missing", "env missing"),
        ),
        file("a member more", "blob/" + "0" * 32, b"more", keeps(4, "blob unlisted")),
        file("a second manifest", "manifest", FIRST, keeps(4, "stray 3")),
        file("a file for the way back", "reply/" + "0" * 32, b"a reply", keeps(4, "stray 2")),
        file("a file of another name", "../../.profile", b"rm", keeps(4, "stray 2")),
    ]


def found() -> list[dict[str, Any]]:
    """Give all vectors."""
    return [*good(), *cut(), *bytes_changed(), *manifests(), *archives()]


def _line(value: dict[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _summed(head: bytes, at: int, value: bytes) -> bytes:
    """Change a header and make its checksum right again."""
    block = bytearray(head)
    block[at : at + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)
