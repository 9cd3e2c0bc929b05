"""Routes and timelines: what was written plainly is read, and nothing is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.connections.routes import legs, routes, stops
from desk.connections.timeline import Sort, ordered, parted, sent
from payload import Answers
from tests.desk.shown import report_of
from tests.payload.reports import plain_report


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("from Leeds to York", ("Leeds", "York")),
        ("From LEEDS to york by train every Friday", ("Leeds", "York")),
        ("from Leeds to York via Selby", ("Leeds", "Selby", "York")),
        ("Leeds -> York", ("Leeds", "York")),
        ("London\u2192Ipswich\u2192Norwich", ("London", "Ipswich", "Norwich")),
        ("Manchester Piccadilly - Bangor", ("Manchester Piccadilly", "Bangor")),
        ("Vlore to Durres, then Bari, then to Dover", ("Vlore", "Durres", "Bari", "Dover")),
        ("came from Manchester and went to Rhyl", ("Manchester", "Rhyl")),
        ("to Dover from Calais in a lorry", ("Calais", "Dover")),
        ("from the M62 towards Hull", ("M62", "Hull")),
        ("it came from Bootle, then went up to Barrow", ("Bootle", "Barrow")),
        ("Up to Aberdeen from London on the coach", ("London", "Aberdeen")),
    ],
)
def test_what_is_written_plainly_is_read(text: str, read: tuple[str, ...]) -> None:
    assert stops(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no idea",
        "by train",
        "they took the train",
        "heading to Leeds",
        "comes from Liverpool direction",
        "from somewhere to Hull",
        "Salt Lane to the wash at 7.30, back at 7",
        "From the sea, then by road towards Sallowby",
        "from here to there",
        "Came off the ferry at Dover and drove to London",
    ],
)
def test_what_could_be_anything_is_left_as_it_was_typed(text: str) -> None:
    assert stops(text) == ()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    read = stops(text)
    assert len(read) != 1
    assert all(read)


@pytest.mark.parametrize("piece", ["from a to ", "to ", "from ", "and it ", ", then ", "via ", "-> ", "- "])
def test_hostile_text_of_the_longest_takes_no_time(piece: str) -> None:
    for _ in range(20):
        stops((piece * 300)[:300])


def test_only_the_answers_that_ask_for_it_are_read() -> None:
    report = report_of(
        travel=({"route": "from Leeds to York; York to Hull. Unclear after that"},),
        vehicles=({"direction": "from Leeds to York"}, {"direction": "away fast"}),
        places=({"what_happens": "they go from Bath to Bristol"},),
        contact=({"how": "from Home to Nowhere"},),
    )
    found = routes("here", [report, report])
    assert [(route.asked, route.as_typed, route.stops) for route in found] == [
        ("travel", "from Leeds to York", ("Leeds", "York")),
        ("travel", "York to Hull", ("York", "Hull")),
        ("vehicles", "from Leeds to York", ("Leeds", "York")),
        ("vehicles", "away fast", ()),
    ]
    other = routes("there", [report_of(travel=({"route": "Leeds to York"},))])
    assert [(leg.origin, leg.destination, leg.cases) for leg in legs([*found, *other])] == [
        ("Leeds", "York", ("here", "there")),
        ("York", "Hull", ("here",)),
    ]


def test_a_timeline_says_where_each_day_comes_from() -> None:
    report = plain_report(
        files=(),
        received_on=date(2026, 5, 9),
        answers=Answers({"when": ({"date": "3 May 2026", "pattern": "every Friday"},)}),
    )
    vague = plain_report(
        files=(), received_on=date(2026, 5, 8), answers=Answers({"when": ({"date": "last Friday"},)})
    )
    moments = ordered(sent("here", [report, vague]))
    certain, uncertain = parted(moments)
    assert [moment.received for moment in uncertain] == ["2026-05-08", "2026-05-09"]
    assert all(moment.on for moment in certain)
    assert [(moment.on, moment.what, moment.source) for moment in moments] == [
        ("", "Day, month or year: last Friday", Sort.SAID),
        ("", "Days or times when it happens: every Friday", Sort.SAID),
        ("2026-05-03", "it happened, the report says", Sort.SAID),
        ("2026-05-08", "the report was received", Sort.RECEIVED),
        ("2026-05-09", "the report was received", Sort.RECEIVED),
    ]
