"""The receipt: the return code is shown once, can be taken along, and is kept nowhere."""

import re

import pytest

from crypto import returncode
from crypto.mailbox import Mailbox
from crypto.returncode import ReturnCode
from store.errors import NoRoom
from tests.site import Site
from tests.views.test_trust import titled


def numbered(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^ ?(\d+)\. ([a-z]+)\r?$", text, re.MULTILINE)


def test_it_shows_twelve_words_that_belong_together(site: Site) -> None:
    receipt = site.post("A van came.")
    words = site.code_of(receipt).split()
    assert len(words) == 12
    assert isinstance(returncode.read_words(" ".join(words)), ReturnCode)
    assert receipt.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in receipt.headers
    assert titled(receipt.text) == "Form"


def test_it_says_what_they_are_for_and_that_nobody_needs_to_come_back(site: Site) -> None:
    said = re.sub(r"<[^>]+>", "", site.post("words").text)
    for text in (
        "You see the words only now.",
        "Nobody can find them again for you, not even us.",
        "The server does not keep them.",
        "You do not have to come back. That is just as good",
        "Then you need not keep the words. Close this page.",
        "An answer stays here for 90 days or a little longer.",
        "The team never asks you for the words. Type them nowhere but here.",
        "Did you press Send twice? Then you have two sets of words. Each opens its own mailbox.",
    ):
        assert text in said


def test_the_words_can_be_saved_as_a_small_file_that_says_nothing_else(site: Site) -> None:
    receipt = site.post("words")
    (value,) = re.findall(r'<input type="hidden" name="code" value="([^"]+)">', receipt.text)
    card = site.client.post("/mailbox", data={"code": value, "do": "card"})
    assert card.status_code == 200
    assert card.content_type == "text/plain; charset=utf-8"
    assert card.headers["Content-Disposition"] == 'attachment; filename="card.txt"'
    assert card.headers["Cache-Control"] == "no-store"
    assert [word for _number, word in numbered(card.text)] == site.code_of(receipt).split()
    assert len(numbered(card.text)) == len(card.text.splitlines()) == 12
    assert site.vigil.site.name not in card.text


def test_a_card_of_no_code_asks_for_the_words(site: Site) -> None:
    answer = site.client.post("/mailbox", data={"code": "<b>zoo", "do": "card"})
    assert answer.status_code == 422
    assert "<b>zoo" not in answer.text


def test_the_same_form_sent_twice_gets_two_codes_and_both_work(site: Site) -> None:
    draft = site.draft()
    first, second = (site.code_of(site.post("words", draft=draft)) for _ in range(2))
    assert first != second
    assert site.mailbox(first).status_code == site.mailbox(second).status_code == 200
    one, other = site.reports()
    assert one.draft == other.draft
    assert one.mailbox != other.mailbox


def test_the_report_says_to_which_mailbox_an_answer_goes(site: Site) -> None:
    mailbox = Mailbox(returncode.root(returncode.read_words(site.sent())))
    (report,) = site.reports()
    assert report.mailbox is not None
    assert report.mailbox.public == bytes(mailbox.public)
    assert report.mailbox.reply == mailbox.reply_key.reveal()


@pytest.mark.parametrize("text", ["", "words"])
def test_without_a_stored_report_there_is_no_code(
    site: Site, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def no_room(*_: object) -> None:
        raise NoRoom

    monkeypatch.setattr(site.store, "keep_report", no_room)
    assert "code-words" not in site.post(text).text


def test_a_receipt_that_could_not_be_made_stores_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("views.report_pages.receipt", fails)
    assert site.post("words").status_code == 500
    assert site.reports() == []


def test_a_message_to_the_team_has_no_code_and_looks_alike_in_the_store(site: Site) -> None:
    draft = re.findall(r'name="draft" value="([^"]+)"', site.client.get("/contact").text)[0]
    answer = site.client.post(
        "/contact", data={"draft": draft, "to": "team", "message": "x", "topic": "", "reach": ""}
    )
    assert answer.status_code == 200
    assert "code-words" not in answer.text
    assert len(list(site.store.envelopes())) == 1


def test_it_speaks_of_files_only_where_there_were_some(site: Site) -> None:
    told = "The files you attached are still where they were"
    assert told not in site.post("words").text
    assert told in site.post("words", [("a.jpg", b"1")]).text
