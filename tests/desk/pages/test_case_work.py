"""What staff see first in a case, the one form by which they handle it, and what is blocked."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.pages.session import Session
from payload import Answers
from payload.changes import Grade, Investigation, Owner, Status
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report

NAMED = Callable[[str], str]
GRADED = {"source": "2", "information": "A", "handling": "P", "conditions": ""}
LEGAL = Path(__file__).parents[3] / "docs/legal.md"


@pytest.fixture
def name(case_named: NAMED) -> str:
    return case_named("A white van")


def post(client: FlaskClient, name: str, **typed: str) -> str:
    """Send a form, and give the page that it leads to."""
    answer = client.post(f"/case/{name}/change", data=typed)
    if answer.status_code == 303:
        answer = client.get(answer.headers["Location"])
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    beside = re.sub("</?(?:bdi|strong)>", "", page)
    return " ".join(re.sub("<[^>]*>", " ", beside).split())


def test_children_stand_first_with_what_says_so(
    client: FlaskClient, filled: DeskUnderTest, book: Book, tmp_path: Path
) -> None:
    told = Answers({"what": ({"kinds": ("child",)},), "in_need": ({"ages": ("10-15", "25-34")},)})
    parcel = filled.parcel()
    parcel.add_report(plain_report(draft=b"f" * 16, answers=told, files=()))
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "child.tar"))})
    name = next(file.name for file in book.files() if file.urgent)
    page = words(client.get(f"/case/{name}").get_data(as_text=True))
    said = "A CHILD MAY BE IN THIS: ticked “A child used or harmed”; people who may need help: 10 to 15"
    assert f"{said} Mark it" in page
    assert said in words(client.get(f"/case/{name}/note").get_data(as_text=True))


@pytest.mark.parametrize(
    ("tag", "told"), [("children", "A CHILD MAY BE IN THIS"), ("danger now", "DANGER NOW")]
)
def test_staff_mark_what_cannot_wait_by_hand_and_take_it_off(
    client: FlaskClient, book: Book, name: str, tag: str, told: str
) -> None:
    assert told not in client.get(f"/case/{name}").get_data(as_text=True)
    page = post(client, name, what="tags", at="urgent", add=tag)
    assert told in page
    assert "by Ann on" in page
    assert book.case(name).urgent
    page = post(client, name, what="tags", at="urgent", remove=tag)
    assert told not in page
    assert f"Mark it “{tag}”" in page


def test_one_form_notes_what_differs_and_nothing_else(client: FlaskClient, book: Book, name: str) -> None:
    client.get(f"/case/{name}")
    before = len(book.case(name).notes)
    form = {"what": "handle", "was-status": "new", "status": "investigating", "was-owner": "", "owner": "Mia"}
    page = post(client, name, **form, **GRADED, add="van")
    assert page.index('id="save"') < page.index('id="at-handle"') < page.index("Saved.")
    assert page.index("Saved.") < page.index("What it shares")
    work = book.case(name).work
    assert (work.status, work.owner, work.tags) == ("investigating", "Mia", {"van"})
    assert work.grade is not None
    assert work.grade.code == "2AP"
    assert len(book.case(name).notes) == before + 4
    # What somebody else changed meanwhile is not put back by a form that does not touch it.
    book.add(book.case(name), Owner("Ben"), "Ben")
    same = {f"was-{field}": value for field, value in GRADED.items()}
    post(client, name, **{**form, "was-status": "investigating", "was-owner": "Mia"}, **GRADED, **same)
    assert book.case(name).work.owner == "Ben"
    assert len(book.case(name).notes) == before + 5


def test_the_form_keeps_what_was_typed_when_something_is_wrong(
    client: FlaskClient, book: Book, name: str
) -> None:
    before = len(book.case(name).notes)
    form = {"what": "handle", "was-owner": "", "owner": "Mia", "source": "1", "add": "van"}
    page = post(client, name, **form)
    assert "The grading is not complete" in page
    assert 'value="Mia"' in page
    assert 'value="van"' in page
    assert len(book.case(name).notes) == before


def test_a_script_gets_the_problem_inside_the_form(client: FlaskClient, name: str) -> None:
    form = {"what": "handle", "was-owner": "", "owner": "Mia", "source": "1"}
    asked = {"HX-Request": "true", "HX-Target": "work"}
    page = client.post(f"/case/{name}/change", data=form, headers=asked).get_data(as_text=True)
    assert page.count('id="problems"') == 1
    assert page.index('value="handle"') < page.index('id="problems"') < page.index('id="owner"')


def test_saving_leads_to_the_next_unread_case(client: FlaskClient, book: Book, name: str) -> None:
    form = {"what": "handle", "was-status": "new", "status": "closed", "then": "next"}
    client.get(f"/case/{name}")
    asked = {"HX-Request": "true", "HX-Target": "work"}
    by_script = client.post(f"/case/{name}/change", data=form, headers=asked)
    assert (by_script.status_code, by_script.headers["HX-Redirect"]) == (204, f"/case/{name}/next")
    seen = {name}
    for _ in range(2):
        target = client.get(f"/case/{name}/next").headers["Location"]
        seen.add(target.rsplit("/", 1)[1])
        client.get(target)
    assert seen == {file.name for file in book.files()}
    assert client.get(f"/case/{name}/next").headers["Location"] == "/"
    assert "No other case is unread." in client.get("/").get_data(as_text=True)


def test_the_form_tells_line_by_line_what_a_grade_means(client: FlaskClient, name: str) -> None:
    page = client.get(f"/case/{name}").get_data(as_text=True)
    assert "<dt>A: known directly</dt><dd>they saw it" in page


def test_a_file_is_blocked_from_its_own_page_and_says_what_to_do(
    client: FlaskClient, book: Book, name: str
) -> None:
    page = client.get(f"/case/{name}/file/1/").get_data(as_text=True)
    assert page.index("Block this file") < page.index("Show it blurred")
    sealed = book.case(name).attachments[0].sealed_sha256.hex()
    form = {"what": "lock", "locked": "yes", "number": "1", "file": sealed, "why": "a <i>child</i>"}
    told = "Do not open, copy or delete it. Call the solicitor. What to do, step by step"
    post(client, name, **form)
    for path in ("", "/file/1/", "/file/1/carries", "/file/1/blurred/0"):
        page = client.get(f"/case/{name}{path}").get_data(as_text=True)
        assert "Blocked by Ann, 20" in words(page)
        assert told in words(page)
        assert "a &lt;i&gt;child&lt;/i&gt;" in page
        assert "Look at it safely" not in page
        assert "Show it blurred" not in page


def test_the_same_file_in_another_case_is_blocked_too(
    client: FlaskClient, filled: DeskUnderTest, book: Book, case_named: NAMED, name: str, tmp_path: Path
) -> None:
    parcel = filled.parcel()
    parcel.add("The same picture.", [("again.jpg", b"\xff\xd8\xff not a picture")])
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "same.tar"))})
    post(client, name, what="lock", locked="yes", file=book.case(name).attachments[0].sealed_sha256.hex())
    for path in ("", "/file/1/"):
        page = client.get(f"/case/{case_named('The same picture')}{path}").get_data(as_text=True)
        assert "Blocked: the same file is blocked in another case." in page
        assert "Look at it safely" not in page


def test_a_block_is_taken_off_by_two_with_a_reason(client: FlaskClient, book: Book, name: str) -> None:
    page = post(client, name, what="lock", locked="yes", file="", why="asked")
    assert "Blocked. The desk does not show it" in page
    page = post(client, name, what="lock", locked="no", file="", why="Lawyer: fine", second="Ben")
    assert "No longer blocked. It can be shown" in page
    assert not book.case(name).work.locks
    assert "No longer blocked, the whole case: Lawyer: fine (agreed with Ben)" in page


def test_the_steps_are_those_of_the_manual(client: FlaskClient) -> None:
    def plain(text: str) -> str:
        return " ".join(re.sub(r"[*“”]", "", text).split())

    page = client.get("/case/may-be-illegal").get_data(as_text=True)
    steps = [
        words(step)
        for step in re.findall("<li>(.*?)</li>", page[page.index("<ol>") : page.index("</ol>")], re.DOTALL)
    ]
    manual = plain(LEGAL.read_text())
    assert len(steps) == 5
    for step in (steps[0], *steps[2:]):
        assert re.sub(r" ([.,:])", r"\1", plain(step)) in manual


def test_what_was_noted_is_told_in_words(client: FlaskClient, book: Book, name: str) -> None:
    file = book.case(name)
    for one in (Status("investigating"), Status("waiting"), Grade(2, "A", "P")):
        book.add(file, one, "Mia")
    post(client, name, what="lock", locked="yes", file="", why="asked")
    page = client.get(f"/case/{name}").get_data(as_text=True)
    noted = words(page[page.index('class="history"') :])
    for said in (
        "Status: new → being looked into",
        "Status: being looked into → waiting",
        "Graded 2AP",
        "Blocked, the whole case: asked",
        "Mia at",
    ):
        assert said in noted


def test_the_timeline_of_a_case_has_the_days_that_the_connections_have(
    client: FlaskClient, case_named: NAMED
) -> None:
    page = client.get(f"/case/{case_named('They keep')}").get_data(as_text=True)
    assert "the report was received" in page[page.index('id="at-event"') :]


@pytest.mark.parametrize("path", ["reply", "note"])
def test_what_was_said_stands_beside_the_box(client: FlaskClient, case_named: NAMED, path: str) -> None:
    page = client.get(f"/case/{case_named('They keep')}/{path}").get_data(as_text=True)
    assert "They keep people in the flat" in page[page.index('class="beside"') :]
    assert "When and how it is safe to reach them" in page


def test_a_case_joins_an_investigation_from_its_page(client: FlaskClient, book: Book, name: str) -> None:
    id_ = book.new_investigation(Investigation("The yard"), "Ann")
    assert "The yard" in client.get(f"/case/{name}").get_data(as_text=True)
    assert "The case belongs to the investigation." in post(client, name, what="member", id=id_.hex())
    assert book.investigation(id_.hex()).cases == (name,)


def test_a_case_is_the_same_as_another_by_three_choices(
    client: FlaskClient, book: Book, name: str, case_named: NAMED
) -> None:
    other = case_named("They keep")
    post(client, name, what="group", group="same as ", same=other[:5])
    assert book.case(name).work.group == f"same as {other}"
    post(client, name, what="group", group="", same=other)
    assert book.case(name).work.group == ""


def test_words_that_were_not_sent_are_told_without_a_name_of_ours(
    client: FlaskClient, session: Session, name: str
) -> None:
    session.typed[f"/case/{name}/reply"] = [("known", "1"), ("text", "Thank <b>you</b>"), ("x", "me too")]
    page = client.get("/typed").get_data(as_text=True)
    assert f"A reply in case {name}" in page
    assert "Thank &lt;b&gt;you" in page
    assert "me too" in page
    assert ">known<" not in page
