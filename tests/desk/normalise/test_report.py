"""What is normalised of a report: each answer as what it is, in its place, and nothing of the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import normalise
from desk.normalise import Found, Kind, normalised
from payload import Answers, Report
from payload.outline import Part, sections
from tests.counts import count
from tests.desk.conftest import ROOT
from tests.payload.reports import plain_file, plain_report, reports

MANY = 100_000  # characters


def _told(found: tuple[Found, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.kind.value, one.where, one.as_typed, one.values[0]) for one in found]


def test_each_answer_is_read_as_what_it_is_and_where_it_stands() -> None:
    report = plain_report(
        what_happened="AB51 ABC stood at SW1A 1AA",
        files=(plain_file(), plain_file(blob=b"c" * 16, caption="plate de51abc")),
        answers=Answers(
            {
                "when": ({"date": "3 May 2026"},),
                "places": ({"postcode": "S01 2AB"}, {"what3words": "filled.count.soap"}),
                "people": ({"names": "Bo"}, {"telephone": "07400 123456 or 020 7946 0000", "work": "E1 1AA"}),
                "vehicles": ({"registration": "ab1? c?e", "marks": "sign says 0800 1111"},),
                "organisation": ({"reached": "020 7946 0000"},),
            }
        ),
    )
    assert _told(normalised(report)) == [
        ("registration", "report.what_happened", "AB51 ABC", "AB51ABC"),
        ("postcode", "report.what_happened", "SW1A 1AA", "SW1A 1AA"),
        ("day", "report.when.date", "3 May 2026", "2026-05-03"),
        ("postcode", "report.places[0].postcode", "S01 2AB", "SO1 2AB"),
        ("what3words", "report.places[1].what3words", "filled.count.soap", "///filled.count.soap"),
        ("telephone", "report.people[1].telephone", "07400 123456", "+447400123456"),
        ("telephone", "report.people[1].telephone", "020 7946 0000", "+442079460000"),
        ("postcode", "report.people[1].work", "E1 1AA", "E1 1AA"),
        ("registration", "report.vehicles[0].registration", "ab1? c?e", "AB1?C?E"),
        ("telephone", "report.vehicles[0].marks", "0800 1111", "+448001111"),
        ("telephone", "report.organisation.reached", "020 7946 0000", "+442079460000"),
        ("registration", "files[1].caption", "de51abc", "DE51ABC"),
    ]


def test_numbers_of_another_kind_are_not_read() -> None:
    tricky = "07400 123456 AB51ABC SW1A 1AA"
    report = plain_report(
        files=(),
        answers=Answers(
            {
                "places": ({"map_reference": tricky},),
                "people": ({"accounts": tricky},),
                "money": ({"accounts": tricky, "wallets": tricky},),
                "travel": ({"flight": tricky},),
            }
        ),
    )
    assert normalised(report) == ()


def test_nothing_of_the_source_is_read() -> None:
    tricky = "07400 123456 AB51 ABC SW1A 1AA ///filled.count.soap"
    answers = {
        section.name: ({field.name: tricky for field in section.fields if field.is_text},)
        for section in sections(Part.SOURCE)
    }
    assert {"you", "consent", "contact"} <= answers.keys()
    assert normalised(plain_report(files=(), answers=Answers(answers))) == ()


@given(reports)
def test_any_report_is_read_and_what_was_typed_stands_in_its_place(report: Report) -> None:
    texts = {"report.what_happened": report.what_happened}
    texts |= {f"files[{number}].caption": file.caption for number, file in enumerate(report.files)}
    for section in sections(Part.REPORT):
        for number, entry in enumerate(report.answers.entries(section.name)):
            texts |= {normalise.place(section, number, name): str(text) for name, text in entry.items()}
    for found in normalised(report):
        assert found.as_typed in texts[found.where]
        assert found.readings
        assert all(reading.value and reading.forms for reading in found.readings)


# Signs that mean something to one of the readers, and some that look as if.
_TRICKY = st.text(
    st.sampled_from("AbOI019?+-.() \u00a0\n,/\u0660\uff10\uff21\u0301\u00df\u0130w3"), max_size=60
)


@given(_TRICKY)
def test_any_text_is_read_in_any_answer(text: str) -> None:
    for find in (*normalise._FIELDS.values(), normalise.in_text):
        for found in find(text, "here"):
            assert found.as_typed in text
            assert found.readings


_HOSTILE = """
from desk import normalise
from desk.normalise import in_text

pieces = (
    "0", "0 ", "00 1", "1 ", "001 ", "07 ", "07400 123456 ", "+", "+1", "(", "A", "A1", "?", "? ", "AB?1",
    "O1 ", "AB51 ABC ", "SW1A 1AA ", "ab.", "///", "///ab.cd.ef ", " or ", ",", "\\n", " ", "\\u0301",
    "\\ufdfa", "\\u0661", "\\0",
)
for piece in pieces[::STEP]:
    text = (piece * MANY)[:MANY]
    for find in (*normalise._FIELDS.values(), in_text):
        for found in find(text, "here"):
            assert found.as_typed in text
"""


@pytest.mark.slow
def test_a_hundred_thousand_characters_are_read_in_a_time_that_grows_as_they_do() -> None:
    # What takes the square of the time needs hours for this.
    script = f"MANY, STEP = {MANY}, {count(4, 1)}\n{_HOSTILE}"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=600)


def test_the_json_has_a_list_for_every_kind() -> None:
    assert normalise.as_json(()) == {kind.value: [] for kind in Kind}
    (found,) = normalise.in_text("call 07700 900123", "here")
    assert normalise.as_json([found])["telephone"] == [
        {
            "where": "here",
            "as_typed": "07700 900123",
            "readings": [{"value": "+447700900123", "forms": ["unknown"], "valid": False}],
        }
    ]


def test_no_repr_holds_a_word() -> None:
    (found,) = normalise.in_text("call 07700 900123", "here")
    assert "0" not in repr(found) + repr(found.readings)


def _imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("room", ["payload", "views", "web", "store", "commands", "publishing", "crypto"])
def test_the_server_keeps_what_was_typed_and_normalises_nothing(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        assert not {name for name in _imports(path) if name.partition(".")[0] in ("desk", "phonenumbers")}
    assert "phonenumbers" not in (ROOT / "requirements.txt").read_text()
