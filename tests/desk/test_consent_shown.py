"""What the source agreed to, at the desk: refusals are plain, what could harm them is above everything."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from payload.answers import Answer
from payload.outline import SECTION
from tests.desk.conftest import DeskUnderTest
from tests.desk.shown import report_of, shown
from tests.payload.reports import plain_report

CONSENT = SECTION["consent"]
LEFT_OPEN = "(left open)"


def _consent_told(lines: list[str]) -> dict[str, list[str]]:
    """Give by the name of each question of consent the rows beside it."""
    start = lines.index(f"# == {CONSENT.title} ==")
    rows = lines[start + 1 : lines.index("#", start)]
    left = max(len(field.label) for field in CONSENT.fields)
    told: dict[str, list[str]] = {}
    names = {field.label: field.name for field in CONSENT.fields}
    for row in rows:
        label, answer = row[4 : 4 + left].strip(), row[4 + left :].strip()
        told.setdefault(names[label] if label else list(told)[-1], []).append(answer)
    return told


def _labels(name: str, *values: str) -> list[str]:
    return [CONSENT.field(name).label_of(value) for value in values]


@pytest.mark.parametrize(
    ("consent", "told"),
    [
        ({}, {}),
        ({"safe": "no"}, {"safe": _labels("safe", "no")}),
        ({"safe": "yes", "to": "any"}, {"safe": _labels("safe", "yes"), "to": _labels("to", "any")}),
        (
            {"may": ("keep", "pass_without"), "to": "some", "agencies": "not the police"},
            {
                "may": [
                    *_labels("may", "keep", "pass_without"),
                    "Not ticked: " + "; ".join(_labels("may", "investigate", "pass_with")),
                ],
                "to": _labels("to", "some"),
                "agencies": ["| not the police"],
            },
        ),
        (
            {"may": ("keep", "investigate", "pass_without", "pass_with")},
            {"may": _labels("may", "keep", "investigate", "pass_without", "pass_with")},
        ),
    ],
    ids=["nothing", "safe", "all-but-may", "some", "everything"],
)
def test_consent_is_plain_also_where_it_was_refused_or_left_open(
    desk: DeskUnderTest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    consent: dict[str, Answer],
    told: dict[str, list[str]],
) -> None:
    monkeypatch.setenv("COLUMNS", "400")  # each label and each answer on one row
    lines = shown(desk, tmp_path, report_of(consent=(consent,)) if consent else plain_report(files=()))
    silent = {field.name: [LEFT_OPEN] for field in CONSENT.fields}
    silent["may"].append(f'The form says: "{CONSENT.note}"')
    assert _consent_told(lines) == {**silent, **told}
    assert "# no way to reach the source but their mailbox" in lines


@pytest.mark.parametrize("consent", [{"safe": "yes"}, {"may": ("keep",)}], ids=["open", "refused"])
def test_what_was_not_ticked_stands_beside_its_question_in_80_columns(
    desk: DeskUnderTest, tmp_path: Path, consent: dict[str, Answer]
) -> None:
    lines = shown(desk, tmp_path, report_of(consent=(consent,)))
    start = next(place for place, line in enumerate(lines) if CONSENT.field("may").label in line)
    end = next(place for place, line in enumerate(lines) if CONSENT.field("to").label in line)
    room = [line.removeprefix(f"#   {CONSENT.field('may').label}") for line in lines[start:end]]
    assert max(map(len, lines)) <= 80
    assert all(line.startswith("#" + " " * 30) for line in lines[start + 1 : end])
    told = " ".join(" ".join(room).replace("#", "").split())
    rest = "; ".join(choice.label for choice in CONSENT.field("may").choices[1:])
    assert told.endswith(f"Not ticked: {rest}" if "may" in consent else f'The form says: "{CONSENT.note}"')


COULD_POINT = "ACTING ON THIS COULD POINT TO THE SOURCE"
MAY_POINT = "the source does not know whether acting could point to them"
NO_ONE = "PASS IT TO NO ONE"


def _alarms(lines: list[str]) -> list[str]:
    """Give what the box above everything says, row by row."""
    end = next(place for place, line in enumerate(lines) if line.startswith("case "))
    assert not [line for line in lines[end:] if line.startswith("!")]
    if not end:
        return []
    assert lines[0] == lines[end - 1] == "!" * 80
    for line in lines[1 : end - 1]:
        assert (line[:3], line[-3:], len(line)) == ("!! ", " !!", 80)
    return [line[3:-3].strip() for line in lines[1 : end - 1]]


@pytest.mark.parametrize(
    ("consent", "alarms"),
    [
        ({"safe": "no"}, [COULD_POINT]),
        ({"safe": "unknown"}, [MAY_POINT]),
        ({"to": "none"}, [NO_ONE]),
        ({"safe": "no", "may": ("investigate", "pass_without"), "to": "none"}, [COULD_POINT, NO_ONE]),
        ({"safe": "yes", "may": ("keep",), "to": "some", "agencies": "none"}, []),
    ],
    ids=["no", "unknown", "none", "both", "neither"],
)
def test_what_could_harm_the_source_stands_above_everything(
    desk: DeskUnderTest, tmp_path: Path, consent: dict[str, Answer], alarms: list[str]
) -> None:
    assert _alarms(shown(desk, tmp_path, report_of(consent=(consent,)))) == alarms


def test_danger_comes_first_of_all_that_stands_above(desk: DeskUnderTest, tmp_path: Path) -> None:
    lines = shown(
        desk, tmp_path, report_of(danger=({"now": "yes"},), consent=({"safe": "no", "to": "none"},))
    )
    danger, sent, *alarms = _alarms(lines)
    assert danger.startswith("DANGER NOW")
    assert sent == "sent 2026-11-22"
    assert alarms == [COULD_POINT, NO_ONE]


@pytest.mark.parametrize(
    ("sent", "alarms"),
    [
        ([{"safe": "no", "to": "none"}, {"safe": "yes", "to": "any"}], [COULD_POINT, NO_ONE]),
        ([{"safe": "yes", "to": "none"}, {"safe": "unknown"}], [MAY_POINT, NO_ONE]),
        ([{"safe": "unknown"}, {"safe": "no"}], [COULD_POINT]),
    ],
    ids=["later-allows", "each-one", "graver"],
)
@pytest.mark.parametrize("turned", [False, True], ids=["as-sent", "turned"])
def test_of_several_sends_what_one_refuses_counts(
    desk: DeskUnderTest, tmp_path: Path, sent: list[dict[str, Answer]], alarms: list[str], turned: bool
) -> None:
    days = (date(2026, 11, 22), date(2026, 11, 25))
    reports = [
        replace(report_of(consent=(consent,)), received_on=day)
        for consent, day in zip(sent[::-1] if turned else sent, days, strict=True)
    ]
    assert _alarms(shown(desk, tmp_path, *reports)) == alarms
