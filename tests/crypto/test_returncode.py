"""Return codes: what people type is read, a slip is named with the right word beside it, nothing is shown."""

import random
import string
import traceback
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from crypto import returncode
from crypto.errors import BadReturnCode, WrongWord
from crypto.returncode import ReturnCode, read_words, words
from tests.counts import count

LIST = Mnemonic("english").wordlist
CODE = ReturnCode(bytes.fromhex("9e885d952ad362caeb4efe34a8e91bd2"))
WORDS = words(CODE)
READ = {*LIST, *(word[:length] for word in LIST if len(word) > 3 for length in range(4, 9))}


def refused(typed: str) -> BadReturnCode:
    with pytest.raises(BadReturnCode) as caught:
        read_words(typed)
    return caught.value


def with_word(place: int, word: str) -> str:
    return " ".join([*WORDS[:place], word, *WORDS[place + 1 :]])


def slips(word: str) -> set[str]:
    """Give all that one wrong, missing, extra or swapped letter makes of a word."""
    made = set()
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        made |= {left + letter + right for letter in string.ascii_lowercase}
        if right:
            made |= {left + letter + right[1:] for letter in string.ascii_lowercase} | {left + right[1:]}
        if len(right) > 1:
            made.add(left + right[1] + right[0] + right[2:])
    return made - {word}


def is_read(word: str) -> bool:
    """Whether this is a listed word, or the beginning of one: a slip that cannot be seen in it alone."""
    return word in READ


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_twelve_listed_words_that_read_back(entropy: bytes) -> None:
    code = ReturnCode(entropy)
    assert len(words(code)) == 12
    assert set(words(code)) <= set(LIST)
    assert read_words(" ".join(words(code))) == code


def test_new_codes_are_random() -> None:
    assert len({ReturnCode.new().reveal() for _ in range(200)}) == 200


between = st.sampled_from(
    [" ", "  ", "\n", "\r\n", "\t", ",", ", ", " - ", "-", ". ", "; ", "\u00a0", " / ", "·"]
)
spellings = st.sampled_from([str.lower, str.upper, str.title, lambda word: word[:4], lambda word: word[:5]])
numbers = st.sampled_from(["", "{}. ", "{}) ", "({}) ", "{}: ", "{:02} ", "#{} ", "{}.", "{}"])


@given(
    st.binary(min_size=16, max_size=16),
    st.lists(st.tuples(between, spellings), min_size=12, max_size=12),
    numbers,
)
def test_any_case_spacing_numbering_and_first_four_letters_are_read(
    entropy: bytes, styles: list[tuple[str, object]], number: str
) -> None:
    code = ReturnCode(entropy)
    typed = "".join(
        gap + number.format(place) + spell(word)  # type: ignore[operator]  # the strategy gives functions
        for place, (word, (gap, spell)) in enumerate(zip(words(code), styles, strict=True), 1)
    )
    assert read_words(typed) == code


def test_every_single_slip_in_a_word_is_named_with_the_true_word_beside_it() -> None:
    dice = random.Random(7)
    chosen = dice.sample(LIST, count(60, len(LIST)))
    for word in chosen:
        for slip in dice.sample(sorted(slips(word)), count(12, 150)):
            if is_read(slip):
                continue
            place = dice.randrange(12)
            bad = refused(with_word(place, slip))
            assert [(wrong.position, wrong.typed) for wrong in bad.wrong] == [(place + 1, slip)]
            assert word in bad.wrong[0].near, (word, slip)
            assert len(bad.wrong[0].near) <= 10
            assert bad.count == 12
            assert not bad.checksum


def test_slips_in_every_word_at_once_are_all_named() -> None:
    dice = random.Random(8)
    for _ in range(count(10, 500)):
        typed = [
            dice.choice([slip for slip in sorted(slips(word)) if slip.isalpha() and not is_read(slip)])
            for word in WORDS
        ]
        wrong = refused(" ".join(typed)).wrong
        assert [each.position for each in wrong] == list(range(1, 13))
        assert all(word in each.near for word, each in zip(WORDS, wrong, strict=True))


def test_a_wrong_listed_word_is_noticed_fifteen_times_in_sixteen() -> None:
    """Of n tries n/16 pass, give or take five times the deviation that chance allows."""
    dice = random.Random(9)
    tries = count(2_000, 60_000)
    passed, said = 0, set()
    for _ in range(tries):
        typed = list(words(ReturnCode(dice.randbytes(16))))
        place = dice.randrange(12)
        typed[place] = dice.choice([word for word in dice.sample(LIST, 2) if word != typed[place]])
        try:
            read_words(" ".join(typed))
            passed += 1
        except BadReturnCode as bad:
            said.add((bad.wrong, bad.count, bad.checksum))
    assert said == {((), 12, True)}
    assert abs(passed - tries / 16) < 5 * (tries * 15 / 256) ** 0.5


@pytest.mark.parametrize("number", [0, 1, 11, 13, 18, 24, 100])
def test_another_number_of_words_is_said(number: int) -> None:
    bad = refused(" ".join(["abandon"] * number))
    assert bad.count == number
    assert not bad.checksum
    assert str(bad) == "a return code has twelve words"


def test_of_a_whole_page_of_text_no_word_is_named() -> None:
    assert refused("my twelve words were lost somewhere " * 10).wrong == ()
    assert refused("x" * 1_025).count > 12
    assert refused("\ufdfa" * 1_000).count > 12  # each stands for eighteen


def test_a_doubled_slip_is_still_offered_the_true_word() -> None:
    for typed, meant in (("abondan", "abandon"), ("kangro", "kangaroo"), ("cabadge", "cabbage")):
        assert meant in refused(with_word(0, typed)).wrong[0].near or is_read(typed)


def test_the_likelier_word_is_offered_first() -> None:
    for typed, first in (("tabel", "table"), ("stonw", "stone"), ("brian", "brain"), ("cars", "car")):
        assert refused(with_word(3, typed)).wrong[0].near[0] == first


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(typed: str) -> None:
    bad = refused(typed)  # twelve listed words that belong together do not come by chance
    assert bad.count >= len(bad.wrong)


@given(
    st.lists(st.text(st.sampled_from("aàÀ’'0٣ﬁßİ\u0301\u200b😀\ud800"), max_size=8), min_size=1, max_size=14)
)
def test_odd_letters_crash_nothing(pieces: list[str]) -> None:
    refused(" ".join(pieces))


def test_no_word_shows_in_an_error() -> None:
    bad = refused(with_word(2, "grabb"))
    shown = "".join(traceback.format_exception(bad)) + repr(bad) + repr(bad.wrong) + str(bad) + repr(bad.args)
    assert "WrongWord(position=3)" in shown
    assert not any(word in shown for word in (*WORDS, "grabb"))
    together = refused(with_word(2, "grace"))
    shown = "".join(traceback.format_exception(together)) + repr(together)
    assert not any(word in shown for word in (*WORDS, "grace"))


def test_a_code_and_its_root_show_nothing() -> None:
    assert repr(CODE) == "<ReturnCode>"
    assert repr(returncode.root(CODE)) == "<MailboxRoot>"


def test_two_codes_have_two_roots() -> None:
    assert returncode.root(CODE) != returncode.root(ReturnCode(CODE.reveal()[:-1] + b"\xd3"))


def test_the_list_is_that_of_bip39() -> None:
    """Sorted, and every word known by its first four letters: what the search for near words rests on."""
    assert sorted(LIST) == LIST
    assert (LIST[0], LIST[-1], len(LIST)) == ("abandon", "zoo", 2048)
    assert Counter(len(word) > 3 for word in LIST)[True] == len({word[:4] for word in LIST if len(word) > 3})


def test_a_wrong_word_is_cut_where_nobody_reads_on() -> None:
    wrong = refused(with_word(0, "o" * 900)).wrong
    assert wrong == (WrongWord(1, "o" * 32, ()),)
