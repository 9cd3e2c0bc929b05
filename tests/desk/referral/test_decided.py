"""Nothing goes out while a mark is open, and what was decided holds for the words that were looked at."""

from dataclasses import replace
from datetime import date

import pytest

from desk.packing.consent import Refused
from desk.packing.told import Enclosed, Sending, pieces
from desk.pointing import Choice, Guarded, surviving
from desk.referral import Decision, Decisions, Undecided, decided, decided_pieces
from tests.desk.referral.cases import all_decided, draft_of, told_of

REACH = Guarded(("07700 900123",))
TEXT = "I live next door. Dial 07700 900123. They wait in a van."
TOLD = told_of(
    TEXT, {"people": ({"names": "Dave", "work": "taxi driver", "age": "18-24"},)}, ("More of it.",)
)
DRAFT = draft_of(TOLD, REACH)
ALL = all_decided(DRAFT)


def with_choice(text: str, choice: Choice, words: str = "") -> Decisions:
    (mark,) = [mark for mark in DRAFT.marks if text in mark.text]
    return replace(ALL, marks={**ALL.marks, mark.id: Decision(choice, words)})


def texts(decisions: Decisions) -> list[str]:
    return [row.text for group in decided(DRAFT, decisions).groups for row in group.rows]


def test_what_was_decided_is_done_to_the_words() -> None:
    assert texts(ALL) == [
        "[left out] [left out]. Dial [left out] They wait in a van.",
        "Dave",
        "18 to 24",
        "taxi driver",
        "More of it.",
    ]


def test_words_are_kept_replaced_or_said_to_be_nobodys() -> None:
    assert "I live [left out]." in texts(with_choice("I live", Choice.KEEP))[0]
    assert "(somebody) [left out]." in texts(with_choice("I live", Choice.REPLACE, " (somebody) "))[0]
    passed = decided(DRAFT, with_choice("07700", Choice.NOT_THEIRS))
    assert "07700 900123." in passed.groups[1].rows[0].text
    assert [mark.text for mark in passed.not_theirs] == ["07700 900123."]
    assert surviving(decided_pieces(TOLD, passed), REACH, passed.not_theirs) == ()


def test_each_open_mark_and_question_is_named() -> None:
    some = Decisions(DRAFT.fingerprint, {mark.id: ALL.marks[mark.id] for mark in DRAFT.marks[1:]})
    with pytest.raises(Undecided, match="2 things") as undecided:
        decided(DRAFT, some)
    assert undecided.value.marks == DRAFT.marks[:1]
    assert [one.key for one in undecided.value.confirms] == ["read"]


@pytest.mark.parametrize(
    "changed",
    [
        told_of(TEXT + " "),
        told_of(TEXT.replace("van", "car"), {"people": ({"names": "Dave"},)}),
        replace(TOLD, exact_days=True),
        replace(TOLD, additions=()),
        replace(TOLD, files=(Enclosed(1, "file-1.jpg"),)),
        replace(TOLD, sendings=(*TOLD.sendings, Sending(date(2026, 3, 5), "Again.", {}))),
    ],
)
def test_decisions_on_other_words_do_not_count(changed: object) -> None:
    with pytest.raises(Refused, match="on other words"):
        decided(draft_of(changed, REACH), ALL)  # type: ignore[arg-type]  # a table of them


def test_decisions_for_another_agency_do_not_count() -> None:
    with pytest.raises(Refused, match="on other words"):
        decided(replace(DRAFT, agency="999"), ALL)


@pytest.mark.parametrize(
    ("text", "choice", "words", "why"),
    [
        ("07700", Choice.KEEP, "", "cannot be decided so"),
        ("I live", Choice.NOT_THEIRS, "", "cannot be decided so"),
        ("I live", Choice.REPLACE, "  ", "words are missing"),
        ("I live", Choice.KEEP, "words", "where none are put in"),
        ("I live", Choice.REPLACE, "x" * 1_001, "1,000"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(text: str, choice: Choice, words: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        decided(DRAFT, with_choice(text, choice, words))


def test_a_reason_that_is_asked_for_must_be_given() -> None:
    file = Enclosed(2, "file-1.docx", original=True)
    draft = draft_of(told_of("They wait.", files=(file,)))
    assert [one.key for one in draft.confirms] == ["file 2", "original 2", "read"]
    decisions = all_decided(draft, **{"original 2": " "})
    with pytest.raises(Refused, match="no reason is given"):
        decided(draft, decisions)


def test_grade_a_tells_that_the_source_was_there_and_is_asked_about() -> None:
    assert "grade" in [one.key for one in draft_of(TOLD, information="A").confirms]


def test_what_reaches_the_source_in_a_file_only_passes_as_not_theirs() -> None:
    file = Enclosed(
        1, "file-1.txt", caption="ring 07700 900123", came_as="07700900123.txt", text="0770 0900123"
    )
    draft = draft_of(told_of("They wait.", files=(file,)), REACH)
    places = [mark.where for mark in draft.marks if "07" in mark.text]
    assert places == ["file[1].caption", "file[1].name", "file[1].text"]
    passed = decided(draft, all_decided(draft))
    assert "07700" not in passed.captions[1]
    assert [piece.where for piece in decided_pieces(draft.told, passed)] == [
        "report[0].what_happened",
        "file[1].caption",
        "file[1].text",
    ]


def test_words_put_in_by_hand_are_looked_through_too() -> None:
    passed = decided(DRAFT, with_choice("I live", Choice.REPLACE, "Dial (07700) 90 01 23"))
    assert [mark.text for mark in surviving(decided_pieces(TOLD, passed), REACH, passed.not_theirs)]


def test_not_theirs_lets_one_pass_and_no_other() -> None:
    passed = decided(DRAFT, with_choice("07700", Choice.NOT_THEIRS))
    (mark,) = passed.not_theirs
    (first, *_) = [piece for piece in pieces(TOLD) if piece.where == mark.where]
    twice = replace(first, text=f"{first.text} And 07700 900123. again")
    assert len(surviving([twice], REACH, [mark])) == 1
    elsewhere = replace(first, where="addition[0].text")
    assert len(surviving([elsewhere], REACH, [mark])) == 1


def test_a_report_that_tells_nothing_is_not_passed_on() -> None:
    with pytest.raises(Refused, match="tells nothing"):
        draft_of(told_of(" "))


def test_signs_that_nobody_sees_do_not_go_along() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "07700900123")
    told = told_of(f"They\u200b wait\u202e{hidden} in\ta\u200dvan.\nNow\x00", additions=(f"More{hidden}",))
    found = [piece.text for piece in pieces(told)]
    assert found == ["They wait in\ta\u200dvan.\nNow", "More"]


def test_a_section_about_the_source_never_comes_in() -> None:
    with pytest.raises(ValueError, match="never handed"):
        Sending(date(2026, 3, 4), "text", {"contact": ({"how": "07700 900123"},)})
