"""Replies: to whom they go, what is kept when something is wrong, and taking them back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.pages import replying
from desk.pages.session import Session
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, carried, read_in

WORDS = "Thank you. Was the van there again?"


@pytest.fixture
def name(case_named: Callable[[str], str]) -> str:
    return case_named("They keep")


def test_a_reply_is_sealed_and_leaves_with_the_next_bundle(
    client: FlaskClient, filled: DeskUnderTest, source: Source, name: str, tmp_path: Path
) -> None:
    answer = client.post(f"/case/{name}/reply", data={"text": WORDS, "known": "1"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Sealed to 1 mailbox." in page
    assert WORDS in page
    assert "Leaves with the next export" in page
    out = tmp_path / "back.tar"
    written = client.post("/bundles/out", data={"typed": str(out)}).get_data(as_text=True)
    assert "Bundle 1 of this desk is written" in written
    ((_, reply),) = read_in(source, filled, carried(filled, out))
    assert reply.text == WORDS
    assert "Exported, not known to have arrived" in client.get(f"/case/{name}").get_data(as_text=True)


def test_what_has_not_left_is_taken_back(client: FlaskClient, book: Book, name: str) -> None:
    client.post(f"/case/{name}/reply", data={"text": WORDS, "known": "1"})
    assert "Take back what has not left" in client.get(f"/case/{name}").get_data(as_text=True)
    taken = client.post(f"/case/{name}/withdraw")
    assert "Taken back: 1 sealed copy" in client.get(taken.headers["Location"]).get_data(as_text=True)
    page = client.get(f"/case/{name}").get_data(as_text=True)
    assert "Withdrawn before it left" in page
    assert "Take back what has not left" not in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text": " ", "known": "1"}, "The reply is empty"),
        ({"text": WORDS, "known": "2"}, "The case has other mailboxes by now"),
        ({"text": WORDS}, "The case has other mailboxes by now"),
        ({"text": WORDS, "known": "1", "to": "7"}, "This case has no mailbox 7"),
        ({"text": WORDS, "known": "1", "file": "letter.pdf"}, "The place is not whole"),
        ({"text": WORDS, "known": "1", "file": "/nowhere/letter.pdf"}, "A file cannot be read"),
        ({"text": WORDS, "known": "1", "file": "/"}, "is no file"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_and_the_words_stay(
    client: FlaskClient, book: Book, name: str, typed: dict[str, str], told: str
) -> None:
    answer = client.post(f"/case/{name}/reply", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert typed["text"] in page
    assert book.case(name).replies == ()


def test_files_go_with_it(client: FlaskClient, book: Book, name: str, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-")
    form = {"text": WORDS, "known": "1", "file": f"{tmp_path}/letter.pdf\r\n"}
    assert client.post(f"/case/{name}/reply", data=form).status_code == 303
    (reply,) = book.case(name).replies
    assert [file.name for file in reply.reply.files] == ["letter.pdf"]
    assert "letter.pdf" in client.get(f"/case/{name}").get_data(as_text=True)


def test_a_case_without_a_mailbox_says_so(client: FlaskClient, case_named: Callable[[str], str]) -> None:
    page = client.get(f"/case/{case_named('A white van')}/reply").get_data(as_text=True)
    assert "This case has no mailbox" in page
    assert "<textarea" not in page


def test_where_it_may_be_two_people_somebody_has_to_choose(
    client: FlaskClient, filled: DeskUnderTest, book: Book, session: Session, name: str, tmp_path: Path
) -> None:
    other = Source()
    parcel = filled.parcel()
    parcel.add_report(other.report(b"d" * 16, "I live below, and I hear them."))
    bundle = parcel.write(tmp_path / "second.tar")
    client.post("/bundles/in", data={"typed": str(bundle)})
    page = client.get(f"/case/{name}/reply").get_data(as_text=True)
    assert "it may be more than one person" in page
    undecided = client.post(f"/case/{name}/reply", data={"text": WORDS, "known": "2"})
    assert undecided.status_code == 422
    assert WORDS in undecided.get_data(as_text=True)
    chosen = client.post(f"/case/{name}/reply", data={"text": WORDS, "known": "2", "to": "2"})
    assert chosen.status_code == 303
    assert len(book.case(name).replies) == 1
    everyone = client.post(f"/case/{name}/reply", data={"text": WORDS, "known": "2", "to": replying.ALL})
    assert everyone.status_code == 303
    assert len(book.case(name).replies) == 3
