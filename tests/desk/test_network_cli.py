"""`network` and `patterns` on the command line: in words, as data, and as files that nobody else can read."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from payload import Answers
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report

PLATE = "LX19 ABC"


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """A desk with three cases, of which two name one plate."""
    parcel = desk.parcel()
    for number, words in enumerate((f"A van, {PLATE}.", f"{PLATE} again \x1b[31m", "Nothing.")):
        report = plain_report(
            draft=bytes([number]) * 16,
            what_happened=words,
            files=(),
            answers=Answers(
                {
                    "what": ({"kinds": ("drugs",)},),
                    "travel": ({"route": "from Leeds to York"},),
                    "contact": ({"how": "secret words"},),
                }
            ),
        )
        parcel.add_report(report)
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


def test_the_network_is_told_in_words_and_as_data(filled: DeskUnderTest) -> None:
    told = filled.done("network")
    assert "2 cases, and 1 thing that they share." in told
    assert "number plate" in told
    assert "LX19ABC" in told
    found = filled.json("network")
    assert len(found["cases"]) == 2
    assert found["shared"][0]["kind"] == "registration"
    around = filled.json("network", "--around", found["cases"][0][:6])
    assert around["around"] == found["cases"][0]
    assert filled.run("network", "--around", "zzzz").status == 1


def test_the_picture_is_a_new_file_of_its_owner_alone(filled: DeskUnderTest, tmp_path: Path) -> None:
    picture = tmp_path / "network.svg"
    filled.done("network", "--svg", picture)
    assert picture.stat().st_mode & 0o777 == 0o600
    assert "LX19ABC" in "".join(ET.fromstring(picture.read_text()).itertext())
    again = filled.run("network", "--svg", picture)
    assert again.status == 1
    assert "is there already" in again.err


def test_a_rejected_link_is_drawn_where_it_is_asked_for(filled: DeskUnderTest) -> None:
    a, b = filled.json("network")["cases"]
    filled.done("decide", a, b, "registration", "LX19ABC", "rejected", "--by", "Ann")
    assert "Nothing links these cases. 1 rejected link not shown." in filled.done("network")
    assert filled.json("network", "--rejected")["shared"][0]["decision"] == "rejected"


def test_patterns_are_told_in_words_and_as_data(filled: DeskUnderTest) -> None:
    told = filled.done("patterns")
    assert "3 reports, received from" in told
    assert "== Kinds of harm ==" in told
    assert "under 5: do not publish" in told
    assert "secret" not in told
    found = filled.json("patterns")
    assert found["tables"]["routes"]["rows"][0]["cases"] == 3
    assert not found["tables"]["kinds"]["rows"][0]["publishable"]
    assert "secret" not in str(found)


def test_patterns_go_into_a_spreadsheet(filled: DeskUnderTest, tmp_path: Path) -> None:
    file = tmp_path / "patterns.csv"
    filled.done("patterns", "--csv", file)
    assert file.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert {"table": "kinds", "value": "drugs", "cases": "3"}.items() <= rows[0].items()
    assert filled.run("patterns", "--csv", file).status == 1


def test_an_empty_desk_has_no_patterns(desk: DeskUnderTest) -> None:
    assert desk.done("patterns") == "no report to count yet: import a bundle\n"
    assert desk.done("network") == "Nothing links these cases.\n"
    assert desk.json("patterns")["cases"] == 0
