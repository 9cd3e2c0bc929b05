"""Parts of bundles that go back, for the vectors: a small one, and ways to build others."""

import io
from datetime import date
from hashlib import sha256

from crypto import ustar
from crypto.back import BackHeading, BackMember, BackReader, BackWriter, Counts
from crypto.back_manifest import COLLECTED, GONE, LABEL, mark
from crypto.errors import BadBundle
from crypto.primitives import sign, signing_public
from crypto.secret import SigningSeed
from tests.vectors.build import fixed_bytes

SEED = SigningSeed(fixed_bytes("back desk"))
OTHER = SigningSeed(fixed_bytes("back desk, another"))
HEADING = BackHeading(signing_public(SEED.reveal()), 4, date(2027, 1, 21), 8)
COLLECTED_HERE = sorted(fixed_bytes(f"collected {n}") for n in range(2))
GONE_HERE = sorted(fixed_bytes(f"gone {n}", 16) for n in range(2))
CONTENTS = dict(
    sorted(
        {
            f"blob/{fixed_bytes('back blob', 16).hex()}": fixed_bytes("back file", 700),
            f"reply/{fixed_bytes('back slot 1', 16).hex()}": fixed_bytes("back reply 1", 1024),
            f"reply/{fixed_bytes('back slot 2', 16).hex()}": fixed_bytes("back reply 2", 513),
            "team.keys": fixed_bytes("back keys", 300),
        }.items()
    )
)
SINCE = (4, 4, 1, None)
MEMBERS = [
    BackMember(name, len(data), sha256(data).digest(), since)
    for (name, data), since in zip(CONTENTS.items(), SINCE, strict=True)
]
COUNTS = Counts(len(COLLECTED_HERE), len(GONE_HERE), len(MEMBERS))
FIRST = HEADING.line(COUNTS)
MARKS = [mark(COLLECTED, each) for each in COLLECTED_HERE] + [mark(GONE, each) for each in GONE_HERE]
LINES = [member.line() for member in MEMBERS]
FILES = [(ustar.header(name, len(data)), data) for name, data in CONTENTS.items()]

File = tuple[bytes, bytes]


def outcome(data: bytes) -> str:
    """Read a bundle as a server does, and say what came of it, in the words of the vectors."""
    try:
        reader = BackReader(io.BytesIO(data))
        reader.verify(reader.heading.desk)
        assert list(reader.collected()) == COLLECTED_HERE[: reader.counts.collected]
        assert list(reader.gone()) == GONE_HERE[: reader.counts.blobs]
        whole = refused = 0
        for entry in reader:
            kept = io.BytesIO()
            try:
                kept.writelines(entry.pieces())
            except BadBundle:
                refused += 1
                continue
            whole += 1
            assert sha256(kept.getvalue()).digest() == entry.member.sha256
    except BadBundle as bad:
        return f"BadBundle: {bad}"
    if not reader.damage and whole == reader.counts.members:
        return "reads"
    found = "; ".join(f"{each.name.partition('/')[0] or 'bundle'}: {each.why}" for each in reader.damage)
    return f"takes {whole} of {whole + refused}; {found}"


def written(heading: BackHeading = HEADING, seed: SigningSeed = SEED, *, empty: bool = False) -> bytes:
    """Write a bundle as a desk does."""
    out = io.BytesIO()
    members = [] if empty else MEMBERS
    marks: tuple[list[bytes], list[bytes]] = ([], []) if empty else (COLLECTED_HERE, GONE_HERE)
    writer = BackWriter(out, heading, *marks, members, seed)
    for member in members:
        writer.add(member, io.BytesIO(CONTENTS[member.name]))
    writer.finish()
    return out.getvalue()


def made(
    marks: list[bytes] = MARKS,
    lines: list[bytes] = LINES,
    files: list[File] = FILES,
    first: bytes = FIRST,
    signature: bytes | None = None,
    end: bytes = ustar.END,
) -> bytes:
    """Put a bundle together from any parts, and sign what its manifest says."""
    listed = first + b"".join(marks) + b"".join(lines)
    if signature is None:
        signature = sign(SEED.reveal(), LABEL + sha256(listed).digest())
    parts = [
        (ustar.header("manifest", len(listed)), listed),
        (ustar.header("signature", len(signature)), signature),
        *files,
    ]
    return b"".join(head + data + bytes(ustar.padding(len(data))) for head, data in parts) + end


WHOLE = written()
BASES = {"back": WHOLE, "nothing": written(empty=True)}
SIGNATURE = WHOLE.index(ustar.header("signature", 64))
START = SIGNATURE + 1024  # where the first member's header begins
SECOND = WHOLE.index(FILES[1][0])
LAST = WHOLE.index(FILES[-1][0])
