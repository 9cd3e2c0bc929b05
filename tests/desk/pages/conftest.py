"""A practice desk whose book is open in this process, and a browser that may ask its pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crypto import keyfile
from desk.book import Book, open_book
from desk.home import Home, read_key_file
from desk.pages import create
from desk.pages.session import Session, Told
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source

PASSPHRASE = "practice"
NAME = "Ann"


def opened(home: Home, phrase: str, told: Told) -> Book:
    """Open a book, as the server does."""
    return open_book(home, read_key_file(home.keys, phrase, keyfile.unlocked), told)


@pytest.fixture
def source() -> Source:
    """Who sent the report that can be answered."""
    return Source()


@pytest.fixture
def filled(desk: DeskUnderTest, source: Source, tmp_path: Path) -> DeskUnderTest:
    """The desk with three cases: a report with a file, one with a mailbox, one of right-to-left words."""
    parcel = desk.parcel()
    parcel.add(
        "A white van, LX19 ABC, at the yard every night.", [("photo.jpg", b"\xff\xd8\xff not a picture")]
    )
    parcel.add_report(source.report(b"d" * 16, "They keep people in the flat above the shop."))
    parcel.add("<script>alert(1)</script> \u202eevil \u05e9\u05dc\u05d5\u05dd")
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    return desk


@pytest.fixture
def ended() -> list[str]:
    """Gets a word each time that the process would have ended."""
    return []


@pytest.fixture
def session(filled: DeskUnderTest, ended: list[str]) -> Session:
    """A session whose book is open."""
    made = Session(Home(filled.home), opened, lambda: ended.append("ended"))
    made.unlock(PASSPHRASE, NAME)
    made.wait(120)
    assert made.problem is None, made.problem
    return made


@pytest.fixture
def app(session: Session) -> Flask:
    """The application, without its guard: paths begin at the root."""
    return create(session)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A browser."""
    with app.test_client() as made:
        yield made


@pytest.fixture
def book(session: Session) -> Book:
    """What is open."""
    return session.book()


@pytest.fixture
def case_named(book: Book) -> Callable[[str], str]:
    """Give the name of the case that holds some words."""
    return lambda words: next(file.name for file in book.files() if words in file.contents[0].words)
