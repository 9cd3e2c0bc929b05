"""A file is sealed while it arrives, in any pieces, and opens to the same bytes; anything else is refused."""

import random
import tracemalloc
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import open_attachment
from crypto.attachment import AttachmentSealer, sealed_size
from crypto.errors import BadAttachment
from crypto.padding import attachment_size
from crypto.secret import AttachmentKey
from tests.counts import count
from tests.crypto.made import EDGES, attachment, mutated, opened_attachment

DATA = bytes(range(1, 256)) * 10
SEALED, KEY = attachment(DATA)

files = st.one_of(
    st.binary(max_size=500),
    st.sampled_from(EDGES).map(lambda size: b"\x07" * size),
    st.integers(0, 400_000).map(lambda size: b"\x08" * size),
)


@given(files, st.lists(st.integers(1, 150_000), max_size=20))
def test_a_file_opens_to_the_same_bytes_however_it_arrived(data: bytes, cuts: list[int]) -> None:
    sealer = AttachmentSealer()
    sealed, at = b"", 0
    for length in [*cuts, len(data)]:
        sealed += sealer.write(memoryview(data)[at : at + length])
        at += length
    sealed += sealer.write(data[at:])
    sealed += b"".join(sealer.finish())
    assert opened_attachment(sealed, sealer.key, len(data)) == data
    assert (sealer.size, sealer.sealed_size) == (len(data), len(sealed))
    assert (sealer.sha256(), sealer.sealed_sha256()) == (sha256(data).digest(), sha256(sealed).digest())


@given(st.integers(0, 300_000))
def test_the_sealed_size_is_known_beforehand_and_is_that_of_the_padded_size(size: int) -> None:
    sealed, _ = attachment(bytes(size))
    assert len(sealed) == sealed_size(size) == sealed_size(attachment_size(size))


def test_the_first_piece_brings_the_header_and_no_plain_byte_ever_shows() -> None:
    sealer = AttachmentSealer()
    marker = b"a marker that must not show "
    first = sealer.write(marker)
    assert first[:8] == b"VIGILA\n\x01"
    assert len(first) == 32
    assert marker not in first + sealer.write(marker * 10_000) + b"".join(sealer.finish())


def test_a_file_of_any_size_takes_little_memory() -> None:
    piece = bytes(256 * 1024)
    sealer = AttachmentSealer()
    tracemalloc.start()
    try:
        for _ in range(64):
            sealer.write(piece)
        for _ in sealer.finish():
            pass
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_padding_comes_in_small_pieces() -> None:
    sealer = AttachmentSealer()
    piece = bytes(1 << 20)
    for _ in range(32):
        sealer.write(piece)
    sealer.write(b"x")
    assert attachment_size(sealer.size) - sealer.size > 900_000
    assert max(map(len, sealer.finish())) < 300_000


def test_a_sealer_that_has_ended_says_so() -> None:
    sealer = AttachmentSealer()
    for early in (sealer.sha256, sealer.sealed_sha256):
        with pytest.raises(RuntimeError, match="has not ended"):
            early()
    rest = sealer.finish()
    with pytest.raises(RuntimeError, match="has not ended"):
        sealer.sealed_sha256()
    list(rest)
    for late in (lambda: sealer.write(b"x"), sealer.finish):
        with pytest.raises(RuntimeError, match="has ended"):
            late()


def test_a_file_that_is_counted_apart_from_its_sealing_is_the_same_file() -> None:
    data, key = bytes(range(256)) * 1_000, AttachmentKey.new()
    sealer = AttachmentSealer(key)
    sealed = b""
    for start in range(0, len(data), 70_001):
        piece = data[start : start + 70_001]
        sealed += sealer.seal(piece)
        sealer.count(piece)
    sealed += b"".join(sealer.finish())
    assert sealer.sha256() == sha256(data).digest()
    assert sealer.sealed_sha256() == sha256(sealed).digest()
    with pytest.raises(RuntimeError):
        sealer.count(b"x")
    with pytest.raises(RuntimeError):
        sealer.seal(b"x")


def test_two_files_do_not_share_a_key() -> None:
    assert AttachmentSealer().key != AttachmentSealer().key


@given(files)
def test_another_key_opens_nothing(data: bytes) -> None:
    sealed, _ = attachment(data)
    with pytest.raises(BadAttachment):
        opened_attachment(sealed, AttachmentKey.new(), len(data))


def test_any_flipped_bit_is_refused() -> None:
    bits = len(SEALED) * 8
    for bit in random.Random(1).sample(range(bits), count(1_500, bits)):
        broken = bytearray(SEALED)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadAttachment):
            opened_attachment(bytes(broken), KEY, len(DATA))


def test_every_truncation_is_refused() -> None:
    lengths = random.Random(2).sample(range(len(SEALED)), count(1_500, len(SEALED)))
    for length in lengths:
        with pytest.raises(BadAttachment):
            opened_attachment(SEALED[:length], KEY, len(DATA))


def test_truncations_of_a_long_file_are_refused_after_authentic_pieces_only() -> None:
    data = random.Random(3).randbytes(200_000)
    sealed, key = attachment(data)
    for length in random.Random(4).sample(range(len(sealed)), count(100, 5_000)):
        given_out = bytearray()
        with pytest.raises(BadAttachment):  # noqa: PT012 - what came before the refusal is looked at too
            for piece in open_attachment.opened(BytesIO(sealed[:length]), key, len(data)):
                given_out += piece
        assert data.startswith(given_out)


@given(st.integers(0, 1 << 70))
def test_another_size_is_refused_or_gives_zeros_that_the_hash_of_the_file_refuses(size: int) -> None:
    try:
        opened = opened_attachment(SEALED, KEY, size)
    except BadAttachment:
        return
    assert opened == DATA.ljust(size, b"\0")


def test_mutated_attachments_crash_nothing() -> None:
    long_data = b"y" * 140_000
    long_sealed, long_key = attachment(long_data)
    cases = [(SEALED, KEY, DATA), (long_sealed, long_key, long_data), (*attachment(b""), b"")]
    for number in range(count(1_000, 100_000)):
        chance = random.Random(number)
        base, key, data = chance.choice(cases)
        broken = mutated(base, chance)
        try:
            opened = opened_attachment(broken, key, len(data))
        except BadAttachment:
            continue
        assert broken == base, number
        assert opened == data, number


def test_a_source_that_reads_in_small_pieces_is_read_whole() -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 1_000))

    assert b"".join(open_attachment.opened(Slow(SEALED), KEY, len(DATA))) == DATA
