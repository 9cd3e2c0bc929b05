"""Answers hold what the outline allows, in its order, and nothing else passes for them."""

import json
from typing import Any

import pytest
from hypothesis import given

import payload
from payload import Answers, BadPayload, Report
from payload.answers import Entry
from payload.outline import SECTIONS, Kind, Part, sections
from tests.payload.reports import answers, plain_report

# ---- holding


def test_the_order_in_which_answers_come_in_does_not_count() -> None:
    one = Answers({"when": ({"date": "May", "timing": "once"},), "what": ({"kinds": ("drugs",)},)})
    other = Answers({"what": ({"kinds": ("drugs",)},), "when": ({"timing": "once", "date": "May"},)})
    assert one == other
    assert hash(one) == hash(other)
    assert list(one.texts()) == list(other.texts()) == ["May"]
    assert plain_report(answers=one).to_bytes() == plain_report(answers=other).to_bytes()


def test_other_answers_are_not_equal() -> None:
    assert Answers({"when": ({"date": "May"},)}) != Answers({"when": ({"date": "June"},)})
    assert Answers({"when": ({"date": "May"},)}) != Answers({"when": ({"pattern": "May"},)})
    assert Answers({"money": ({"shops": "May"},)}) != Answers()
    assert Answers() != {}


def test_answers_cannot_be_changed_once_they_are_checked() -> None:
    entry = {"names": "Bo"}
    held = Answers({"people": (entry,)})
    entry["names"] = ""
    assert held.entries("people") == ({"names": "Bo"},)
    with pytest.raises(TypeError):
        held.entries("people")[0]["names"] = ""  # type: ignore[index]


def test_no_answers_are_none() -> None:
    assert not Answers()
    assert Answers() == Answers({})
    assert Answers().entries("people") == ()
    assert list(Answers().texts()) == []


@given(answers)
def test_each_part_has_its_own_sections_alone(given: Answers) -> None:
    for part in Part:
        assert set(given.as_json(part)) <= {section.name for section in sections(part)}
    told = [*given.texts(Part.REPORT), *given.texts(Part.SOURCE)]
    assert sorted(told) == sorted(given.texts())


@given(answers)
def test_what_was_not_answered_does_not_stand_in_the_json(given: Answers) -> None:
    def check(value: Any) -> None:
        assert value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(inner)

    for part in Part:
        for section in given.as_json(part).values():
            check(section)


def test_the_words_of_a_report_are_its_text_or_else_an_answer_that_is_not_of_the_source() -> None:
    given = Answers({"contact": ({"how": "by night"},), "when": ({"timing": "now", "pattern": "Fridays"},)})
    assert plain_report(answers=given).words == "A van at the yard again."
    assert plain_report(what_happened=" \n", answers=given).words == "Fridays"
    assert plain_report(what_happened="", answers=Answers()).words == ""
    assert plain_report(what_happened="", answers=Answers({"contact": ({"how": "by night"},)})).words == ""


# ---- the outline itself


def test_names_are_distinct_and_fit_for_ids_and_for_any_language() -> None:
    names = [section.name for section in SECTIONS]
    assert len(set(names)) == len(names)
    assert "what_happened" not in names
    for section in SECTIONS:
        asked = [field.name for field in section.fields]
        assert len(set(asked)) == len(asked)
        for field in section.fields:
            values = [choice.value for choice in field.choices]
            assert len(set(values)) == len(values)
            assert bool(values) == (field.kind in (Kind.ONE, Kind.SEVERAL))
            for name in (section.name, field.name, *values):
                assert name.isascii()
                assert name.replace("-", "_").replace("_", "a").isalnum()
            # The form puts them together with dashes: section-number-question.
            assert "-" not in section.name + field.name


def test_what_tells_of_the_source_stands_in_the_part_source() -> None:
    assert [section.name for section in sections(Part.SOURCE)] == [
        "you",
        "evidence",
        "consent",
        "contact",
    ]


# ---- what is refused

NAMELESS = "is no choice that this schema knows"
CHOICES = "must be choices that this schema knows, each once"
ORDER = "must be in the order of this schema"
UNKNOWN = "holds a key that this schema does not know"


def _body(part: str, answers: object, **changed: object) -> bytes:
    tree = json.loads(plain_report().to_bytes())
    return json.dumps({**tree, part: {**tree[part], **answers}, **changed}).encode()  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("answers", "where", "what"),
    [
        ({"secret": {}}, "report", UNKNOWN),
        ({"contact": {"how": "secret"}}, "report", UNKNOWN),
        ({"people": {"names": "secret"}}, "report.people", "must be a list"),
        ({"people": []}, "report.people", "is empty"),
        ({"people": ["secret"]}, "report.people[0]", "must be an object"),
        ({"people": [{"names": "secret"}, {}]}, "report.people[1]", "is empty"),
        ({"people": [{"secret": "x"}]}, "report.people[0]", UNKNOWN),
        ({"people": [{"names": "Bo", "date": "secret"}]}, "report.people[0]", UNKNOWN),
        ({"people": [{"names": ""}]}, "report.people[0].names", "is empty"),
        ({"people": [{"names": " \t\n\u3000"}]}, "report.people[0].names", "is empty"),
        ({"people": [{"names": None}]}, "report.people[0].names", "must be text"),
        ({"people": [{"names": ["secret"]}]}, "report.people[0].names", "must be text"),
        ({"people": [{"names": "secret\ud800"}]}, "report.people[0].names", "holds half a surrogate pair"),
        ({"people": [{"age": "secret"}]}, "report.people[0].age", NAMELESS),
        ({"people": [{"age": ""}]}, "report.people[0].age", "is empty"),
        ({"when": []}, "report.when", "must be an object"),
        ({"when": None}, "report.when", "must be an object"),
        ({"when": [{"date": "secret"}]}, "report.when", "must be an object"),
        ({"when": {}}, "report.when", "is empty"),
        ({"when": {"timing": "NOW"}}, "report.when.timing", NAMELESS),
        ({"when": {"timing": ["now"]}}, "report.when.timing", "must be text"),
        ({"when": {"timing": 5}}, "report.when.timing", "must be text"),
        ({"what": {"kinds": "drugs"}}, "report.what.kinds", "must be a list"),
        ({"what": {"kinds": []}}, "report.what.kinds", "is empty"),
        ({"what": {"kinds": [1]}}, "report.what.kinds", "must be a list of texts"),
        ({"what": {"kinds": ["drugs", "secret"]}}, "report.what.kinds", CHOICES),
        ({"what": {"kinds": [""]}}, "report.what.kinds", CHOICES),
        ({"what": {"kinds": ["drugs", "drugs"]}}, "report.what.kinds", CHOICES),
        ({"what": {"kinds": ["drugs", "labour"]}}, "report.what.kinds", ORDER),
        ({"what": {"kinds": ["drugs"] * 19}}, "report.what.kinds", "holds more than 18"),
    ],
)
def test_a_broken_answer_is_refused_with_the_place_and_the_reason_and_without_a_word_of_it(
    answers: object, where: str, what: str
) -> None:
    _refused(_body("report", answers), where, what)


@pytest.mark.parametrize(
    ("answers", "where", "what"),
    [
        ({"people": [{"names": "secret"}]}, "source", UNKNOWN),
        ({"what_happened": "secret"}, "source", UNKNOWN),
        ({"contact": {"birthday": "secret"}}, "source.contact", UNKNOWN),
        ({"contact": {"how": " "}}, "source.contact.how", "is empty"),
        ({"consent": {"to": "secret"}}, "source.consent.to", NAMELESS),
    ],
)
def test_a_broken_answer_about_the_source_is_refused_likewise(answers: object, where: str, what: str) -> None:
    _refused(_body("source", answers), where, what)


@pytest.mark.parametrize(
    ("caption", "what"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        (None, "must be text"),
        ("\udc00", "holds half a surrogate pair"),
    ],
)
def test_a_broken_caption_is_refused_likewise(caption: object, what: str) -> None:
    (file,) = json.loads(plain_report().to_bytes())["files"]
    _refused(_body("report", {}, files=[file, {**file, "caption": caption}]), "files[1].caption", what)


def test_schema_1_has_neither_answers_nor_captions() -> None:
    (file,) = json.loads(plain_report().to_bytes())["files"]
    _refused(_body("report", {"when": {"date": "secret"}}, schema=1), "report", UNKNOWN)
    _refused(_body("source", {"contact": {"how": "secret"}}, schema=1), "source", UNKNOWN)
    _refused(_body("report", {}, schema=1, files=[{**file, "caption": "secret"}]), "files[0]", UNKNOWN)


def _refused(body: bytes, where: str, what: str) -> None:
    with pytest.raises(BadPayload) as refused:
        payload.read("report", body)
    assert (refused.value.where, refused.value.what) == (where, what)
    assert "secret" not in str(refused.value)
    # What Python itself says of a text holds the text.
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    ("entries", "where", "what"),
    [
        ({"weather": ({"x": "y"},)}, "answers", "holds a section that the outline does not know"),
        ({"people": ()}, "report.people", "is empty"),
        ({"people": ({},)}, "report.people[0]", "is empty"),
        ({"when": ({"date": "May"}, {"date": "June"})}, "report.when", "holds more than 1"),
        ({"when": ({"hour": "5"},)}, "report.when", "holds a question that the outline does not know"),
        ({"when": ({"date": " "},)}, "report.when.date", "is empty"),
        ({"when": ({"date": ("May",)},)}, "report.when.date", "must be text"),
        ({"when": ({"timing": "never"},)}, "report.when.timing", NAMELESS),
        ({"you": ({"part": "saw"},)}, "source.you.part", CHOICES),
        ({"you": ({"part": ("saw", "saw")},)}, "source.you.part", CHOICES),
        ({"you": ({"part": ("work", "saw")},)}, "source.you.part", ORDER),
        ({"contact": ({"how": "\udfff"},)}, "source.contact.how", "holds half a surrogate pair"),
    ],
)
def test_what_could_not_be_read_cannot_be_held(
    entries: dict[str, tuple[Entry, ...]], where: str, what: str
) -> None:
    with pytest.raises(BadPayload) as refused:
        Answers(entries)
    assert (refused.value.where, refused.value.what) == (where, what)


def test_neither_repr_nor_str_tells_an_answer() -> None:
    given = Answers({"people": ({"names": "secret"},)})
    report: Report = plain_report(answers=given)
    assert repr(given) == str(given) == "<Answers>"
    assert "secret" not in repr(report)
