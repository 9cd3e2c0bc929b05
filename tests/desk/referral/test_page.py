"""The page: what is chosen, what is decided, what is kept when something is wrong, and what is written."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.home import Home
from desk.pages import create
from desk.pages.session import Session
from payload import Answers, FollowUp
from payload.changes import Lock, Referred
from tests.desk.conftest import DeskUnderTest
from tests.desk.pages.conftest import NAME, PASSPHRASE, opened
from tests.desk.referral.test_refer import PHOTO
from tests.payload.reports import plain_report

TEXT = "I live next door.\nDial 07700 900123 <b>now</b>. My boss, and my boss again, \u202ewaits."
CHOSEN = {
    "agency": "modern-slavery-helpline",
    "source": "2",
    "information": "B",
    "handling": "P",
    "answer_to": "Ann",
}


@pytest.fixture
def session(desk: DeskUnderTest, tmp_path: Path) -> Session:
    parcel = desk.parcel()
    answers = Answers({"contact": ({"how": "07700 900123"},), "consent": ({"safe": "no"},)})
    photo = parcel.add("unused", [("07700900123.jpg", PHOTO.getvalue())]).files
    parcel.members = {name: data for name, data in parcel.members.items() if name.startswith("blob/")}
    report = plain_report(files=photo, what_happened=TEXT, answers=answers, received_on=date(2026, 3, 4))
    parcel.add_report(report)
    assert report.mailbox is not None
    parcel.add_report(FollowUp(b"f" * 16, date(2026, 5, 6), "en", report.mailbox, "They moved."))
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    made = Session(Home(desk.home), opened, lambda: None)
    made.unlock(PASSPHRASE, NAME)
    made.wait(120)
    return made


@pytest.fixture
def client(session: Session) -> Iterator[FlaskClient]:
    with create(session).test_client() as made:
        yield made


@pytest.fixture
def name(session: Session) -> str:
    (file,) = session.book().files()
    return file.name


def text(answer: object) -> str:
    return str(answer.get_data(as_text=True))  # type: ignore[attr-defined]  # werkzeug's test response


def decided(page: str, decision: str = "remove") -> dict[str, str]:
    """Give the form of decisions as a person could fill it in."""
    typed = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    offered: dict[str, list[str]] = {}
    for mark, value in re.findall(r'type="radio" name="(mark-[0-9a-f]+)" value="([^"]+)"', page):
        offered.setdefault(mark, []).append(value)
    typed |= {mark: decision if decision in values else values[0] for mark, values in offered.items()}
    typed |= dict.fromkeys(re.findall(r'name="(yes-\d+)"', page), "yes")
    return typed | dict.fromkeys(re.findall(r'name="(because-\d+)"', page), "We asked them.")


def test_it_is_chosen_decided_written_and_noted(
    client: FlaskClient, session: Session, name: str, tmp_path: Path
) -> None:
    page = text(client.get(f"/case/{name}/refer"))
    assert "Modern Slavery" in page
    assert "They moved." in page
    sealed = re.findall(r'name="sealed-1" value="([0-9a-f]{64})"', page)[0]
    wish = {**CHOSEN, "addition": "1", "file-1": "cleaned", "sealed-1": sealed}
    page = text(client.post(f"/case/{name}/refer", data=wish))
    assert "It may reach the source." in page
    assert "<b>now" not in page
    assert "U+202E" not in page
    assert "\u202e" not in page
    assert page.count("<mark ") == page.count("<sup>") > 3
    out = tmp_path / "referral.zip"
    answer = client.post(f"/case/{name}/refer/write", data={**decided(page), "place": str(out)})
    assert answer.status_code == 303, text(answer)
    assert "Written:" in text(client.get(answer.headers["Location"]))
    with zipfile.ZipFile(out) as archive:
        assert "files/file-1.jpg" in archive.namelist()
        said = archive.read("referral.json").decode()
    assert "900123" not in said
    assert "They moved." in said
    (file,) = session.book().files()
    (referred,) = [note for note in file.notes if isinstance(note.change, Referred)]
    assert referred.author == NAME


def test_nothing_is_written_while_something_is_open_and_what_was_decided_stays(
    client: FlaskClient, name: str, tmp_path: Path
) -> None:
    page = text(client.post(f"/case/{name}/refer", data=CHOSEN))
    typed = decided(page)
    left = next(key for key in typed if key.startswith("mark-"))
    words = next(key for key in typed if key.startswith("mark-") and key != left)
    typed = {key: value for key, value in typed.items() if key not in (left, "yes-0")}
    typed |= {words: "replace", words.replace("mark-", "words-"): "somewhere near"}
    out = tmp_path / "referral.zip"
    answer = client.post(f"/case/{name}/refer/write", data={**typed, "place": str(out)})
    assert answer.status_code == 422
    page = text(answer)
    assert "2 things must be decided" in page
    assert page.count("Still open: ") == 2
    assert 'value="somewhere near"' in page
    assert f'name="{words}" value="replace" checked' in page
    assert not out.exists()


def test_one_decision_holds_for_all_places_with_the_same_words(
    client: FlaskClient, name: str, tmp_path: Path
) -> None:
    page = text(client.post(f"/case/{name}/refer", data=CHOSEN))
    both = re.findall(r'name="same-([0-9a-f]+)"', page)
    assert len(both) == 2
    assert "the 1 other place with these words that is still open" in page
    typed = decided(page)
    del typed[f"mark-{both[1]}"]
    out = tmp_path / "referral.zip"
    wish = {**typed, "place": str(out)}
    assert client.post(f"/case/{name}/refer/write", data=wish).status_code == 422
    answer = client.post(f"/case/{name}/refer/write", data={**wish, f"same-{both[0]}": "yes"})
    assert answer.status_code == 303, text(answer)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"agency": ""}, "No agency is chosen"),
        ({"agency": "nobody"}, "No agency has the id"),
        ({"source": ""}, "The grading is not complete"),
        ({"source": "7"}, "The grading is not complete"),
        ({"handling": "C"}, "The conditions are missing"),
        ({"send": "2"}, "There is no report 2"),
    ],
)
def test_a_wrong_choice_is_told_and_what_was_chosen_stays(
    client: FlaskClient, name: str, typed: dict[str, str], told: str
) -> None:
    answer = client.post(f"/case/{name}/refer", data={**CHOSEN, "answer_to": "Ann at the paper", **typed})
    assert answer.status_code == 422
    assert told in text(answer)
    assert 'value="Ann at the paper"' in text(answer)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"place": ""}, "No place was written"),
        ({"place": "referral.zip"}, "The place is not whole"),
        ({"of": "0" * 64}, "taken on other words"),
        ({"answer_to": "the source, 07700 900 123"}, "would still go out"),
    ],
)
def test_what_is_wrong_at_the_end_loses_no_decision(
    client: FlaskClient, session: Session, name: str, tmp_path: Path, typed: dict[str, str], told: str
) -> None:
    page = text(client.post(f"/case/{name}/refer", data=CHOSEN))
    wish = {**decided(page), "place": str(tmp_path / "referral.zip"), **typed}
    answer = client.post(f"/case/{name}/refer/write", data=wish)
    assert answer.status_code == 422
    assert told in text(answer)
    assert text(answer).count('value="remove" checked') == page.count('value="remove"')
    assert not list(tmp_path.glob("*.zip"))
    (file,) = session.book().files()
    assert not [note for note in file.notes if isinstance(note.change, Referred)]


def test_a_locked_case_shows_why_and_offers_nothing(client: FlaskClient, session: Session, name: str) -> None:
    book = session.book()
    book.add(book.case(name), Lock("", True, "may be illegal"), NAME)
    page = text(client.get(f"/case/{name}/refer"))
    assert f"This case is locked. Locked by {NAME}, " in page
    assert "may be illegal" in page
    assert "Do not open, copy or delete it. Call the solicitor" in page
    assert 'name="agency"' not in page
    assert client.post(f"/case/{name}/refer", data=CHOSEN).status_code == 422


def test_a_locked_file_is_not_offered(client: FlaskClient, session: Session, name: str) -> None:
    book = session.book()
    file = book.case(name)
    book.add(file, Lock(file.attachments[0].sealed_sha256.hex(), True, "may be illegal"), NAME)
    page = text(client.get(f"/case/{name}/refer"))
    assert "File 1 cannot be passed on. " in page
    assert f"Locked by {NAME}, " in page
    assert "Call the solicitor" in page
    assert 'name="file-1"' not in page
    sealed = file.attachments[0].sealed_sha256.hex()
    answer = client.post(f"/case/{name}/refer", data={**CHOSEN, "file-1": "cleaned", "sealed-1": sealed})
    assert (answer.status_code, "This file is locked" in text(answer)) == (422, True)


def test_the_form_names_a_file_by_its_hash(client: FlaskClient, name: str) -> None:
    wish = {**CHOSEN, "file-1": "cleaned", "sealed-1": "0" * 64}
    answer = client.post(f"/case/{name}/refer", data=wish)
    assert (answer.status_code, "none of this case" in text(answer)) == (422, True)


def test_the_second_step_alone_leads_to_the_first(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/case/{name}/refer/write")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/case/{name}/refer")


def test_what_the_file_will_say_is_shown_and_more_can_be_taken_out(
    client: FlaskClient, session: Session, name: str, tmp_path: Path
) -> None:
    page = text(client.post(f"/case/{name}/refer", data={**CHOSEN, "addition": "1"}))
    typed: dict[str, object] = {**decided(page), "leave": "addition[0].text"}
    typed["more-report[0].what_happened"] = "again"
    (read,) = [key for key in typed if key.startswith("yes-")][-1:]
    del typed[read]
    answer = client.post(f"/case/{name}/refer/show", data=typed)
    page = text(answer)
    assert (answer.status_code, "What the file will say" in page) == (200, True)
    assert "Passed on" in page
    assert "Questions and answers go to: Ann" in page
    for words in ("900123", "They moved.", "again"):
        assert words not in page.partition("<form")[0]
    out = tmp_path / "referral.zip"
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert client.post(f"/case/{name}/refer/write", data={**carried, "place": str(out)}).status_code == 422
    answer = client.post(f"/case/{name}/refer/write", data={**carried, read: "yes", "place": str(out)})
    assert answer.status_code == 303, text(answer)
    with zipfile.ZipFile(out) as archive:
        said = archive.read("referral.json").decode()
    assert "They moved." not in said
    assert " again" not in said
    back = text(client.post(f"/case/{name}/refer", data=carried))
    assert 'name="leave" value="addition[0].text" checked' in back
    assert "\nagain</textarea>" in back


def test_words_that_do_not_stand_there_are_told(client: FlaskClient, name: str) -> None:
    typed = decided(text(client.post(f"/case/{name}/refer", data=CHOSEN)))
    typed["more-report[0].what_happened"] = "never written"
    answer = client.post(f"/case/{name}/refer/show", data=typed)
    assert (answer.status_code, "do not stand in" in text(answer)) == (422, True)


def test_a_case_that_was_passed_on_says_so_and_keeps_the_grade(
    client: FlaskClient, session: Session, name: str, tmp_path: Path
) -> None:
    page = text(client.post(f"/case/{name}/refer", data=CHOSEN))
    out = tmp_path / "out.zip"
    client.post(f"/case/{name}/refer/write", data={**decided(page), "place": str(out)})
    (file,) = session.book().files()
    assert file.work.grade is not None
    assert (file.work.status, file.work.grade.code) == ("referred", "2BP")
    page = text(client.get(f"/case/{name}/refer"))
    for value in ("2", "B", "P"):
        assert f'<option value="{value}" selected' in page


def test_without_a_way_to_ask_the_newsroom_a_reason_is_needed(client: FlaskClient, name: str) -> None:
    page = text(client.post(f"/case/{name}/refer", data={**CHOSEN, "answer_to": ""}))
    assert "The agency gets no way to ask the newsroom anything" in page
    typed = {key: "ok" if key.startswith("because-") else value for key, value in decided(page).items()}
    answer = client.post(f"/case/{name}/refer/write", data={**typed, "place": "/nowhere"})
    assert (answer.status_code, "The reason is too short" in text(answer)) == (422, True)
