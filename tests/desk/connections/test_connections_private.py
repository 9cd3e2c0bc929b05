"""Nobody is linked by how they themselves can be reached, or by the part about the source."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.connections.links import links
from desk.connections.mention import Kind
from desk.connections.mentions import mentions
from desk.connections.pieces import COVER, covered, pieces
from payload import Answers, Report
from payload.outline import Part, sections
from tests.counts import count
from tests.desk.connections.cases import linked, report, said
from tests.payload.reports import answers, plain_file, plain_report, reports

TRICKY = (
    "07911 123456 BX14 RKO SW1A 1AA 12 Fernhill Road sort code 40-22-19 71625344 rico@mail.ru"
    " www.pinewood.com insta: rico_77x called Trigz Dariusz Wilczek Lotus Nails ///filled.count.soap"
)


def test_nothing_of_the_part_about_the_source_is_read() -> None:
    told = {
        section.name: ({field.name: TRICKY for field in section.fields if field.is_text},)
        for section in sections(Part.SOURCE)
    }
    (words,) = mentions("c", [plain_report(what_happened="A van.", files=(), answers=Answers(told))])
    assert (words.kind, words.as_typed) == (Kind.WORDS, "A van.")


@settings(max_examples=count(30, 1000))
@given(answers, answers)
def test_the_same_report_has_the_same_mentions_whatever_its_source_says_of_itself(
    told: Answers, other: Answers
) -> None:
    kept = {
        section.name: told.entries(section.name)
        for section in sections(Part.REPORT)
        if told.entries(section.name)
    }
    # How to be reached is read for this alone: what stands there links nothing.
    about = {
        section.name: other.entries(section.name)
        for section in sections(Part.SOURCE)
        if section.name != "contact" and other.entries(section.name)
    }
    bare = plain_report(answers=Answers(kept), what_happened=TRICKY)
    full = plain_report(answers=Answers({**kept, **about}), what_happened=TRICKY)
    assert mentions("c", [bare]) == mentions("c", [full])


@pytest.mark.parametrize("how", ["07911 123456", "+44 7911 123456 by Signal", "(0) 7911-123456"])
def test_what_the_source_gave_to_be_reached_by_links_nobody(how: str) -> None:
    told = report("Ring 07911 123456, he drives BX14 RKO", contact={"how": how})
    assert [one.kind for one in said(told) if one.kind is not Kind.PLACE] == [Kind.REGISTRATION]


@pytest.mark.parametrize(
    "text",
    [
        "My number is 07911 123456",
        "my mobile number: 07911 123456",
        "you can call me on 07911 123456",
        "please contact me at rico@mail.ru",
        "my email is rico@mail.ru",
        "my name is Dariusz Wilczek",
        "My insta is rico_77x",
        "I live at 12 Fernhill Road",
    ],
)
def test_what_somebody_says_of_themselves_in_words_is_no_mention(text: str) -> None:
    assert [one for one in said(text) if one.kind is not Kind.PLACE] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My number is 07911 123456. His is 07922 654321", Kind.TELEPHONE),
        ("my boss uses 07922 654321", Kind.TELEPHONE),
        ("he called me from 07922 654321", Kind.TELEPHONE),
        ("I live next to them, at 14 Fernhill Road", Kind.ADDRESS),
        ("I wrote down my number plate guess: BX14 RKO", Kind.REGISTRATION),
    ],
)
def test_what_is_said_of_others_beside_it_stays(text: str, kind: Kind) -> None:
    assert [one.kind for one in said(text)] == [kind]


@given(st.text(st.sampled_from("my number is07 call me on,.\n!x"), max_size=80))
def test_covering_changes_no_length_and_no_other_letter(text: str) -> None:
    hidden = covered(text)
    assert len(hidden) == len(text)
    assert all(new in (old, COVER) for old, new in zip(text, hidden, strict=True))


@settings(max_examples=count(30, 1000))
@given(reports)
def test_any_report_is_read_and_what_was_typed_stands_in_it(any_report: Report) -> None:
    texts = {piece.where: piece.text for piece in pieces([any_report])}
    for mention in mentions("c", [any_report]):
        assert mention.as_typed in texts[mention.where] or mention.kind is Kind.WORDS
        assert mention.value
        assert mention.as_typed not in repr(mention) or mention.as_typed in "<Mention >"


def test_captions_are_read() -> None:
    captioned = plain_report(what_happened="", files=(plain_file(caption="plate BX14 RKO"),))
    assert {one.where for one in mentions("c", [captioned])} == {"files[0].caption"}


def test_the_order_of_the_cases_changes_nothing() -> None:
    cases = {
        "a": "silver van BX14 RKO in Hull, 07911 123456",
        "b": "bx14 rk?, Trigz of Hull",
        "c": "They call him Trigz, in Hull. phone ends 3456",
    }
    found = linked(cases, 0.0)
    assert found
    for order in permutations(cases):
        each = [one for name in order for one in said(cases[name], name)]
        assert links(each, least=0.0) == found
        assert links(reversed(each), least=0.0) == found
