"""The page that shows what will be sent: all of it, with a way to change each part; nothing is stored yet."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from payload import Report
from payload.outline import SECTIONS
from store.errors import DiskFailed, MissingBlobs, NoRoom, StoreError
from tests import engine, inside
from tests.e2e.source import Form
from tests.site import Site, hidden, problems
from tests.views.asked import AWKWARD, answered, filled, typed

FILES = [("a b.jpg", b"1"), ("<b>.png", b"22"), ("none", b"")]
CAPTIONS = ["the <door> & “gate”", "", " \u202eend "]
TOO_OLD = "This form had been open for too long. Nothing is lost: press Send again."


def words(html: str) -> str:
    """Give what can be read of a page."""
    return unescape(re.sub(r"<[^>]+>", "\x00", html))


def reviewed(site: Site, text: str = "words", **more: object) -> TestResponse:
    answer = site.post(text, do="review", **more)  # type: ignore[arg-type]  # as post's own
    assert answer.status_code == 200, answer.text
    assert 'id="review"' in answer.text
    return answer


def same(report: Report, other: Report) -> bool:
    """Say whether two reports say the same; draft, mailbox, keys and blobs are each one's own."""
    plain = [
        replace(
            one,
            draft=bytes(16),
            mailbox=None,
            files=tuple(
                replace(file, blob=bytes([n]) * 16, key=bytes(32), sealed_sha256=bytes(32))
                for n, file in enumerate(one.files)
            ),
        )
        for one in (report, other)
    ]
    return plain[0] == plain[1]


# ---- it shows and holds everything


@pytest.mark.parametrize("awkward", AWKWARD.values(), ids=AWKWARD)
def test_it_shows_everything_and_sends_exactly_that(site: Site, awkward: str) -> None:
    fields, held = answered(lambda name: f"{awkward}{name}{awkward}", entries=3)
    attached = site.post(do="attach", files=FILES)
    tokens = hidden(attached, "file")
    page = reviewed(site, f"{awkward}words", answers=fields, tokens=tokens, captions=CAPTIONS)
    read = words(page.text)
    assert [text for text in held.texts() if text not in read] == []
    assert f"{awkward}words" in read
    for name, caption in zip((name for name, _ in FILES), CAPTIONS, strict=True):
        assert name in read
        assert caption in read
    for section in SECTIONS:
        assert section.title in read
        for field in section.fields:
            assert field.label in read
    assert site.press(page, "send").status_code == 200
    (report,) = site.reports()
    assert report.answers == held
    assert report.what_happened == f"{awkward}words"
    assert [file.caption for file in report.files] == CAPTIONS
    assert site.contents(report) == FILES


def test_a_report_that_was_looked_through_is_the_one_that_is_sent_at_once(site: Site) -> None:
    fields, _ = filled(lambda name: f"\n {name}\n")
    for through in (True, False):
        tokens = hidden(site.post(do="attach", files=FILES), "file")
        if through:
            site.press(reviewed(site, " words\n", answers=fields, tokens=tokens, captions=CAPTIONS), "send")
        else:
            site.post(" words\n", answers=fields, tokens=tokens, captions=CAPTIONS)
    first, second = site.reports()
    assert same(first, second)


def test_each_choice_is_shown_in_the_words_of_the_form(site: Site) -> None:
    for section in SECTIONS:
        for field in section.fields:
            for choice in field.choices:
                name = f"{section.name}-0-{field.name}" if section.one else f"{section.name}-{field.name}"
                read = words(reviewed(site, answers={name: choice.value}).text)
                assert f"\x00{field.label}\x00\x00{choice.label}\x00" in read


def test_it_names_only_what_was_answered(site: Site) -> None:
    answers = {"people-0-names": "", "people-1-names": "Bo", "people-2-hair": " ", "money-shops": "x"}
    page = reviewed(site, answers=answers)
    titles = ["What happened", "People you suspect", "Money", "What we may do with it"]
    assert re.findall(r"<h2>([^<]+)</h2>", page.text) == titles
    assert re.findall(r"<h3>(.*?)</h3>", page.text) == ["Person 1"]
    assert words(page.text).count("Hair") == 0
    buttons = [control.value for control in Form(page.text).of("do")]
    parts = ["what_happened", "people", "money", "consent", "what_happened"]
    assert [value for value in buttons if value.startswith("change-")] == [f"change-{part}" for part in parts]
    assert {name: said for name, said in Form(page.text).said.items() if name != "what_happened"} == {
        "people-0-names": ["Bo"],
        "money-shops": ["x"],
    }


@pytest.mark.parametrize("part", [*(section.name for section in SECTIONS), "what_happened", "files"])
def test_every_part_can_be_changed_and_nothing_is_lost_on_the_way(site: Site, part: str) -> None:
    fields, _ = filled(lambda name: f"<{name}>")
    tokens = hidden(site.post(do="attach", files=FILES), "file")
    page = reviewed(site, answers=fields, tokens=tokens, captions=CAPTIONS)
    form = site.press(page, f"change-{part}")
    assert form.status_code == 200
    there = {
        "what_happened": ["words"],
        "caption": [caption for caption in CAPTIONS if caption],
        **typed(fields),
    }
    assert Form(form.text).said == there
    assert Form(page.text).said == there
    again = site.press(form, "review")
    assert Form(again.text).said == there
    assert site.press(again, "send").status_code == 200
    assert len(site.reports()) == 1


def test_the_first_button_of_the_page_sends_for_whoever_presses_enter(site: Site) -> None:
    buttons = [control.value for control in Form(reviewed(site).text).of("do")]
    assert buttons[0] == buttons[-2] == "send"
    form = site.client.get("/report").text
    assert Form(form).value("do") == "review"


def test_the_page_is_kept_by_no_browser_and_its_title_says_nothing(site: Site) -> None:
    page = reviewed(site)
    assert page.headers["Cache-Control"] == "no-store"
    assert "<title>Form</title>" in page.text


# ---- danger


@pytest.mark.parametrize("said", ["yes", "no", "unknown", ""])
def test_whom_to_call_stands_on_every_page_after_yes(site: Site, said: str) -> None:
    answers = {"danger-now": said}
    form = site.post("words", do="attach", answers=answers)
    page = reviewed(site, answers=answers)
    receipt = site.press(page, "send")
    wrong = site.post(do="review", answers=answers)
    for answer in (form, wrong):
        # Elsewhere it waits within the form until somebody ticks "yes".
        assert answer.text.count('id="now"') == 1
        assert ('id="now"' in answer.text.split("<form")[0]) == (said == "yes")
    for answer in (page, receipt):
        assert answer.text.count('id="now"') == (1 if said == "yes" else 0)
        # It comes before all else that has a heading.
        assert ('id="now"' in answer.text.split("<h2")[0]) == (said == "yes")
    for way in ("999", "18000", "999bsl.co.uk", "55"):
        assert way in words(form.text.split('id="now"')[1].split("</div>")[0])


# ---- nothing is stored before it is sent


def folder(site: Site) -> dict[str, bytes]:
    """Give every file of the data folder with its bytes, and the database, where it lies elsewhere."""
    found = {
        str(path.relative_to(site.folder)): path.read_bytes()
        for path in Path(site.folder).rglob("*")
        if path.is_file()
    }
    if engine.is_postgres():
        found["database"] = repr(sorted(map(repr, inside.values(site.folder)))).encode()
    return found


def test_until_it_is_sent_nothing_at_all_is_written(site: Site) -> None:
    fields, _ = filled(lambda name: f"{name} marker-51c0")
    site.draft()
    before = folder(site)
    page = site.post("marker-51c0", do="attach", answers=fields)
    for do in [
        "add-people",
        "drop-people-1",
        "review",
        "change-money",
        "add-places",
        "review",
        "change-contact",
        "add-vehicles",
        "review",
    ]:
        page = site.press(page, do)
        assert page.status_code == 200
    site.client.get("/report/more?section=people&number=2")
    site.client.post("/report/check", data={"length": "99000"})
    for do in ("review", "send"):
        assert site.post("marker-51c0", do=do, answers={**fields, "when-date": "x" * 301}).status_code == 422
        assert site.post("marker-51c0", do=do, answers=fields, draft="spoiled").status_code == 422
        assert site.post(do=do).status_code == 422
    assert folder(site) == before
    assert list(site.store.envelopes()) == []
    assert list(site.store.kept_blobs()) == []
    assert site.press(page, "send").status_code == 200
    assert folder(site) != before
    assert not any(b"marker-51c0" in data for data in folder(site).values())


# ---- what goes wrong loses nothing


def everything(site: Site) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Give a whole report for `Site.post`, and what a form must hold of it."""
    fields, _ = filled(lambda name: f"{name}!")
    tokens = hidden(site.post(do="attach", files=FILES), "file")
    there = {
        "what_happened": ["words"],
        "caption": [caption for caption in CAPTIONS if caption],
        **typed(fields),
    }
    return {"answers": fields, "tokens": tokens, "captions": CAPTIONS}, there


@pytest.mark.parametrize("do", ["review", "send"])
@pytest.mark.parametrize("draft", ["", "nonsense", "A" * 200])
def test_a_spoiled_draft_costs_nothing(site: Site, do: str, draft: str) -> None:
    report, there = everything(site)
    answer = site.post("words", do=do, draft=draft, **report)  # type: ignore[arg-type]  # as post's own
    assert (answer.status_code, problems(answer)) == (422, [TOO_OLD])
    assert Form(answer.text).said == there
    assert site.press(site.press(answer, "review"), "send").status_code == 200
    (sent,) = site.reports()
    assert site.contents(sent) == FILES


def test_a_draft_that_goes_bad_while_somebody_looks_it_through_costs_nothing(site: Site) -> None:
    report, there = everything(site)
    page = reviewed(site, **report)
    token = hidden(page, "draft")[0]
    answer = site.press(page, "send", draft=token[:-4] + "AAAA")
    assert (answer.status_code, problems(answer)) == (422, [TOO_OLD])
    assert Form(answer.text).said == there
    # The draft is the one of its files: a second send of it would be seen as such.
    drafts = site.vigil.drafts
    assert drafts.open(hidden(answer, "draft")[0]).id == drafts.open(token).id


@pytest.mark.parametrize(
    "failure", [NoRoom, DiskFailed, StoreError("the disk", "look")], ids=["full", "disk", "other"]
)
def test_where_nothing_can_be_stored_everything_typed_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch, failure: StoreError | type[StoreError]
) -> None:
    def fails(*_: object) -> None:
        raise failure

    report, there = everything(site)
    page = reviewed(site, **report)
    monkeypatch.setattr(site.store, "keep_report", fails)
    answer = site.press(page, "send")
    assert answer.status_code == 503
    assert problems(answer) == ["We cannot store anything now. Keep your words, and try again later."]
    assert Form(answer.text).said == there
    monkeypatch.undo()
    assert site.press(site.press(answer, "review"), "send").status_code == 200
    (sent,) = site.reports()
    assert site.contents(sent) == FILES


def test_a_database_that_fails_while_files_are_looked_up_costs_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DiskFailed

    report, there = everything(site)
    monkeypatch.setattr(site.store, "missing", fails)
    for do in ("review", "send", "attach", "add-people", "change-money"):
        answer = site.post("words", do=do, **report)  # type: ignore[arg-type]  # as post's own
        assert answer.status_code == 422
        assert problems(answer) == ["We cannot store anything now. Keep your words, and try again later."]
        assert Form(answer.text).said == there
    assert {kind for _, kind, _, _ in site.store.failures()} == {"DiskFailed"}


def test_a_file_that_went_between_looking_and_sending_is_named_with_its_caption(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, there = everything(site)
    page = reviewed(site, **report)
    keep = site.store.keep_report

    def too_late(envelope: bytes, blobs: list[bytes], *rest: Any) -> None:
        site.store.drop_pending(blobs[0])
        keep(envelope, blobs, *rest)

    monkeypatch.setattr(site.store, "keep_report", too_late)
    with pytest.raises(MissingBlobs):
        keep(b"", [bytes(16)], [], bytes)
    answer = site.press(page, "send")
    assert answer.status_code == 422
    assert problems(answer) == [
        "“a b.jpg” is no longer here. Attach it again. Of it you wrote: “the <door> & “gate””"
    ]
    assert Form(answer.text).said == {**there, "caption": CAPTIONS[2:]}
    assert site.reports() == []


def test_the_trap_for_robots_stands_on_this_page_too(site: Site) -> None:
    report, there = everything(site)
    page = reviewed(site, **report)
    answer = site.press(page, "send", website="http://example.invalid")
    assert (answer.status_code, problems(answer)) == (422, ["Press Send once more."])
    assert Form(answer.text).said == there
    assert site.reports() == []
