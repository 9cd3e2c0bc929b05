"""All patterns together: weeks without a gap, what an investigator asks first, and what may be published."""

from datetime import date

import pytest

from desk.patterns import Facts, patterns
from desk.patterns.gathered import NOTHING_BEFORE, once_in
from tests.desk.patterns.made import START, fact

NUMBER, PLATE = "+447700900123", "LX19ABC"


def _line() -> list[Facts]:
    """Give reports of one number in two towns, one plate in one, and a child in a home taken over."""
    return [
        fact("a", 0, areas=("LS",), found=(("telephone", NUMBER),), kinds=("drugs",)),
        fact("b", 2, areas=("HU",), found=(("registration", PLATE), ("telephone", NUMBER))),
        fact("c", 2, areas=("HU",), found=(("registration", PLATE),), legs=(("Leeds", "Hull"),)),
        fact(
            "d",
            3,
            areas=("HU",),
            kinds=("county_lines", "cuckooing"),
            in_need=("10-15",),
            suspects=("16-17",),
            danger=True,
            found=(("address", "14 nowhere street"), ("postcode", "HU1 2AA")),
            ports=("Hull",),
        ),
    ]


def test_every_week_is_there_the_newest_first_and_the_empty_ones_too() -> None:
    rows = patterns(_line()).table("weeks").rows
    assert [(row.label, row.count) for row in rows] == [
        ("26 January 2026", 1),
        ("19 January 2026", 2),
        ("12 January 2026", 0),
        ("5 January 2026", 1),
    ]


def test_a_number_of_several_reports_comes_with_where_what_and_when() -> None:
    (row,) = patterns(_line()).table("telephones").rows
    assert (row.value, row.cases) == (NUMBER, ("a", "b"))
    assert row.more == {
        "kind": "telephone",
        "areas": "HU LS",
        "kinds": "Drugs",
        "since": START.isoformat(),
        "until": date(2026, 1, 19).isoformat(),
    }


def test_what_is_in_more_than_one_area_travels_and_what_is_not_does_not() -> None:
    rows = patterns(_line()).table("travelling").rows
    assert [row.value for row in rows] == [NUMBER]


def test_addresses_are_listed_where_a_home_was_taken_over() -> None:
    rows = patterns(_line()).table("cuckooing").rows
    assert [row.value for row in rows] == ["14 nowhere street", "HU1 2AA"]


def test_children_are_counted_by_what_the_report_says() -> None:
    found = patterns(_line())
    said = ("children", "in_need", "suspects", "county_lines", "danger")
    assert {row.value: row.cases for row in found.table("children").rows} == dict.fromkeys(said, ("d",))
    assert [row.value for row in found.table("children_areas").rows] == ["HU"]


def test_routes_ports_and_ages_are_counted() -> None:
    found = patterns(_line())
    assert [row.value for row in found.table("routes").rows] == ["Leeds \u2192 Hull"]
    assert [row.value for row in found.table("ports").rows] == ["Hull"]
    assert [row.label for row in found.table("ages_in_need").rows] == ["10 to 15"]
    assert [row.label for row in found.table("ages_suspects").rows] == ["16 or 17"]


@pytest.mark.parametrize("name", ["telephones", "travelling", "cuckooing"])
def test_what_names_anybody_is_never_publishable_however_many_tell_of_it(name: str) -> None:
    many = [
        fact(
            f"c{number}",
            areas=("LS", "HU"),
            kinds=("cuckooing",),
            found=(("address", "1 a street"), ("telephone", NUMBER)),
        )
        for number in range(40)
    ]
    table = patterns(many).table(name)
    assert table.rows
    assert not any(table.publishable(row) for row in table.rows)


def test_no_reports_have_no_patterns() -> None:
    found = patterns([])
    assert (found.cases, found.since, found.until, found.comparing) == (0, None, None, NOTHING_BEFORE)
    assert not any(table.rows for table in found.tables)


def test_new_and_rising_are_rows_with_their_numbers_and_the_sentence_says_how() -> None:
    steady = [fact(f"s{week}n{n}", week, kinds=("drugs",)) for week in range(20) for n in range(5)]
    before = [fact("b", 3, kinds=("cuckooing",), areas=("HU",))]
    late = [fact(f"r{n}", 19, kinds=("cuckooing",), areas=("HU",)) for n in range(5)]
    found = patterns([*steady, *before, *late])
    (rising,) = found.table("rising").rows
    assert rising.label == "A home taken over by a gang: HU"
    assert (rising.count, rising.more["before"]) == (5, 1)
    assert str(rising.more["chance"]).startswith("once in ")
    assert found.table("rising").why_not(rising) == "under 5: do not publish"
    assert "The 4 weeks from 21 April 2026 to 18 May 2026 (25 reports)" in found.comparing
    assert found.table("new").rows == ()


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1.0, "often"),
        (0.6, "often"),
        (0.04, "once in 25 times"),
        (0.00123, "once in 800 times"),
        (1e-9, "less than once in a million times"),
    ],
)
def test_a_chance_is_told_in_words(chance: float, words: str) -> None:
    assert once_in(chance) == words


def test_what_sources_withheld_is_told_and_not_counted() -> None:
    found = patterns(_line(), 1, 2)
    assert found.cases == 4
    assert "2 more not counted, withheld" in found.not_counted
    assert "1 more not counted, marked as spam" in found.not_counted
    assert (found.as_json()["left_out"], found.as_json()["withheld"]) == (1, 2)
    assert patterns(_line()).not_counted == ""


def test_an_address_is_headed_by_the_words_that_most_typed() -> None:
    key = "12|cutlers|row"
    told = [
        fact("a", kinds=("cuckooing",), found=(("address", key),), written=((key, "12 Cutlers Row"),)),
        fact("b", kinds=("cuckooing",), found=(("address", key),), written=((key, "12 Cutlers Rw"),)),
        fact("c", kinds=("cuckooing",), found=(("address", key),), written=((key, "12 Cutlers Row"),)),
    ]
    (row,) = patterns(told).table("cuckooing").rows
    assert (row.value, row.label, row.count) == (key, "12 Cutlers Row", 3)
