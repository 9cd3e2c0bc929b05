"""Back and Forward with JavaScript: from the review to the form as left, from the receipt to a blank one."""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Request

from tests.e2e.conftest import OpenWindow
from tests.e2e.firefox import Firefox
from tests.e2e.scripted import Held, Scripted, a_file, wanted
from tests.e2e.server import Site
from tests.e2e.steps import RECEIVED, REVIEW, Answers, ReportPage, report
from tests.e2e.waiting import until

SAID: Answers = {
    "danger-now": "no",
    "what-kinds": ["drugs", "fraud"],
    "when-timing": "ongoing",
    "people-0-names": "“Bo”",
    "people-1-face": "a scar",
}
TEXT = "words that are mine\n\n and more"
OPEN = "() => [...document.querySelectorAll('details[open]')].map(part => part.id)"
NOTHING = ("", "[object File]")  # a blank text, and no file picked
STATE = "() => [history.state, localStorage.length, sessionStorage.length, location.pathname + location.hash]"


def filled_in(here: Scripted, site: Site, photo: Path) -> ReportPage:
    """The form with something of each kind in it."""
    page = report(here.browser, site.url).describe(TEXT).fill(SAID)
    return page.attach(photo).caption(0, "the van")


def back_to_the_form(here: Scripted) -> None:
    here.browser.back()
    until(lambda: here.browser.count("#upload"), "form")


def test_back_from_the_review_gives_the_form_as_it_was_left(
    either: Scripted, site: Site, tmp_path: Path
) -> None:
    page = filled_in(either, site, a_file(tmp_path))
    before, opened = either.content(), either.look(OPEN)
    for text in ("other words", "and others again"):
        page.review()
        assert either.focused() == "review"
        assert either.look(STATE) == [True, 0, 0, "/report"]
        back_to_the_form(either)
        assert either.content() == before
        assert either.look(OPEN) == opened
        assert either.focused() == "send"
        assert either.look(STATE) == [None, 0, 0, "/report"]
        page.describe(text)
        before = either.content()
        assert ["what_happened", text] in before
    page.add("people").attach(a_file(tmp_path, "second.bin")).send()


def test_forward_to_the_review_again_breaks_nothing(either: Scripted, site: Site, tmp_path: Path) -> None:
    page = filled_in(either, site, a_file(tmp_path))
    before = either.content()
    page.review()
    back_to_the_form(either)
    either.forward()
    until(lambda: either.look(STATE)[0], "entry of the review")
    assert either.content() == before
    page.describe("changed").review()
    back_to_the_form(either)
    assert page.typed() == "changed"
    page.send()


def test_change_opens_the_part_and_what_is_changed_there_is_what_counts(
    either: Scripted, site: Site, tmp_path: Path
) -> None:
    page = filled_in(either, site, a_file(tmp_path)).review().change("people")
    either.arrive("people-0-names")
    assert "people" in either.look(OPEN)
    page.answer("people-0-names", "Bea")
    # The history is now at the review: one step back is still this form, and not the one from before.
    either.browser.back()
    until(lambda: either.look(STATE)[0] is None, "entry of the form")
    assert page.held({"people-0-names": "Bea"}) == {"people-0-names": "Bea"}
    page.review()
    assert "Bea" in either.browser.text("main")
    page.send()


def test_a_link_within_the_page_is_no_way_back(either: Scripted, site: Site, tmp_path: Path) -> None:
    page = filled_in(either, site, a_file(tmp_path))
    before = either.content()
    page.review()
    either.look("() => document.querySelector('.skip').click()")
    until(lambda: either.look(STATE)[3] == "/report#main", "address of the link")
    assert either.browser.count(REVIEW)
    either.browser.back()
    until(lambda: either.look(STATE)[0], "entry of the review")
    assert either.browser.count(REVIEW)
    back_to_the_form(either)
    assert either.content() == before


@pytest.mark.parametrize("away", [False, True], ids=["at once", "after another page"])
def test_after_the_receipt_nobody_comes_back_to_what_was_typed(
    either: Scripted, site: Site, tmp_path: Path, away: bool
) -> None:
    page = filled_in(either, site, a_file(tmp_path))
    # Each turn has the browser keep the form as it is then.
    page.review().change("people").answer("people-0-names", "Bea")
    either.browser.back()
    until(lambda: either.look(STATE)[0] is None, "entry of the form")
    either.forward()
    until(lambda: either.look(STATE)[0], "entry of the review")
    page.send()
    assert either.focused() == "received"
    if away:
        either.browser.go(site.url + "/keys")
        back_to_the_form(either)
        assert_empty(either)
    back_to_the_form(either)
    assert_empty(either)
    either.forward()
    until(lambda: either.browser.count("#upload"), "form")
    assert_empty(either)


def assert_empty(here: Scripted) -> None:
    """Wait for the form, with nothing in it but its token."""
    until(
        lambda: not [pair for pair in here.content() or [["?", "?"]] if pair[1] not in NOTHING], "empty form"
    )


def test_a_browser_with_a_cache_and_a_history_keeps_no_word_on_the_disk(site: Site, tmp_path: Path) -> None:
    with closing(Firefox(script=True, private=False)) as browser:
        here = Scripted(browser)
        page = filled_in(here, site, a_file(tmp_path)).review().change("people")
        page.answer("people-0-names", "“Bea”").review()
        back_to_the_form(here)
        page.send()
        browser.go(site.url + "/about")
        # What is fetched last is written last.
        last = f"{site.url}/about".encode()
        until(lambda: last in on_the_disk(browser.profile / "cache2"), "page in the cache")
        kept = on_the_disk(browser.profile)
    words = [TEXT.splitlines()[0], "“Bo”", "“Bea”", "a scar", "the van"]
    assert [word for word in words if word.encode() in kept] == []


def on_the_disk(folder: Path) -> bytes:
    """All that the files of a folder hold now."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"\0".join(content for path in files if (content := read(path)))


def read(path: Path) -> bytes:
    """What a file holds; nothing where it is gone by now."""
    with suppress(OSError):
        return path.read_bytes()
    return b""


def test_a_form_that_came_back_is_sent_once(site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    page = report(browser, site.url).describe("words")
    for _ in range(3):
        page.review()
        back_to_the_form(Scripted(browser))
    asked: list[Request] = []
    browser.page.on("request", lambda request: asked.append(request))
    page.send()
    # The receipt has a stylesheet and a script of its own.
    assert [wanted(request) for request in asked if request.method == "POST"] == ["review", "send"]


def test_after_the_review_was_loaded_again_back_still_leads_to_the_form(
    site: Site, window: OpenWindow
) -> None:
    browser = window(script=True)
    page = report(browser, site.url).describe("words").review()
    browser.page.on("dialog", lambda dialog: dialog.accept())
    browser.page.reload()
    assert page.typed() == ""
    page.describe("new words").review()
    back_to_the_form(Scripted(browser))
    assert page.typed() == "new words"


def test_back_while_the_report_is_on_its_way_still_shows_the_receipt(site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    report(browser, site.url).describe("words").review()
    posts = Held(browser.page, "send")
    browser.click("#send")
    posts.wait()
    browser.back()
    # What would be typed into the form now would not be sent.
    assert not browser.count("#upload")
    posts.let_go()
    until(lambda: browser.count(RECEIVED), "receipt")


def typed(page: Page) -> None:
    page.fill("#what_happened", "words")


def chosen(page: Page) -> None:
    page.click("#when > summary")
    page.select_option("#when-timing", "now")


def ticked(page: Page) -> None:
    page.check("#danger-now-unknown")


def attached(page: Page) -> None:
    page.set_input_files("#upload", {"name": "a", "mimeType": "text/plain", "buffer": b"a"})
    page.locator("#files li").wait_for()


def on_its_way(page: Page) -> None:
    Held(page, "upload")
    page.set_input_files("#upload", {"name": "a", "mimeType": "text/plain", "buffer": b"a"})
    page.locator("#going li").wait_for()


def looked_through(page: Page) -> None:
    typed(page)
    page.click("#send")
    page.locator(REVIEW).wait_for()


def nothing(page: Page) -> None:
    page.click("#when > summary")
    page.fill("#when-date", "  ")


def taken_back(page: Page) -> None:
    looked_through(page)
    page.go_back()
    page.fill("#what_happened", "")


def received(page: Page) -> None:
    looked_through(page)
    page.click("#send")
    page.locator(RECEIVED).wait_for()


@pytest.mark.parametrize(
    ("done", "asks"),
    [
        *[(act, True) for act in (typed, chosen, ticked, attached, on_its_way, looked_through)],
        *[(act, False) for act in (nothing, taken_back, received)],
    ],
)
def test_leaving_asks_first_only_while_something_is_unsent(
    site: Site, window: OpenWindow, done: Callable[[Page], None], asks: bool
) -> None:
    page = window(script=True).page
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(site.url + "/report")
    done(page)
    assert asked == []
    page.goto(site.url + "/keys")
    assert asked == (["beforeunload"] if asks else [])
