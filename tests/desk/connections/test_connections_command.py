"""`links` and `decide` on the command line, and the files that other programs read."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from desk.connections import exports
from desk.connections.gathering import gathered
from desk.connections.links import Link
from tests.counts import count
from tests.desk.booked import booked
from tests.desk.conftest import ROOT, DeskUnderTest
from tests.payload.reports import plain_report

FORMULA = Link("aaaaa", "bbbbb", "social", "=cmd()", 0.75, "\u201c=cmd()\u201d in both: \x0bthe same.")


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """A desk with three cases: two name one plate, of which one has a sign that was not seen."""
    parcel = desk.parcel()
    for number, words in enumerate(("A van, BX14 RKO.", "plate bx14 rk?", "Nothing \x1b[31m.")):
        parcel.add_report(plain_report(draft=bytes([number]) * 16, what_happened=words, files=()))
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


def test_links_are_an_array_of_what_the_contract_says(filled: DeskUnderTest) -> None:
    (link,) = filled.json("links")
    assert list(link) == ["a", "b", "kind", "value", "score", "why"]
    assert link["a"] < link["b"]
    assert (link["kind"], link["value"]) == ("registration", "BX14RKO")
    assert "BX14 RKO" in link["why"]
    assert "bx14 rk?" in link["why"]
    assert "one sign unseen" in link["why"]
    assert filled.json("links", "--min", "0.99") == []
    assert filled.json("links", "--kind", "telephone") == []
    assert filled.json("links", "--case", link["b"][:6]) == [link]
    assert "1 link of 1 pair of cases" in filled.done("links")


def test_a_decision_is_remembered(filled: DeskUnderTest) -> None:
    (link,) = filled.json("links")
    a, b = link["a"], link["b"]
    filled.done("decide", b, a, "registration", "BX14RKO", "confirmed", "--by", "Ann")
    (confirmed,) = filled.json("links", "--min", "1")
    assert (confirmed["score"], confirmed["why"].endswith("Confirmed by staff.")) == (1.0, True)
    filled.done("decide", a, b, "registration", "rejected")
    assert filled.json("links") == []
    (rejected,) = filled.json("links", "--rejected")
    assert rejected["score"] == 0
    filled.done("decide", a, b, "registration", "open")
    assert filled.json("links") == [link]


def test_what_cannot_be_decided_is_told(filled: DeskUnderTest) -> None:
    (link,) = filled.json("links")
    same = filled.run("decide", link["a"], link["a"], "registration", "confirmed")
    assert (same.status, "both names are of one case" in same.err) == (1, True)
    nothing = filled.run("decide", link["a"], link["b"], "telephone", "confirmed")
    assert (nothing.status, "nothing of the kind telephone" in nothing.err) == (1, True)


def test_files_are_new_and_of_their_owner_alone(filled: DeskUnderTest, tmp_path: Path) -> None:
    table, graph = tmp_path / "links.csv", tmp_path / "links.graphml"
    filled.done("links", "--csv", table, "--graphml", graph)
    assert {path.stat().st_mode & 0o777 for path in (table, graph)} == {0o600}
    (row,) = csv.DictReader(io.StringIO(table.read_text("utf-8-sig")))
    assert (row["kind"], row["value"]) == ("registration", "BX14RKO")
    read = nx.read_graphml(graph)
    assert (len(read.nodes), [edge["kind"] for _, _, edge in read.edges(data=True)]) == (2, ["registration"])
    assert filled.run("links", "--csv", table).status == 1


def test_a_spreadsheet_runs_nothing_and_xml_stays_whole() -> None:
    assert b"\r\naaaaa,bbbbb,social,'=cmd(),0.75" in exports.as_csv([FORMULA])
    graph = nx.parse_graphml(exports.as_graphml([FORMULA]).decode("utf-8"))
    assert [edge["value"] for _, _, edge in graph.edges(data=True)] == ["=cmd()"]


def test_helpers_find_what_one_process_finds(filled: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    files = booked(filled).files()
    alone = gathered(files)
    monkeypatch.setattr("desk.connections.gathering.MANY", 1)
    told: list[tuple[int, int]] = []
    assert gathered(files, lambda done, total: told.append((done, total))) == alone
    assert told[-1] == (3, 3)


_HOSTILE = """
from desk.connections.mentions import _ALL
from desk.connections.pieces import covered, piece_of

pieces = (
    "0", "07 ", "07400 123456 ", "+", "(", "A1", "? ", "AB?1", "AB51 ABC ", "SW1A 1AA ",
    "///ab.cd.ef ", ",", " ", "a@b.", "at ", "a dot ", "12 Mill ", "Jon ", "Jon Smith ",
    "called the ", "nail bar ", "www.", "http://", "insta is ", "flat 1 ", "Mr ", "my number is ",
    "call me on ", "..", "0x", "1a", "12-34-56 ", '"a" ', "ends with ", "KX61 ", "in Mill ",
    "t.me/a", "oh seven ", "kilo ", "Big T ", "GB29 ", "company called ", "3a ", "bc1aaaaaaaa ",
    "Aa, ",
)
for piece in pieces[::STEP]:
    text = (piece * MANY)[:MANY]
    assert len(covered(text)) == MANY
    for asked in ("", "people.names", "money.accounts", "people.accounts", "organisation.name"):
        for find in _ALL.values():
            for number, hit in enumerate(find(piece_of("", text, asked))):
                if number > 400:
                    break
"""


@pytest.mark.slow
def test_long_texts_of_any_kind_are_read_in_a_time_that_grows_as_they_do() -> None:
    # What takes the square of the time needs hours for this.
    script = f"MANY, STEP = 60_000, {count(5, 1)}\n{_HOSTILE}"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=900)
