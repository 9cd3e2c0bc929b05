"""The pages of connections: links that a person decides on, the network, places, routes, days, one case."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.connections.finder import finder_of
from desk.connections.mention import Mention
from desk.connections.mentions import mentions
from payload import Answers, FollowUp, Report
from payload.answers import Entry
from payload.changes import Event
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report

PLATE, NUMBER = "LX19 ABC", "07400 123456"
_WAIT = 120  # seconds at most


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """A desk with four cases: two with one plate, two with one telephone number, and words that attack."""
    parcel = desk.parcel()
    told: list[tuple[str, dict[str, tuple[Entry, ...]]]] = [
        (f"A white van, {PLATE}, at the yard.", {"travel": ({"route": "from Leeds to York"},)}),
        (
            f"The van {PLATE} again, <b>and</b> they call {NUMBER}.",
            {"places": ({"postcode": "LS1 4AP", "premises": "farm"},), "when": ({"date": "3 May 2026"},)},
        ),
        (f"Ring {NUMBER} for drugs.", {"vehicles": ({"direction": "away <i>fast</i>"},)}),
        ("Nothing like the others.", {"contact": ({"how": f"my own {NUMBER}"},)}),
    ]
    for number, (words, answers) in enumerate(told):
        draft = bytes([number]) * 16
        parcel.add_report(plain_report(draft=draft, what_happened=words, files=(), answers=Answers(answers)))
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


@pytest.fixture
def asked(client: FlaskClient, book: Book) -> Callable[[str], str]:
    """Ask for a page once all is found; give its text."""

    def ask(path: str) -> str:
        finder = finder_of(book)
        finder.newest(book.files())
        finder.wait(_WAIT)
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return ask


def _decide(client: FlaskClient, page: str, decision: str, kind: str = "registration") -> str:
    """Press a button beside a link of the page; give where that leads."""
    forms = re.findall(r'<form class="decide".*?</form>', page, re.DOTALL)
    form = next(one for one in forms if f'name="kind" value="{kind}"' in one)
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert f'value="{decision}"' in form
    answer = client.post("/connections/decide", data={**typed, "decision": decision})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_links_say_what_they_are_why_and_how_sure(
    asked: Callable[[str], str], case_named: Callable[[str], str]
) -> None:
    page = asked("/connections/")
    assert "2 links" in page
    assert "Number plate" in page
    assert "LX19ABC" in page
    assert "score " in page
    for name in (case_named("A white van"), case_named("again"), case_named("for drugs")):
        assert f'href="/case/{name}"' in page
    assert case_named("Nothing like") not in page


def test_what_a_stranger_wrote_is_text(asked: Callable[[str], str]) -> None:
    page = asked("/connections/") + asked("/connections/routes")
    assert "<b>and" not in page
    assert "<i>fast" not in page
    assert "away &lt;i&gt;fast&lt;/i&gt;" in page


def test_a_rejected_link_is_hidden_and_can_be_seen_and_opened_again(
    client: FlaskClient, asked: Callable[[str], str], book: Book
) -> None:
    _decide(client, asked("/connections/"), "rejected")
    assert set(book.decisions().values()) == {"rejected"}
    page = asked("/connections/")
    assert "Rejected: it is not shown any more." in page
    assert "1 link." in page
    assert "LX19ABC" not in page
    assert "1 rejected link not shown." in asked("/connections/network")
    assert "LX19ABC" in asked("/connections/network?rejected=yes")
    rejected = asked("/connections/?show=rejected")
    assert "LX19ABC" in rejected
    assert _decide(client, rejected, "open") == "/connections/?show=rejected&page=1#link-1"
    assert not book.decisions()
    assert "2 links" in asked("/connections/")


def test_a_confirmed_link_says_so_everywhere(client: FlaskClient, asked: Callable[[str], str]) -> None:
    _decide(client, asked("/connections/"), "confirmed")
    assert "confirmed</span>" in asked("/connections/")
    network = asked("/connections/network")
    assert 'data-head="How sure">confirmed</td>' in network
    assert 'stroke-width="4"' in network


@pytest.mark.parametrize(
    "changed",
    [{"b": ""}, {"b": "again"}, {"kind": ""}, {"value": "x" * 2_000}, {"decision": "perhaps"}],
    ids=["one", "same", "kind", "long", "decision"],
)
def test_a_decision_on_nothing_is_refused(
    client: FlaskClient, book: Book, case_named: Callable[[str], str], changed: dict[str, str]
) -> None:
    typed = {
        "a": "again",
        "b": "for drugs",
        "kind": "telephone",
        "value": "1",
        "decision": "confirmed",
        **changed,
    }
    names = {key: case_named(typed[key]) for key in ("a", "b") if typed[key]}
    answer = client.post("/connections/decide", data={**typed, **names})
    assert answer.status_code == 422
    assert "That names no link</bdi>." in answer.get_data(as_text=True)
    assert not book.decisions()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("only=telephone", 1),
        ("only=wallet", 0),
        ("show=confirmed", 0),
        ("show=all", 2),
        ("least=101", 0),
        ("least=x&only=x&show=x&page=x", 2),
        ("page=99999", 2),
    ],
)
def test_the_filter_is_the_address(asked: Callable[[str], str], query: str, count: int) -> None:
    page = asked(f"/connections/?{query}")
    assert page.count('class="decide"') == count


def test_the_links_of_one_case(
    client: FlaskClient, asked: Callable[[str], str], case_named: Callable[[str], str]
) -> None:
    name = case_named("A white van")
    assert asked(f"/connections/?case={name}").count('class="decide"') == 1
    page = asked(f"/connections/case/{name}")
    assert page.count('class="decide"') == 1
    assert "the report was received" in page
    assert _decide(client, page, "confirmed") == f"/connections/case/{name}#link-1"
    alone = asked(f"/connections/case/{case_named('Nothing like')}")
    assert f"Nothing links case {case_named('Nothing like')}." in alone
    assert client.get("/connections/case/zzzzzzzzzz").status_code == 422


def test_the_network_is_a_picture_and_the_same_as_a_table(
    asked: Callable[[str], str], case_named: Callable[[str], str]
) -> None:
    page = asked("/connections/network")
    (picture,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert " style=" not in picture
    names = {case_named("A white van"), case_named("again"), case_named("for drugs")}
    assert {link.get("href") for link in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}a")} == {
        f"/case/{name}" for name in names
    }
    table = page[page.index('id="network-table"') :]
    for name in names:
        assert name in table
    for words in ("number plate", "phone number", "LX19ABC", "+447400123456"):
        assert words in picture
        assert words in table


def test_the_picture_fits_the_window_and_stands_elsewhere_in_full_size(
    client: FlaskClient, asked: Callable[[str], str], case_named: Callable[[str], str]
) -> None:
    client.post("/investigations/", data={"name": "The yard"})
    (number,) = re.findall(r'/investigations/([0-9a-f]{32})"', client.get("/investigations/").text)
    for case in ("A white van", "again"):
        client.post(f"/investigations/{number}/change", data={"what": "case", "case": case_named(case)})
    for path in (
        "/connections/network?rejected=yes",
        f"/connections/case/{case_named('again')}",
        f"/investigations/{number}",
    ):
        (target,) = re.findall(r'href="([^"]*)">The picture in full size', asked(path))
        page = asked(target.replace("&amp;", "&"))
        assert "viewBox" in page
        assert f'href="/case/{case_named("A white van")}"' in page
        assert "picture large" in page
    assert client.get("/connections/network/large?investigation=0").status_code == 404


def test_the_picture_is_a_file_of_its_own(client: FlaskClient, asked: Callable[[str], str]) -> None:
    asked("/connections/network")
    answer = client.get("/connections/network.svg")
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="network.svg"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<a " not in answer.get_data(as_text=True)
    ET.fromstring(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("ending", "words"), [("csv", "LX19ABC"), ("graphml", "<graphml"), ("json", "registration")]
)
def test_links_are_saved_for_other_programs(
    client: FlaskClient, asked: Callable[[str], str], ending: str, words: str
) -> None:
    assert f"/connections/links.{ending}?only=registration" in asked("/connections/?only=registration")
    answer = client.get(f"/connections/links.{ending}?only=registration")
    text = answer.get_data(as_text=True)
    assert words in text
    assert "+447400123456" not in text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="links.{ending}"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_other_file_of_links_is_there(client: FlaskClient) -> None:
    assert client.get("/connections/links.exe").status_code == 404


def test_places_are_listed_by_what_names_them(
    asked: Callable[[str], str], case_named: Callable[[str], str]
) -> None:
    assert ">LS<" in re.sub(r"</?bdi>", "", asked("/connections/places"))
    assert "LS1 4AP" in asked("/connections/places?by=postcode")
    kinds = asked("/connections/places?by=kind")
    assert "Farm" in kinds
    assert case_named("again") in kinds
    assert "No report names a what3words address." in asked("/connections/places?by=what3words")


def test_routes_are_legs_and_what_was_not_read_stands_below(asked: Callable[[str], str]) -> None:
    page = re.sub(r"</?bdi>", "", asked("/connections/routes"))
    assert 'From">Leeds</td><td data-head="To">York</td>' in page
    assert "1 answer names no two stops" in page


def test_the_timeline_has_what_reports_say_and_what_staff_noted(
    asked: Callable[[str], str], book: Book, case_named: Callable[[str], str]
) -> None:
    book.add(book.case(case_named("again")), Event("2026-04", "Seen at the <yard>"), "Ann")
    page = asked("/connections/timeline")
    assert "2026-05-03" in page
    assert "it happened, the report says" in page
    assert "Seen at the &lt;yard&gt;" in page
    assert "No certain day" not in page
    alone = asked(f"/connections/timeline?case={case_named('A white van')}")
    assert "2026-05-03" not in alone


def test_the_way_that_a_source_can_be_reached_links_nobody(
    asked: Callable[[str], str], case_named: Callable[[str], str]
) -> None:
    name = case_named("Nothing like")
    everything = "".join(
        asked(f"/connections/{page}") for page in ("", "network", "places?by=place", "routes")
    )
    assert name not in everything
    assert "my own" not in everything + asked("/connections/timeline")


def test_what_came_in_meanwhile_is_found_too(
    asked: Callable[[str], str], filled: DeskUnderTest, book: Book, tmp_path: Path
) -> None:
    assert "2 links" in asked("/connections/")
    parcel = filled.parcel()
    parcel.add(f"Once more {PLATE}.")
    filled.done("import", parcel.write(tmp_path / "more.tar"))
    assert book.refresh() == 1
    assert "4 links" in asked("/connections/")


def test_until_all_is_found_a_page_says_how_far_it_is(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.connections.finder.Finder.newest", lambda *_: None)
    page = client.get("/connections/").get_data(as_text=True)
    assert "The reports are being looked through" in page
    assert '<meta http-equiv="refresh" content="2">' in page


def test_where_finding_fails_the_page_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr("desk.connections.findings.links", fails)
    monkeypatch.setattr("desk.connections.finder._finders", WeakKeyDictionary())
    monkeypatch.setattr("threading.excepthook", lambda *_: None)
    answer = client.get("/connections/")
    assert answer.status_code == 422
    assert "The connections could not be worked out" in answer.get_data(as_text=True)


def test_a_report_that_cannot_be_read_hides_no_other(
    asked: Callable[[str], str], case_named: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = case_named("Nothing like")

    def one_fails(case: str, contents: Sequence[Report | FollowUp]) -> tuple[Mention, ...]:
        if case == bad:
            raise RecursionError
        return mentions(case, contents)

    monkeypatch.setattr("desk.connections.findings.mentions", one_fails)
    monkeypatch.setattr("desk.connections.finder._finders", WeakKeyDictionary())
    page = asked("/connections/")
    assert "2 links" in page
    assert "By a fault of the desk 1 case could not be read" in page
    assert bad in page
