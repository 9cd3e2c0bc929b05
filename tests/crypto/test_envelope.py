"""What is sealed opens to the same bytes, for the desks it is sealed to; anything else is refused by name."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import open as opening
from crypto import seal, unsealing, xwing
from crypto.envelope import MOST_BODY, Header, Kind, header
from crypto.epoch import Epoch
from crypto.errors import BadEnvelope, CryptoError, NotForThisKey, UnsafeKey
from crypto.padding import envelope_size
from tests.counts import count
from tests.crypto.made import DESKS, EDGES, NOVEMBER, PUBLIC, STRANGER, envelope, mutated

BODY = b"The white van came again on Tuesday, after dark."
SEALED = envelope(BODY, 2)

bodies = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(EDGES).flatmap(lambda size: st.binary(min_size=1, max_size=1).map(lambda b: b * size)),
)


@given(bodies, st.integers(1, 4), st.data())
def test_what_is_sealed_opens_to_the_same_bytes_at_each_desk(
    body: bytes, desks: int, data: st.DataObject
) -> None:
    desk = data.draw(st.integers(0, desks - 1))
    opened = opening.opened(envelope(body, desks), [DESKS[desk]])
    assert opened == opening.Opened(Kind.INCOMING, NOVEMBER, body)


@given(st.integers(1, 3), st.data())
def test_a_desk_that_is_not_among_them_opens_nothing(desks: int, data: st.DataObject) -> None:
    others = data.draw(st.sets(st.integers(desks, 3)))
    with pytest.raises(NotForThisKey):
        opening.opened(envelope(BODY, desks), [STRANGER, *(DESKS[number] for number in others)])


def test_without_any_key_it_is_not_for_this_key() -> None:
    with pytest.raises(NotForThisKey):
        opening.opened(SEALED, [])


@given(bodies, bodies)
def test_the_length_of_an_envelope_tells_the_padded_size_and_nothing_else(one: bytes, other: bytes) -> None:
    same = envelope_size(4 + len(one)) == envelope_size(4 + len(other))
    assert (len(envelope(one)) == len(envelope(other))) == same


@given(st.binary(max_size=100))
def test_sealing_twice_gives_nothing_in_common_but_the_fixed_header(body: bytes) -> None:
    one, other = envelope(body), envelope(body)
    assert one[:13] == other[:13] == Header(Kind.INCOMING, NOVEMBER, 1).fixed()
    assert not {one[at : at + 16] for at in range(13, 5350, 16)} & {
        other[at : at + 16] for at in range(13, 5350, 16)
    }


@given(st.dates())
def test_the_header_tells_epoch_kind_and_number_of_desks(day: object) -> None:
    epoch = Epoch.of(day)  # type: ignore[arg-type]  # hypothesis gives dates
    made = seal.sealed(Kind.INCOMING, epoch, PUBLIC[:3], b"")
    assert header(made) == Header(Kind.INCOMING, epoch, 3)


def test_any_flipped_bit_is_refused_with_a_typed_error() -> None:
    bits = len(SEALED) * 8
    chance = random.Random(1)
    for bit in chance.sample(range(bits), count(1_500, bits)):
        broken = bytearray(SEALED)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CryptoError):
            opening.opened(bytes(broken), DESKS[:1])


def test_every_truncation_is_refused_as_a_bad_envelope() -> None:
    for length in range(len(SEALED)):
        with pytest.raises(BadEnvelope):
            opening.opened(SEALED[:length], DESKS[:1])


def test_truncations_of_a_long_envelope_are_refused() -> None:
    whole = envelope(b"x" * 150_000)
    lengths = random.Random(2).sample(range(len(whole)), count(200, 20_000))
    padded = [
        1237 + 17 * chunks + size for chunks, size in ((1, 4096), (1, 16_384), (1, 65_536), (2, 131_072))
    ]
    for length in [*lengths, *padded]:
        with pytest.raises(BadEnvelope):
            opening.opened(whole[:length], DESKS[:1])


@given(st.binary(min_size=1, max_size=70_000))
def test_bytes_after_the_end_are_refused(more: bytes) -> None:
    with pytest.raises(BadEnvelope):
        opening.opened(SEALED + more, DESKS[:1])


def test_mutated_envelopes_crash_nothing() -> None:
    """What is not refused is what was sealed; any exception but a CryptoError fails here, with its number."""
    bases = [SEALED, envelope(b""), envelope(b"y" * 70_000, 4)]
    for number in range(count(1_000, 100_000)):
        chance = random.Random(number)
        base = chance.choice(bases)
        broken = mutated(base, chance)
        try:
            opened = opening.opened(broken, DESKS[:1])
        except CryptoError:
            continue
        assert broken == base, number
        assert opened.body in {BODY, b"", b"y" * 70_000}, number


@given(
    st.binary(max_size=8_000), st.sampled_from([b"", SEALED[:7], SEALED[:13], SEALED[:2349], SEALED[:2405]])
)
def test_any_bytes_at_all_are_refused_with_a_typed_error(data: bytes, start: bytes) -> None:
    with pytest.raises(CryptoError):
        opening.opened(start + data, DESKS[:1])


def test_a_writer_who_errs_is_told_so() -> None:
    def sealed(keys: object, body: bytes = b"") -> None:
        seal.sealed(Kind.INCOMING, NOVEMBER, keys, body)  # type: ignore[arg-type]  # errs on purpose

    for keys, message in (
        ((), "1 to 4 desks"),
        ((*PUBLIC, xwing.public_of(STRANGER)), "1 to 4 desks"),
        ((PUBLIC[0], PUBLIC[0]), "listed twice"),
    ):
        with pytest.raises(ValueError, match=message):
            sealed(keys)
    with pytest.raises(ValueError, match="at most"):
        sealed(PUBLIC, bytes(MOST_BODY + 1))


def test_unchecked_bytes_are_not_a_public_key() -> None:
    """Only a PublicKey was looked at; bytes with zeros in them would be sealed to without a word."""
    with pytest.raises(TypeError, match="PublicKey"):
        seal.sealed(Kind.INCOMING, NOVEMBER, [bytes(PUBLIC[0])], b"")  # type: ignore[list-item]  # on purpose
    with pytest.raises(UnsafeKey):
        xwing.PublicKey(bytes(1184) + PUBLIC[0].x25519)


def test_the_commitment_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def compare(one: bytes, other: bytes) -> bool:
        asked.append({one, other})
        return False

    monkeypatch.setattr(unsealing.hmac, "compare_digest", compare)
    with pytest.raises(BadEnvelope, match="wrong commitment"):
        opening.opened(SEALED, DESKS[:1])
    assert asked == [{SEALED[13 + 2 * 1168 :][:32]}]


def test_what_is_opened_shows_nothing_of_itself() -> None:
    opened = opening.opened(SEALED, DESKS[:1])
    assert "van" not in repr(opened)
    assert "van" not in f"{opened}"


def test_the_biggest_body_opens() -> None:
    body = b"z" * MOST_BODY
    assert opening.opened(envelope(body), DESKS[:1]).body == body
