"""Shares: any k of n give the secret back, k - 1 do not, and what they are says nothing of it."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic import combine_mnemonics

from crypto.paper import BadWords
from crypto.secret import RecoverySecret
from crypto.shares import Split, TooFewShares, joined, read_share, split
from tests.counts import count

SPLITS = [Split(2, 2), Split(2, 3), Split(3, 5), Split(5, 5), Split(2, 16), Split(16, 16)]
SECRET = RecoverySecret(bytes(range(100, 132)))


@pytest.mark.parametrize("how", SPLITS, ids=str)
def test_any_k_of_n_shares_give_the_secret_back(how: Split) -> None:
    shares = split(SECRET, how)
    assert [len(share) for share in shares] == [33] * how.count
    combinations = list(itertools.combinations(shares, how.needed))
    dice = random.Random(1)
    for some in dice.sample(combinations, min(len(combinations), count(10, 200))):
        mixed = dice.sample(some, len(some))
        assert joined(mixed) == SECRET
    assert joined(shares) == SECRET
    assert joined([*shares[: how.needed], shares[0]]) == SECRET


@pytest.mark.parametrize("how", SPLITS, ids=str)
def test_one_share_less_is_told_and_gives_nothing(how: Split) -> None:
    shares = split(SECRET, how)
    for some in list(itertools.combinations(shares, how.needed - 1))[:20]:
        with pytest.raises(TooFewShares) as caught:
            joined(some)
        assert caught.value.missing == 1
        assert not [word for share in some for word in share if f" {word} " in f" {caught.value} "]


@given(st.binary(min_size=32, max_size=32), st.integers(2, 5), st.integers(0, 3))
def test_every_secret_survives_every_split(value: bytes, needed: int, more: int) -> None:
    secret = RecoverySecret(value)
    shares = split(secret, Split(needed, needed + more))
    assert joined(shares[-needed:]) == secret


def test_too_few_shares_look_the_same_whatever_the_secret_is() -> None:
    """The values of a single share of two are evenly spread, for a secret of zeros as for one of ones."""
    rounds = count(40, 400)
    for secret in (RecoverySecret(bytes(32)), RecoverySecret(b"\xff" * 32)):
        ones = total = 0
        seen = set()
        for _ in range(rounds):
            share = split(secret, Split(2, 2))[0]
            seen.add(share[4:30])
            value = _value(share)
            ones += value.bit_count()
            total += 256
        assert len(seen) == rounds
        assert abs(ones / total - 0.5) < 5 * 0.5 / total**0.5


def _value(share: tuple[str, ...]) -> int:
    from shamir_mnemonic import Share

    return int.from_bytes(Share.from_mnemonic(" ".join(share)).value, "big")


def test_shares_of_two_splits_do_not_mix() -> None:
    one, other = split(SECRET, Split(2, 3)), split(SECRET, Split(2, 3))
    with pytest.raises(BadWords, match="do not belong together"):
        joined([one[0], other[1]])
    with pytest.raises(BadWords, match="do not belong together"):
        joined([one[0], split(SECRET, Split(3, 3))[1]])


def test_no_share_at_all_is_too_few() -> None:
    with pytest.raises(TooFewShares):
        joined([])


def test_a_share_is_read_as_people_type_it() -> None:
    share = split(SECRET, Split(2, 3))[1]
    assert read_share("\n".join(f"{number}. {word.upper()}" for number, word in enumerate(share, 1))) == share
    assert read_share(" ".join(word[:4] for word in share)) == share


def test_a_wrong_word_of_a_share_is_named_or_noticed() -> None:
    share = split(SECRET, Split(2, 3))[1]
    with pytest.raises(BadWords) as caught:
        read_share(" ".join([*share[:7], "qqqqq", *share[8:]]))
    assert [wrong.position for wrong in caught.value.wrong] == [8]
    # Its own checksum notices up to three wrong words always.
    dice = random.Random(3)
    for _ in range(count(50, 1_000)):
        typed = [*share]
        first, second = dice.sample(range(33), 2)
        typed[first], typed[second] = typed[second], typed[first]
        if tuple(typed) != share:
            with pytest.raises(BadWords) as caught:
                read_share(" ".join(typed))
            assert caught.value.checksum


@pytest.mark.parametrize("many", [0, 20, 32, 34])
def test_another_number_of_words_is_no_share(many: int) -> None:
    share = split(SECRET, Split(2, 2))[0]
    with pytest.raises(BadWords, match=f"these are {many} words, not 33"):
        read_share(" ".join([*share, *share][:many]))


def test_any_other_program_for_slip_39_puts_them_together() -> None:
    shares = split(SECRET, Split(2, 3))
    assert combine_mnemonics([" ".join(share) for share in shares[1:]]) == SECRET.reveal()


@pytest.mark.parametrize(("text", "how"), [("2of3", Split(2, 3)), ("16of16", Split(16, 16))])
def test_a_split_is_read_as_it_is_written(text: str, how: Split) -> None:
    assert Split.parse(text) == how
    assert str(how) == text


@pytest.mark.parametrize(
    "text",
    ["", "2", "of", "2of", "of3", "1of1", "1of3", "3of2", "2of17", "2 of 3", "-2of3", "²of3", "2of3of4"],
)
def test_other_splits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="KofN"):
        Split.parse(text)
