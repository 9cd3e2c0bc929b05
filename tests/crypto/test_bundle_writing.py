"""Writing bundles: one way to write each, checked against Python's tarfile, in constant memory."""

import io
import tarfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import ustar
from crypto.bundle import MAX_REFUSED, BundleReader, BundleWriter, Member
from crypto.epoch import Epoch
from crypto.errors import BadBundle
from crypto.manifest import MAX_LINE
from tests.counts import count
from tests.vectors.bundle_parts import (
    CONTENTS,
    HEADING,
    MEMBERS,
    WHOLE,
    made,
    written,
)


def test_the_same_members_make_the_same_bytes() -> None:
    assert written(MEMBERS) == WHOLE == made()


def test_any_tar_unpacks_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as archive:
        found = archive.getmembers()
        assert [each.name for each in found] == ["manifest", *CONTENTS]
        for each in found:
            assert (each.type, each.mode, each.uid, each.gid, each.mtime) == (tarfile.REGTYPE, 0o600, 0, 0, 0)
            assert (each.uname, each.gname, each.linkname) == ("", "", "")
        for name, data in CONTENTS.items():
            assert cast("BinaryIO", archive.extractfile(name)).read() == data


@given(st.from_regex(r"[a-z/.]{0,98}[a-z]", fullmatch=True), st.integers(0, ustar.MAX_SIZE))
def test_a_header_says_its_name_and_size_and_python_agrees(name: str, size: int) -> None:
    block = ustar.header(name, size)
    assert ustar.read_header(block) == (name, size)
    read = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    assert (read.name, read.size) == (name, size)


@pytest.mark.parametrize(("name", "size"), [("", 0), ("x" * 100, 0), ("é", 0), ("a", -1), ("a", 8**11)])
def test_a_header_that_would_not_fit_is_not_made(name: str, size: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - UnicodeEncodeError is one
        ustar.header(name, size)


@given(st.binary(max_size=600))
def test_no_other_block_is_a_header(block: bytes) -> None:
    assert ustar.read_header(block) is None


def test_a_header_with_any_byte_changed_is_none() -> None:
    block = ustar.header("blob/x", 700)
    for place in range(512):
        changed = bytearray(block)
        changed[place] ^= 1
        assert ustar.read_header(bytes(changed)) is None


def test_a_pipe_will_do_for_writing() -> None:
    class Pipe(io.RawIOBase):
        data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object, /) -> int:
            piece = bytes(cast("bytes", data))
            self.data += piece
            return len(piece)

    out = Pipe()
    writer = BundleWriter(cast("BinaryIO", out), HEADING, MEMBERS)
    for member in MEMBERS:
        writer.add(member, io.BytesIO(CONTENTS[member.name]))
    writer.finish()
    assert out.data == WHOLE


def test_members_out_of_order_are_the_callers_mistake() -> None:
    for members in ([MEMBERS[1], MEMBERS[0]], [MEMBERS[0], MEMBERS[0]]):
        with pytest.raises(ValueError, match="sorted"):
            BundleWriter(io.BytesIO(), HEADING, members)
    writer = BundleWriter(io.BytesIO(), HEADING, MEMBERS)
    with pytest.raises(ValueError, match="order"):
        writer.add(MEMBERS[1], io.BytesIO())


def test_a_generator_of_members_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="collection"):
        BundleWriter(io.BytesIO(), HEADING, iter(MEMBERS))


def test_members_that_change_between_two_passes_are_the_callers_mistake() -> None:
    class Fickle:
        passes = 0

        def __iter__(self) -> Iterator[Member]:
            self.passes += 1
            # The third iterator, for checking what is added, is made first.
            return iter(MEMBERS if self.passes <= 3 else MEMBERS[1:])

    with pytest.raises(ValueError, match="changed while"):
        BundleWriter(io.BytesIO(), HEADING, Fickle())


def test_a_bundle_is_not_finished_before_all_members_are_there() -> None:
    writer = BundleWriter(io.BytesIO(), HEADING, MEMBERS)
    writer.add(MEMBERS[0], io.BytesIO(CONTENTS[MEMBERS[0].name]))
    with pytest.raises(ValueError, match="not added"):
        writer.finish()
    with pytest.raises(ValueError, match="order"):
        BundleWriter(io.BytesIO(), HEADING, []).add(MEMBERS[0], io.BytesIO())


@pytest.mark.parametrize("change", [b"x", b"", b"changed"])
def test_a_file_that_changed_since_it_was_listed_fails_the_export(change: bytes) -> None:
    first = MEMBERS[0]
    data = CONTENTS[first.name]
    wrong = {b"x": data + b"x", b"": data[:-1], b"changed": change + data[len(change) :]}[change]
    writer = BundleWriter(io.BytesIO(), HEADING, MEMBERS)
    with pytest.raises(BadBundle, match="changed while"):
        writer.add(first, io.BytesIO(wrong))


@pytest.mark.parametrize(
    ("name", "size", "digest"),
    [
        ("blob/" + "0" * 31, 1, bytes(32)),
        ("blob/" + "0" * 33, 1, bytes(32)),
        ("blob/" + "A" * 32, 1, bytes(32)),
        ("blob/" + "0" * 32 + "\n", 1, bytes(32)),
        ("../blob/" + "0" * 32, 1, bytes(32)),
        ("reply/" + "0" * 32, 1, bytes(32)),
        ("env/" + "1" * 64, 1, bytes(32)),
        ("blob/" + "0" * 32, -1, bytes(32)),
        ("blob/" + "0" * 32, 8**11, bytes(32)),
        ("blob/" + "0" * 32, 1, bytes(31)),
    ],
)
def test_a_member_that_no_reader_takes_is_not_made(name: str, size: int, digest: bytes) -> None:
    with pytest.raises(BadBundle):
        Member(name, size, digest)


@pytest.mark.parametrize(
    "wrong",
    [
        {"team_version": 0},
        {"team_version": 2**32},
        {"epochs": (Epoch(202612), Epoch(202611))},
        {"epochs": (Epoch(202611), Epoch(202611))},
        {"seqs": {bytes([desk]) * 32: 1 for desk in range(5)}},
        {"seqs": {bytes(31): 1}},
        {"seqs": {bytes(32): 0}},
        {"seqs": {bytes(32): 2**32}},
        {"refused": {bytes(32): (b"b" * 16, b"a" * 16)}},
        {"refused": {bytes(32): (b"a" * 16, b"a" * 16)}},
        {"refused": {bytes(32): (b"a" * 15,)}},
        {"refused": {bytes(32): ()}},
        {"refused": {bytes(31): (b"a" * 16,)}},
        {"refused": {bytes([desk]) * 32: (b"a" * 16,) for desk in range(5)}},
        {"refused": {bytes(32): tuple(at.to_bytes(16, "big") for at in range(MAX_REFUSED + 1))}},
        {"damaged": -1},
        {"damaged": 2**31 + 1},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_a_heading_that_no_reader_takes_is_not_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadBundle):
        replace(HEADING, **wrong)


def test_the_longest_first_line_that_can_be_is_read() -> None:
    longest = replace(
        HEADING,
        epochs=tuple(Epoch(year * 100 + month) for year in range(2026, 2126) for month in range(1, 13)),
        seqs={bytes([desk]) * 32: 2**32 - 1 for desk in range(4)},
        refused={
            bytes([desk]) * 32: tuple(at.to_bytes(16, "big") for at in range(MAX_REFUSED))
            for desk in range(4)
        },
        damaged=2**31,
    )
    reader = BundleReader(io.BytesIO(written([], longest)))
    assert (reader.heading, reader.damage) == (longest, [])
    assert len(longest.line(0)) < MAX_LINE


class Zeros(io.RawIOBase):
    """A file of zeros that holds nothing in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


class Many:
    """So many members, made anew at each pass."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __iter__(self) -> Iterator[Member]:
        digest = sha256(b"sealed").digest()
        return (Member(f"blob/{at:032x}", 6, digest) for at in range(self.number))


def test_writing_and_reading_many_or_large_members_takes_constant_memory(tmp_path: Path) -> None:
    large = 30_000_000
    digest = sha256(bytes(large)).digest()
    many = Many(count(2_000, 20_000))
    tracemalloc.start()
    with (tmp_path / "large").open("w+b") as file:
        member = Member("blob/" + "0" * 32, large, digest)
        writer = BundleWriter(cast("BinaryIO", file), HEADING, [member])
        writer.add(member, cast("BinaryIO", Zeros(large)))
        writer.finish()
        assert sum(len(piece) for entry in BundleReader(file) for piece in entry.pieces()) == large
    with (tmp_path / "many").open("w+b") as file:
        writer = BundleWriter(file, HEADING, many)
        for member in many:
            writer.add(member, io.BytesIO(b"sealed"))
        writer.finish()
        reader = BundleReader(file)
        assert sum(1 for entry in reader if list(entry.pieces())) == many.number
        assert reader.damage == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
