"""The page of a case whose source agreed to few, to none, or later: their words stand at the top."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.home import Home
from desk.pages import create
from desk.pages.session import Session
from payload import Answers, FollowUp
from payload.answers import Entry
from payload.changes import Referred, Text
from tests.desk.conftest import DeskUnderTest
from tests.desk.pages.conftest import NAME, PASSPHRASE, opened
from tests.desk.referral.test_page import CHOSEN, decided, text
from tests.payload.reports import plain_report

YES = "Yes, you can tell the modern slavery helpline."
LATER = {
    "later": "1",
    "later_quote": "you can tell the modern slavery helpline",
    "later_agencies": "the modern slavery helpline",
    "later_one": NAME,
    "later_two": "Ben",
}


def filed(desk: DeskUnderTest, tmp_path: Path, consent: Entry, *, later: bool = False) -> tuple[Session, str]:
    parcel = desk.parcel()
    report = plain_report(
        files=(),
        received_on=date(2026, 3, 4),
        what_happened="They wait in a van.",
        answers=Answers({"consent": (consent,), "danger": ({"now": "yes"},)}),
    )
    parcel.add_report(report)
    if later:
        assert report.mailbox is not None
        parcel.add_report(FollowUp(b"f" * 16, date(2026, 5, 6), "en", report.mailbox, YES))
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    session = Session(Home(desk.home), opened, lambda: None)
    session.unlock(PASSPHRASE, NAME)
    session.wait(120)
    (file,) = session.book().files()
    return session, file.name


def client_of(session: Session) -> FlaskClient:
    return create(session).test_client()


def test_who_was_named_comes_first_and_another_needs_a_second_person(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    session, name = filed(desk, tmp_path, {"to": "some", "agencies": "The Modern Slavery Helpline"})
    client = client_of(session)
    page = text(client.get(f"/case/{name}/refer"))
    words = page.index("The Modern Slavery Helpline")
    assert words < page.index("words name these") < page.index("do not name these")
    assert page.index('value="modern-slavery-helpline"') < page.index('value="999"')
    page = text(client.post(f"/case/{name}/refer", data={**CHOSEN, "agency": "modern-slavery-helpline"}))
    assert 'name="second-' not in page
    page = text(client.post(f"/case/{name}/refer", data={**CHOSEN, "agency": "police-101"}))
    assert page.index("The Modern Slavery Helpline") < page.index("this is the same under another name")
    typed = {**decided(page), "place": str(tmp_path / "out.zip")}
    for more, why in (
        ({"because-0": "ok", "second-0": "Ben"}, "The reason is too short"),
        ({"because-0": "It is the very same agency."}, "Nobody else agrees"),
        ({"because-0": "It is the very same agency.", "second-0": NAME.upper()}, "same as the first"),
    ):
        answer = client.post(f"/case/{name}/refer/write", data={**typed, **more})
        assert (answer.status_code, why in text(answer)) == (422, True)
    more = {"because-0": "It is the very same agency.", "second-0": "Ben"}
    answer = client.post(f"/case/{name}/refer/write", data={**typed, **more})
    assert answer.status_code == 303, text(answer)
    (file,) = session.book().files()
    assert any(
        isinstance(note.change, Text) and "same agency. (Ben agrees.)" in note.change.text
        for note in file.notes
    )


def test_words_that_rule_out_are_shown_though_any_is_ticked(desk: DeskUnderTest, tmp_path: Path) -> None:
    session, name = filed(desk, tmp_path, {"to": "any", "agencies": "Not the local station"})
    client = client_of(session)
    assert "Not the local station" in text(client.get(f"/case/{name}/refer"))
    page = text(client.post(f"/case/{name}/refer", data={**CHOSEN, "agency": "police-101"}))
    assert "none of those that the source ruled out" in page
    assert 'name="second-0"' in page


@pytest.mark.parametrize("later", [True, False])
def test_a_refusal_says_what_to_do_and_a_later_yes_can_be_taken_up(
    desk: DeskUnderTest, tmp_path: Path, later: bool
) -> None:
    session, name = filed(desk, tmp_path, {"to": "none"}, later=later)
    client = client_of(session)
    page = text(client.get(f"/case/{name}/refer"))
    assert "This cannot be passed on" in page
    assert "a life is in danger now, call 999" in page
    assert ("refer?later=yes" in page) == later
    assert 'name="agency"' not in page
    if not later:
        return
    assert "They agreed later" in text(client.get(f"/case/{name}/refer?later=yes"))
    answer = client.post(f"/case/{name}/refer", data=CHOSEN)
    assert (answer.status_code, "to no one" in text(answer)) == (422, True)
    answer = client.post(f"/case/{name}/refer", data={**CHOSEN, **LATER, "later_quote": "tell all"})
    assert (answer.status_code, "do not stand in what was added" in text(answer)) == (422, True)
    page = text(client.post(f"/case/{name}/refer", data={**CHOSEN, **LATER}))
    assert "The source agreed later" in page
    typed = {**decided(page), "place": str(tmp_path / "out.zip")}
    answer = client.post(f"/case/{name}/refer/write", data=typed)
    assert answer.status_code == 303, text(answer)
    (file,) = session.book().files()
    assert any(isinstance(note.change, Referred) for note in file.notes)
    assert any(isinstance(note.change, Text) and "agreed later" in note.change.text for note in file.notes)


def test_danger_now_tells_the_day_unless_the_month_is_chosen(desk: DeskUnderTest, tmp_path: Path) -> None:
    session, name = filed(desk, tmp_path, {"to": "any"})
    client = client_of(session)
    for day, said in ({}, "on 4 March 2026"), ({"day": "no"}, "in March 2026"):
        typed = decided(text(client.post(f"/case/{name}/refer", data={**CHOSEN, **day})))
        page = text(client.post(f"/case/{name}/refer/show", data={**typed, **day}))
        assert "someone is in danger now." in page
        assert f"Received {said}." in page
