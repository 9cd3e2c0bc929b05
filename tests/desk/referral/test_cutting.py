"""A person takes out more than the marks: answers, sentences, words; nothing of it is in what goes out."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import DeskError
from desk.packing import cutting
from desk.packing.consent import Refused
from desk.packing.cutting import Cuts, sentences, whole_sentence
from desk.packing.told import Enclosed
from desk.pointing import Choice
from desk.referral import Decided, Decision, decided
from tests.counts import count
from tests.desk.referral.cases import all_decided, draft_of, told_of

TEXT = "They wait in a van. The clerk with the red scarf saw it. I live next door."
FILE = Enclosed(1, "file-1.jpg", caption="The clerk's desk")
ADDED = "The clerk  WITH the red scarf came again."
TOLD = told_of(
    TEXT,
    {"people": ({"names": "Dave", "age": "18-24"},), "danger": ({"now": "yes"},)},
    (ADDED,),
    (FILE,),
)
DRAFT = draft_of(TOLD)
BASE, MORE, CAPTION = "report[0].what_happened", "addition[0].text", "file[1].caption"


def cut(cuts: Cuts, **marks: Decision) -> Decided:
    decisions = all_decided(DRAFT)
    return decided(DRAFT, replace(decisions, cuts=cuts, marks={**decisions.marks, **marks}))


def said(passed: Decided) -> str:
    rows = [f"{group.title} {row.label} {row.text}" for group in passed.groups for row in group.rows]
    return "\n".join([*rows, *(group.title for group in passed.groups), *passed.captions.values()])


def test_words_go_wherever_they_stand_in_that_text() -> None:
    passed = cut(Cuts(words={BASE: ("the CLERK with  the red\nscarf",), MORE: ("clerk with the red scarf",)}))
    assert "scarf" not in said(passed)
    assert "They wait in a van. [left out] saw it." in said(passed)
    assert passed.count == len(DRAFT.marks) + len(DRAFT.confirms) + 2


def test_a_sentence_goes_and_its_marks_need_no_decision() -> None:
    decisions = all_decided(DRAFT)
    (mark,) = [mark for mark in DRAFT.marks if mark.text == "I live"]
    left = {key: value for key, value in decisions.marks.items() if key != mark.id}
    passed = decided(DRAFT, replace(decisions, marks=left, cuts=Cuts(sentences=frozenset({f"{BASE}#2"}))))
    assert "saw it. [left out]" in said(passed)
    assert "live" not in said(passed)


def test_the_whole_sentence_of_a_mark_can_go() -> None:
    (mark,) = [mark for mark in DRAFT.marks if mark.text == "I live"]
    passed = cut(Cuts(), **{mark.id: Decision(Choice.SENTENCE)})
    assert "saw it. [left out]" in said(passed)
    assert "door" not in said(passed)


def test_answers_additions_and_captions_are_left_out_without_a_trace() -> None:
    places = {
        "report[0].people[0].age",
        "report[0].people[0].names",
        MORE,
        CAPTION,
        "report[0].danger[0].now",
    }
    assert "Dave" in said(cut(Cuts()))
    whole = cut(Cuts())
    passed = cut(Cuts(left_out=frozenset(places)))
    for words in ("Dave", "18 to 24", "red scarf came", "desk", "Added", "Person"):
        assert words in said(whole)
        assert words not in said(passed)
    assert whole.first
    assert not passed.first


def test_where_spans_meet_nothing_of_either_is_left() -> None:
    (mark,) = [mark for mark in DRAFT.marks if mark.text == "I live"]
    passed = cut(Cuts(words={BASE: ("live next",)}), **{mark.id: Decision(Choice.REPLACE, "Somebody lives")})
    assert "saw it. [left out]" in said(passed)
    assert "live" not in said(passed)
    assert "Somebody" not in said(passed)


@pytest.mark.parametrize(
    ("cuts", "why"),
    [
        (Cuts(words={BASE: ("not there",)}), "do not stand in"),
        (Cuts(words={"report[0].people[0].age": ("18",)}), "nothing can be taken out there"),
        (Cuts(left_out=frozenset({"report[9].x"})), "nothing can be taken out there"),
        (Cuts(sentences=frozenset({f"{BASE}#7"})), "no sentence"),
        (Cuts(sentences=frozenset({f"{BASE}#x"})), "no sentence"),
    ],
)
def test_what_cannot_be_taken_out_is_told(cuts: Cuts, why: str) -> None:
    with pytest.raises(DeskError, match=why):
        cut(cuts)


def test_nothing_is_not_passed_on() -> None:
    rows = {row.place for group in DRAFT.groups for row in group.rows}
    with pytest.raises(Refused, match="all of it is left out"):
        cut(Cuts(left_out=frozenset(rows)))


def test_pasted_words_are_taken_whole_or_line_by_line() -> None:
    assert cutting.given("one two\nthree", "two\nthree") == ("two\nthree",)
    assert cutting.given("one two\nthree", "three\n\n one ") == ("three", "one")
    assert cutting.given("one", " \n ") == ()


@settings(max_examples=count(50, 2_000), deadline=None)
@given(st.text("ab .!?\n\"'", max_size=60), st.data())
def test_sentences_hold_every_word_and_do_not_overlap(text: str, data: st.DataObject) -> None:
    spans = sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = whole_sentence(text, (start, end))
    assert not text[start:first].strip()
    assert not text[last:end].strip()
