"""The pages of investigations: begun, changed, closed; cases, notes, tasks, people, timeline, network."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.connections.finder import finder_of
from desk.pages.investigations import today
from payload.changes import Member

_WAIT = 120  # seconds at most


@pytest.fixture
def begun(client: FlaskClient) -> str:
    """Begin an investigation; give its path."""
    answer = client.post("/investigations/", data={"name": "The yard", "about": "Who pays <i>whom</i>?"})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


@pytest.fixture
def changed(client: FlaskClient, begun: str) -> Callable[..., str]:
    """Send one of its small forms; give the page that follows."""

    def send(**typed: str) -> str:
        answer = client.post(f"{begun}/change", data=typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return client.get(begun).get_data(as_text=True)

    return send


def test_an_investigation_is_begun_and_listed(client: FlaskClient, begun: str) -> None:
    page = client.get(begun).get_data(as_text=True)
    assert "The yard" in page
    assert "Who pays &lt;i&gt;whom" in page
    assert "<title>Investigation</title>" in page
    list_ = client.get("/investigations/").get_data(as_text=True)
    assert f'href="{begun}"' in list_
    assert "0 cases, 0 to do" in list_


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "The name is missing"),
        ("  ", "The name is missing"),
        ("the YARD", "Another investigation is called so"),
        ("x" * 400, "That cannot be noted"),
    ],
)
def test_a_name_that_cannot_be_is_told_and_nothing_typed_is_lost(
    client: FlaskClient, begun: str, book: Book, name: str, message: str
) -> None:
    answer = client.post("/investigations/", data={"name": name, "about": "All my words"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert "All my words" in page
    assert len(book.investigations()) == 1


def test_it_is_renamed_closed_and_opened_again(client: FlaskClient, begun: str, book: Book) -> None:
    form = client.get(f"{begun}/about").get_data(as_text=True)
    assert "Who pays &lt;i&gt;whom&lt;/i&gt;?" in form
    client.post(f"{begun}/about", data={"name": "The farm", "about": "", "open": "no"})
    (one,) = book.investigations()
    assert (one.name, one.about, one.open) == ("The farm", "", False)
    assert ">closed<" in client.get("/investigations/").get_data(as_text=True)
    refused = client.post(f"{begun}/about", data={"name": "", "about": "Kept", "open": "no"})
    assert refused.status_code == 422
    assert "Kept" in refused.get_data(as_text=True)
    client.post(f"{begun}/about", data={"name": "The farm", "about": "", "open": "yes"})
    assert book.investigations()[0].open


def test_cases_are_put_in_by_their_first_letters_and_taken_out(
    client: FlaskClient, begun: str, changed: Callable[..., str], case_named: Callable[[str], str]
) -> None:
    name = case_named("A white van")
    page = changed(what="case", case=f" {name[:6].upper()} ")
    assert f'href="/case/{name}"' in page
    assert "A white van" in page
    case = client.get(f"/case/{name}").get_data(as_text=True)
    assert f'href="{begun}"' in case
    assert f'href="/case/{name}"' not in changed(what="no case", case=name)


def test_a_case_that_is_not_here_is_told_and_can_be_taken_out(
    book: Book, changed: Callable[..., str], client: FlaskClient, begun: str
) -> None:
    book.add(book.investigations()[0], Member("zzzzzzzzzz"), "Ann")
    assert "zzzzzzzzzz: not in this casebook" in client.get(begun).get_data(as_text=True)
    assert "zzzzzzzzzz" not in changed(what="no case", case="zzzzzzzzzz")


def test_tasks_have_days_and_are_overdue_after_them(changed: Callable[..., str], client: FlaskClient) -> None:
    yesterday, tomorrow = today() - timedelta(days=1), today() + timedelta(days=1)
    assert "overdue" not in changed(what="task", title="Ring the council", due=tomorrow.isoformat())
    page = changed(what="task", title="Look at the yard", due=yesterday.isoformat())
    assert page.count("overdue") == 1
    assert "overdue" in client.get("/investigations/").get_data(as_text=True)
    form = next(
        one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="Look at the yard"' in one
    )
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    done = changed(**typed)
    assert "overdue" not in done
    assert "Not done after all" in done
    assert "overdue" not in client.get("/investigations/").get_data(as_text=True)


def test_people_are_noted_changed_and_taken_off(changed: Callable[..., str]) -> None:
    assert "0161 496 0000" in changed(what="person", who="Dr Bo", role="chemist", reach="0161 496 0000")
    page = changed(what="person", who="Dr Bo", role="professor", reach="bo@example.org")
    assert "professor" in page
    assert "chemist" not in page
    assert "Dr Bo" not in changed(what="no person", who="Dr Bo")


def test_notes_stand_with_their_author(client: FlaskClient, begun: str) -> None:
    answer = client.post(f"{begun}/note", data={"text": "Two lines\r\nof <b>words</b>"})
    assert answer.headers["Location"] == f"{begun}#notes"
    page = client.get(begun).get_data(as_text=True)
    assert "of &lt;b&gt;words&lt;/b&gt;" in page
    assert "<bdi>Ann</bdi>" in page
    empty = client.post(f"{begun}/note", data={"text": " "})
    assert empty.status_code == 422
    assert "The note is missing" in empty.get_data(as_text=True)


def test_the_timeline_is_of_its_cases_its_own_and_of_what_is_due(
    client: FlaskClient, begun: str, book: Book, changed: Callable[..., str], case_named: Callable[[str], str]
) -> None:
    changed(what="case", case=case_named("A white van"))
    changed(what="event", on="2026-04", text="The yard was sold")
    changed(what="task", title="Ring the council", due="2030-01-02")
    finder = finder_of(book)
    finder.newest(book.files())
    finder.wait(_WAIT)
    page = client.get(begun).get_data(as_text=True)
    table = re.sub(r"</?bdi>", "", page[page.index('class="moments') :])
    assert (
        table.index("The yard was sold") < table.index("the report was received") < table.index("2030-01-02")
    )
    assert "Nothing links these cases." in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"what": "task", "title": "", "due": ""}, "What is to be done is missing"),
        ({"what": "task", "title": "x", "due": "soon"}, "Write it as 21/11/2026"),
        ({"what": "event", "on": "May", "text": "All my words"}, "All my words"),
        ({"what": "case", "case": ""}, "No case was named"),
        ({"what": "case", "case": "zzzz"}, "No case begins with"),
        ({"what": "person", "who": "", "reach": "All my words"}, "All my words"),
        ({"what": "nothing"}, "The form did not arrive whole"),
        ({"what": "status", "status": "closed"}, "That cannot be noted"),
    ],
    ids=lambda value: value["what"] if isinstance(value, dict) else None,
)
def test_what_is_wrong_is_told_and_nothing_is_noted(
    client: FlaskClient, begun: str, book: Book, typed: dict[str, str], message: str
) -> None:
    before = len(book.investigations()[0].notes)
    answer = client.post(f"{begun}/change", data=typed)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert len(book.investigations()[0].notes) == before


@pytest.mark.parametrize("path", ["", "/note", "/about"])
def test_an_investigation_that_is_not_there_has_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(f"/investigations/{'0' * 32}{path}").status_code == 404
