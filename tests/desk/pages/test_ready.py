"""What pages need of the whole book is made once it is open, before anybody asks for it."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.connections.finder import Finder, finder_of
from desk.errors import DeskError
from desk.pages import ready
from desk.pages.session import Session
from tests.desk.conftest import DeskUnderTest

_WAIT = 120  # seconds at most


def test_it_begins_when_the_desk_is_unlocked(session: Session, book: Book) -> None:
    ready.wait(_WAIT)
    finder = finder_of(book)
    assert not finder.looking
    assert finder.done == len(book.files())
    found = finder.newest(book.files())
    assert found is not None
    assert ready.ways(found, book.decisions(), 0) is not None
    assert session.problem is None


def test_it_begins_again_when_something_came_in(
    client: FlaskClient, filled: DeskUnderTest, book: Book, tmp_path: Path
) -> None:
    client.get("/")
    parcel = filled.parcel()
    parcel.add("The van LX19 ABC once more.")
    filled.done("import", parcel.write(tmp_path / "new.tar"))
    client.get("/")
    ready.wait(_WAIT)
    found = finder_of(book).newest(book.files())
    assert found is not None
    assert found.cases == 4
    assert [link.value for link in found.links] == ["LX19ABC"]


def test_what_fails_there_is_told_by_the_page_that_needs_it(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.wait(_WAIT)
    raised: list[object] = []
    monkeypatch.setattr("threading.excepthook", raised.append)
    monkeypatch.setattr(Finder, "newest", lambda *_: (_ for _ in ()).throw(DeskError("no", "wait")))
    ready.begin(book)
    ready.wait(_WAIT)
    assert raised == []
