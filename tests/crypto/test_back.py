"""Bundles that go back: what is signed is read, and nothing that is not, however it came to be so."""

import io
import random
import tarfile
import tracemalloc
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crypto
from crypto.back import BackHeading, BackMember, BackReader, BackWriter
from crypto.errors import BadBundle
from crypto.secret import SigningSeed
from tests.counts import count
from tests.vectors import make_back
from tests.vectors.back_parts import (
    COLLECTED_HERE,
    CONTENTS,
    GONE_HERE,
    HEADING,
    MEMBERS,
    OTHER,
    SEED,
    SIGNATURE,
    START,
    WHOLE,
    made,
    outcome,
)
from tests.vectors.read import Vector, document, vectors

FORMAT = Path(crypto.__file__).with_name("FORMAT.md").read_text("utf-8")


@pytest.mark.parametrize("vector", vectors("back.json"), ids=repr)
def test_a_bundle_has_the_outcome_of_its_vector(vector: Vector) -> None:
    assert outcome(vector.data) == vector.outcome


def test_the_vectors_are_those_that_the_script_makes() -> None:
    made_now = make_back.found()
    assert document("back.json")["vectors"] == made_now
    kept = {name: b64decode("".join(lines)) for name, lines in document("back.json")["bases"].items()}
    assert kept == make_back.BASES
    assert len({vector["name"] for vector in made_now}) == len(made_now) >= 60


def test_the_table_in_the_format_is_that_of_the_vectors() -> None:
    section = FORMAT.partition("\n### back.json\n")[2].partition("\n##")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert rows == [f"| {vector.name} | {vector.outcome} |" for vector in vectors("back.json")]


def verified(data: bytes) -> BackReader:
    reader = BackReader(io.BytesIO(data))
    reader.verify(HEADING.desk)
    return reader


def test_what_is_written_is_read() -> None:
    reader = verified(WHOLE)
    assert made() == WHOLE
    assert (reader.heading, reader.counts.members) == (HEADING, len(MEMBERS))
    assert (list(reader.collected()), list(reader.gone())) == (COLLECTED_HERE, GONE_HERE)
    assert {entry.name: b"".join(entry.pieces()) for entry in reader} == CONTENTS
    assert reader.team_keys() == CONTENTS["team.keys"]
    assert reader.manifest == sha256(WHOLE[512 : 512 + reader._size]).digest()
    assert reader.damage == []


def test_any_tar_unpacks_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as archive:
        assert archive.getnames() == ["manifest", "signature", *CONTENTS]


def test_nothing_is_given_before_it_is_verified() -> None:
    reader = BackReader(io.BytesIO(WHOLE))
    for ask in (reader.collected, reader.gone, reader.__iter__):
        with pytest.raises(RuntimeError):
            next(iter(ask()))
    with pytest.raises(RuntimeError):
        reader.team_keys()
    with pytest.raises(RuntimeError):
        _ = reader.manifest


def test_another_desk_than_the_one_it_names_did_not_sign_it() -> None:
    with pytest.raises(BadBundle, match="another desk"):
        BackReader(io.BytesIO(WHOLE)).verify(bytes(32))


def test_a_bundle_without_keys_gives_none() -> None:
    out = io.BytesIO()
    BackWriter(out, HEADING, [], [], [], SEED).finish()
    assert verified(out.getvalue()).team_keys() is None


DIGESTS = st.sets(st.binary(min_size=32, max_size=32), max_size=20)
IDS = st.sets(st.binary(min_size=16, max_size=16), max_size=20)


@given(DIGESTS, IDS, st.lists(st.binary(max_size=1200), max_size=5), st.integers(1, 2**32 - 1), st.dates())
def test_anything_comes_back_as_it_was(
    collected: set[bytes], gone: set[bytes], replies: list[bytes], seq: int, day: date
) -> None:
    inside = {f"reply/{at:032x}": data for at, data in enumerate(replies)}
    members = [BackMember(name, len(data), sha256(data).digest()) for name, data in inside.items()]
    heading = replace(HEADING, seq=seq, not_after=day)
    out = io.BytesIO()
    writer = BackWriter(out, heading, sorted(collected), sorted(gone), members, SEED)
    for member in members:
        writer.add(member, io.BytesIO(inside[member.name]))
    writer.finish()
    reader = verified(out.getvalue())
    assert (reader.heading, set(reader.collected()), set(reader.gone())) == (heading, collected, gone)
    assert {entry.name: b"".join(entry.pieces()) for entry in reader} == inside
    assert reader.damage == []


def taken(data: bytes) -> dict[str, bytes] | None:
    """Read a bundle as a server does; None when nothing of it counts."""
    try:
        reader = verified(data)
        assert (list(reader.collected()), list(reader.gone())) == (COLLECTED_HERE, GONE_HERE)
        kept = {}
        for entry in reader:
            try:
                inside = b"".join(entry.pieces())
            except BadBundle:
                continue
            kept[entry.name] = inside
    except BadBundle:
        return None
    return kept


def test_any_changed_byte_costs_all_or_the_member_it_lies_in() -> None:
    signed = range(512, 512 + BackReader(io.BytesIO(WHOLE))._size)
    for place in range(0, len(WHOLE), count(5, 1)):
        data = bytearray(WHOLE)
        data[place] ^= 1 << (place % 8)
        kept = taken(bytes(data))
        if place < 512 or place in signed or SIGNATURE <= place < SIGNATURE + 576:
            assert kept is None, place
        else:
            assert kept is not None
            assert len(kept) >= len(CONTENTS) - 1, place
            assert kept.items() <= CONTENTS.items(), place


def test_cut_anywhere_it_gives_only_what_is_whole() -> None:
    for length in range(0, len(WHOLE), count(7, 1)):
        kept = taken(WHOLE[:length])
        assert (kept is None) is (length < START - 448), length
        assert kept is None or kept.items() <= CONTENTS.items()


def test_a_changed_bundle_gives_only_what_was_signed_and_crashes_nothing() -> None:
    dice = random.Random(14)
    for _ in range(count(500, 50_000)):
        data = bytearray(WHOLE)
        for _ in range(dice.choice((1, 2, 8))):
            place = dice.randrange(len(data))
            match dice.randrange(3):
                case 0:
                    del data[place : place + dice.choice((1, 100, 512))]
                case 1:
                    data[place:place] = dice.randbytes(dice.choice((1, 100, 512)))
                case _:
                    other = dice.randrange(len(data))
                    data[place : place + 512] = data[other : other + 512]
            data = data or bytearray(1)
        kept = taken(bytes(data))
        assert kept is None or kept.items() <= CONTENTS.items()


class Liar(io.BytesIO):
    """A stick that shows other bytes once it has been read so many times."""

    def __init__(self, data: bytes, other: bytes, passes: int) -> None:
        super().__init__(data)
        self.other, self.left = other, passes

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        data = super().read(size)
        if at == 512 and data:
            self.left -= 1
        return self.other[at : at + len(data)] if self.left < 0 else data


def test_a_stick_that_shows_another_manifest_later_is_refused() -> None:
    other = bytearray(WHOLE)
    place = WHOLE.index(COLLECTED_HERE[0].hex().encode())
    other[place : place + 64] = b"0" * 64
    for passes in range(1, 8):
        reader = BackReader(cast("BinaryIO", Liar(WHOLE, bytes(other), passes)))
        try:
            reader.verify(HEADING.desk)
            kept = list(reader.collected())
        except BadBundle as bad:
            assert str(bad) in ("it changed while it was read", "its signature is wrong")  # noqa: PT017
        else:
            assert kept == COLLECTED_HERE


@pytest.mark.parametrize(
    "wrong",
    [{"desk": bytes(31)}, {"seq": 0}, {"seq": 2**32}, {"team_version": 0}, {"team_version": 2**32}],
    ids=lambda wrong: " ".join(f"{key} {value!r:.8}" for key, value in wrong.items()),
)
def test_a_heading_that_no_reader_takes_is_not_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadBundle):
        replace(HEADING, **wrong)


def test_what_is_not_sorted_or_of_another_length_is_the_callers_mistake() -> None:
    def writer(collected: Any = (), gone: Any = (), members: Any = (), seed: SigningSeed = SEED) -> None:
        BackWriter(io.BytesIO(), HEADING, collected, gone, members, seed)

    writer()
    two = [b"b" * 32, b"a" * 32]
    for wrong in (
        {"collected": two},
        {"collected": [two[0], two[0]]},
        {"collected": [b"a" * 31]},
        {"gone": [b"b" * 16, b"a" * 16]},
        {"gone": [b"a" * 17]},
        {"members": MEMBERS[::-1]},
        {"members": iter(MEMBERS)},
        {"seed": OTHER},
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each says it in its own words
            writer(**wrong)  # type: ignore[arg-type]  # a dict of one


class Many:
    """So many of something, made anew at each pass."""

    def __init__(self, number: int, made: Any) -> None:
        self.number, self.made = number, made

    def __iter__(self) -> Iterator[Any]:
        return (self.made(at) for at in range(self.number))

    def __len__(self) -> int:
        return self.number


def test_many_marks_and_members_take_constant_memory(tmp_path: Path) -> None:
    number = count(500, 10_000)
    reply = bytes(2_000)
    digest = sha256(reply).digest()
    collected = Many(number, lambda at: at.to_bytes(32, "big"))
    gone = Many(number, lambda at: at.to_bytes(16, "big"))
    members = Many(number, lambda at: BackMember(f"reply/{at:032x}", len(reply), digest))
    heading: BackHeading = HEADING
    tracemalloc.start()
    with (tmp_path / "many").open("w+b") as file:
        writer = BackWriter(
            file, heading, cast("Any", collected), cast("Any", gone), cast("Any", members), SEED
        )
        for member in members:
            writer.add(member, io.BytesIO(reply))
        writer.finish()
        reader = BackReader(file)
        reader.verify(heading.desk)
        assert sum(1 for _ in reader.collected()) == sum(1 for _ in reader.gone()) == number
        assert sum(1 for entry in reader if list(entry.pieces())) == number
        assert (reader.team_keys(), reader.damage) == (None, [])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_500_000
