"""The questions of the report: what is answered arrives as typed, and what has no place is not lost."""

import json
import re

import pytest

from payload import Answers, Report
from payload.outline import SECTION, SECTIONS, Kind, Part
from tests.e2e.source import Form
from tests.site import MULTIPART, Site, multipart, problems
from tests.views.asked import AWKWARD, answered, filled, name_of, places, typed

ENOUGH = "Write what happened. Even one sentence helps. Or attach a file."
CHANGED = (
    "This page has changed since you opened it. "
    "What has no place now is at the end of your text, or of “How you know”."
)
CHOSEN = [
    pytest.param(section, field, id=f"{section.name}-{field.name}")
    for section in SECTIONS
    for field in section.fields
    if not field.is_text
]


def sent(site: Site) -> Report:
    (report,) = site.reports()
    return report


# ---- what is answered arrives


@pytest.mark.parametrize("awkward", AWKWARD.values(), ids=AWKWARD)
def test_an_answer_to_every_question_arrives_as_it_was_typed(site: Site, awkward: str) -> None:
    fields, held = answered(lambda name: f"{awkward}{name}{awkward}")
    assert site.post(answers=fields).status_code == 200
    assert sent(site).answers == held
    assert sent(site).what_happened == ""


def test_line_ends_arrive_as_line_feeds(site: Site) -> None:
    fields, held = answered(lambda name: f"{name}\n\nand\nthen\n")
    over_the_wire = {
        name: said.replace("\n", end) if isinstance(said, str) else said
        for (name, said), end in zip(fields.items(), ["\r\n", "\r", "\n"] * 100, strict=False)
    }
    assert site.post(answers=over_the_wire).status_code == 200
    assert sent(site).answers == held


@pytest.mark.parametrize(("section", "field"), CHOSEN)
def test_every_choice_arrives(site: Site, section, field) -> None:
    name = name_of(section, 0, field)
    for choice in field.choices:
        assert site.post("words", answers={name: choice.value}).status_code == 200
    arrived = [report.answers.entries(section.name)[0][field.name] for report in site.reports()]
    values = [choice.value for choice in field.choices]
    several = field.kind is Kind.SEVERAL
    assert sorted(arrived) == sorted((value,) if several else value for value in values)


def test_several_choices_arrive_in_the_order_of_the_form_each_once(site: Site) -> None:
    site.post("words", answers={"what-kinds": ["drugs", "labour", "drugs", "child"]})
    assert sent(site).answers.entries("what") == ({"kinds": ("labour", "child", "drugs")},)


def test_entries_stand_in_the_order_of_their_numbers_without_the_empty_ones(site: Site) -> None:
    answers = {
        "people-12-names": "third",
        "people-3-names": "first",
        "people-7-names": " ",
        "people-8-hair": "x",
    }
    site.post(answers=answers)
    assert sent(site).answers.entries("people") == ({"names": "first"}, {"hair": "x"}, {"names": "third"})


def test_white_space_is_no_answer(site: Site) -> None:
    blank = {name_of(*place): " \t\r\n\xa0" for place in places() if place[2].is_text}
    answer = site.post(answers=blank)
    assert (answer.status_code, problems(answer)) == (422, [ENOUGH])
    assert site.post("words", answers={**blank, "money-shops": " one "}).status_code == 200
    assert sent(site).answers == Answers({"money": ({"shops": " one "},)})


def test_what_could_point_to_the_source_stands_apart(site: Site) -> None:
    fields, _ = filled(lambda name: f"{name}.")
    site.post("words", answers=fields)
    written = json.loads(sent(site).to_bytes())
    apart = {section.name for section in SECTIONS if section.part is Part.SOURCE}
    assert apart >= {"you", "consent", "contact"}
    assert written["source"].keys() == apart
    for name in apart:
        assert name not in written["report"]
        assert f"{name}-" not in json.dumps({**written, "source": {}})


def test_a_report_is_in_the_language_of_its_page(site: Site) -> None:
    page = re.search(r'<html lang="([^"]+)"', site.client.get("/report").text)
    site.post("words")
    assert page
    assert sent(site).language == page[1]


# ---- what is enough


@pytest.mark.parametrize(
    "answers",
    [
        {"contact-how": "0161 496 0000", "contact-when": "at night"},
        {"consent-agencies": "not the police", "you-how_known": "I live there", "you-who_else": "my sister"},
        {"evidence-originals": "at my sister’s"},
        {"what-kinds": ["labour", "drugs"], "when-timing": "now", "people-0-age": "25-34"},
        {"danger-now": "yes", "places-0-premises": "farm", "in_need-0-ages": ["0-9"]},
    ],
    ids=["contact", "source", "originals", "ticks", "danger"],
)
@pytest.mark.parametrize("do", ["review", "send"])
def test_what_says_nothing_of_what_happened_is_not_enough_and_stays(site: Site, do: str, answers) -> None:
    answer = site.post(do=do, answers=answers)
    assert (answer.status_code, problems(answer)) == (422, [ENOUGH])
    assert Form(answer.text).said == typed(answers)
    assert site.reports() == []


WORDED = [name_of(*place) for place in places(1) if place[2].is_text and place[0].part is Part.REPORT]


@pytest.mark.parametrize("name", WORDED)
def test_one_answer_in_words_is_enough(site: Site, name: str) -> None:
    assert site.post(answers={name: "AB1? C?E"}).status_code == 200
    assert list(sent(site).answers.texts()) == ["AB1? C?E"]


# ---- what no browser sends


def test_a_field_that_comes_twice_loses_neither_text(site: Site) -> None:
    data = multipart(
        [
            ("draft", site.draft()), ("what_happened", "one"), ("what_happened", "two"), ("when-date", "May"),
            ("when-date", " "), ("when-date", "June"), ("you-how_known", "a"), ("you-how_known", "b"),
        ],
        [],
    )  # fmt: skip
    assert site.client.post("/report", data=data, content_type=MULTIPART).status_code == 200
    assert sent(site).what_happened == "one\ntwo"
    assert list(sent(site).answers.texts()) == ["a\nb", "May\nJune"]


@pytest.mark.parametrize("values", [["no", "yes"], ["yes", "yes"], ["yes", "nonsense"]])
def test_whoever_says_yes_among_others_is_told_whom_to_call(site: Site, values: list[str]) -> None:
    page = site.post(do="attach", answers={"danger-now": values}).text
    assert 'id="now"' in page.split("<form")[0]


ODD = [
    "-", "--", "---", "x-", "-x", "people-", "people--", "people--names", "people-0", "people-0-",
    "people-names", "people-²-names", "people-٣-names", "people--1-names", "people-+1-names",
    "people-1.0-names", "people-1e3-names", "people-99999999-names", "people-00-names",
    "people-0-names-x", "people-0-names-",
    "people- 0-names", "People-0-names", "when-0-date", "when-", "when-date-", "when--date", "danger-",
    "what_happened-0", "in-need-0-needs", "old-0-question", "draft-1", "file-0", "caption-0", "ü-ß",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_answer_without_a_place_is_shown_in_the_box_by_every_button(site: Site, name: str) -> None:
    for do in ("review", "send", "attach", "add-people", "drop-people-1", "change-money", "unknown"):
        answer = site.post("words", do=do, answers={name: "kept\r\nhere"})
        assert (answer.status_code, problems(answer)) == (422, [CHANGED])
        section = SECTION.get(name.partition("-")[0])
        if section is not None and section.part is Part.REPORT:
            assert Form(answer.text).said == {"what_happened": [f"words\n{name}: kept\nhere"]}
        else:
            # It may point to the source, so it goes into no text that may be passed on.
            apart = {"what_happened": ["words"], "you-how_known": [f"{name}: kept\nhere"]}
            assert Form(answer.text).said == apart
    assert site.press(answer, "review").status_code == 200
    assert site.reports() == []


def test_of_answers_without_a_place_none_is_lost(site: Site) -> None:
    answers = {f"dogs-{number}-name": f"dog {number}" for number in range(150)}
    answer = site.post(do="review", answers={**answers, "dogs-7-colour": " "})
    lines = Form(answer.text).value("you-how_known").splitlines()
    assert lines == [f"{name}: {said}" for name, said in answers.items()]


@pytest.mark.parametrize("section", [section.name for section in SECTIONS])
def test_an_answer_without_a_place_stays_on_its_side(site: Site, section: str) -> None:
    again = site.post("words", do="review", answers={f"{section}-signal": "+447700900123"})
    site.press(site.press(again, "review"), "send")
    told = json.loads(sent(site).to_bytes())
    side = "source" if SECTION[section].part is Part.SOURCE else "report"
    assert "+447700900123" in json.dumps(told.pop(side))
    assert "+447700900123" not in json.dumps(told)


def test_the_name_of_an_answer_without_a_place_is_cut(site: Site) -> None:
    answer = site.post(do="review", answers={"-" * 5_000: "kept"})
    assert Form(answer.text).value("you-how_known") == "-" * 100 + ": kept"


@pytest.mark.parametrize(
    "name", ["", "people", "names", "people_0_names", "when", "danger", "csrf_token", "text"]
)
def test_a_field_that_no_form_of_ours_had_is_ignored(site: Site, name: str) -> None:
    page = site.post(do="attach", answers={name: "ignored"})
    assert (page.status_code, Form(page.text).said) == (200, {})
    assert site.post("words", answers={name: "ignored"}).status_code == 200
    assert b"ignored" not in sent(site).to_bytes()


@pytest.mark.parametrize(("section", "field"), CHOSEN)
def test_a_choice_that_is_unknown_is_asked_for_again(site: Site, section, field) -> None:
    name, known = name_of(section, 0, field), field.choices[-1].value
    place = f"{section.one} 1" if section.one else section.title
    for values in (["nonsense"], [known, "nonsense"], [known.upper()], [f" {known}"]):
        answer = site.post("words", do="review", answers={name: values})
        assert answer.status_code == 422
        assert problems(answer) == [f"{place}, {field.label}: choose again from the list."]
        assert f'href="#{name}"' in answer.text
        assert Form(answer.text).said.get(name, []) == [value for value in values if value == known]
    assert site.post("words", answers={name: "nonsense"}).status_code == 422
    assert site.reports() == []
