"""The vectors of attachments: each line says what is wrong with the bytes, and what a reader must say."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from crypto.secret import AttachmentKey
from tests.vectors.build import (
    CHUNK,
    FINAL,
    MESSAGE,
    PUSH,
    REKEY,
    MadeAttachment,
    body,
    fixed_bytes,
    pieces,
    retagged,
)
from tests.vectors.changes import Change, difference

ABOUT = (
    "Attachments. base64(bases[base]) with changes (see changes.py) made in order is what a reader "
    "gets; size is what the report says of the file, key names one of keys. outcome is 'opens' (then "
    "sha256 is the file's) or an error and its reason. changes of long hex are a chunk sealed anew "
    "under the right keys."
)

TRUNCATED = "BadAttachment: truncated"
CHANGED = "BadAttachment: a chunk does not authenticate"
UNFINISHED = "BadAttachment: the final chunk is missing"
CONTINUED = "BadAttachment: a chunk follows the final one"
TAG = "BadAttachment: a chunk has an unknown tag"
MORE = "BadAttachment: bytes follow the end"
ZEROS = "BadAttachment: the padding is not zeros"

STREAM = 8 + 24
LAST = STREAM + 2 * (CHUNK + 17)  # where the last chunk of the long one begins

SMALL = MadeAttachment.of(body(100), 16_384)
LONG = MadeAttachment.of(body(131_100), 135_168)
EMPTY = MadeAttachment.of(b"", 16_384)
FULL = MadeAttachment.of(body(16_384), 16_384)

MADE = {"small": (SMALL, 100), "long": (LONG, 131_100), "empty": (EMPTY, 0), "full": (FULL, 16_384)}
BASES = {name: made.sealed() for name, (made, _) in MADE.items()}
KEYS: dict[str, AttachmentKey] = {name: made.key for name, (made, _) in MADE.items()}


def entry(
    name: str, base: str, changes: list[Change], outcome: str, *, size: int | None = None, key: str = ""
) -> dict[str, Any]:
    """Make one vector."""
    made, true_size = MADE[base]
    told = true_size if size is None else size
    vector: dict[str, Any] = {"name": name, "base": base, "changes": changes, "key": key or base}
    vector |= {"size": told, "outcome": outcome}
    if outcome == "opens":
        vector["sha256"] = sha256(made.plain[:told]).hexdigest()
    return vector


def anew(name: str, base: str, sealed: bytes, outcome: str) -> dict[str, Any]:
    """Make one vector of bytes that were sealed anew."""
    return entry(name, base, difference(BASES[base], sealed), outcome)


def good() -> list[dict[str, Any]]:
    """Attachments that open."""
    return [
        entry("a small file", "small", [], "opens"),
        entry("an empty file", "empty", [], "opens"),
        entry("a file without padding", "full", [], "opens"),
        entry("a file of three chunks", "long", [], "opens"),
    ]


def header() -> list[dict[str, Any]]:
    """Prefix, version, key and size wrong."""
    envelope = b"VIGIL\n\x01\x01".hex()
    return [
        entry("magic wrong", "small", [{"at": 0, "write": "57"}], "BadAttachment: not an attachment"),
        entry(
            "magic of an envelope",
            "small",
            [{"at": 0, "write": envelope}],
            "BadAttachment: not an attachment",
        ),
        entry("version 0", "small", [{"at": 7, "write": "00"}], "BadAttachment: unknown version"),
        entry("version 2", "small", [{"at": 7, "write": "02"}], "BadAttachment: unknown version"),
        entry("another file's key", "small", [], CHANGED, key="long"),
        entry("a size of one less", "small", [], ZEROS, size=99),
        entry("a size of none", "small", [], ZEROS, size=0),
        entry("a size for more padding", "small", [], TRUNCATED, size=16_385),
        entry("a size for more chunks", "small", [], TRUNCATED, size=1 << 62),
        entry("a size for fewer chunks", "long", [], CHANGED, size=100),
        entry("a size that ends after two chunks", "long", [], UNFINISHED, size=131_072),
        entry("a negative size", "small", [], "BadAttachment: a negative size", size=-1),
    ]


def truncated() -> list[dict[str, Any]]:
    """Cut at every boundary, and between them."""

    def cut(name: str, base: str, length: int) -> dict[str, Any]:
        return entry(f"cut {name}", base, [{"cut": length}], TRUNCATED)

    return [
        cut("to nothing", "small", 0),
        cut("in the magic", "small", 6),
        cut("before the version", "small", 7),
        cut("before the stream header", "small", 8),
        cut("in the stream header", "small", 20),
        cut("before the first chunk", "small", STREAM),
        cut("to a chunk without a byte", "small", STREAM + 17),
        cut("by one byte", "small", len(BASES["small"]) - 1),
        cut("after the first chunk", "long", STREAM + CHUNK + 17),
        cut("inside the second chunk", "long", STREAM + CHUNK + 17 + 1000),
        cut("after the second chunk", "long", LAST),
        cut("inside the last chunk", "long", LAST + 2000),
    ]


def streams() -> list[dict[str, Any]]:
    """Chunks changed, moved, missing, or with tags that do not belong there."""
    whole, one = pieces(LONG.plain), pieces(SMALL.plain)
    start, end = [0, STREAM], [LAST, len(BASES["long"])]
    first, second = [STREAM, STREAM + CHUNK + 17], [STREAM + CHUNK + 17, LAST]
    other = replace(SMALL, key=AttachmentKey(fixed_bytes("another attachment key")))
    empty_end = [*whole[:2], (b"", FINAL)]
    return [
        entry("the stream header changed", "small", [{"at": 8, "flip": 1}], CHANGED),
        entry("a chunk's tag byte changed", "small", [{"at": STREAM, "flip": 1}], CHANGED),
        entry("a chunk's middle changed", "small", [{"at": STREAM + 2000, "flip": 16}], CHANGED),
        entry("a chunk's MAC changed", "small", [{"at": STREAM + 16_384 + 16, "flip": 1}], CHANGED),
        entry("the last of three chunks changed", "long", [{"at": LAST + 9, "flip": 1}], CHANGED),
        entry("two chunks swapped", "long", [{"take": [start, second, first, end]}], CHANGED),
        entry("a chunk repeated", "long", [{"take": [start, first, first, second, end]}], CHANGED),
        entry("the first chunk left out", "long", [{"take": [start, second, end]}], CHANGED),
        entry("a chunk in the middle left out", "long", [{"take": [start, first, end]}], TRUNCATED),
        anew("the chunks under another key", "small", other.sealed(), CHANGED),
        anew("the final tag missing", "small", SMALL.sealed(retagged(one, -1, MESSAGE)), UNFINISHED),
        anew("the final tag in the middle", "long", LONG.sealed(retagged(whole, 1, FINAL)), CONTINUED),
        anew("tag PUSH at the end", "small", SMALL.sealed(retagged(one, -1, PUSH)), TAG),
        anew("tag REKEY at the end", "small", SMALL.sealed(retagged(one, -1, REKEY)), TAG),
        anew("tag PUSH in the middle", "long", LONG.sealed(retagged(whole, 1, PUSH)), TAG),
        anew("tag REKEY in the middle", "long", LONG.sealed(retagged(whole, 1, REKEY)), TAG),
        anew("an empty final chunk", "long", LONG.sealed(empty_end), TRUNCATED),
        entry("a byte after the end", "small", [{"append": "00"}], MORE),
        entry("many bytes after the end", "long", [{"append_zeros": CHUNK + 17}], MORE),
    ]


def insides() -> list[dict[str, Any]]:
    """Padding wrong, sealed under the right key by a writer who errs or lies."""
    plain = SMALL.plain

    def marked(at: int) -> bytes:
        return SMALL.with_plain(plain[:at] + b"\1" + plain[at + 1 :])

    return [
        anew("padding not zero at its start", "small", marked(100), ZEROS),
        anew("padding not zero at its end", "small", marked(16_383), ZEROS),
        anew("padded too little", "small", SMALL.with_plain(plain[:8192]), TRUNCATED),
        anew("padded too far", "small", SMALL.with_plain(plain + bytes(512)), CHANGED),
    ]
