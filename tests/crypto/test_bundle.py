"""Bundles: what is written is read, in constant memory; what is damaged is named and the rest is kept."""

import io
import random
from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crypto
from crypto import manifest, ustar
from crypto.bundle import BundleReader, BundleWriter, Damage, Member
from crypto.bundle_reader import MOST_DAMAGE
from crypto.errors import BadBundle
from tests.counts import count
from tests.vectors import make_bundle
from tests.vectors.bundle_parts import (
    BARE,
    CONTENTS,
    FILES,
    HEADING,
    LINES,
    MEMBERS,
    START,
    WHOLE,
    made,
    outcome,
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
    writer = BundleWriter(out, replace(BARE, team_version=version), members)
    for member in members:
        writer.add(member, io.BytesIO(inside[member.name]))
    writer.finish()
    reader = BundleReader(out)
    assert {entry.name: b"".join(entry.pieces()) for entry in reader} == inside
    assert (reader.whole, reader.damage, reader.heading.team_version) == (len(inside), [], version)


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


@pytest.mark.parametrize("members", [0, 4, 10**9])
def test_a_manifest_of_nothing_but_damage_costs_little(members: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = []
    read = manifest.read_member
    monkeypatch.setattr(manifest, "read_member", lambda line: (lines.append(line), read(line))[1])
    reader = BundleReader(io.BytesIO(made([b"\n" * 400_000], [], HEADING.line(members))))
    assert list(reader) == []
    assert len(Member(f"blob/{'0' * 32}", 0, bytes(32)).line()) == manifest.LEAST_LINE
    assert len(reader.damage) == MOST_DAMAGE + 1
    assert reader.damage[-1] == Damage("", "and more")
    assert len(lines) < 400_000 / 100 + 2 * MOST_DAMAGE


def test_after_a_thousand_damages_what_is_whole_is_still_kept() -> None:
    reader = BundleReader(io.BytesIO(made([b"\n" * (MOST_DAMAGE - 5), *LINES])))
    kept = [entry.name for entry in reader if entry.size == sum(map(len, entry.pieces()))]
    assert kept == list(CONTENTS)
    reader = BundleReader(io.BytesIO(made(LINES, [(bytes(512), b""), *FILES])))
    for _ in range(3 * MOST_DAMAGE):
        reader.damaged("", "something")
    assert [entry.name for entry in reader if list(entry.pieces())] == list(CONTENTS)
    assert reader.whole == 4
    assert len(reader.damage) == MOST_DAMAGE + 1


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
