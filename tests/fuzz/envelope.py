"""Look for envelopes and attachments that crash the readers, guided by coverage, by hand and for hours.

This needs atheris (libFuzzer for Python), which is in no requirements file: `make test` and `make soak`
do not use it. In an environment of its own, on Linux, from the repository's root:

    python3 -m venv /path/to/fuzz
    /path/to/fuzz/bin/pip install --require-hashes -r requirements-desk.txt
    /path/to/fuzz/bin/pip install atheris
    mkdir -p /path/to/corpus
    /path/to/fuzz/bin/python -m tests.fuzz.envelope -max_len=200000 -max_total_time=3600 /path/to/corpus

It prints `crash-…` and a traceback when anything but a CryptoError comes out, or when bytes open that nobody
sealed. `-runs=0 /path/to/corpus` runs the corpus once; a file instead of the folder runs that input.

Coverage cannot find a MAC. So the first byte of an input chooses what the rest is:

    0  an envelope as it stands            (parsing, lengths)
    1  changes to an envelope              (headers and stanzas near the right ones)
    2  chunks to seal under the right keys (tags, chunk lengths, padding, length prefix)
    3  an attachment as it stands
    4  chunks to seal as an attachment     (the same, and its size)
"""

import sys
from io import BytesIO

from crypto import open as opening
from crypto import open_attachment
from crypto.errors import CryptoError
from tests.vectors.build import MadeAttachment, MadeEnvelope, body, seed

DESK = seed("desk a")
INSIDE = body(200)
ENVELOPE = MadeEnvelope.to([DESK], INSIDE, 4096)
SEALED = ENVELOPE.sealed()
ATTACHMENT = MadeAttachment.of(INSIDE, 16_384)


def one_input(data: bytes) -> bool:
    """Try one input; tell whether it opened.

    :raises AssertionError: it opened to something that no writer with the keys sealed.
    """
    choice, rest = (data[0] % 5, data[1:]) if data else (0, b"")
    try:
        (_plain_envelope, _near_envelope, _chunks, _plain_attachment, _attachment_chunks)[choice](rest)
    except CryptoError:
        return False
    return True


def _plain_envelope(data: bytes) -> None:
    opened = opening.opened(data, [DESK])
    assert data == SEALED, "an envelope opened that nobody sealed"
    assert opened.body == INSIDE


def _near_envelope(data: bytes) -> None:
    """Each four bytes: a place (u16), what to do with it, a value."""
    broken = bytearray(SEALED)
    for at in range(0, len(data) - 3, 4):
        place = int.from_bytes(data[at : at + 2], "big") % (len(broken) + 1)
        match data[at + 2] % 4:
            case 0:
                broken[place : place + 1] = data[at + 3 : at + 4]
            case 1:
                broken[place:place] = data[at + 3 : at + 4]
            case 2:
                del broken[place : place + data[at + 3]]
            case _:
                broken[place:place] = broken[: 17 * data[at + 3]]
        if len(broken) > 500_000:
            break
    _plain_envelope(bytes(broken))


def _chunks(data: bytes) -> None:
    plain = opening.opened(ENVELOPE.sealed(_cut(data)), [DESK]).body
    whole = b"".join(chunk for chunk, _ in _cut(data))
    assert whole.startswith(len(plain).to_bytes(4, "big") + plain), "what opened is not what was sealed"


def _plain_attachment(data: bytes) -> None:
    opened = b"".join(open_attachment.opened(BytesIO(data), ATTACHMENT.key, len(INSIDE)))
    assert data == ATTACHMENT.sealed(), "an attachment opened that nobody sealed"
    assert opened == INSIDE


def _attachment_chunks(data: bytes) -> None:
    size = int.from_bytes(data[:3], "big")
    sealed = ATTACHMENT.sealed(_cut(data[3:]))
    opened = b"".join(open_attachment.opened(BytesIO(sealed), ATTACHMENT.key, size))
    assert b"".join(chunk for chunk, _ in _cut(data[3:])).startswith(opened), "not what was sealed"
    assert len(opened) == size


def _cut(data: bytes) -> list[tuple[bytes, int]]:
    """Chunks to seal. Each begins with a tag and three bytes of length; zeros fill what the input leaves."""
    cut: list[tuple[bytes, int]] = []
    at = 0
    while at + 4 <= len(data) and len(cut) < 8:
        length = int.from_bytes(data[at + 1 : at + 4], "big") % 70_000
        cut.append((data[at + 4 : at + 4 + length].ljust(length, b"\0"), data[at]))
        at += 4 + length
    return cut


def main() -> None:
    """Hand over to libFuzzer."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, lambda data: (one_input(data), None)[1])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
