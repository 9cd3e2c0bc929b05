"""Words on paper: a secret comes back however its words are typed; what is wrong is named, with near ones."""

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import paper
from crypto.paper import BadWords, read_words, words_of
from crypto.secret import SigningSeed
from tests.counts import count

SECRET = SigningSeed(bytes(range(32)))
WORDS = words_of(SECRET)
LIST = paper._bip39().wordlist


@given(st.binary(min_size=32, max_size=32))
def test_a_secret_comes_back_from_its_words(value: bytes) -> None:
    words = words_of(SigningSeed(value))
    assert len(words) == 24
    assert read_words(" ".join(words), SigningSeed).reveal() == value


def test_the_words_are_those_that_bip39_gives_for_the_same_bytes() -> None:
    # The test vector of BIP39 itself for 32 bytes of 0x7f.
    round_ = "legal winner thank year wave sausage worth useful "
    assert " ".join(words_of(SigningSeed(b"\x7f" * 32))) == round_ * 2 + round_.replace("useful ", "title")


def test_the_words_hold_the_secret_and_eight_bits_of_its_hash() -> None:
    bits = "".join(f"{LIST.index(word):011b}" for word in WORDS)
    assert int(bits[:256], 2).to_bytes(32, "big") == SECRET.reveal()
    assert int(bits[256:], 2) == sha256(SECRET.reveal()).digest()[0]


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(WORDS).upper(),
        "\n".join(f"{number}. {word}" for number, word in enumerate(WORDS, 1)),
        ", ".join(WORDS) + ".",
        "-".join(WORDS),
        "  \t".join(word[:4] for word in WORDS),
        "\r\n".join(word[:5].title() for word in WORDS),
        " ".join(f"{number}{word}" for number, word in enumerate(WORDS, 1)),
        " ".join(WORDS).replace("a", "\u00e1").replace("e", "e\u00ad"),
        "".join(chr(ord(sign) + 0xFEE0) if sign != " " else sign for sign in " ".join(WORDS)),
    ],
    ids=[
        "capitals",
        "numbered lines",
        "commas",
        "hyphens",
        "four letters",
        "five letters",
        "numbers stuck",
        "accents and soft hyphens",
        "wide letters",
    ],
)
def test_words_are_read_as_people_type_them(typed: str) -> None:
    assert read_words(typed, SigningSeed) == SECRET


def test_a_word_that_is_in_no_list_is_named_with_near_ones() -> None:
    typed = [*WORDS]
    typed[4] = "xyzzyx"
    typed[9] = WORDS[9][1] + WORDS[9][0] + WORDS[9][2:]
    with pytest.raises(BadWords) as caught:
        read_words(" ".join(typed), SigningSeed)
    assert caught.value.count == 24
    assert [(wrong.position, wrong.typed) for wrong in caught.value.wrong] == [
        (5, "xyzzyx"),
        (10, typed[9]),
    ]
    assert WORDS[9] in caught.value.wrong[1].near
    shown = f"{caught.value} {caught.value!r} {caught.value.wrong!r}"
    assert not [word for word in [*WORDS, "xyzzyx"] if len(word) > 4 and word in shown]


def test_any_typo_of_one_letter_is_offered_its_word() -> None:
    dice = random.Random(5)
    for _ in range(count(60, 500)):
        word = dice.choice(LIST)
        at = dice.randrange(len(word))
        typo = dice.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + dice.choice("aeiourst") + word[at:],
                word[:at] + dice.choice("aeiourst") + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            )
        )
        if typo not in LIST and len(word) > 3:
            assert word in paper.near(typo, LIST), (word, typo)


@pytest.mark.parametrize("typed", ["oz0ne", "\u043e\u0437\u043e\u043d", "o" * 900, "3x4"])
def test_whatever_was_typed_for_a_word_is_one_word(typed: str) -> None:
    with pytest.raises(BadWords) as caught:
        read_words(" ".join([typed, *WORDS[1:]]), SigningSeed)
    assert caught.value.count == 24
    assert [wrong.position for wrong in caught.value.wrong] == [1]


@pytest.mark.parametrize("many", [0, 1, 12, 23, 25])
def test_another_number_of_words_is_told(many: int) -> None:
    with pytest.raises(BadWords, match=f"these are {many} words, not 24") as caught:
        read_words(" ".join([*WORDS, *WORDS][:many]), SigningSeed)
    assert caught.value.count == many


def test_words_that_do_not_belong_together_are_refused() -> None:
    dice = random.Random(6)
    refused = []
    for _ in range(200):
        typed = [*WORDS]
        typed[dice.randrange(24)] = dice.choice(LIST)
        try:
            read_words(" ".join(typed), SigningSeed)
        except BadWords as bad:
            refused.append((bad.checksum, bad.wrong, bad.count))
    # The last word holds eight bits of a hash: one in 256 passes, and then the public key is another.
    assert len(refused) >= 190
    assert set(refused) == {(True, (), 24)}


def test_text_without_end_is_refused_at_once() -> None:
    with pytest.raises(BadWords, match="longer"):
        read_words("word " * 100_000, SigningSeed)


@given(st.text(max_size=300))
def test_any_text_is_refused_and_crashes_nothing(typed: str) -> None:
    with pytest.raises(BadWords):
        read_words(typed, SigningSeed)
