"""One post of rubbish costs about what it sends: in memory, in the answer, and on the disk nothing."""

import tracemalloc

import pytest

from payload.limits import MAX_FILES, MAX_NAME
from tests.site import MULTIPART, Site, hidden, multipart, problems

SHORT = "multipart/form-data; boundary=a"


def test_thousands_of_files_without_bytes_are_not_answered_one_by_one(site: Site) -> None:
    data = b"--a\r\nContent-Disposition:;name=name\r\n\r\n" + b"N" * 100_000 + b"\r\n"
    data += b"--a\r\nContent-Disposition:;name=;filename=x\r\n\r\n\r\n" * 2000 + b"--a--"
    site.client.get("/report")
    tracemalloc.start()
    try:
        answer = site.client.post("/report", data=data, content_type=SHORT)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413
    assert len(answer.data) < 100_000
    assert peak < 20 << 20


def test_of_many_files_forty_are_named_and_the_others_counted(site: Site) -> None:
    draft = site.draft()
    first = [(f"{number}.txt", b"") for number in range(MAX_FILES)]
    tokens = hidden(site.post(do="attach", files=first, draft=draft), "file")
    more = [(f"{number}" * MAX_NAME, b"") for number in range(MAX_FILES + 20)]
    answer = site.post(do="attach", files=more, tokens=tokens, draft=draft)
    assert answer.status_code == 422
    told = problems(answer)
    assert len(told) == MAX_FILES + 1
    assert all(len(problem) < MAX_NAME + 100 for problem in told)
    assert told[-1] == "20 more files were not attached."
    assert len(answer.data) < 200_000


def test_more_tokens_than_a_form_can_hold_are_counted_and_not_opened(site: Site) -> None:
    answer = site.post(do="attach", tokens=["nonsense"] * 200)
    assert problems(answer) == [
        "Some attached files were kept too long to be used. Attach them again.",
        "120 more files were not attached.",
    ]


def test_the_name_beside_a_file_is_for_the_script_that_sends_one(site: Site) -> None:
    named = site.post(do="attach", files=[("a.txt", b"1"), ("b.txt", b"2")], name="c.txt")
    assert [site.vigil.drafts.open_file(token).name for token in hidden(named, "file")] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("name", ["a.txt", "n" * 5000])
def test_a_file_that_is_refused_is_named_by_what_a_report_would_hold(site: Site, name: str) -> None:
    object.__setattr__(site.vigil.settings, "max_file_bytes", 1_000_000)
    fields = [("draft", site.draft()), ("do", "upload"), ("name", name)]
    data = multipart(fields, [("x", b"x" * 1_000_001)])
    answer = site.client.post("/report", data=data, content_type=MULTIPART)
    assert answer.status_code == 422
    assert f"“{name[:MAX_NAME]}” is larger than 1 MB." in answer.text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/report/check", {"length": "5"}),
        ("/agencies/", {"what": "talk"}),
        ("/contact", {"message": ""}),
        ("/report", {"what_happened": ""}),
        ("/report", {"what_happened": "words", "do": "attach"}),
        ("/report", {"what_happened": "words", "do": "review"}),
        ("/report", {"what_happened": "words", "do": "add-people"}),
        ("/nowhere", {}),
    ],
)
def test_a_post_that_writes_nothing_asks_for_no_scrub(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str, data: dict[str, str]
) -> None:
    touches: list[int] = []
    monkeypatch.setattr(site.vigil.soon, "touch", lambda: touches.append(1))
    site.client.post(path, data=data)
    assert touches == []


def test_whatever_may_have_written_asks_for_a_scrub(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    touches: list[str] = []
    draft = site.draft()
    monkeypatch.setattr(site.vigil.soon, "touch", lambda: touches.append(doing))
    doing = "attach"
    tokens = hidden(site.post(do="attach", files=[("a", b"1"), ("b", b"2")], draft=draft), "file")
    doing = "remove"
    site.post(do="", tokens=tokens, draft=draft, remove="1")
    doing = "send"
    site.post(tokens=tokens[:1], draft=draft)
    doing = "contact"
    contact = hidden(site.client.get("/contact"), "draft")[0]
    site.client.post("/contact", data={"draft": contact, "to": "team", "message": "words"})
    doing = "break off"
    site.client.post(
        "/report",
        data=multipart([("draft", draft)], [("a", b"1" * 100_000)])[:-20],
        content_type=MULTIPART,
    )
    assert set(touches) == {"attach", "remove", "send", "contact", "break off"}
