"""The report form, from the outside: what is sent arrives, what is wrong loses nothing."""

import re
from datetime import UTC, datetime

import pytest

from payload.limits import MAX_FILES, MAX_TEXT
from tests.site import Site, hidden, problems
from views.sending import LEAST_SECONDS


def pending(site: Site) -> int:
    return len(list((site.folder / "blobs").glob("*/*" if any((site.folder / "blobs").glob("*/")) else "*")))


def attach(
    site: Site, *files: tuple[str, bytes], tokens: list[str] | None = None, draft: str | None = None
) -> list[str]:
    answer = site.post("/report/files", files=files, tokens=tokens or [], draft=draft)
    assert answer.status_code == 200, answer.text
    return hidden(answer, "file")


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


def test_a_file_without_words_is_enough(site: Site) -> None:
    assert site.post(files=[("note.txt", b"words")]).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("note.txt", b"words")]


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t"])
def test_nothing_at_all_is_asked_for_again(site: Site, text: str) -> None:
    answer = site.post(text=text)
    assert answer.status_code == 422
    assert problems(answer) == ["Write what happened, even one sentence helps, or attach a file."]
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


def test_files_attached_before_go_with_the_report(site: Site) -> None:
    draft = site.draft()
    first = attach(site, ("one.txt", b"1"), draft=draft)
    both = attach(site, ("two.txt", b"22"), tokens=first, draft=draft)
    assert len(both) == 2
    assert site.post(text="two files", tokens=both, draft=draft).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("one.txt", b"1"), ("two.txt", b"22")]


def test_the_form_after_attaching_keeps_the_words_and_lists_the_files(site: Site) -> None:
    answer = site.post("/report/files", text="kept words", files=[("<b>.txt", b"12345")])
    assert "kept words</textarea>" in answer.text
    assert "&lt;b&gt;.txt" in answer.text
    assert "5 bytes" in answer.text.lower()


def test_a_removed_file_is_off_the_disk_and_out_of_the_report(site: Site) -> None:
    draft = site.draft()
    tokens = attach(site, ("one.txt", b"1"), ("two.txt", b"22"), ("three.txt", b"333"), draft=draft)
    answer = site.post("/report/remove", text="words", tokens=tokens, draft=draft, remove="1")
    assert answer.status_code == 200
    assert "words</textarea>" in answer.text
    left = hidden(answer, "file")
    assert len(left) == 2
    assert site.post(text="words", tokens=left, draft=draft).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("one.txt", b"1"), ("three.txt", b"333")]
    assert len(list(site.store.kept_blobs())) == 2
    # The removed one's token is worth nothing any more.
    again = site.post(text="words", tokens=tokens)
    assert problems(again) == ["“two.txt” is no longer here. Attach it again."]


@pytest.mark.parametrize("position", ["", "-1", "7", "x", "٣", "9" * 400])
def test_removing_what_is_not_there_changes_nothing(site: Site, position: str) -> None:
    draft = site.draft()
    tokens = attach(site, ("one.txt", b"1"), draft=draft)
    answer = site.post("/report/remove", tokens=tokens, draft=draft, remove=position)
    assert answer.status_code == 200
    assert len(hidden(answer, "file")) == 1


def test_forty_files_arrive_and_the_forty_first_is_named(site: Site) -> None:
    files = [(f"{number}.txt", str(number).encode()) for number in range(MAX_FILES + 1)]
    answer = site.post("/report/files", files=files)
    assert answer.status_code == 422
    assert problems(answer) == [
        "“40.txt” was not attached: a report holds 40 files. Send it with a second report."
    ]
    tokens = hidden(answer, "file")
    assert len(tokens) == MAX_FILES
    more = site.post(text="x", tokens=tokens, files=[("late.txt", b"late")], draft=hidden(answer, "draft")[0])
    assert "“late.txt” was not attached" in problems(more)[0]
    assert site.post(text="x", tokens=tokens).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == files[:MAX_FILES]


def test_more_than_forty_tokens_are_no_way_around_the_limit(site: Site) -> None:
    draft = site.draft()
    first = attach(site, *[(f"{number}.txt", b"1") for number in range(MAX_FILES)], draft=draft)
    late = attach(site, ("late.txt", b"late"), draft=draft)
    answer = site.post(text="x", tokens=[*first, *late], draft=draft)
    assert problems(answer) == [
        "“late.txt” was not attached: a report holds 40 files. Send it with a second report."
    ]
    assert len(hidden(answer, "file")) == MAX_FILES


def test_a_file_that_is_too_large_is_named_and_the_rest_is_kept(tmp_path) -> None:
    site = Site.make(tmp_path / "small", max_file_bytes=1_000_000)
    answer = site.post(text="words", files=[("film.mp4", b"x" * 1_000_001), ("ok.txt", b"ok")])
    assert answer.status_code == 422
    assert problems(answer) == [
        "“film.mp4” is larger than 1 MB. Send a shorter or smaller version, or leave it out."
    ]
    assert "words</textarea>" in answer.text
    assert len(hidden(answer, "file")) == 1
    site.close()


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


def test_the_script_gets_one_line_for_its_file(site: Site) -> None:
    answer = site.post("/report/files", files=[("x.txt", b"123")], htmx=True, one="1", name="exact%22.txt")
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<li>")
    assert "exact%22.txt" in answer.text
    assert hidden(answer, "draft") == []
    (token,) = hidden(answer, "file")
    assert site.post(tokens=[token]).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("exact%22.txt", b"123")]


def test_the_script_gets_a_new_draft_when_its_own_was_spoiled(site: Site) -> None:
    answer = site.post("/report/files", files=[("x.txt", b"123")], htmx=True, one="1", draft="old")
    assert answer.status_code == 200
    assert len(hidden(answer, "draft")) == 1


def test_the_script_is_told_why_a_file_was_refused(tmp_path) -> None:
    site = Site.make(tmp_path / "small", max_file_bytes=1_000_000)
    answer = site.post("/report/files", files=[("big.bin", b"x" * 1_000_001)], htmx=True, one="1")
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.text
    assert "<html" not in answer.text
    site.close()


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


def test_a_file_named_twice_arrives_once(site: Site) -> None:
    tokens = attach(site, ("one.txt", b"1"))
    assert site.post(text="x", tokens=tokens * 3).status_code == 200
    (report,) = site.reports()
    assert len(report.files) == 1


def test_a_spoiled_file_token_is_said_and_the_rest_goes_on(site: Site) -> None:
    tokens = attach(site, ("one.txt", b"1"))
    answer = site.post(text="kept", tokens=[*tokens, "nonsense"])
    assert answer.status_code == 422
    assert "Attach them again." in problems(answer)[0]
    assert len(hidden(answer, "file")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "a b.txt",
        'q"uote.txt',
        "semi;colon.txt",
        "back\\slash.txt",
        "..",
        "../../etc/passwd",
        "ünïcödé 中文 🙂.png",
        "." * 200,
        "new\nline.txt",
        "x" * 1000,
        "<script>.html",
        "\u202egnp.exe",
    ],
)
def test_every_name_arrives_as_it_was(site: Site, name: str) -> None:
    answer = site.post("/report/files", files=[("x", b"1")], htmx=True, one="1", name=name)
    assert site.post(tokens=hidden(answer, "file")).status_code == 200
    (report,) = site.reports()
    assert report.files[0].name == name


def test_the_blank_form_is_private_and_is_always_asked_for_again(site: Site) -> None:
    assert site.client.get("/report").headers["Cache-Control"] == "private, no-cache"
    assert site.post(text="x").headers["Cache-Control"] == "no-store"


def test_a_form_of_no_known_encoding_is_refused_with_a_page(site: Site) -> None:
    answer = site.client.post("/report", data=b"{}", content_type="application/json")
    assert answer.status_code == 415
    assert "<html" in answer.text
