"""The report form, from the outside: what is sent arrives, what is wrong loses nothing."""

import re
from datetime import UTC, datetime

import pytest

from payload.limits import MAX_TEXT
from tests.site import Site, hidden, problems
from views.sending import LEAST_SECONDS


def test_what_was_written_and_attached_opens_at_the_desk(site: Site) -> None:
    files = [("photo.jpg", b"\xff\xd8" + b"x" * 700_000), ("empty", b""), ("photo.jpg", b"another")]
    answer = site.post(text="A van came.\r\nThen it left.", files=files)
    assert answer.status_code == 200
    assert 'id="received"' in answer.text
    (report,) = site.reports()
    assert report.what_happened == "A van came.\nThen it left."
    assert report.received_on == datetime.now(UTC).date()
    assert report.language == "en"
    assert site.contents(report) == files


def test_one_sentence_is_enough(site: Site) -> None:
    assert site.post(text="A van came.").status_code == 200
    assert [report.what_happened for report in site.reports()] == ["A van came."]


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t"])
def test_nothing_at_all_is_asked_for_again(site: Site, text: str) -> None:
    answer = site.post(text=text)
    assert answer.status_code == 422
    assert problems(answer) == ["Write what happened. Even one sentence helps. Or attach a file."]
    assert 'aria-invalid="true"' in answer.text
    assert site.reports() == []


@pytest.mark.parametrize(
    "text",
    [
        "\n\nbegins with empty lines",
        "</textarea><script>alert(1)</script> & &amp; \" '",
        "עברית, العربية, 中文, 🙂👩‍👧, e\u0301 \u202e\u200f\u0000\u0007\ufeff",
        "é" * MAX_TEXT,
        "🙂" * MAX_TEXT,
    ],
)
def test_every_text_arrives_as_it_was_sent(site: Site, text: str) -> None:
    assert site.post(text=text).status_code == 200
    assert [report.what_happened for report in site.reports()] == [text]


def test_a_text_that_is_too_long_stays_in_the_form(site: Site) -> None:
    text = "word " * (MAX_TEXT // 5) + "more"
    answer = site.post(text=text, files=[("a.txt", b"kept")])
    assert answer.status_code == 422
    assert problems(answer) == ["This is 4 characters too long. Shorten it, or attach the rest as a file."]
    assert text in answer.text
    (token,) = hidden(answer, "file")
    again = site.post(text="shorter", tokens=[token], draft=hidden(answer, "draft")[0])
    assert again.status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("a.txt", b"kept")]


def test_a_text_beyond_all_bounds_gets_the_form_again(site: Site) -> None:
    answer = site.post(text="x" * 3_000_000)
    assert answer.status_code == 413
    assert "Send less text" in problems(answer)[0]
    assert "x" * 1_000_000 in answer.text
    assert site.reports() == []


def test_a_robot_that_fills_the_hidden_box_sends_nothing_and_loses_nothing(site: Site) -> None:
    answer = site.post(text="kept", website="http://example.invalid")
    assert answer.status_code == 422
    assert problems(answer) == ["Press Send once more."]
    assert "kept</textarea>" in answer.text
    assert "example.invalid" not in answer.text
    assert site.reports() == []


def test_who_sends_at_once_is_made_to_wait_and_a_person_is_not(site: Site) -> None:
    draft = site.draft()
    site.post(text="at once", draft=draft)
    assert 0 < site.waits[-1] <= LEAST_SECONDS
    object.__setattr__(site.vigil.drafts, "now", lambda: int(datetime.now(UTC).timestamp()) + 60)
    site.post(text="a minute later", draft=draft)
    assert site.waits[-1] == 0


def test_two_sends_of_one_draft_carry_one_draft_id(site: Site) -> None:
    draft = site.draft()
    site.post(text="first", draft=draft)
    site.post(text="second", draft=draft)
    first, second = site.reports()
    assert first.draft == second.draft
    site.post(text="third")
    assert len({report.draft for report in site.reports()}) == 2


def test_the_draft_token_is_another_each_time_and_reads_as_noise(site: Site) -> None:
    one, two = site.draft(), site.draft()
    assert one != two
    assert len(one) == len(two)


@pytest.mark.parametrize(
    ("length", "says"),
    [
        ("10", ""),
        ("95000", "5,000 characters left."),
        ("99999", "1 character left."),
        ("100001", "1 character too long"),
        ("100500", "500 characters too long"),
        ("x", ""),
        ("", ""),
        ("-5", ""),
    ],
)
def test_the_check_says_how_long_the_text_is_without_seeing_it(site: Site, length: str, says: str) -> None:
    answer = site.client.post("/report/check", data={"length": length}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", "", answer.text).strip()
    assert says in text if says else text == ""


def test_the_blank_form_is_private_and_is_always_asked_for_again(site: Site) -> None:
    assert site.client.get("/report").headers["Cache-Control"] == "private, no-cache"
    assert site.post(text="x").headers["Cache-Control"] == "no-store"


def test_a_form_of_no_known_encoding_is_refused_with_a_page(site: Site) -> None:
    answer = site.client.post("/report", data=b"{}", content_type="application/json")
    assert answer.status_code == 415
    assert "<html" in answer.text
