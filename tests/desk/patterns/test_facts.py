"""What is counted of a case: what its source told of others, each thing once, and nothing of the source."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from desk.connections.mention import Kind
from desk.patterns import facts
from payload import Answers, Report
from payload.outline import Part, sections
from tests.desk.patterns.made import mention
from tests.payload.reports import plain_report, reports


def _report(received_on: date = date(2026, 5, 4), **answers: object) -> Report:
    return plain_report(files=(), received_on=received_on, answers=Answers(answers))  # type: ignore[arg-type]


def test_each_answer_is_counted_once_in_the_forms_order() -> None:
    first = _report(
        date(2026, 5, 6),
        danger=({"now": "yes"},),
        what=({"kinds": ("cuckooing", "drugs")},),
        places=({"premises": "home"}, {"premises": "farm"}, {"premises": "home"}),
        people=({"age": "18-24"}, {"age": "unknown"}),
        in_need=({"ages": ("10-15", "16-17")},),
        travel=({"route": "from Leeds to York", "port": "Port of Dover"},),
    )
    again = _report(date(2026, 5, 4), what=({"kinds": ("county_lines", "unknown")},))
    found = facts("here", [first, again], ())
    assert found is not None
    assert found.received_on == date(2026, 5, 4)
    assert found.danger
    assert found.children
    assert found.kinds == ("county_lines", "cuckooing", "drugs")
    assert found.premises == ("home", "farm")
    assert found.suspects == ("18-24",)
    assert found.in_need == ("10-15", "16-17")
    assert found.legs == (("Leeds", "York"),)
    assert found.ports == ("Dover",)
    assert found.week == date(2026, 5, 4)


def test_one_port_has_one_name() -> None:
    named = ["Port of Dover", "dover ferry terminal", "DOVER.", "the port of Dover"]
    told = {facts("here", [_report(travel=({"port": name},))], ()).ports for name in named}  # type: ignore[union-attr]
    assert told == {("Dover",)}


def test_areas_are_of_postcodes_and_of_towns() -> None:
    found = facts(
        "here",
        [_report()],
        [
            mention(Kind.POSTCODE, "LS1 4AP"),
            mention(Kind.PLACE, "LS1", **{"as": "district"}),
            mention(Kind.PLACE, "selby", **{"as": "town"}),
            mention(Kind.PLACE, "heaven", **{"as": "perhaps"}),
        ],
    )
    assert found is not None
    assert found.districts == ("LS1",)
    assert found.areas == ("LS", "YO")
    assert found.found == (("postcode", "LS1 4AP"),)


def test_london_is_an_area_only_where_no_part_of_it_is_named() -> None:
    london = mention(Kind.PLACE, "london", **{"as": "town"})
    alone = facts("here", [_report()], [london])
    closer = facts("here", [_report()], [london, mention(Kind.PLACE, "SE5", **{"as": "district"})])
    assert alone is not None
    assert closer is not None
    assert alone.areas == ("LONDON",)
    assert closer.areas == ("SE",)


def test_what_was_seen_in_part_is_not_counted_as_the_same() -> None:
    found = facts("here", [_report()], [mention(Kind.REGISTRATION, "AB1?C?E")])
    assert found is not None
    assert found.found == ()


def test_a_case_without_a_report_counts_nothing() -> None:
    assert facts("here", [], ()) is None


@pytest.mark.parametrize(
    ("consent", "withheld"),
    [
        ({"to": "none"}, True),
        ({"may": ("keep", "pass_without")}, True),
        ({"may": ("keep", "investigate")}, False),
        ({"to": "any"}, False),
        ({"safe": "no"}, False),
    ],
)
def test_what_a_source_withheld_is_known(consent: dict[str, object], withheld: bool) -> None:
    found = facts("here", [_report(), _report(consent=(consent,))], ())
    assert found is not None
    assert found.withheld is withheld


@given(reports)
def test_nothing_of_the_source_changes_a_fact(report: Report) -> None:
    told = {
        section.name: report.answers.entries(section.name)
        for section in sections(Part.REPORT)
        if report.answers.entries(section.name)
    }
    without = plain_report(
        files=(),
        received_on=report.received_on,
        what_happened=report.what_happened,
        answers=Answers(told),
    )
    mine, other = facts("here", [report], ()), facts("here", [without], ())
    assert mine is not None
    assert replace(mine, withheld=False) == other
