"""agencies.toml: read strictly, every problem named with its line; and what is stale."""

import json
from datetime import date
from pathlib import Path

import pytest

from publishing import agencies
from publishing.agencies import KINDS, NATIONS, Agency
from publishing.errors import Problem

CONTENT = Path(__file__).parents[2] / "content"
TODAY = date(2026, 11, 20)

ONE = """# A comment, so that lines and entries differ.
[[agency]]
id = "line"
name = "A line"
what_for = "Somebody needs help."
phone = "0800 555 111"
phone_href = "tel:0800555111"
web = "https://line.example/a"
nations = ["wales", "scotland"]
hours = "Day and night."
languages = ""
anonymous = "They say yes."
tracing = ""
cost = "Free."
for = ["work", "talk"]
checked_on = ""
source = "https://line.example/facts"
"""


def read(folder: Path, text: str) -> tuple[list[Agency], list[Problem]]:
    (folder / "agencies.toml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return agencies.read(folder, problems, TODAY), problems


def only(folder: Path, text: str = ONE) -> Agency:
    found, problems = read(folder, text)
    assert problems == []
    return found[0]


def test_an_entry_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    one = only(tmp_path)
    assert (one.id, one.phone, one.phone_href) == ("line", "0800 555 111", "tel:0800555111")
    assert (one.nations, one.kinds) == (("wales", "scotland"), ("work", "talk"))
    assert one.sources == ("https://line.example/facts",)
    assert (one.languages, one.text, one.urgent, one.checked_on) == ("", "", False, None)
    assert one.host == "line.example"


def test_an_agency_survives_the_database(tmp_path: Path) -> None:
    for text in (ONE, ONE.replace('checked_on = ""', "checked_on = 2026-02-03")):
        one = only(tmp_path, text)
        assert Agency.from_json(json.loads(json.dumps(one.to_json()))) == one


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('id = "line"', 'id = "A Line"', 3, "the id 'A Line' cannot stand in an address"),
        ('name = "A line"\n', "", 2, "name is missing"),
        ('name = "A line"', 'name = ""', 4, "name is empty"),
        ('name = "A line"', 'name = "A line"\nfone = "1"', 5, "unknown key 'fone'"),
        ('hours = "Day and night."\n', "", 2, "hours is missing"),
        ('checked_on = ""\n', "", 2, "checked_on is missing"),
        ('source = "https://line.example/facts"\n', "", 2, "source is missing"),
        ("0800 555 111", "0800-555-111", 6, "'0800-555-111' is not a phone number"),
        ('phone = "0800 555 111"', 'phone = "call us"', 6, "'call us' is not a phone number"),
        ('phone = "0800 555 111"', 'phone = "12345"', 6, "'12345' is not a phone number"),
        ("tel:0800555111", "tel:0800555112", 7, "phone_href does not dial the phone"),
        ("tel:0800555111", "javascript:x", 7, "phone_href does not dial the phone"),
        ('phone_href = "tel:0800555111"\n', "", 2, "phone_href does not dial the phone"),
        (
            "https://line.example/a",
            "http://line.example/a",
            8,
            "'http://line.example/a' is not a web address",
        ),
        ("https://line.example/a", "javascript:x//.y", 8, "'javascript:x//.y' is not a web address"),
        ('"wales", "scotland"', '"wales", "france"', 9, "'france' is none of nations"),
        ('["wales", "scotland"]', "[]", 9, "nations has 0 entries"),
        ('["work", "talk"]', '["work", "weather"]', 15, "'weather' is none of for"),
        ('["work", "talk"]', '["work", "work"]', 15, "'work' stands twice in for"),
        ('for = ["work", "talk"]\n', "", 2, "for is missing"),
        ('checked_on = ""', 'checked_on = "soon"', 16, "checked_on 'soon' is not a day"),
        ('checked_on = ""', "checked_on = 2026-12-01", 16, "checked_on 2026-12-01 has not come yet"),
        ('checked_on = ""', "checked_on = true", 16, "checked_on is not a day"),
        ("https://line.example/facts", "a book", 17, "'a book' is not a web address"),
        ('cost = "Free."', f'cost = "{"x" * 401}"', 14, "cost has 401 characters"),
        ('cost = "Free."', "cost = 3", 14, "cost is not a text"),
        ('cost = "Free."', 'cost = "Free."\nurgent = "yes"', 15, "urgent is neither true nor false"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert old in ONE
    found, problems = read(tmp_path, ONE.replace(old, new, 1))
    assert [(problem.file, problem.line, problem.what) for problem in problems] == [
        ("agencies.toml", line, what)
    ]
    assert problems[0].hint
    assert found == []


def test_every_problem_is_found_at_once_and_the_other_entries_are_read(tmp_path: Path) -> None:
    bad = ONE.replace('id = "line"', 'id = "bad"').replace("tel:0800555111", "tel:1").replace('"work"', '"x"')
    found, problems = read(tmp_path, f"{ONE}\n{bad}")
    assert [one.id for one in found] == ["line"]
    assert [problem.line for problem in problems] == [7 + 18, 15 + 18]


def test_two_entries_of_one_id_are_refused(tmp_path: Path) -> None:
    found, problems = read(tmp_path, ONE + ONE)
    assert len(found) == 1
    assert [str(problem) for problem in problems] == ["agencies.toml:20: the id 'line' is taken by line 3"]


def test_somebody_without_number_and_web_address_can_help_nobody(tmp_path: Path) -> None:
    mute = ONE.replace('phone = "0800 555 111"\nphone_href = "tel:0800555111"\n', "")
    assert only(tmp_path, mute).phone == ""
    _, problems = read(tmp_path, mute.replace('web = "https://line.example/a"\n', ""))
    assert [problem.what for problem in problems] == ["it has neither a phone nor a web address"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "there is no agency"),
        ("agency = []", "there is no agency"),
        ('agency = "x"', "there is no agency"),
        (ONE.replace("[[agency]]", "[agency]"), "there is no agency"),
        ("[[agency]\n", "is not TOML"),
        (ONE.replace("[[agency]]", 'helper = "x"\n[[agency]]'), "unknown key 'helper'"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, what: str) -> None:
    _, problems = read(tmp_path, text)
    assert len(problems) == 1
    assert problems[0].what.startswith(what)


def test_a_folder_without_the_file_is_refused(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert agencies.read(tmp_path, problems, TODAY) == []
    assert [problem.file for problem in problems] == ["agencies.toml"]


# ---- stale


@pytest.mark.parametrize(
    ("day", "is_stale"),
    [
        ('""', True),
        ("2026-11-20", False),
        ("2025-11-20", False),
        ("2025-11-19", True),
        ('"2026-11-01"', False),
    ],
)
def test_an_entry_is_stale_when_nobody_checked_it_for_a_year(
    tmp_path: Path, day: str, is_stale: bool
) -> None:
    one = only(tmp_path, ONE.replace('checked_on = ""', f"checked_on = {day}"))
    assert one.stale(TODAY) is is_stale
    assert agencies.stale([one], TODAY) == ([one] if is_stale else [])


# ---- chosen


def named(tmp_path: Path, **kinds: tuple[str, str]) -> list[Agency]:
    entries = [
        ONE.replace('"line"', f'"{name}"')
        .replace('["work", "talk"]', of)
        .replace('["wales", "scotland"]', where)
        for name, (of, where) in kinds.items()
    ]
    return read(tmp_path, "\n".join(entries))[0]


def ids(found: list[Agency]) -> list[str]:
    return [one.id for one in found]


def test_who_knows_a_kind_best_comes_first_and_who_takes_all_kinds_last(tmp_path: Path) -> None:
    uk = '["wales", "scotland"]'
    found = named(
        tmp_path,
        all=('["any"]', uk),
        second=('["talk", "work"]', uk),
        other=('["fraud"]', uk),
        first=('["work"]', uk),
        scots=('["work"]', '["scotland"]'),
    )
    assert ids(agencies.chosen(found)) == ["all", "second", "other", "first", "scots"]
    assert ids(agencies.chosen(found, "work")) == ["first", "scots", "second", "all"]
    assert ids(agencies.chosen(found, "work", "wales")) == ["first", "second", "all"]
    assert ids(agencies.chosen(found, None, "scotland")) == ids(found)
    assert ids(agencies.chosen(found, "border", "wales")) == ["all"]
    assert agencies.chosen(found, None, "england") == []


# ---- numbers within sentences


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Call 999, or 101.", ["tel:999", "tel:101"]),
        ("18000, from a textphone; 18001 101 when it can wait.", ["tel:18000", "tel:18001101"]),
        ("On 0808 80 10 800 or 0800 1111.", ["tel:08088010800", "tel:08001111"]),
        ("08000 121 700 and 116 123 and 116000.", ["tel:08000121700", "tel:116123", "tel:116000"]),
        ("07860 077333.", ["tel:07860077333"]),
        ("Press 55. In 2026, 1,500 people; 10am to 6pm; 200 languages; from 16 years on; 999bsl.co.uk", []),
        ("Numbers that begin with 0800 cost nothing; 01 or 02 do.", []),
        ("<b>999</b>", ["tel:999"]),
        ("", []),
    ],
)
def test_numbers_within_a_sentence_are_found_and_nothing_is_lost(text: str, numbers: list[str]) -> None:
    cut = agencies.pieces(text)
    assert [address for _, address in cut if address] == numbers
    assert "".join(words for words, _ in cut) == text


def test_where_one_writes_the_number_takes_messages() -> None:
    assert agencies.pieces("Text 999.", "sms") == [("Text ", ""), ("999", "sms:999"), (".", "")]


# ---- the starter


@pytest.fixture(scope="module")
def starter() -> list[Agency]:
    problems: list[Problem] = []
    found = agencies.read(CONTENT, problems)
    assert problems == []
    return found


def test_the_starter_names_somebody_for_every_kind_in_every_nation(starter: list[Agency]) -> None:
    for kind in KINDS:
        for nation in NATIONS:
            fit = agencies.chosen(starter, kind, nation)
            assert [one for one in fit if kind in one.kinds], (kind, nation)
            assert [one for one in fit if one.urgent], (kind, nation)
            assert [one for one in fit if one.phone == "101"], (kind, nation)


def test_the_starter_knows_the_numbers_that_matter(starter: list[Agency]) -> None:
    numbers = {one.id: one.phone for one in starter}
    assert numbers["999"] == "999"
    assert numbers["crimestoppers"] == "0800 555 111"
    assert numbers["modern-slavery-helpline"] == "08000 121 700"
    assert numbers["salvation-army"] == "0800 808 3733"
    assert numbers["childline"] == "0800 1111"
    emergency = next(one for one in starter if one.urgent)
    assert "register" in emergency.text
    assert "18000" in emergency.textphone
    assert "999 BSL" in emergency.bsl
    assert "55" in emergency.note
