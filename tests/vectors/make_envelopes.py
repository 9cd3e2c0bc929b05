"""The vectors of envelopes: each line says what is wrong with the bytes, and what a reader must say."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from crypto.envelope import FIXED, STANZA, Kind
from crypto.secret import EpochSeed
from tests.vectors.build import (
    CHUNK,
    FINAL,
    MESSAGE,
    PUSH,
    REKEY,
    MadeEnvelope,
    body,
    fixed_bytes,
    pieces,
    retagged,
    seed,
)
from tests.vectors.changes import Change, difference

ABOUT = (
    "Envelopes. base64(bases[base]) with changes (see changes.py) made in order is what a reader gets; "
    "it holds the seeds named in opens_with. outcome is 'opens' (then size and sha256 are the body's) "
    "or an error and its reason. changes of long hex are a chunk sealed anew under the right keys."
)
NAMES = ("desk a", "desk b", "desk c", "desk d", "desk a a month later", "a stranger")
SEEDS: dict[str, EpochSeed] = {name: seed(name) for name in NAMES}

TRUNCATED = "BadEnvelope: truncated"
LENGTH = "BadEnvelope: no envelope has this length"
CHANGED = "BadEnvelope: a chunk does not authenticate"
UNFINISHED = "BadEnvelope: the final chunk is missing"
CONTINUED = "BadEnvelope: a chunk follows the final one"
TAG = "BadEnvelope: a chunk has an unknown tag"
COMMITMENT = "BadEnvelope: wrong commitment"
ZEROS = "BadEnvelope: the padding is not zeros"
TOO_BIG = "BadEnvelope: the length inside is too big"
PADDED = "BadEnvelope: padded to a wrong size"
NOT_MINE = "NotForThisKey: no key given opens it"
KIND = "BadEnvelope: of a kind that does not belong here"

HEAD = FIXED + STANZA  # of an envelope to one desk
STREAM = HEAD + 32 + 24
LAST = STREAM + 2 * (CHUNK + 17)  # where the last chunk of the long one begins

SHORT = MadeEnvelope.to([SEEDS["desk a"]], body(200), 4096)
LONG = MadeEnvelope.to([SEEDS["desk a"]], body(131_100), 135_168)
TWO = MadeEnvelope.to([SEEDS["desk a"], SEEDS["desk b"]], body(201), 4096)
FOUR = MadeEnvelope.to([SEEDS[name] for name in NAMES[:4]], body(202), 4096)
FULL = MadeEnvelope.to([SEEDS["desk a"]], body(4092), 4096)
OVER = MadeEnvelope.to([SEEDS["desk a"]], body(4093), 16_384)
EMPTY = MadeEnvelope.to([SEEDS["desk a"]], b"", 4096)
NOTE = MadeEnvelope.to([SEEDS["desk a"]], body(205), 4096, Kind.NOTE)
KEPT = MadeEnvelope.to([SEEDS["desk a"]], body(206), 4096, Kind.KEPT)
REPLY = MadeEnvelope.to([SEEDS["desk a"]], body(207), 4096, Kind.REPLY)
BACKUP = MadeEnvelope.to([SEEDS["desk a"]], body(208), 4096, Kind.BACKUP)

MADE = {
    "short": SHORT,
    "long": LONG,
    "two desks": TWO,
    "four desks": FOUR,
    "full": FULL,
    "over": OVER,
    "empty": EMPTY,
    "note": NOTE,
    "kept": KEPT,
    "reply": REPLY,
    "backup": BACKUP,
}
BASES = {name: made.sealed() for name, made in MADE.items()}


def entry(name: str, base: str, changes: list[Change], outcome: str, *seeds: str) -> dict[str, Any]:
    """Make one vector."""
    made: dict[str, Any] = {"name": name, "base": base, "changes": changes}
    made |= {"opens_with": list(seeds) or ["desk a"], "outcome": outcome}
    if outcome == "opens":
        plain = MADE[base].plain
        inside = plain[4 : 4 + int.from_bytes(plain[:4], "big")]
        made |= {"size": len(inside), "sha256": sha256(inside).hexdigest()}
    return made


def anew(name: str, base: str, sealed: bytes, outcome: str, *seeds: str) -> dict[str, Any]:
    """Make one vector of bytes that were sealed anew."""
    return entry(name, base, difference(BASES[base], sealed), outcome, *seeds)


def good() -> list[dict[str, Any]]:
    """Envelopes that open."""
    return [
        entry("one desk", "short", [], "opens"),
        entry("an empty body", "empty", [], "opens"),
        entry("a body that fills 4 KiB", "full", [], "opens"),
        entry("a body one byte over 4 KiB", "over", [], "opens"),
        entry("three chunks", "long", [], "opens"),
        entry("two desks, the first opens", "two desks", [], "opens", "desk a"),
        entry("two desks, the second opens", "two desks", [], "opens", "desk b"),
        entry("four desks, the last opens", "four desks", [], "opens", "desk d"),
        entry("the right key among others", "short", [], "opens", "a stranger", "desk b", "desk a"),
        entry("a note", "note", [], "opens"),
        entry("a report kept at the desk", "kept", [], "opens"),
    ]


def header() -> list[dict[str, Any]]:
    """Every field of the header wrong."""

    def field(name: str, at: int, value: str, reason: str) -> dict[str, Any]:
        return entry(name, "short", [{"at": at, "write": value}], reason)

    unknown = "BadEnvelope: unknown kind"
    month = "BadEnvelope: the epoch is not a month"
    desks = "BadEnvelope: wrong number of desks"
    return [
        field("magic wrong", 0, "57", "BadEnvelope: not an envelope"),
        field("magic of an attachment", 0, b"VIGILA\n\x01".hex(), "BadEnvelope: not an envelope"),
        field("version 0", 6, "00", "BadEnvelope: unknown version"),
        field("version 2", 6, "02", "BadEnvelope: unknown version"),
        field("version 255", 6, "ff", "BadEnvelope: unknown version"),
        field("kind 0", 7, "00", unknown),
        field("kind 7", 7, "07", unknown),
        field("kind 255", 7, "ff", unknown),
        field("a report as a note", 7, "03", NOT_MINE),
        field("a report as one kept", 7, "04", NOT_MINE),
        field("a report as a reply", 7, "02", "BadEnvelope: it names an epoch and has none"),
        field("a report as a backup", 7, "05", "BadEnvelope: it names an epoch and has none"),
        entry("a note as a report", "note", [{"at": 7, "write": "01"}], NOT_MINE),
        entry("a reply as a report", "reply", [{"at": 7, "write": "01"}], month),
        field("a report as onion keys", 7, "06", KIND),
        entry("a reply, read by a desk", "reply", [], KIND),
        entry("a backup, read by a desk", "backup", [], KIND),
        entry("a reply to two", "reply", [{"at": 12, "write": "02"}], desks),
        entry("a backup to none", "backup", [{"at": 12, "write": "00"}], desks),
        field("epoch 0", 8, "00000000", month),
        field("epoch with month 0", 8, (202600).to_bytes(4, "big").hex(), month),
        field("epoch with month 13", 8, (202613).to_bytes(4, "big").hex(), month),
        field("epoch in the year 0", 8, (12).to_bytes(4, "big").hex(), month),
        field("epoch of all ones", 8, "ffffffff", month),
        field("epoch of another month", 8, (202612).to_bytes(4, "big").hex(), NOT_MINE),
        field("no desk", 12, "00", desks),
        field("five desks", 12, "05", desks),
        field("255 desks", 12, "ff", desks),
        field("two desks said, one there", 12, "02", LENGTH),
        entry("one desk said, two there", "two desks", [{"at": 12, "write": "01"}], LENGTH),
    ]


def truncated() -> list[dict[str, Any]]:
    """Cut at every boundary, and between them."""

    def cut(name: str, base: str, length: int, reason: str) -> dict[str, Any]:
        return entry(f"cut {name}", base, [{"cut": length}], reason)

    return [
        cut("to nothing", "short", 0, TRUNCATED),
        cut("in the magic", "short", 5, TRUNCATED),
        cut("after the magic", "short", 6, TRUNCATED),
        cut("one byte before the stanza", "short", FIXED - 1, TRUNCATED),
        cut("before the stanza", "short", FIXED, TRUNCATED),
        cut("in the stanza", "short", FIXED + 600, TRUNCATED),
        cut("between two stanzas", "two desks", HEAD, TRUNCATED),
        cut("before the commitment", "short", HEAD, TRUNCATED),
        cut("in the commitment", "short", HEAD + 16, TRUNCATED),
        cut("before the stream header", "short", HEAD + 32, TRUNCATED),
        cut("in the stream header", "short", HEAD + 40, TRUNCATED),
        cut("before the first chunk", "short", STREAM, TRUNCATED),
        cut("inside a MAC", "short", STREAM + 16, TRUNCATED),
        cut("to a chunk without a byte", "short", STREAM + 17, "BadEnvelope: a chunk is empty"),
        cut("by one byte", "short", len(BASES["short"]) - 1, LENGTH),
        cut("after the first chunk", "long", STREAM + CHUNK + 17, UNFINISHED),
        cut("after the second chunk", "long", LAST, UNFINISHED),
        cut("inside the second chunk", "long", STREAM + CHUNK + 17 + 1000, LENGTH),
        cut("inside the second chunk, at a padded size", "long", STREAM + CHUNK + 17 + 2048 + 17, CHANGED),
        cut("inside the last chunk", "long", LAST + 2000, LENGTH),
    ]


def keys() -> list[dict[str, Any]]:
    """Wrong keys, stanzas and commitments."""
    flip = [{"at": HEAD + 5, "flip": 1}]
    other = MadeEnvelope.to([SEEDS["desk a"]], body(203), 4096)
    liar = MadeEnvelope.to([SEEDS["desk a"], SEEDS["desk b"]], body(204), 4096)
    two = list(BASES["two desks"])
    two[HEAD : HEAD + STANZA] = liar.head[HEAD:]
    return [
        entry("another desk's key", "short", [], NOT_MINE, "desk b"),
        entry("the same desk's key of another epoch", "short", [], NOT_MINE, "desk a a month later"),
        entry("a stranger's key on four desks", "four desks", [], NOT_MINE, "a stranger"),
        entry("many wrong keys", "two desks", [], NOT_MINE, "desk c", "desk d", "a stranger"),
        entry("the ML-KEM part changed", "short", [{"at": FIXED + 3, "flip": 1}], NOT_MINE),
        entry("the X25519 part changed", "short", [{"at": FIXED + 1088 + 3, "flip": 1}], NOT_MINE),
        entry("the X25519 part zero", "short", [{"at": FIXED + 1088, "write": "00" * 32}], NOT_MINE),
        entry("the wrapped key changed", "short", [{"at": FIXED + 1120, "flip": 128}], NOT_MINE),
        entry("the stanza's MAC changed", "short", [{"at": HEAD - 1, "flip": 1}], NOT_MINE),
        entry(
            "two stanzas swapped",
            "two desks",
            [{"take": [[0, FIXED], [HEAD, HEAD + STANZA], [FIXED, HEAD], [HEAD + STANZA, 10_000]]}],
            NOT_MINE,
        ),
        entry("another desk's stanza changed", "two desks", [{"at": HEAD + 3, "flip": 1}], COMMITMENT),
        entry(
            "another desk's stanza changed, its own reader",
            "two desks",
            [{"at": HEAD + 3, "flip": 1}],
            NOT_MINE,
            "desk b",
        ),
        anew("a desk is given another file key", "two desks", bytes(two), COMMITMENT, "desk b"),
        anew("the stanza of another envelope", "short", other.head + BASES["short"][HEAD:], COMMITMENT),
        entry("the commitment changed", "short", flip, COMMITMENT),
        entry("the commitment all zeros", "short", [{"at": HEAD, "write": "00" * 32}], COMMITMENT),
        anew(
            "the commitment of another key",
            "short",
            replace(SHORT, commitment=other.commitment).sealed(),
            COMMITMENT,
        ),
        anew(
            "the stream under another key",
            "short",
            replace(SHORT, key=fixed_bytes("another stream key")).sealed(),
            CHANGED,
        ),
    ]


def streams() -> list[dict[str, Any]]:
    """Chunks changed, moved, missing, or with tags that do not belong there."""
    whole = pieces(LONG.plain)
    second = [STREAM + CHUNK + 17, LAST]
    first = [STREAM, second[0]]
    end = [LAST, len(BASES["long"])]
    start = [0, STREAM]
    one = pieces(SHORT.plain)
    empty_end = [*whole[:2], (b"", FINAL)]
    return [
        entry("the stream header changed", "short", [{"at": HEAD + 32, "flip": 1}], CHANGED),
        entry("a chunk's tag byte changed", "short", [{"at": STREAM, "flip": 1}], CHANGED),
        entry("a chunk's middle changed", "short", [{"at": STREAM + 2000, "flip": 16}], CHANGED),
        entry("a chunk's MAC changed", "short", [{"at": STREAM + 4096 + 16, "flip": 1}], CHANGED),
        entry("the last of three chunks changed", "long", [{"at": LAST + 9, "flip": 1}], CHANGED),
        entry("two chunks swapped", "long", [{"take": [start, second, first, end]}], CHANGED),
        entry("a chunk in another's place", "long", [{"take": [start, first, first, end]}], CHANGED),
        entry("a chunk repeated", "long", [{"take": [start, first, first, second, end]}], CHANGED),
        entry("the first chunk left out", "long", [{"take": [start, second, end]}], CHANGED),
        entry("a chunk in the middle left out", "long", [{"take": [start, first, end]}], CHANGED),
        anew("the final tag missing", "short", SHORT.sealed(retagged(one, -1, MESSAGE)), UNFINISHED),
        anew(
            "the final tag missing after three", "long", LONG.sealed(retagged(whole, -1, MESSAGE)), UNFINISHED
        ),
        anew("the final tag in the middle", "long", LONG.sealed(retagged(whole, 1, FINAL)), CONTINUED),
        anew("tag PUSH at the end", "short", SHORT.sealed(retagged(one, -1, PUSH)), TAG),
        anew("tag REKEY at the end", "short", SHORT.sealed(retagged(one, -1, REKEY)), TAG),
        anew("tag 4 at the end", "short", SHORT.sealed(retagged(one, -1, 4)), TAG),
        anew("tag PUSH in the middle", "long", LONG.sealed(retagged(whole, 1, PUSH)), TAG),
        anew("tag REKEY in the middle", "long", LONG.sealed(retagged(whole, 1, REKEY)), TAG),
        anew("an empty final chunk", "long", LONG.sealed(empty_end), "BadEnvelope: a chunk is empty"),
        entry("a byte after the end", "short", [{"append": "00"}], LENGTH),
        entry("two empty chunks' worth after the end", "short", [{"append_zeros": 34}], LENGTH),
        entry("bytes after the end, to a padded size", "full", [{"append_zeros": 12_288}], CHANGED),
    ]


def insides() -> list[dict[str, Any]]:
    """Lengths and padding wrong, sealed under the right keys by a writer who errs or lies."""
    short, used = SHORT.plain, 204
    fits_less = (4092).to_bytes(4, "big") + OVER.plain[4:]

    def length(number: int, plain: bytes = short) -> bytes:
        return SHORT.with_plain(number.to_bytes(4, "big") + plain[4:])

    return [
        anew("padding not zero at its start", "short", SHORT.with_plain(_set(short, used)), ZEROS),
        anew("padding not zero at its end", "short", SHORT.with_plain(_set(short, 4095)), ZEROS),
        anew("length one too small", "short", length(199), ZEROS),
        anew("length zero before a body", "short", length(0), ZEROS),
        anew("length one too big for its size", "short", length(4093), TOO_BIG),
        anew("length of all ones", "short", length(0xFFFFFFFF), TOO_BIG),
        anew("padded too far", "over", OVER.with_plain(short.ljust(16_384, b"\0")), PADDED),
        anew("padded too far by one step", "over", OVER.with_plain(fits_less), PADDED),
        anew("not padded", "short", SHORT.with_plain(short[:used]), LENGTH),
        anew("padded to no such size", "short", SHORT.with_plain(short + b"\0"), LENGTH),
    ]


def _set(plain: bytes, at: int) -> bytes:
    return plain[:at] + b"\1" + plain[at + 1 :]
