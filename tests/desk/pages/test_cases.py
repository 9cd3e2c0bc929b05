"""A case's page: what its source said, and each thing that staff can note of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book, CaseFile
from desk.pages import answers, ready
from payload import Answers
from payload.outline import SECTIONS, Part
from tests.desk.conftest import DeskUnderTest
from tests.desk.shown import full_report
from tests.payload.reports import plain_report

NAMED = Callable[[str], str]


@pytest.fixture
def name(case_named: NAMED) -> str:
    return case_named("A white van")


def now(book: Book, name: str) -> CaseFile:
    return book.case(name)


def change(client: FlaskClient, name: str, **typed: str) -> tuple[int, str]:
    answer = client.post(f"/case/{name}/change", data=typed)
    return answer.status_code, answer.get_data(as_text=True)


def test_no_word_of_a_report_stands_in_a_title_or_an_address(client: FlaskClient, case_named: NAMED) -> None:
    name = case_named("They keep")
    page = client.get(f"/case/{name}").get_data(as_text=True)
    assert f"<title>Case {name}</title>" in page
    assert "They keep people" in page


def test_a_hostile_report_is_shown_and_does_nothing(client: FlaskClient, case_named: NAMED) -> None:
    page = client.get(f"/case/{case_named('script')}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "&lt;U+202E&gt;" in page


def test_every_small_form_notes_what_it_says(client: FlaskClient, book: Book, name: str) -> None:
    forms = [
        {"what": "status", "status": "investigating"},
        {"what": "owner", "owner": "Ben"},
        {"what": "tags", "add": "van, yard ,van"},
        {"what": "grade", "source": "2", "information": "C", "handling": "C", "conditions": "not by name"},
        {"what": "task", "title": "Look at the map", "due": "2026-12-01"},
        {"what": "event", "on": "2026-10", "text": "The van was there"},
        {"what": "lock", "file": "", "locked": "yes", "why": "may be illegal"},
        {"what": "group", "group": "spam"},
    ]
    for form in forms:
        assert change(client, name, **form)[0] == 303, form
    work = now(book, name).work
    assert (work.status, work.owner, sorted(work.tags)) == ("investigating", "Ben", ["van", "yard"])
    assert work.grade is not None
    assert work.grade.code == "2CC"
    assert [(task.title, str(task.due)) for task in work.tasks] == [("Look at the map", "2026-12-01")]
    assert [one.on for one in work.events] == ["2026-10"]
    assert work.is_locked("")
    assert work.group == "spam"
    assert {note.author for note in now(book, name).notes} == {"Ann"}
    page = client.get(f"/case/{name}").get_data(as_text=True)
    for words in ("being looked into", "2CC", "Look at the map", "The van was there", "may be illegal"):
        assert words in page


def test_a_task_is_done_and_a_tag_taken_off(client: FlaskClient, book: Book, name: str) -> None:
    change(client, name, what="task", title="Call back")
    (task,) = now(book, name).work.tasks
    change(client, name, what="task", task=task.task_id.hex(), title=task.title, due="", done="yes")
    change(client, name, what="tags", add="van")
    change(client, name, what="tags", remove="van")
    assert [one.done for one in now(book, name).work.tasks] == [True]
    assert now(book, name).work.tags == frozenset()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"what": "text", "text": "  "}, "The note is missing"),
        ({"what": "tags"}, "No tag was named"),
        ({"what": "tags", "add": "x" * 300}, "That cannot be noted"),
        ({"what": "grade", "source": "2"}, "The grading is not complete"),
        ({"what": "grade", "source": "2", "information": "B", "handling": "C"}, "The conditions are missing"),
        (
            {"what": "grade", "source": "9", "information": "B", "handling": "P"},
            "The grading is not complete",
        ),
        ({"what": "grade", "source": "1", "information": "Z", "handling": "P"}, "That cannot be noted"),
        ({"what": "task", "title": ""}, "What is to be done is missing"),
        ({"what": "task", "title": "x", "due": "2026-02-30"}, "Write it as 21/11/2026"),
        ({"what": "task", "title": "x", "task": "zz"}, "There is no such task"),
        ({"what": "task", "title": "x", "task": "00"}, "That cannot be noted"),
        ({"what": "event", "on": "soon", "text": "x"}, "Write it as 21/11/2026"),
        ({"what": "event", "on": "2026"}, "What happened is missing"),
        ({"what": "status", "status": "x"}, "That cannot be noted"),
        ({"what": "group", "group": "same as nothing"}, "That cannot be noted"),
        ({"what": "lock", "file": "../x", "locked": "yes"}, "That cannot be noted"),
        ({"what": "lock", "locked": "no", "second": "Ben"}, "The reason for taking the block off is missing"),
        ({"what": "lock", "locked": "no", "why": "cleared"}, "The name of a second person"),
        ({"what": "lock", "locked": "no", "why": "cleared", "second": "ann "}, "The second person is you"),
        ({"what": "group", "group": "same as ", "same": "nothinghere"}, "Not done yet"),
        ({"what": "handle", "source": "1"}, "The grading is not complete"),
        ({"what": "referred"}, "The form did not arrive whole"),
        ({}, "The form did not arrive whole"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_and_nothing_is_noted(
    client: FlaskClient, book: Book, name: str, typed: dict[str, str], told: str
) -> None:
    before = len(now(book, name).notes)
    status, page = change(client, name, **typed)
    assert status == 422
    assert told in page
    assert len(now(book, name).notes) == before


def test_what_was_typed_is_still_there_when_it_was_not_noted(client: FlaskClient, name: str) -> None:
    _, page = change(client, name, what="event", on="soon", text="The van was there")
    assert 'value="The van was there"' in page
    long = client.post(f"/case/{name}/note", data={"text": "long " * 100_000})
    assert long.status_code == 422
    assert "long long" in long.get_data(as_text=True)


def test_a_piece_of_the_page_is_enough_for_a_script(client: FlaskClient, name: str) -> None:
    asked = {"HX-Request": "true", "HX-Target": "work"}
    form = {"what": "status", "status": "waiting"}
    page = client.post(f"/case/{name}/change", data=form, headers=asked).get_data(as_text=True)
    assert page.lstrip().startswith('<section class="work" id="work"')
    assert "waiting" in page


def test_opening_a_case_reads_it_and_it_can_be_unread_again(
    client: FlaskClient, book: Book, name: str
) -> None:
    assert not now(book, name).work.read
    client.get(f"/case/{name}")
    assert now(book, name).work.read
    assert change(client, name, what="read", read="no")[0] == 303
    assert not now(book, name).work.read
    assert f"Case {name} is unread again." in client.get("/").get_data(as_text=True)


def test_a_case_that_is_not_there_is_told(client: FlaskClient) -> None:
    answer = client.get("/case/nothinglikethis")
    assert answer.status_code == 404
    assert "There is no page here" in answer.get_data(as_text=True)


def test_a_note_is_read_again(client: FlaskClient, name: str) -> None:
    assert client.post(f"/case/{name}/note", data={"text": "Ask <b>Ben</b>\nabout it"}).status_code == 303
    assert "Ask &lt;b&gt;Ben&lt;/b&gt;\nabout it" in client.get(f"/case/{name}").get_data(as_text=True)


def test_a_form_that_is_far_too_long_is_refused(client: FlaskClient, name: str) -> None:
    most = answers.LIMITS.field_bytes
    answer = client.post(f"/case/{name}/note", data={"text": "x" * (most + 1)})
    assert answer.status_code == 422
    assert "The form did not arrive whole" in answer.get_data(as_text=True)


def test_every_answer_of_a_report_is_shown_and_the_sources_apart(
    client: FlaskClient, filled: DeskUnderTest, book: Book, tmp_path: Path
) -> None:
    report = replace(full_report(), draft=b"f" * 16)
    parcel = filled.parcel()
    parcel.add_report(report)
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "full.tar"))})
    name = next(file.name for file in book.files() if file.contents[0].draft == report.draft)
    page = client.get(f"/case/{name}").get_data(as_text=True)
    before, _, rest = page.partition('<section class="source"')
    source, _, after = rest.partition('id="thread"')
    for section in SECTIONS:
        there = before if section.part is Part.REPORT else source
        for entry in report.answers.entries(section.name):
            for text in (answer for answer in entry.values() if isinstance(answer, str) and " " in answer):
                assert text in there, (section.name, text)
                assert section.part is Part.REPORT or text not in before + after


def test_alarms_stand_before_all_else(
    client: FlaskClient, filled: DeskUnderTest, book: Book, tmp_path: Path
) -> None:
    answers_ = Answers({"danger": ({"now": "yes"},), "consent": ({"safe": "no", "to": "none"},)})
    parcel = filled.parcel()
    parcel.add_report(plain_report(draft=b"f" * 16, answers=answers_, files=()))
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "danger.tar"))})
    name = next(file.name for file in book.files() if file.urgent)
    page = client.get(f"/case/{name}").get_data(as_text=True)
    alarm = page.index("DANGER NOW")
    assert alarm < page.index("COULD POINT TO THE SOURCE") < page.index("PASS IT TO NO ONE")
    assert alarm < page.index("What was sent")
    assert name in client.get("/?urgent=danger").get_data(as_text=True)


def test_the_page_shows_what_the_case_shares_with_others_and_why(
    client: FlaskClient, filled: DeskUnderTest, case_named: NAMED, tmp_path: Path
) -> None:
    parcel = filled.parcel()
    parcel.add("LX19 ABC again, <b>today</b>.")
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "more.tar"))})
    client.get("/")
    ready.wait(120)
    page = client.get(f"/case/{case_named('A white van')}").get_data(as_text=True)
    shared = page[page.index('class="connected"') : page.index('id="notes"')]
    assert "Number plate <bdi>LX19ABC</bdi>" in shared
    assert "the same" in shared
    assert f'href="/case/{case_named("again")}"' in shared
    assert "&lt;b&gt;today&lt;/b&gt;" in shared
    alone = client.get(f"/case/{case_named('They keep')}").get_data(as_text=True)
    assert 'class="connected"' not in alone


def test_until_all_is_found_the_page_of_a_case_says_so(
    client: FlaskClient, case_named: NAMED, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.connections.finder.Finder.newest", lambda *_: None)
    page = client.get(f"/case/{case_named('A white van')}").get_data(as_text=True)
    assert "The reports are still being looked through." in page
