"""The corpus of known truth: the same for a seed, told in what is sent, and judged as a reader would."""

import random
import re
from itertools import islice

import pytest

import payload
from bench.corpus import numbers, people, places, plates
from bench.corpus.cases import Case, corpus, name_of
from bench.corpus.facts import Clarity, Fact, Verdict, apart, fits
from bench.corpus.slips import slip
from bench.corpus.truth import JUDGES, Truth
from payload import FollowUp, Report
from payload.outline import Part

MANY = 1_500


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(corpus(MANY))


@pytest.fixture(scope="module")
def truth(cases: list[Case]) -> Truth:
    return Truth(cases)


def everything_told(case: Case) -> str:
    texts = []
    for content in case.contents:
        texts.append(content.words)
        texts += [file.caption for file in content.files]
        if isinstance(content, Report):
            texts += content.answers.texts(Part.REPORT)
    # Careless people leave apostrophes out.
    return " ".join(texts).casefold().replace("'", "")


def test_a_seed_gives_the_same_cases_and_another_gives_others() -> None:
    assert list(corpus(30, 1)) == list(corpus(30, 1))
    assert {case.name for case in corpus(30, 1)}.isdisjoint(case.name for case in corpus(30, 2))


def test_a_larger_corpus_begins_as_a_smaller_one() -> None:
    assert [one.name for one in islice(corpus(60), 10)] == [one.name for one in corpus(10)]


def test_all_that_is_sent_keeps_the_schema(cases: list[Case]) -> None:
    for case in cases[:200]:
        for content in case.contents:
            assert payload.read(content.kind, content.to_bytes()) == content


def test_every_fact_is_told_in_what_was_sent(cases: list[Case]) -> None:
    untold = [
        (case.name, fact.kind, fact.text)
        for case in cases
        for told in [everything_told(case)]
        for fact in case.facts
        if fact.text.casefold().replace("'", "") not in told
    ]
    assert untold == []


def test_no_fact_is_of_the_source(cases: list[Case]) -> None:
    sources = [
        text
        for case in cases
        for content in case.contents
        if isinstance(content, Report)
        for text in content.answers.texts(Part.SOURCE)
    ]
    assert len(sources) > MANY / 10
    assert len(set(sources)) < len(sources)  # one of them reports again and again
    facts = {fact.text for case in cases for fact in case.facts}
    assert facts.isdisjoint(sources)


def test_every_kind_is_shared_by_many_and_told_in_many_ways(cases: list[Case], truth: Truth) -> None:
    for kind in JUDGES:
        if kind != "what3words":
            assert len(truth.true[kind]) > 15, kind
        texts = {fact.text for case in cases for fact in case.facts if fact.kind == kind}
        assert len(texts) > 20, kind
    assert any(isinstance(content, FollowUp) for case in cases for content in case.contents)


def test_a_reader_who_finds_all_that_is_true_and_no_more_has_full_marks(truth: Truth) -> None:
    judged = truth.judged((b, a, kind) for kind, pairs in truth.true.items() for a, b in pairs)
    assert (judged.links.precision, judged.links.recall) == (1, 1)
    assert (judged.pairs.precision, judged.pairs.recall) == (1, 1)
    assert not judged.wrong
    assert not judged.missed


def test_who_finds_nothing_is_never_wrong_and_has_missed_all(truth: Truth) -> None:
    judged = truth.judged([])
    assert (judged.links.precision, judged.links.recall) == (1, 0)
    assert len(judged.missed) == judged.links.missed == sum(map(len, truth.true.values()))


def test_who_links_everything_is_mostly_wrong(cases: list[Case], truth: Truth) -> None:
    names = [case.name for case in cases[:60]]
    judged = truth.judged((a, b, "telephone") for a in names for b in names if a < b)
    assert judged.links.precision < 0.3


def test_what_is_typed_alike_is_far_from_all_that_is_true(truth: Truth) -> None:
    judged = truth.judged((a, b, kind) for kind, pairs in truth.typed_alike.items() for a, b in pairs)
    assert judged.links.precision < 0.8
    assert judged.links.recall < 0.5


def test_a_pair_that_shares_a_place_is_not_judged_by_what_the_place_is_called() -> None:
    both = (
        "address",
        1,
        "12 Cutlers Row, Hull",
        {"town": "Hull", "house": "12", "common": "", "postcode": "", "flat": ""},
    )
    facts = [Fact(both[0], both[1], both[2], "cutlers row", Clarity.WHOLE, both[3]) for _ in range(2)]
    truth = Truth([Case("aaa", (), (facts[0],)), Case("bbb", (), (facts[1],)), Case("ccc", (), ())])
    assert truth.verdict("aaa", "bbb", "premises") is Verdict.UNSURE
    assert truth.verdict("aaa", "bbb", "telephone") is Verdict.DIFFERENT
    assert truth.verdict("aaa", "ccc", "address") is Verdict.DIFFERENT


# ---- what a reader says


def _plate(
    thing: int, norm: str, clarity: Clarity = Clarity.WHOLE, make: str = "Ford", colour: str = ""
) -> Fact:
    return Fact("registration", thing, norm, norm, clarity, {"make": make, "colour": colour, "town": ""})


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (_plate(1, "KX61ABC"), _plate(1, "KX61ABC", make=""), Verdict.SAME),
        (_plate(1, "KX61ABC"), _plate(1, "KX61AB?", Clarity.PART), Verdict.SAME),
        (_plate(1, "KX61ABC"), _plate(1, "KX61AB?", Clarity.PART, make=""), Verdict.UNSURE),
        (_plate(1, "KX61ABC", make="Fiat"), _plate(1, "KX61AB?", Clarity.PART), Verdict.UNSURE),
        (_plate(1, "KX61ABC"), _plate(1, "KX61???", Clarity.HINT), Verdict.UNSURE),
        (_plate(1, "KX61ABC"), _plate(2, "KX61ABD"), Verdict.DIFFERENT),
        (_plate(1, "KX61ABC"), _plate(2, "KX61???", Clarity.HINT), Verdict.UNSURE),
        (_plate(1, "KX61ABC"), _plate(2, "KX61ABC"), Verdict.UNSURE),
    ],
)
def test_a_reader_of_two_plates(one: Fact, other: Fact, verdict: Verdict) -> None:
    assert plates.judged(one, other) is plates.judged(other, one) is verdict


def _name(thing: int, norm: str, town: str = "", clarity: Clarity = Clarity.WHOLE, **signs: str) -> Fact:
    return Fact("name", thing, norm, norm, clarity, {"town": town, **signs})


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (_name(1, "joyce harrop"), _name(1, "joyce harrop", "Hull"), Verdict.SAME),
        (_name(1, "joyce harrop", "Leeds"), _name(1, "joyce harrop", "Hull"), Verdict.UNSURE),
        (_name(1, "john smith", common="yes"), _name(1, "john smith", common="yes"), Verdict.UNSURE),
        (_name(1, "joyce harrop"), _name(1, "? harrop", "Hull", Clarity.HINT), Verdict.UNSURE),
        (
            _name(1, "big den", "Hull", Clarity.PART, alias="yes"),
            _name(1, "dennis vance", "Hull"),
            Verdict.UNSURE,
        ),
        (_name(1, "joyce harrop"), _name(2, "carole maddox"), Verdict.DIFFERENT),
        (
            _name(1, "ghost", "Hull", Clarity.HINT),
            _name(2, "ghost", "Leeds", Clarity.HINT),
            Verdict.DIFFERENT,
        ),
    ],
)
def test_a_reader_of_two_names(one: Fact, other: Fact, verdict: Verdict) -> None:
    assert people.judged(one, other) is people.judged(other, one) is verdict


def test_a_house_next_door_is_another_place() -> None:
    rng = random.Random(1)
    home = places.spot(rng, "Hull", business=False)
    next_door = places.neighbour(rng, home)
    mine = next(
        fact for fact in iter(lambda: places.address_told(rng, 1, home)[0], None) if fact.signs["house"]
    )
    theirs = next(
        fact for fact in iter(lambda: places.address_told(rng, 2, next_door)[0], None) if fact.signs["house"]
    )
    assert places.address_judged(mine, theirs) is Verdict.DIFFERENT
    assert home.postcode == next_door.postcode


def test_a_number_of_one_other_digit_is_another_number() -> None:
    rng = random.Random(2)
    for _ in range(50):
        whole = numbers.telephone(rng)
        assert re.fullmatch(r"0\d{10}", whole)
        assert apart(whole, numbers.near_number(rng, whole)) == 1


def test_wallets_have_the_checksum_of_their_kind() -> None:
    rng = random.Random(3)
    drawn = [numbers.wallet(rng) for _ in range(60)]
    for wallet in (one for one in drawn if one.startswith("bc1")):
        values = [numbers._BECH32.index(letter) for letter in wallet[3:]]
        assert numbers._polymod([3, 3, 0, 2, 3, *values]) == 1
    assert {one[0] for one in drawn} == {"b", "0", "1", "3", "T"}


def test_what_is_unseen_fits_anything_and_nothing_else_does() -> None:
    assert fits("KX61A?C", "KX61AB?")
    assert not fits("KX61ABC", "KX61ABD")
    assert not fits("KX61ABC", "KX61AB")
    assert apart("KX61A?C", "KX62ABC") == 1


def test_a_slip_leaves_the_first_letter_and_short_words_alone() -> None:
    rng = random.Random(4)
    assert all(slip(rng, "harrop")[0] == "h" for _ in range(100))
    assert slip(rng, "vance")[0] == "v"
    assert slip(rng, "den") == "den"
    assert sum(slip(rng, "braithwaite") != "braithwaite" for _ in range(100)) > 80


def test_a_case_is_named_by_its_draft_alone() -> None:
    assert name_of(bytes(16)) == name_of(bytes(16)) != name_of(bytes(15) + b"\1")
