"""The network: what is drawn and what is left out, the picture itself, and the same in words."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import pytest

from desk.connections.drawing import svg
from desk.connections.matching import DEFAULT_MIN
from desk.connections.network import MOST_SHARED, Network, network

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Linked:
    """As a link of `desk.connections.links`."""

    a: str
    b: str
    kind: str = "telephone"
    value: str = "+447700900123"
    score: float = 1.0
    why: str = field(default="the same number")


def _links(cases: int, values: int, seed: int = 1) -> list[Linked]:
    """Give links of ``values`` numbers, each named by two to five of ``cases`` cases."""
    draw = random.Random(seed)
    names = [f"case{number:06}" for number in range(cases)]
    found = []
    for number in range(values):
        among = sorted(draw.sample(names, min(cases, draw.choice([2, 2, 3, 5]))))
        found += [
            Linked(a, b, value=f"+44770090{number:04}", score=draw.choice([1.0, 0.8]))
            for at, a in enumerate(among)
            for b in among[at + 1 :]
        ]
    return found


def _drawn(links: Sequence[Linked], **asked: object) -> Network:
    return network(links, {}, **asked)  # type: ignore[arg-type]  # as a link, not one


def test_what_three_cases_share_stands_once_between_them() -> None:
    found = _drawn([Linked("a", "b"), Linked("a", "c"), Linked("b", "c", score=0.7)])
    assert found.cases == ("a", "b", "c")
    (shared,) = found.shared
    assert (shared.cases, shared.score, shared.decision) == (("a", "b", "c"), 1.0, "open")
    assert found.told == "3 cases, and 1 thing that they share."


def test_a_rejected_link_is_hidden_until_it_is_asked_for() -> None:
    links = [Linked("a", "b"), Linked("a", "c", kind="registration", value="AB51ABC")]
    decisions = {
        ("a", "c", "registration", "AB51ABC"): "rejected",
        ("a", "b", "telephone", links[0].value): "confirmed",
    }
    found = network(links, decisions)  # type: ignore[arg-type]
    assert found.cases == ("a", "b")
    assert [shared.said for shared in found.shared] == ["confirmed"]
    assert found.told.endswith("1 rejected link not shown.")
    all_ = network(links, decisions, rejected=True)  # type: ignore[arg-type]
    assert all_.cases == ("a", "b", "c")
    assert sorted(shared.decision for shared in all_.shared) == ["confirmed", "rejected"]


def test_what_is_little_more_than_a_guess_is_left_out_until_somebody_decides_on_it() -> None:
    guess = Linked("a", "b", value="x", score=DEFAULT_MIN - 0.01)
    assert _drawn([guess]).cases == ()
    assert _drawn([guess], least=0.0).cases == ("a", "b")
    decided = {("a", "b", "telephone", "x"): "confirmed"}
    assert network([guess], decided).cases == ("a", "b")  # type: ignore[list-item]  # as a link


def test_around_a_case_the_nearest_are_drawn_and_the_rest_is_counted() -> None:
    chain = [Linked(f"c{number}", f"c{number + 1}", value=str(number)) for number in range(9)]
    found = _drawn([*chain, Linked("x", "y", value="far")], around="c0", most=4)
    assert found.cases == ("c0", "c1", "c2", "c3")
    assert found.left_out == 6
    assert "6 linked cases not shown: those farther from it." in found.told


def test_around_a_case_without_links_nothing_is_drawn() -> None:
    found = _drawn([Linked("a", "b")], around="c")
    assert found.cases == ()
    assert found.told == "Nothing links case c."


def test_of_too_many_the_largest_groups_are_drawn() -> None:
    large = [Linked("l0", f"l{number}", value="large") for number in range(1, 6)]
    small = [Linked("s0", "s1", value="small"), Linked("t0", "t1", value="other")]
    found = _drawn([*small, *large], most=8)
    assert found.cases == ("l0", "l1", "l2", "l3", "l4", "l5", "s0", "s1")
    assert found.left_out == 2


def test_a_group_that_is_too_large_is_drawn_around_its_best_linked_case() -> None:
    star = [Linked("hub", f"z{number}", value=str(number)) for number in range(20)]
    found = _drawn(star, most=5)
    assert found.cases == ("hub", "z0", "z1", "z10", "z11")
    assert found.left_out == 16


def test_an_investigation_shows_its_own_cases_alone() -> None:
    found = _drawn([Linked("a", "b"), Linked("b", "c")], within=("a", "b"))
    assert found.cases == ("a", "b")


def test_the_same_network_gives_the_same_picture_in_whatever_order_it_comes() -> None:
    links = _links(30, 20)
    turned = list(reversed(links))
    assert svg(_drawn(links)) == svg(_drawn(turned))


@pytest.mark.parametrize(("cases", "values"), [(2, 1), (12, 5), (60, 40), (150, 75)])
def test_no_label_lies_over_another_and_all_is_in_the_picture(cases: int, values: int) -> None:
    found = _drawn(_links(cases, values))
    picture = ET.fromstring(svg(found, alone=True))
    wide, high = float(picture.attrib["width"]), float(picture.attrib["height"])
    boxes = [
        tuple(float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        for box in picture.iter(f"{SVG}rect")
        if "x" in box.attrib
    ]
    assert len(boxes) == len(found.cases) + len(found.shared)
    for at, (x, y, width, height) in enumerate(boxes):
        assert x >= 0
        assert y >= 0
        assert x + width <= wide
        assert y + height <= high
        for other_x, other_y, other_width, other_height in boxes[at + 1 :]:
            beside = x >= other_x + other_width or other_x >= x + width
            assert beside or y >= other_y + other_height or other_y >= y + height


def test_of_endless_shared_things_the_picture_draws_those_of_most_cases() -> None:
    links = [Linked("a", "b", value=f"{number:04}") for number in range(MOST_SHARED + 7)]
    found = _drawn([*links, Linked("a", "c", value="last"), Linked("b", "c", value="last")])
    assert len(found.shared) == MOST_SHARED + 8
    assert len(found.drawn) == MOST_SHARED
    assert "last" in {one.value for one in found.drawn}
    assert "8 of these things are in the table alone." in found.told
    assert svg(found).count("<path") == 2 * (MOST_SHARED - 1) + 3


def test_the_picture_needs_no_script_no_style_and_nothing_from_elsewhere() -> None:
    text = svg(_drawn(_links(20, 10)), lambda case: f"/case/{case}")
    names = {element.tag for element in ET.fromstring(text).iter()}
    assert names == {f"{SVG}{name}" for name in ("svg", "g", "path", "rect", "text", "a")}
    assert not re.search(r"""\sstyle=|\son\w+=|url\(|https?:(?!//www\.w3\.org/2000/svg")""", text)


def test_what_a_stranger_wrote_is_text_in_the_picture() -> None:
    value = '"><script>alert(1)</script>\u202e&'
    text = svg(_drawn([Linked("a", "b", kind="name", value=value)]), lambda case: f'/"{case}&')
    picture = ET.fromstring(text)
    words = "".join(picture.itertext())
    assert '"><script>alert(1)' in words
    assert "\u202e" not in words
    assert {element.get("href") for element in picture.iter(f"{SVG}a")} == {'/"a&', '/"b&'}


def test_no_colour_says_anything_and_lines_differ_by_decision() -> None:
    links = [
        Linked("a", "b", value="1"),
        Linked("b", "c", value="2", score=0.8),
        Linked("c", "d", value="3"),
        Linked("d", "e", value="4"),
    ]
    decisions = {("c", "d", "telephone", "3"): "confirmed", ("d", "e", "telephone", "4"): "rejected"}
    text = svg(network(links, decisions, rejected=True))  # type: ignore[arg-type]
    lines = {re.sub(r' d="[^"]*"', "", line) for line in re.findall(r"<path[^>]*>", text)}
    assert len(lines) == 4
    assert set(re.findall(r'(?:fill|stroke|color)="([^"]*)"', text)) <= {"none", "currentColor", "inherit"}
    for words in ("100 of 100, almost sure", "80 of 100, likely", "confirmed", "rejected"):
        assert words in text


def test_one_confirmed_pair_is_one_of_many_and_thick_lines_are_of_it_alone() -> None:
    links = [Linked(a, b) for at, a in enumerate("abcde") for b in "abcde"[at + 1 :]]
    found = network(links, {("a", "c", "telephone", links[0].value): "confirmed"})  # type: ignore[arg-type]
    (shared,) = found.shared
    assert (shared.said, shared.decision) == ("1 of 10 confirmed", "open")
    assert shared.confirmed == (("a", "c"),)
    assert {case for case, tie in shared.ties_by_case().items() if tie[0] == "confirmed"} == {"a", "c"}
    text = svg(found)
    assert text.count('stroke-width="4"') == 2
    assert "1 of 10 confirmed" in text


def test_a_case_has_a_few_words_and_an_address_is_readable() -> None:
    link = Linked("a", "b", kind="address", value="4/12|cutlers|row")
    text = svg(network([link], {}, titles={"a": "They sell there", "b": "Next door"}))  # type: ignore[list-item]
    for words in ("They sell there", "Next door", "Flat 4, 12 Cutlers Row", ">a</text>"):
        assert words in text
    assert "|" not in text


def test_the_picture_begins_near_its_top_left() -> None:
    picture = ET.fromstring(svg(_drawn(_links(40, 20)), alone=True))
    boxes = [box for box in picture.iter(f"{SVG}rect") if "x" in box.attrib]
    corner = min(float(box.attrib["x"]) + float(box.attrib["y"]) for box in boxes)
    assert corner < float(picture.attrib["width"]) / 4


def test_a_screen_reader_is_told_what_the_picture_is() -> None:
    picture = ET.fromstring(svg(_drawn([Linked("a", "b")])))
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "2 cases, and 1 thing that they share."
    linked = ET.fromstring(svg(_drawn([Linked("a", "b")]), lambda case: case))
    assert linked.get("role") == "group"


def test_no_repr_holds_a_word() -> None:
    found = _drawn([Linked("a", "b", value="secret")])
    assert "secret" not in repr(found) + repr(found.shared)
