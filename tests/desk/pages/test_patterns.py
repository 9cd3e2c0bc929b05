"""The page of patterns: counts to read, print and save; nothing of a source, and spam does not count."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.connections.finder import finder_of
from payload import Answers
from payload.answers import Entry
from payload.changes import Group
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report

LAST = date(2026, 5, 31)
_WAIT = 120  # seconds at most


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """A desk with six reports of drugs in Leeds by one number, an old one, and a child in a taken home."""
    parcel = desk.parcel()
    number = "07400 123456"
    told: list[tuple[int, str, dict[str, tuple[Entry, ...]]]] = [
        (
            day,
            f"They sell, ring {number}.",
            {"what": ({"kinds": ("drugs",)},), "places": ({"postcode": "LS1 4AP"},)},
        )
        for day in range(6)
    ]
    told.append((100, "Long ago.", {"what": ({"kinds": ("labour",)},)}))
    told.append(
        (
            7,
            "A <b>lad</b> is kept there.",
            {
                "what": ({"kinds": ("county_lines", "cuckooing")},),
                "in_need": ({"ages": ("16-17",)},),
                "places": ({"postcode": "HU1 2AA", "address": "14 Nowhere Street"},),
                "travel": ({"route": "from Leeds to Hull", "port": "Leeds station"},),
                "contact": ({"how": "my secret number is 07400 654321"},),
                "you": ({"how_known": "I live next door in Selby"},),
            },
        )
    )
    for at, (days, words, answers) in enumerate(told):
        report = plain_report(
            draft=bytes([at]) * 16,
            received_on=LAST - timedelta(days=days),
            what_happened=words,
            files=(),
            answers=Answers(answers),
        )
        parcel.add_report(report)
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


@pytest.fixture
def asked(client: FlaskClient, book: Book) -> Callable[[str], str]:
    """Ask for a page once all is found; give its text."""

    def ask(path: str = "") -> str:
        finder = finder_of(book)
        finder.newest(book.files())
        finder.wait(_WAIT)
        answer = client.get(f"/patterns/{path}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return ask


def test_the_page_counts_and_marks_what_is_too_few(asked: Callable[[str], str]) -> None:
    page = asked()
    assert "8 reports, received from 2026-02-20 to 2026-05-31" in page
    for title in (
        "Kinds of harm",
        "Postcode areas",
        "New combinations",
        "Phone numbers in most reports",
        "Addresses in reports of homes taken over",
        "Children",
        "Routes",
        "Ports, airports and stations",
        "Ages of people who may need help",
    ):
        assert f">{title}</h2>" in page
    assert "under 5: do not publish" in page
    assert "The desk has not checked whether a source agreed." in page
    assert ">Publish?<" not in page
    assert "+447400123456" in page
    assert "<strong>names people or places: never publish it</strong>" in page
    assert "The 4 weeks from 4 May 2026 to 31 May 2026 (7 reports) are compared" in page
    assert "Drugs: LS" in page


def test_the_data_say_the_same(asked: Callable[[str], str]) -> None:
    told = json.loads(asked("patterns.json"))
    assert told["cases"] == 8
    kinds = {row["value"]: row for row in told["tables"]["kinds"]["rows"]}
    assert (kinds["drugs"]["cases"], kinds["drugs"]["publishable"]) == (6, True)
    assert (kinds["labour"]["cases"], kinds["labour"]["publishable"]) == (1, False)
    (number,) = told["tables"]["telephones"]["rows"]
    assert (number["value"], number["cases"], number["publishable"]) == ("+447400123456", 6, False)
    assert {row["value"] for row in told["tables"]["cuckooing"]["rows"]} >= {"HU1 2AA"}
    assert [row["value"] for row in told["tables"]["routes"]["rows"]] == ["Leeds \u2192 Hull"]
    assert [row["value"] for row in told["tables"]["ports"]["rows"]] == ["Leeds"]
    children = {row["value"]: row["cases"] for row in told["tables"]["children"]["rows"]}
    assert children == {"children": 1, "in_need": 1, "county_lines": 1}


def test_the_spreadsheet_says_the_same(client: FlaskClient, asked: Callable[[str], str]) -> None:
    rows = list(csv.DictReader(io.StringIO(asked("patterns.csv").removeprefix("\ufeff"))))
    drugs = next(row for row in rows if (row["table"], row["value"]) == ("kinds", "drugs"))
    assert (drugs["cases"], drugs["publishable"]) == ("6", "yes")
    answer = client.get("/patterns/patterns.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="patterns.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_of_a_source_is_in_it(asked: Callable[[str], str]) -> None:
    everything = asked() + asked("patterns.json") + asked("patterns.csv")
    for words in ("654321", "secret", "next door", "YO"):
        assert words not in everything


def test_what_staff_marked_as_spam_is_not_counted(asked: Callable[[str], str], book: Book) -> None:
    old = next(file for file in book.files() if file.contents[0].words == "Long ago.")
    asked()
    book.add(old, Group("spam"), "Ann")
    page = asked()
    assert "7 reports" in page
    assert "1 more not counted" in page


def test_print_leaves_out_what_is_for_the_team(client: FlaskClient, asked: Callable[[str], str]) -> None:
    page = asked()
    (style,) = [part.split('"')[0] for part in page.split('href="')[1:] if "analysis" in part]
    text = client.get(style).get_data(as_text=True)
    assert "@media print" in text
    assert ".inside" in text[text.index("@media print") :]


def test_a_desk_without_reports_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.book.Book.files", lambda _: [])
    monkeypatch.setattr("desk.connections.finder._finders", WeakKeyDictionary())
    assert "There is no report to count yet." in client.get("/patterns/").get_data(as_text=True)
