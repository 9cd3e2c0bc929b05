"""What several cases share is one thing on the pages: told once, decided on as a whole or pair by pair."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.connections.finder import finder_of
from desk.connections.sharing import Group, by_value
from tests.desk.conftest import DeskUnderTest
from tests.desk.pages.test_connections import PLATE

_WAIT = 120  # seconds at most
CASES = 5


@pytest.fixture
def filled(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """A desk with five cases that name one plate, and two that name one account."""
    parcel = desk.parcel()
    for number in range(CASES):
        parcel.add(f"Report {number}: the van {PLATE} stood at the yard.")
    for number in (8, 9):
        parcel.add(f"Report {number}: pay into sort code 00-14-92 account 12340987.")
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


def _page(client: FlaskClient, book: Book, path: str) -> str:
    finder = finder_of(book)
    finder.newest(book.files())
    finder.wait(_WAIT)
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"</?bdi>", "", answer.get_data(as_text=True))


def _group(page: str, words: str) -> str:
    (group,) = [one for one in re.split(r'(?=<li class="teaser")', page)[1:] if words in one]
    return group


def _press(client: FlaskClient, form: str, decision: str) -> str:
    (action,) = re.findall(r'action="([^"]*)"', form)
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = client.post(action, data={**typed, "decision": decision})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def _forms(html: str) -> list[str]:
    return re.findall(r'<form class="decide".*?</form>', html, re.DOTALL)


def test_what_cases_share_is_one_row_with_each_of_them_once(client: FlaskClient, book: Book) -> None:
    page = _page(client, book, "/connections/")
    assert "2 things that cases share, 11 links." in page
    group = _group(page, "Number plate LX19ABC, in 5 cases")
    names = [file.name for file in book.files() if "van" in file.case.head.begins]
    listed = group[group.index('class="sharing"') : group.index("</ul>")]
    assert sorted(re.findall(r">([a-z2-7]{10})</a>", listed)) == sorted(names)
    assert all(f"Report {number}: the van" in listed for number in range(CASES))
    assert " of 100, almost sure" in group
    assert "Bank account 00-14-92 12340987, in 2 cases" in page


def test_all_of_it_is_decided_on_at_once(client: FlaskClient, book: Book) -> None:
    form = _forms(_group(_page(client, book, "/connections/"), "LX19ABC"))[0]
    assert re.search(r"#link-[12]$", _press(client, form, "confirmed"))
    assert len(book.decisions()) == 10
    assert set(book.decisions().values()) == {"confirmed"}
    page = _page(client, book, "/connections/?show=confirmed")
    assert "Confirmed. Noted for 10 links." in page
    assert "1 thing that cases share, 10 links." in page
    _press(client, _forms(_group(page, "LX19ABC"))[0], "rejected")
    assert set(book.decisions().values()) == {"rejected"}
    assert "LX19ABC" not in _page(client, book, "/connections/")


def test_one_pair_of_them_is_decided_on_alone(client: FlaskClient, book: Book) -> None:
    page = _page(client, book, "/connections/")
    group = _group(page, "LX19ABC")
    forms = _forms(group)
    assert len(forms) == 1 + 3
    _press(client, forms[1], "rejected")
    assert len(book.decisions()) == 1
    page = _page(client, book, "/connections/")
    assert "2 things that cases share, 10 links." in page
    _press(client, _forms(_group(page, "LX19ABC"))[1], "confirmed")
    group = _group(_page(client, book, "/connections/"), "LX19ABC")
    assert "1 of 9 confirmed" in group
    # What is decided on as a whole is what is shown: the rejected pair stays rejected.
    _press(client, _forms(group)[0], "confirmed")
    assert sorted(book.decisions().values()) == ["confirmed"] * 9 + ["rejected"]


def test_all_its_pairs_stand_on_a_page_of_its_own_whose_address_does_not_tell(
    client: FlaskClient, book: Book
) -> None:
    group = _group(_page(client, book, "/connections/"), "LX19ABC")
    (target,) = set(re.findall(r'href="(/connections/shared/[^"]*)"', group))
    assert re.fullmatch(r"/connections/shared/[0-9a-f]{16}", target)
    page = _page(client, book, target)
    assert "Number plate LX19ABC, in 5 cases</h1>" in page
    assert "LX19" not in re.findall(r"<title>.*</title>", page)[0]
    assert len(_forms(page)) == 1 + 10
    assert _press(client, _forms(page)[1], "confirmed") == f"{target}?page=1"
    # What is rejected as a whole is not shown any more: then its page leads back to the list.
    assert _press(client, _forms(page)[0], "rejected").startswith(target)
    gone = client.get(target)
    assert (gone.status_code, gone.headers["Location"]) == (303, "/connections/")
    assert "Rejected: it is not shown any more. Noted for 10 links." in _page(client, book, "/connections/")


def test_the_page_of_a_case_shows_what_it_shares(client: FlaskClient, book: Book) -> None:
    name = next(file.name for file in book.files() if "Report 3" in file.case.head.begins)
    page = _page(client, book, f"/connections/case/{name}")
    group = _group(page, "Number plate LX19ABC, in 5 cases")
    listed = group[group.index('class="sharing"') : group.index("</ul>")]
    assert listed.count("<li>") == 4
    assert name not in listed
    assert _press(client, _forms(group)[0], "confirmed") == f"/connections/case/{name}#link-1"
    assert len(book.decisions()) == 4
    assert all(name in key[:2] for key in book.decisions())


def test_too_many_are_not_decided_on_at_once(
    client: FlaskClient, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.pages.connections_shared.MOST_AT_ONCE", 9)
    _page(client, book, "/connections/")
    answer = client.post(
        "/connections/decide/all",
        data={"kind": "registration", "value": "LX19ABC", "decision": "confirmed"},
    )
    assert answer.status_code == 422
    assert "10 links" in answer.get_data(as_text=True)
    assert not book.decisions()


def test_where_not_all_could_be_noted_it_is_said_how_many_were(
    client: FlaskClient, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = _forms(_group(_page(client, book, "/connections/"), "LX19ABC"))[0]
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    decide = Book.decide

    def full(book: Book, *decided: str) -> None:
        if len(book.decisions()) == 3:
            raise OSError(28, "No space left on device")
        decide(book, *decided)

    monkeypatch.setattr(Book, "decide", full)
    answer = client.post("/connections/decide/all", data={**typed, "decision": "confirmed"})
    assert answer.status_code == 422
    assert "3 of 10 links are noted, then: no space left on device" in re.sub(
        r"</?bdi>", "", answer.get_data(as_text=True)
    )


@pytest.mark.parametrize("changed", [{"kind": "x"}, {"value": "x"}, {"decision": "x"}, {"from": "x"}])
def test_a_decision_on_nothing_is_refused(client: FlaskClient, book: Book, changed: dict[str, str]) -> None:
    _page(client, book, "/connections/")
    typed = {"kind": "registration", "value": "LX19ABC", "decision": "confirmed", **changed}
    assert client.post("/connections/decide/all", data=typed).status_code == 422
    assert not book.decisions()


def test_an_account_is_written_as_people_write_it(client: FlaskClient, book: Book) -> None:
    _page(client, book, "/connections/")
    found = finder_of(book).newest(book.files())
    assert found is not None
    groups = [Group(links) for links in by_value(found.links)]
    assert [group.written for group in groups if group.kind == "account"] == ["00-14-92 12340987"]
    assert repr(groups[0]).startswith("<Group of ")
