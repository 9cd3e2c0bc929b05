"""Parts of bundles for the vectors: a small one, what its outcomes say, and ways to build others."""

import io
from dataclasses import replace
from datetime import date
from hashlib import sha256

from crypto import ustar
from crypto.bundle import BundleReader, BundleWriter, Heading, Member
from crypto.epoch import Epoch
from crypto.errors import BadBundle
from tests.vectors.build import fixed_bytes

BARE = Heading(1, (), Epoch(202611), date(2026, 11, 22))
HEADING = replace(
    BARE,
    team_version=7,
    epochs=(Epoch(202610), Epoch(202611)),
    seqs={fixed_bytes("desk b"): 4_000_000_000, fixed_bytes("desk a"): 1},
    refused={
        fixed_bytes("desk b"): tuple(sorted(fixed_bytes(f"slot {n}", 16) for n in range(2))),
        fixed_bytes("desk a"): (fixed_bytes("slot 1", 16),),
    },
    damaged=3,
)
BLOBS = {f"blob/{fixed_bytes(f'blob {n}', 16).hex()}": fixed_bytes(f"file {n}", n) for n in (700, 1024)}
ENVELOPES = [fixed_bytes(f"envelope {n}", n) for n in (512, 513)]
CONTENTS = dict(sorted((BLOBS | {f"env/{sha256(each).hexdigest()}": each for each in ENVELOPES}).items()))
MEMBERS = [Member(name, len(data), sha256(data).digest()) for name, data in CONTENTS.items()]
FIRST = HEADING.line(len(MEMBERS))
LINES = [member.line() for member in MEMBERS]
FILES = [(ustar.header(name, len(data)), data) for name, data in CONTENTS.items()]

NO_BUNDLE = "BadBundle: it is not a bundle: it does not begin with a manifest"
HEAD_LINE = "BadBundle: the manifest's first line is refused: {}"
SPELT = "it is spelt otherwise than it must be"
WORDS = {
    "missing": "it is missing, or its header is damaged",
    "bytes": "its bytes are not those that the manifest names",
    "unlisted": "the manifest does not list it here",
    "short": "it is cut short",
    "size": "its size is not the one that the manifest names",
    "end": "its end is missing",
    "zeros": "there are bytes where zeros must be",
    "stray": "{} blocks of 512 bytes belong to no member",
    "lists": "the manifest promises {of} members and lists {}",
    "unsorted": "the manifest is not sorted, or lists a member twice",
    "open": "the manifest's last line has no end",
    "line": "a line of the manifest is refused: {}",
    "name": "a member's name is not env/… or blob/…",
    "digest": "an envelope's name is not its digest",
}

File = tuple[bytes, bytes]


def outcome(data: bytes) -> str:
    """Read a bundle and say what came of it, in the words of the vectors."""
    try:
        reader = BundleReader(io.BytesIO(data))
    except BadBundle as bad:
        return f"BadBundle: {bad}"
    for entry in reader:
        kept = io.BytesIO()
        try:
            kept.writelines(entry.pieces())
        except BadBundle:
            continue
        assert sha256(kept.getvalue()).digest() == entry.member.sha256
    if not reader.damage and reader.whole == reader.members:
        return "reads"
    found = "; ".join(f"{each.name.partition('/')[0] or 'bundle'}: {each.why}" for each in reader.damage)
    return f"keeps {reader.whole} of {reader.members}; {found}"


def keeps(whole: int, *damage: str, of: int = 4) -> str:
    """Write an outcome out of the words above: "blob bytes", "stray 2"."""
    found = []
    for each in damage:
        first, _, rest = each.partition(" ")
        where, key, value = (first, rest, "") if first in ("blob", "env") else ("bundle", first, rest)
        found.append(f"{where}: {WORDS[key].format(value, of=of)}")
    return f"keeps {whole} of {of}; {'; '.join(found)}"


def written(names: list[Member], heading: Heading = HEADING) -> bytes:
    """Write a bundle as the server does."""
    out = io.BytesIO()
    writer = BundleWriter(out, heading, names)
    for member in names:
        writer.add(member, io.BytesIO(CONTENTS[member.name]))
    writer.finish()
    return out.getvalue()


def made(
    lines: list[bytes] = LINES, files: list[File] = FILES, first: bytes = FIRST, end: bytes = ustar.END
) -> bytes:
    """Put a bundle together from any parts."""
    listed = first + b"".join(lines)
    parts = [(ustar.header("manifest", len(listed)), listed), *files]
    return b"".join(head + data + bytes(ustar.padding(len(data))) for head, data in parts) + end


WHOLE = written(MEMBERS)
BASES = {"four": WHOLE, "none": written([]), "nothing held": written([], BARE)}
START = 512 + len(FIRST + b"".join(LINES))
START += ustar.padding(START)  # where the first member's header begins
SECOND = START + 512 + len(FILES[0][1]) + ustar.padding(len(FILES[0][1]))
LAST = WHOLE.index(FILES[-1][0])
ALIEN = LINES[-1][:13] + b"0" * 64 + LINES[-1][77:]
UNPLAIN = keeps(3, "stray 3", "blob missing")
