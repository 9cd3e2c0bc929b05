"""Writing more from a mailbox goes the same way as a report: nothing typed or attached is lost."""

import pytest

from payload.limits import MAX_FILES, MAX_TEXT
from store.errors import DiskFailed, MailboxFull, NoRoom
from tests.site import Site, hidden, problems
from views.sending import LEAST_SECONDS


@pytest.fixture
def code(site: Site) -> str:
    return site.sent("the report")


def test_what_is_written_and_attached_opens_at_the_desk_in_the_same_mailbox(site: Site, code: str) -> None:
    page = site.press(site.mailbox(code), "attach", [("a.jpg", b"x" * 100_000), ("b.txt", b"2")])
    sent = site.press(page, "send", message="More.\nAnd more.\n")
    assert sent.status_code == 200
    assert "Received. It is sealed and stored." in sent.text
    assert sent.text.count("still on this server. The team may have read it already.") == 2
    assert "More." not in sent.text
    (report,), (follow_up,) = site.reports(), site.follow_ups()
    assert follow_up.text == "More.\nAnd more.\n"
    assert follow_up.mailbox == report.mailbox
    assert follow_up.language == "en"
    assert site.contents(follow_up) == [("a.jpg", b"x" * 100_000), ("b.txt", b"2")]
    assert "code-words" not in sent.text


def test_files_have_captions_here_too(site: Site, code: str) -> None:
    page = site.press(site.mailbox(code), "attach", [("a.jpg", b"1")])
    site.press(page, "send", caption="The gate")
    (follow_up,) = site.follow_ups()
    assert [file.caption for file in follow_up.files] == ["The gate"]
    assert follow_up.text == ""


@pytest.mark.parametrize(
    "text",
    [
        "\n\nbegins with empty lines",
        "</textarea><script>alert(1)</script> & &amp; \" '",
        "עברית, العربية, 中文, 🙂👩‍👧, e\u0301 \u202e\u200f\u0000\u0007\ufeff",
        "🙂" * MAX_TEXT,
    ],
    ids=["lines", "markup", "letters", "longest"],
)
def test_every_text_arrives_as_it_was_sent(site: Site, code: str, text: str) -> None:
    page = site.mailbox(code)
    answer = site.mailbox(mailbox=hidden(page, "mailbox")[0], do="send", message=text)
    assert answer.status_code == 200
    assert [follow_up.text for follow_up in site.follow_ups()] == [text]


def test_nothing_at_all_is_asked_for_again(site: Site, code: str) -> None:
    answer = site.press(site.mailbox(code), "send", message=" \n")
    assert answer.status_code == 422
    assert problems(answer) == ["Write something, or attach a file."]
    assert site.follow_ups() == []


def test_a_text_that_is_too_long_stays_in_the_form(site: Site, code: str) -> None:
    text = "word " * (MAX_TEXT // 5) + "more"
    answer = site.press(site.mailbox(code), "send", [("a.txt", b"kept")], message=text)
    assert answer.status_code == 422
    assert problems(answer) == ["This is 4 characters too long. Shorten it, or attach the rest as a file."]
    assert site.press(answer, "send", message="shorter").status_code == 200
    (follow_up,) = site.follow_ups()
    assert site.contents(follow_up) == [("a.txt", b"kept")]


def test_a_file_is_taken_out_again(site: Site, code: str) -> None:
    page = site.press(site.mailbox(code), "attach", [("a.txt", b"1"), ("b.txt", b"2")], message="kept")
    tokens, box = hidden(page, "file"), hidden(page, "mailbox")[0]
    draft = hidden(page, "draft")[0]
    left = site.mailbox(mailbox=box, do="", tokens=tokens, draft=draft, message="kept", remove="0")
    assert left.status_code == 200
    assert "kept</textarea>" in left.text
    site.press(left, "send")
    (follow_up,) = site.follow_ups()
    assert site.contents(follow_up) == [("b.txt", b"2")]


def test_the_script_uploads_and_takes_out_without_the_mailbox(site: Site, code: str) -> None:
    draft = hidden(site.mailbox(code), "draft")[0]
    line = site.mailbox(do="upload", files=[("a.txt", b"1")], draft=draft, name="exact%22.txt")
    assert line.status_code == 200
    assert line.text.strip().startswith("<li>")
    assert "exact%22.txt" in line.text
    (token,) = hidden(line, "file")
    site.mailbox(do="", draft=draft, tokens=[token], remove="0")
    assert list(site.store.kept_blobs()) == []
    assert site.store.missing([site.vigil.drafts.of(_form()).open_file(token).blob])


def _form() -> object:
    from web.drafts import Form

    return Form.MAILBOX


def test_files_beyond_the_limit_are_named(site: Site, code: str) -> None:
    files = [(f"{number}.txt", b"1") for number in range(MAX_FILES + 1)]
    page = site.press(site.mailbox(code), "attach", files)
    assert page.status_code == 422
    assert problems(page) == ["“40.txt” was not attached: 40 files fit at once. Send it after these."]


def test_a_robot_that_fills_the_hidden_box_sends_nothing(site: Site, code: str) -> None:
    answer = site.press(site.mailbox(code), "send", message="kept", website="http://example.invalid")
    assert answer.status_code == 422
    assert problems(answer) == ["Press Send once more."]
    assert "kept</textarea>" in answer.text


def test_who_sends_at_once_is_made_to_wait_and_who_opens_is_not(site: Site, code: str) -> None:
    site.waits.clear()
    page = site.mailbox(code)
    assert site.waits == []
    site.press(page, "send", message="words")
    assert 0 < site.waits[-1] <= LEAST_SECONDS


def test_a_spoiled_draft_costs_nothing(site: Site, code: str) -> None:
    box = hidden(site.mailbox(code), "mailbox")[0]
    answer = site.mailbox(mailbox=box, draft="old", do="send", message="kept")
    assert answer.status_code == 422
    assert problems(answer) == ["This form had been open for too long. Nothing is lost: press Send again."]
    assert site.press(answer, "send").status_code == 200
    assert [follow_up.text for follow_up in site.follow_ups()] == ["kept"]


def test_a_token_of_the_report_is_no_token_here(site: Site, code: str) -> None:
    box = hidden(site.mailbox(code), "mailbox")[0]
    assert site.mailbox(mailbox=box, draft=site.draft(), do="send", message="x").status_code == 422
    files = hidden(site.post(do="attach", files=[("a.txt", b"1")]), "file")
    answer = site.mailbox(mailbox=box, tokens=files, do="send", message="x")
    assert answer.status_code == 422
    assert site.follow_ups() == []


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (NoRoom, 503, "We cannot store anything now. Keep your words, and try again later."),
        (DiskFailed, 503, "We cannot store anything now. Keep your words, and try again later."),
        (MailboxFull, 422, "Your mailbox is full. Delete something from it, or send a new report."),
    ],
    ids=["full", "failed", "mailbox full"],
)
def test_what_cannot_be_stored_stays_in_the_form(
    site: Site, code: str, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int, says: str
) -> None:
    page = site.press(site.mailbox(code), "attach", [("a.txt", b"1")])

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(site.store, "keep_report", fails)
    answer = site.press(page, "send", message="kept words")
    assert answer.status_code == status
    assert problems(answer) == [says]
    assert "kept words</textarea>" in answer.text
    assert len(hidden(answer, "file")) == 1


def test_a_file_that_went_meanwhile_is_named(site: Site, code: str) -> None:
    page = site.press(site.mailbox(code), "attach", [("a.txt", b"1")], message="kept")
    (token,) = hidden(page, "file")
    site.store.drop_pending(site.vigil.drafts.of(_form()).open_file(token).blob)
    answer = site.press(page, "send")
    assert problems(answer) == ["“a.txt” is no longer here. Attach it again."]
    assert "kept</textarea>" in answer.text


def test_received_is_said_even_if_the_mailbox_cannot_be_read_then(
    site: Site, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, keep = site.mailbox(code), site.store.keep_report

    def kept_and_then_broken(*said: object) -> None:
        keep(*said)  # type: ignore[arg-type]  # as they came

        def fails(*_: object) -> None:
            raise DiskFailed

        monkeypatch.setattr(site.store, "slots", fails)

    monkeypatch.setattr(site.store, "keep_report", kept_and_then_broken)
    answer = site.press(page, "send", message="words")
    assert answer.status_code == 200
    assert "Received." in answer.text
