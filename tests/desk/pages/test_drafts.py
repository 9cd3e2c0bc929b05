"""What was typed and not sent is kept, and on the disk it is sealed."""

from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from desk.home import Home
from desk.pages import create
from desk.pages.session import Session
from tests.desk.conftest import DeskUnderTest
from tests.desk.pages.conftest import NAME, PASSPHRASE, opened

WORDS = "Thank you. Was the van there again?"


def put_away(home: Path) -> list[Path]:
    return sorted(home.glob("typed-*"))


def again(home: Path) -> Session:
    """Open the desk anew, as the next worker does."""
    session = Session(Home(home), opened, lambda: None)
    session.unlock(PASSPHRASE, NAME)
    session.wait(120)
    return session


def test_what_was_typed_is_there_after_locking(
    client: FlaskClient, filled: DeskUnderTest, case_named: Callable[[str], str]
) -> None:
    path = f"/case/{case_named('They keep')}/reply"
    client.post("/here", data={"at": path, "text": WORDS, "known": "1"})
    client.post("/lock").close()
    (file,) = put_away(filled.home)
    assert WORDS.encode() not in file.read_bytes()
    with create(again(filled.home)).test_client() as browser:
        assert put_away(filled.home) == []
        assert WORDS in browser.get(path).get_data(as_text=True)
        assert "was never sent" in browser.get("/").get_data(as_text=True)
        assert WORDS in browser.get("/typed").get_data(as_text=True)
        browser.post("/typed", data={"at": path})
        assert WORDS not in browser.get(path).get_data(as_text=True)


def test_what_is_sent_to_a_desk_that_has_locked_is_kept(
    client: FlaskClient, filled: DeskUnderTest, session: Session, case_named: Callable[[str], str]
) -> None:
    path = f"/case/{case_named('They keep')}/note"
    session.lock()
    answer = client.post(path, data={"text": WORDS})
    assert answer.headers["Location"] == "/unlock"
    with create(again(filled.home)).test_client() as browser:
        assert WORDS in browser.get(path).get_data(as_text=True)


def test_what_another_tab_holds_is_kept_when_this_one_has_locked(
    client: FlaskClient, filled: DeskUnderTest, session: Session, case_named: Callable[[str], str]
) -> None:
    path = f"/case/{case_named('They keep')}/note"
    session.lock()
    client.post("/here", data={"at": path, "text": WORDS})
    client.post("/here", data={})
    assert len(put_away(filled.home)) == 1
    with create(again(filled.home)).test_client() as browser:
        assert WORDS in browser.get(path).get_data(as_text=True)


def test_what_was_taken_is_not_kept(
    client: FlaskClient, filled: DeskUnderTest, case_named: Callable[[str], str]
) -> None:
    path = f"/case/{case_named('They keep')}/note"
    client.post("/here", data={"at": path, "text": WORDS})
    assert client.post(path, data={"text": WORDS}).status_code == 303
    client.post("/lock").close()
    assert put_away(filled.home) == []


def test_what_is_emptied_is_forgotten(client: FlaskClient, session: Session) -> None:
    client.post("/here", data={"at": "/case/x/note", "text": WORDS})
    client.post("/here", data={"at": "/case/x/note", "text": " "})
    assert session.typed == {}


def test_a_file_that_is_no_such_thing_stays_and_does_no_harm(filled: DeskUnderTest) -> None:
    (filled.home / "typed-x").write_bytes(b"nothing of ours")
    session = again(filled.home)
    assert session.problem is None
    assert session.typed == {}
    assert [path.name for path in put_away(filled.home)] == ["typed-x"]


def test_the_passphrase_is_never_kept(client: FlaskClient, filled: DeskUnderTest, session: Session) -> None:
    session.lock()
    client.post("/unlock", data={"name": NAME, "passphrase": PASSPHRASE})
    session.wait(120)
    assert session.typed == {}
    assert put_away(filled.home) == []
