"""The box at the top of a referral, the day it was passed on, and whom the agency may ask."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desk import grading
from desk.packing.first import DANGER, first
from desk.packing.pack import packed
from desk.packing.saying import lines
from desk.referral import NO_CONTACT
from payload.answers import Entry
from payload.changes import HANDLING, INFORMATION, SOURCES
from tests.desk.referral.cases import draft_of, told_of
from tests.desk.referral.test_pack import contents, members, printed

NOW: dict[str, tuple[Entry, ...]] = {
    "danger": ({"now": "yes"},),
    "in_need": ({"ages": ("10-15", "0-9", "25-34")},),
}


def test_danger_and_children_are_told_with_the_day_or_the_month() -> None:
    told = told_of("They wait.", NOW)
    ages = "Children who may need help. Ages, as the source says: Under 10, 10 to 15."
    assert first(told) == (DANGER, ages, "Received in March 2026.")
    assert first(replace(told, exact_days=True))[-1] == "Received on 4 March 2026."
    assert first(told, {"report[0].danger[0].now"}) == (ages, "Received in March 2026.")
    assert first(told, {"report[0].danger[0].now", "report[0].in_need[0].ages"}) == ()


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"danger": ({"now": "no"},)},
        {"danger": ({"now": "unknown"},)},
        {"in_need": ({"ages": ("25-34",)},)},
    ],
)
def test_without_danger_or_children_there_is_no_box(answers: dict[str, tuple[Entry, ...]]) -> None:
    assert first(told_of("They wait.", answers)) == ()


def test_harm_to_children_is_told_where_no_age_is() -> None:
    (line, _) = first(told_of("They wait.", {"what": ({"kinds": ("child",)},)}))
    assert "does not say how old" in line


def test_paper_and_data_begin_with_the_box_and_say_the_day() -> None:
    pack = packed(replace(contents(), first=(DANGER, "Received on 4 March 2026.")))
    told: dict[str, Any] = json.loads(members(pack.data)["referral.json"])
    assert told["first"] == [DANGER, "Received on 4 March 2026."]
    assert told["passed_on"] == "4 March 2026"
    said = printed(pack.data)
    assert said.index(DANGER) < said.index("For:") < said.index("Passed on: 4 March 2026")
    other = packed(replace(contents(), passed_on=date(2026, 3, 5)))
    assert other.data != packed(contents()).data


def test_what_is_shown_first_is_what_the_paper_says() -> None:
    held = replace(contents(), first=(DANGER,))
    said = printed(packed(held).data)
    for line in lines(held):
        assert " ".join(line.lstrip("# ").removeprefix("file-1.jpg: ").split()).split(" (")[0] in (
            f"{said} The box at the top file-2.bin"
        )


def test_nobody_to_ask_must_be_given_a_reason() -> None:
    draft = draft_of(told_of("They wait."))
    assert NO_CONTACT not in draft.confirms
    assert NO_CONTACT.because


def test_each_grade_says_when_to_choose_it() -> None:
    for offered, all_ in (
        (grading.sources(), SOURCES),
        (grading.information(), INFORMATION),
        (grading.handling(), HANDLING),
    ):
        assert [value for value, _ in offered] == list(map(str, all_))
        for (value, text), words in zip(offered, all_.values(), strict=True):
            assert text.startswith(f"{value}: {words} - ")
