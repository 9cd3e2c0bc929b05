"""Bundles: what is written is read, in constant memory; what is damaged is named and the rest is kept."""

import io
import random
import tarfile
import tracemalloc
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crypto
from crypto import ustar
from crypto.bundle import BundleReader, BundleWriter, Damage, Heading, Member
from crypto.epoch import Epoch
from crypto.errors import BadBundle
from tests.counts import count
from tests.vectors import make_bundle
from tests.vectors.bundle_parts import (
    CONTENTS,
    FILES,
    HEADING,
    LINES,
    MEMBERS,
    START,
    WHOLE,
    made,
    outcome,
    written,
)
from tests.vectors.read import Vector, document, vectors

FORMAT = Path(crypto.__file__).with_name("FORMAT.md").read_text("utf-8")


@pytest.mark.parametrize("vector", vectors("bundle.json"), ids=repr)
def test_a_bundle_has_the_outcome_of_its_vector(vector: Vector) -> None:
    assert outcome(vector.data) == vector.outcome


def test_the_vectors_are_those_that_the_script_makes() -> None:
    made_now = make_bundle.found()
    assert document("bundle.json")["vectors"] == made_now
    kept = {name: b64decode("".join(lines)) for name, lines in document("bundle.json")["bases"].items()}
    assert kept == make_bundle.BASES
    assert len({vector["name"] for vector in made_now}) == len(made_now) >= 20


@pytest.mark.parametrize("file", ["teamkeys", "bundle"])
def test_the_table_in_the_format_is_that_of_the_vectors(file: str) -> None:
    section = FORMAT.partition(f"\n### {file}.json\n")[2].partition("\n##")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert rows == [f"| {vector.name} | {vector.outcome} |" for vector in vectors(f"{file}.json")]


def whole(data: bytes) -> dict[str, bytes]:
    """Read a bundle as an import does: keep each member only once it has ended by itself."""
    kept = {}
    for entry in BundleReader(io.BytesIO(data)):
        try:
            inside = b"".join(entry.pieces())
        except BadBundle:
            continue
        kept[entry.name] = inside
    return kept


def test_what_is_written_is_read() -> None:
    reader = BundleReader(io.BytesIO(WHOLE))
    assert (reader.heading, reader.members) == (HEADING, 4)
    assert {entry.name: b"".join(entry.pieces()) for entry in reader} == CONTENTS
    assert (reader.whole, reader.damage) == (4, [])


@given(st.lists(st.binary(max_size=1500), max_size=8), st.integers(1, 2**32 - 1))
def test_any_envelopes_come_back_as_they_were(envelopes: list[bytes], version: int) -> None:
    inside = {f"env/{sha256(each).hexdigest()}": each for each in envelopes}
    members = [Member(name, len(data), sha256(data).digest()) for name, data in sorted(inside.items())]
    out = io.BytesIO()
    writer = BundleWriter(out, Heading(version, ()), members)
    for member in members:
        writer.add(member, io.BytesIO(inside[member.name]))
    writer.finish()
    reader = BundleReader(out)
    assert {entry.name: b"".join(entry.pieces()) for entry in reader} == inside
    assert (reader.whole, reader.damage, reader.heading.team_version) == (len(inside), [], version)


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


@given(st.from_regex(r"[a-z/.]{1,99}", fullmatch=True), st.integers(0, ustar.MAX_SIZE))
def test_a_header_says_its_name_and_size_and_python_agrees(name: str, size: int) -> None:
    block = ustar.header(name, size)
    assert ustar.read_header(block) == (name, size)
    read = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    assert (read.name, read.size) == (name.rstrip("/"), size)


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


def test_a_changed_bundle_gives_only_members_that_are_whole_and_crashes_nothing() -> None:
    dice = random.Random(14)
    lost = 0
    for _ in range(count(1_000, 100_000)):
        data = bytearray(WHOLE)
        for _ in range(dice.choice((1, 1, 2, 8))):
            place = dice.randrange(len(data))
            match dice.randrange(5):
                case 0:
                    data[place] ^= 1 << dice.randrange(8)
                case 1:
                    del data[place : place + dice.choice((1, 100, 512, 4096))]
                case 2:
                    data[place:place] = dice.randbytes(dice.choice((1, 100, 512)))
                case 3:
                    end = place + dice.choice((8, 512))
                    data[place:end] = bytes(min(end, len(data)) - place)
                case _:
                    other = dice.randrange(len(data))
                    data[place : place + 512] = data[other : other + 512]
            data = data or bytearray(1)
        try:
            kept = whole(bytes(data))
        except BadBundle:
            kept = {}
        assert all(CONTENTS.get(name) == inside for name, inside in kept.items())
        lost += 4 - len(kept)
    assert lost


def test_any_one_changed_byte_after_the_first_line_costs_two_members_at_most() -> None:
    after = 512 + len(HEADING.line(4))
    for place in range(after, len(WHOLE), count(7, 1)):
        data = bytearray(WHOLE)
        data[place] ^= 0x10
        reader = BundleReader(io.BytesIO(data))
        for entry in reader:
            try:
                list(entry.pieces())
            except BadBundle:
                continue
        assert reader.damage, place
        assert reader.whole >= (2 if place < START else 3), place


@given(st.binary(max_size=2000), st.booleans())
def test_junk_is_refused_and_crashes_nothing(junk: bytes, begun: bool) -> None:
    try:
        reader = BundleReader(io.BytesIO(ustar.header("manifest", len(junk)) + junk if begun else junk))
    except BadBundle:
        return
    raise AssertionError(f"read as a bundle: {reader}")


def test_a_line_longer_than_the_memory_set_aside_is_thrown_away() -> None:
    reader = BundleReader(io.BytesIO(made([*LINES[:1], b"x" * 400_000 + b"\n", *LINES[2:]])))
    kept = [entry.name for entry in reader if list(entry.pieces())]
    assert kept == [MEMBERS[0].name, MEMBERS[2].name, MEMBERS[3].name]
    assert Damage("", "a line of the manifest is too long") in reader.damage


class BadSectors(io.BytesIO):
    """A stick with places that cannot be read."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        super().__init__(data)
        self.bad = range(start, end)

    def read(self, size: int | None = -1, /) -> bytes:
        start = self.tell()
        data = super().read(size)
        if start < self.bad.stop and start + len(data) > self.bad.start:
            raise OSError(5, "Input/output error")
        return data


@pytest.mark.parametrize("place", range(START, len(WHOLE) - 1024, 512))
def test_a_sector_that_cannot_be_read_costs_only_what_lies_there(place: int) -> None:
    reader = BundleReader(cast("BinaryIO", BadSectors(WHOLE, place, place + 1)))
    for entry in reader:
        try:
            list(entry.pieces())
        except BadBundle:
            continue
    assert reader.whole == 3
    assert reader.damage


def test_a_manifest_that_cannot_be_read_is_refused_or_told() -> None:
    with pytest.raises(BadBundle):
        BundleReader(cast("BinaryIO", BadSectors(WHOLE, 600, 601)))


def test_other_failures_of_the_medium_are_not_taken_for_damage() -> None:
    class Gone(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(19, "No such device")

    with pytest.raises(OSError, match="device"):
        BundleReader(cast("BinaryIO", Gone(WHOLE)))


def test_a_member_that_nobody_reads_is_neither_whole_nor_damaged() -> None:
    reader = BundleReader(io.BytesIO(WHOLE))
    assert len(list(reader)) == 4
    assert (reader.whole, reader.damage) == (0, [])


def test_no_damage_is_told_in_the_words_of_who_made_the_bundle() -> None:
    """A name from a hostile archive could hold what a terminal obeys."""
    evil = "\x1b[2J../x"
    lines = [LINES[0].replace(b"blob/", b"\\u001b[2J", 1), *LINES[1:]]
    reader = BundleReader(io.BytesIO(made(lines, [(ustar.header(evil, 4), b"evil"), *FILES])))
    for entry in reader:
        list(entry.pieces())
    assert reader.damage
    assert "\x1b" not in str(reader.damage)
    assert "2J" not in str(reader.damage)


# Writing


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
    ("version", "epochs"),
    [(0, ()), (2**32, ()), (1, (Epoch(202612), Epoch(202611))), (1, (Epoch(202611), Epoch(202611)))],
)
def test_a_heading_that_no_reader_takes_is_not_made(version: int, epochs: tuple[Epoch, ...]) -> None:
    with pytest.raises(BadBundle):
        Heading(version, epochs)


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
    many = Many(count(2_000, 50_000))
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
