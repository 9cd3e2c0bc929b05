"""The files of a report: attached one way or the other, named, taken out, refused with their names."""

import pytest

from payload.limits import MAX_FILES
from tests.site import Site, hidden, problems


def attach(
    site: Site, *files: tuple[str, bytes], tokens: list[str] | None = None, draft: str | None = None
) -> list[str]:
    answer = site.post(do="attach", files=files, tokens=tokens or [], draft=draft)
    assert answer.status_code == 200, answer.text
    return hidden(answer, "file")


def test_a_file_without_words_is_enough(site: Site) -> None:
    assert site.post(files=[("note.txt", b"words")]).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("note.txt", b"words")]


def test_files_attached_before_go_with_the_report(site: Site) -> None:
    draft = site.draft()
    first = attach(site, ("one.txt", b"1"), draft=draft)
    both = attach(site, ("two.txt", b"22"), tokens=first, draft=draft)
    assert len(both) == 2
    assert site.post(text="two files", tokens=both, draft=draft).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("one.txt", b"1"), ("two.txt", b"22")]


def test_the_form_after_attaching_keeps_the_words_and_lists_the_files(site: Site) -> None:
    answer = site.post(do="attach", text="kept words", files=[("<b>.txt", b"12345")])
    assert "kept words</textarea>" in answer.text
    assert "&lt;b&gt;.txt" in answer.text
    assert "5 bytes" in answer.text.lower()


def test_a_removed_file_is_off_the_disk_and_out_of_the_report(site: Site) -> None:
    draft = site.draft()
    tokens = attach(site, ("one.txt", b"1"), ("two.txt", b"22"), ("three.txt", b"333"), draft=draft)
    answer = site.post(do="", text="words", tokens=tokens, draft=draft, remove="1")
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
    answer = site.post(do="", tokens=tokens, draft=draft, remove=position)
    assert answer.status_code == 200
    assert len(hidden(answer, "file")) == 1


def test_forty_files_arrive_and_the_forty_first_is_named(site: Site) -> None:
    files = [(f"{number}.txt", str(number).encode()) for number in range(MAX_FILES + 1)]
    answer = site.post(do="attach", files=files)
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


def test_the_script_gets_one_line_for_its_file(site: Site) -> None:
    answer = site.post(do="upload", files=[("x.txt", b"123")], name="exact%22.txt")
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<li>")
    assert "exact%22.txt" in answer.text
    assert hidden(answer, "draft") == []
    (token,) = hidden(answer, "file")
    assert site.post(tokens=[token]).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("exact%22.txt", b"123")]


def test_the_script_gets_a_new_draft_when_its_own_was_spoiled(site: Site) -> None:
    answer = site.post(do="upload", files=[("x.txt", b"123")], draft="old")
    assert answer.status_code == 200
    assert len(hidden(answer, "draft")) == 1


def test_the_script_is_told_why_a_file_was_refused(tmp_path) -> None:
    site = Site.make(tmp_path / "small", max_file_bytes=1_000_000)
    answer = site.post(do="upload", files=[("big.bin", b"x" * 1_000_001)])
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.text
    assert "<html" not in answer.text
    site.close()


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
    answer = site.post(do="upload", files=[("x", b"1")], name=name)
    assert site.post(tokens=hidden(answer, "file")).status_code == 200
    (report,) = site.reports()
    assert report.files[0].name == name
