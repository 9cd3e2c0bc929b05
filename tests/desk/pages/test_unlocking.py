"""Unlocking with the passphrase, locking, and what is left after it."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desk.book import Book
from desk.errors import DeskError
from desk.home import Home
from desk.pages import create
from desk.pages.session import Locked, Session, Stage, Told
from tests.desk.conftest import DeskUnderTest
from tests.desk.pages.conftest import NAME, PASSPHRASE, opened


@pytest.fixture
def clock() -> list[float]:
    """The time, in seconds; tests set it."""
    return [1000.0]


@pytest.fixture
def closed(filled: DeskUnderTest, ended: list[str], clock: list[float]) -> Session:
    """A session in which nothing was opened yet, and whose time stands still."""
    return Session(Home(filled.home), opened, lambda: ended.append("ended"), idle=900, clock=lambda: clock[0])


@pytest.fixture
def outside(closed: Session) -> Iterator[FlaskClient]:
    """A browser before a locked desk."""
    with create(closed).test_client() as made:
        yield made


def unlock(browser: FlaskClient, session: Session, phrase: str = PASSPHRASE) -> str:
    answer = browser.post("/unlock", data={"name": NAME, "passphrase": phrase})
    session.wait(120)
    return answer.headers["Location"]


@pytest.mark.parametrize("path", ["/", "/search/", "/case/abcdefghij", "/bundles/", "/nothing", "/typed"])
def test_a_locked_desk_shows_where_to_unlock_it(outside: FlaskClient, path: str) -> None:
    answer = outside.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/unlock")


def test_a_piece_of_a_page_is_not_filled_with_the_way_to_unlock(outside: FlaskClient) -> None:
    answer = outside.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/unlock")


def test_the_passphrase_opens_it(outside: FlaskClient, closed: Session) -> None:
    assert unlock(outside, closed) == "/opening"
    assert outside.get("/opening").headers["Location"] == "/"
    page = outside.get("/").get_data(as_text=True)
    assert "A white van" in page
    assert f"Open as <bdi>{NAME}</bdi>" in page


def test_a_wrong_passphrase_is_told_in_words_and_then_the_desk_waits(
    outside: FlaskClient, closed: Session, clock: list[float]
) -> None:
    unlock(outside, closed, "not this one")
    assert closed.stage is Stage.LOCKED
    page = outside.get("/unlock").get_data(as_text=True)
    assert "does not open" in page
    assert "not this one" not in page
    again = outside.post("/unlock", data={"name": NAME, "passphrase": PASSPHRASE})
    assert again.status_code == 422
    assert "the desk waits" in again.get_data(as_text=True)
    clock[0] += 2
    unlock(outside, closed)
    assert closed.stage is Stage.OPEN


def test_each_wrong_passphrase_makes_it_wait_longer(closed: Session, clock: list[float]) -> None:
    waits = []
    for _ in range(9):
        closed.unlock("wrong", NAME)
        closed.wait(120)
        with pytest.raises(DeskError) as waiting:
            closed.unlock("wrong", NAME)
        waits.append(int(waiting.value.what.split(":")[1].split()[0]))
        clock[0] += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"passphrase": "x"}, "Your name is missing"),
        ({"name": "Ann"}, "The passphrase is missing"),
        ({"name": "Ann\u202e", "passphrase": "x"}, "Your name holds what cannot be shown"),
    ],
)
def test_what_is_missing_is_told(outside: FlaskClient, typed: dict[str, str], told: str) -> None:
    answer = outside.post("/unlock", data=typed)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)


def test_what_is_under_way_is_told(filled: DeskUnderTest, ended: list[str]) -> None:
    go = threading.Event()

    def slowly(home: Home, phrase: str, told: Told) -> Book:
        told(120, 10_000)
        go.wait(120)
        return opened(home, phrase, told)

    session = Session(Home(filled.home), slowly, lambda: None)
    with create(session).test_client() as browser:
        session.unlock(PASSPHRASE, NAME)
        while session.of == 0:
            session.wait(0.01)
        page = browser.get("/opening").get_data(as_text=True)
        go.set()
        session.wait(120)
    assert "120 of 10,000 envelopes" in page
    assert '<meta http-equiv="refresh" content="1">' in page
    assert session.stage is Stage.OPEN


def test_what_breaks_while_opening_is_told_without_a_word_of_it(filled: DeskUnderTest) -> None:
    def broken(home: Home, phrase: str, told: Told) -> Book:
        raise KeyError("a secret in an exception")

    session = Session(Home(filled.home), broken, lambda: None)
    session.unlock(PASSPHRASE, NAME)
    session.wait(120)
    assert session.problem is not None
    assert "KeyError" in session.problem.what
    assert "secret" not in session.problem.what


def test_the_button_locks_it_and_ends_the_process_once_the_answer_is_out(
    client: FlaskClient, session: Session, ended: list[str]
) -> None:
    answer = client.post("/lock")
    assert "The desk is locked" in answer.get_data(as_text=True)
    answer.close()
    assert ended == ["ended"]
    with pytest.raises(Locked):
        session.book()
    assert client.get("/").headers["Location"] == "/unlock"


def test_it_locks_after_fifteen_minutes_in_which_nobody_did_anything(
    outside: FlaskClient, closed: Session, clock: list[float], ended: list[str]
) -> None:
    unlock(outside, closed)
    clock[0] += 899
    assert outside.get("/").status_code == 200
    clock[0] += 899
    assert outside.post("/here", data={}).status_code == 204
    clock[0] += 899
    # A page that was left open asks, and does not keep it open.
    assert outside.get("/still").status_code == 204
    clock[0] += 2
    assert outside.get("/still").status_code == 205
    assert ended == ["ended"]
    assert outside.get("/").headers["Location"] == "/unlock"


def test_nobody_is_idle_while_something_is_under_way(closed: Session, clock: list[float]) -> None:
    closed.unlock(PASSPHRASE, NAME)
    closed.wait(120)
    closed.begin()
    clock[0] += 2_000
    assert not closed.expire()
    closed.end()
    clock[0] += 899
    assert not closed.expire()
    clock[0] += 2
    assert closed.expire()


def test_what_is_never_answered_does_not_keep_the_desk_open(closed: Session, clock: list[float]) -> None:
    closed.unlock(PASSPHRASE, NAME)
    closed.wait(120)
    closed.begin()
    clock[0] += 900 + 1_200 + 1
    assert closed.expire()


def test_a_broken_page_says_where_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    def broken() -> str:
        raise KeyError("a secret in an exception")

    app.view_functions["search.index"] = broken
    answer = client.get("/search/")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "KeyError at tests/desk/pages/test_unlocking.py:" in page
    assert "secret" not in page


def test_no_page_but_its_own_form_is_read_by_a_browser_that_keeps_what_is_typed(client: FlaskClient) -> None:
    page = client.get("/search/").get_data(as_text=True)
    assert page.count("<form") == page.count('autocomplete="off"') - page.count('<input type="search"')
