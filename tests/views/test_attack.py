"""One switch of site.toml, and a publish: no files, no hurry; words, replies and reading go on."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publishing.publish import publish
from tests.site import CONTENT, Site, calm, hidden, problems
from views import notices
from views.sending import LEAST_UNDER_ATTACK

FLOODED = "Somebody is flooding this site with fakes."
HELD = (
    "Not sent yet, but nothing is lost, and you did nothing wrong. Somebody is flooding this site, "
    "so a form has to be open for a while before you can send it. Wait 20 seconds, then press “%s” below."
)
NO_FILES = "Just now we can take no files."
WAIT = "Wait 20 seconds before you press “Send now”."
Switch = Callable[[bool], None]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The starter content published with the switch off and on."""
    made = {}
    for on in (False, True):
        folder = tmp_path_factory.mktemp("made") / "content"
        shutil.copytree(CONTENT, folder)
        texts = (CONTENT / "site.toml").read_text()
        switched = re.sub(r"\[attack\]\non = false\n", f"[attack]\non = {str(on).lower()}\n", texts)
        (folder / "site.toml").write_text(switched)
        made[on] = folder.with_suffix(".db")
        assert publish(folder, made[on]).attack is on
    return made


@pytest.fixture
def switch(site: Site, published: dict[bool, Path]) -> Iterator[Switch]:
    """Put the switch on or off, without a restart."""

    def put(on: bool) -> None:
        new = site.folder / "new.db"
        new.write_bytes(published[on].read_bytes())
        new.replace(site.folder / "site.db")

    put(False)
    return put


@pytest.fixture
def attacked(site: Site, switch: Switch) -> Site:
    switch(True)
    return site


def later(site: Site, seconds: int = LEAST_UNDER_ATTACK) -> None:
    """Let time pass for every form."""
    drafts = site.vigil.drafts
    now = drafts.now() + seconds
    object.__setattr__(drafts, "now", lambda: now)


def test_the_switch_works_at_once_and_back_again(site: Site, switch: Switch) -> None:
    for on in (False, True, False, True):
        switch(on)
        assert site.vigil.under_attack is on
        assert (FLOODED in site.client.get("/report").text) is on
        assert (FLOODED in site.client.get("/contact").text) is on


def test_a_site_with_nothing_published_is_under_no_attack(site: Site) -> None:
    assert site.vigil.under_attack is False
    assert site.post("words", [("a", b"1")]).status_code == 200


def test_files_are_refused_with_the_reason_and_words_are_taken(attacked: Site) -> None:
    draft = attacked.draft()
    later(attacked)
    answer = attacked.post("kept words", [("film.mp4", b"x")], draft=draft)
    assert answer.status_code == 422
    (told,) = problems(answer)
    assert told == (
        "“film.mp4” was not attached: somebody is flooding this site, so it takes no files now. "
        "You can send your words now, and the file on another day."
    )
    assert "kept words</textarea>" in answer.text
    assert attacked.press(answer, "review").status_code == 200
    sent = attacked.post("kept words", draft=draft)
    assert sent.status_code == 200
    assert [report.what_happened for report in attacked.reports()] == ["kept words"]


def test_the_form_says_it_before_and_offers_no_place_for_files(attacked: Site) -> None:
    text = attacked.client.get("/report").text
    assert text.index(FLOODED) < text.index(NO_FILES) < text.index("<form")
    assert text.count(NO_FILES) == 2
    assert '<div class="pick" hidden>' in text
    assert NO_FILES not in attacked.client.get("/contact").text


def test_a_file_that_the_script_sends_is_over_and_not_to_be_tried_again(attacked: Site) -> None:
    refused = attacked.post(do="upload", files=[("film.mp4", b"x")])
    assert refused.status_code == 422
    assert '<p class="wrong over">“film.mp4” was not attached' in refused.text


def test_what_was_attached_before_is_sent(site: Site, switch: Switch) -> None:
    tokens = hidden(site.post(do="attach", files=[("a.jpg", b"1")]), "file")
    switch(True)
    later(site)
    assert site.post("words", tokens=tokens, draft=site.draft_of(tokens)).status_code == 429
    draft = site.draft_of(tokens)
    later(site)
    assert site.post("words", tokens=tokens, draft=draft).status_code == 200
    assert [len(report.files) for report in site.reports()] == [1]


def test_a_form_opened_a_moment_ago_comes_back_with_every_word_and_goes_then(attacked: Site) -> None:
    attacked_answers = {"people-0-names": "Bo", "danger-now": "yes", "vehicles-0-colour": "red"}
    held = attacked.post("kept words", answers=attacked_answers)
    assert held.status_code == 429
    assert calm(held) == HELD % "Send now"
    assert "<title>Form</title>" in held.text
    assert 'id="review"' in held.text
    assert attacked.reports() == []
    assert attacked.waits == []
    later(attacked)
    sent = attacked.press(held, "send")
    assert sent.status_code == 200, problems(sent)
    (report,) = attacked.reports()
    assert report.what_happened == "kept words"
    (person,) = report.answers.entries("people")
    assert person["names"] == "Bo"


def test_looking_at_it_before_sending_is_not_held(attacked: Site) -> None:
    draft = attacked.draft()
    page = attacked.post("words", do="review", draft=draft)
    assert page.status_code == 200
    assert WAIT in page.text
    later(attacked)
    assert WAIT not in attacked.post("words", do="review", draft=draft).text
    assert attacked.post("", do="send").status_code == 422


def test_the_contact_form_is_held_too(attacked: Site) -> None:
    draft = hidden(attacked.client.get("/contact"), "draft")[0]
    fields = {"draft": draft, "to": "team", "topic": "a topic", "message": "a message", "reach": "a way"}
    held = attacked.client.post("/contact", data=fields)
    assert held.status_code == 429
    assert calm(held) == HELD % "Send"
    assert "Problem" not in held.text
    for typed in ("a topic", "a message", "a way"):
        assert typed in held.text
    later(attacked)
    fields["draft"] = hidden(held, "draft")[0]
    assert attacked.client.post("/contact", data=fields).status_code == 200


def test_the_mailbox_is_read_held_and_written_to(site: Site, switch: Switch) -> None:
    code = site.sent("the report")
    site.reply(code, "an answer", [("map.png", b"of the team")])
    switch(True)
    page = site.mailbox(code)
    assert "an answer" in page.text
    assert FLOODED in page.text
    held = site.press(page, "send", message="more words")
    assert held.status_code == 429
    assert calm(held) == HELD % "Send"
    assert "Problem" not in held.text
    assert "more words</textarea>" in held.text
    get = re.search(r'value="(get-[0-9a-f]+-0)"', held.text)
    assert get
    assert site.press(held, get[1]).data == b"of the team"
    later(site)
    assert "Received." in site.press(held, "send").text
    assert [follow_up.text for follow_up in site.follow_ups()] == ["more words"]


@pytest.mark.parametrize(
    "path", ["/", "/articles/", "/agencies/", "/letter", "/safety", "/healthz", "/feed.atom"]
)
def test_what_is_only_read_is_as_ever(site: Site, switch: Switch, path: str) -> None:
    before = site.client.get(path).data
    switch(True)
    assert site.client.get(path).status_code == 200
    assert FLOODED.encode() not in site.client.get(path).data
    assert len(site.client.get(path).data) == len(before)


def test_a_page_that_is_made_while_it_is_published_is_not_kept_under_a_wrong_name(
    site: Site, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = notices.named

    def named(page: str) -> str:
        name = asked(page)
        switch(True)
        return name

    monkeypatch.setattr(notices, "named", named)
    assert FLOODED not in site.client.get("/report").text
    monkeypatch.undo()
    assert FLOODED in site.client.get("/report").text
    switch(False)
    assert FLOODED not in site.client.get("/report").text
