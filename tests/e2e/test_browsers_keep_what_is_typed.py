"""What somebody typed stays, in real browsers: whatever is wrong, when nobody answers, on the way back."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError

from payload.limits import MAX_LONG, MAX_SHORT
from tests import inside
from tests.counts import SOAK
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox, FirefoxError
from tests.e2e.server import Site
from tests.e2e.steps import RECEIVED, REVIEW, Answers, Browser, ReportPage, report
from tests.e2e.waiting import until
from tests.e2e.wire import Wire

TEXT = 'Two lines,\n\n  with <b>signs</b> & "quotes" ‘ünïcödé’ مرحبا 👀'  # noqa: RUF001 - as people write
CAPTION = 'the <van> & "its" plate'
# One of each kind of answer, in sections that can have one entry and that can have several.
SAID: Answers = {
    "danger-now": "yes",
    "you-part": ["saw", "work"],
    "you-how_known": "from the window,\n\nevery night",
    "when-timing": "ongoing",
    "when-date": "since May",
    "people-0-names": "“Bo”",
    "people-1-age": "25-34",
    "people-1-face": "a scar",
    "in_need-0-ages": ["10-15", "unknown"],
    "contact-how": "by letter, to nobody@example.org",
}
LATER: Answers = {"vehicles-0-registration": "AB1? C?E"}


@pytest.fixture(params=["firefox", "with script"] if SOAK else ["firefox"])
def browser(request: pytest.FixtureRequest, firefox: Firefox, window: OpenWindow) -> Browser:
    """One that runs no script, and one that does."""
    return firefox if request.param == "firefox" else window(script=True)


@pytest.fixture(params=["firefox", "chromium"])
def plain_browser(request: pytest.FixtureRequest, firefox: Firefox, window: OpenWindow) -> Browser:
    """Each without JavaScript: each has ways of its own to go back, and to try again."""
    return firefox if request.param == "firefox" else window(script=False)


@pytest.fixture
def photo(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8" * 45_000)
    return path


def filled_in(browser: Browser, site: Site) -> ReportPage:
    """The form with something of each kind in it."""
    return report(browser, site.url).describe(TEXT).fill(SAID)


def all_held(page: ReportPage) -> bool:
    """Whether the form holds every word; what it holds instead is shown when a test fails."""
    assert (page.typed(), page.held(SAID)) == (TEXT, SAID)
    return True


def arrived(desk: Desk, site: Site, bundle: Path) -> dict[str, dict[str, object]]:
    """What the desk has of the one case that all of it belongs to."""
    (case,) = desk.take(site, bundle).cases()
    payload: dict[str, dict[str, object]] = desk.show(case["case"])["payload"]
    assert payload["report"]["what_happened"] == TEXT
    assert payload["report"]["danger"] == {"now": "yes"}
    assert payload["report"]["when"] == {"timing": "ongoing", "date": "since May"}
    assert payload["report"]["people"] == [{"names": "“Bo”"}, {"age": "25-34", "face": "a scar"}]
    assert payload["report"]["in_need"] == [{"ages": ["10-15", "unknown"]}]
    known = {"part": ["saw", "work"], "how_known": "from the window,\n\nevery night"}
    assert payload["source"] == {"you": known, "contact": {"how": "by letter, to nobody@example.org"}}
    return payload


def press_in_vain(page: ReportPage) -> None:
    """Press the main button while nobody answers."""
    with suppress(FirefoxError):  # says that it shows a page of its own
        page.browser.click("#send")
    until(lambda: not page.browser.count("#send"), "page of the browser's own")


def test_a_restart_before_the_review_and_one_after_it_lose_nothing(
    make_site: MakeSite, browser: Browser, photo: Path, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    page = filled_in(browser, site).attach(photo).caption(0, CAPTION)
    site.kill()
    site.start()
    page.review()
    site.stop()
    site.start()
    page.change("people")
    assert all_held(page)
    assert page.caption_of(0) == CAPTION
    site.kill()
    site.start()
    page.send()
    (file,) = arrived(desk, site, tmp_path / "bundle.tar")["files"]
    assert (file["size"], file["caption"]) == (90_000, CAPTION)


def test_form_keys_that_are_gone_cost_one_more_press(
    make_site: MakeSite, browser: Browser, photo: Path, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    page = filled_in(browser, site).attach(photo).caption(0, CAPTION)
    forget(site)
    said = page.send_refused()
    # The file cannot be opened any more; what was typed beside it is told.
    assert CAPTION in said
    assert page.listed() == 0
    assert all_held(page)
    page.review()
    forget(site)
    page.send_refused()
    assert all_held(page)
    page.send()
    arrived(desk, site, tmp_path / "bundle.tar")


def forget(site: Site) -> None:
    """Start the server without the form keys that it had."""
    site.stop()
    (site.data / "form.keys").unlink()
    site.start()


def test_what_is_too_long_is_named_and_shown_and_goes_when_it_is_shortened(
    make_site: MakeSite, browser: Browser, photo: Path, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    over: Answers = {
        "when-pattern": "w" * (MAX_SHORT + 1),
        "you-who_else": "y" * (MAX_LONG + 2),
        "people-1-names": "n" * (MAX_SHORT + 3),
    }
    page = filled_in(browser, site).fill(over).attach(photo).caption(0, "c" * (MAX_SHORT + 4))
    said = page.send_refused()
    for words in ("1 character too long", "2 characters too", "3 characters too", "4 characters too"):
        assert words in said
    assert page.held(over) == over
    assert all_held(page)
    assert page.caption_of(0) == "c" * (MAX_SHORT + 4)
    page.fill(dict.fromkeys(over, "")).caption(0, CAPTION).send()
    (file,) = arrived(desk, site, tmp_path / "bundle.tar")["files"]
    assert file["caption"] == CAPTION


# ---- on the way back, and when nobody answers: a script asks before it lets one leave, so without one


def test_back_from_the_review_finds_every_word_and_what_is_changed_there_goes(
    make_site: MakeSite, plain_browser: Browser, photo: Path, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    page = filled_in(plain_browser, site)
    page.review()
    plain_browser.back()
    assert all_held(page)
    # The same from a form that was itself the answer to a post.
    page.attach(photo).caption(0, CAPTION).fill(LATER).review()
    plain_browser.back()
    assert all_held(page)
    assert page.held(LATER) == LATER
    assert page.caption_of(0) == CAPTION
    page.fill({"vehicles-0-colour": "white"}).send()
    payload = arrived(desk, site, tmp_path / "bundle.tar")
    assert payload["report"]["vehicles"] == [{"registration": "AB1? C?E", "colour": "white"}]


def test_back_past_the_review_that_no_browser_keeps_finds_every_word(site: Site, firefox: Firefox) -> None:
    # Chromium asks on a page of its own whether to send again, and its driver never comes back from there.
    page = filled_in(firefox, site).review().change("when")
    for _ in range(2):
        go_back(firefox)
    assert all_held(page)
    page.send()


def go_back(browser: Browser) -> None:
    """Go back one page; where the browser kept nothing of it, it says so on a page of its own."""
    try:
        browser.back()
    except (FirefoxError, PlaywrightError):
        until(lambda: not browser.count("#send"), "page of the browser's own")


@pytest.mark.parametrize("pressed", ["review", "send"])
def test_back_from_a_server_that_did_not_answer_finds_every_word(
    make_site: MakeSite, firefox: Firefox, desk: Desk, tmp_path: Path, pressed: str
) -> None:
    # Chromium puts its own page in the place of the one it stands for: there one tries again, as below.
    site = make_site().start()
    page = filled_in(firefox, site)
    if pressed == "send":
        page.review()
    site.kill()
    press_in_vain(page)
    site.start()
    for _ in range(2 if pressed == "send" else 1):
        go_back(firefox)
    assert all_held(page)
    page.send()
    arrived(desk, site, tmp_path / "bundle.tar")


@pytest.mark.parametrize("pressed", ["review", "send"])
def test_what_nobody_answered_goes_when_the_browser_tries_again(
    make_site: MakeSite, plain_browser: Browser, photo: Path, desk: Desk, tmp_path: Path, pressed: str
) -> None:
    site = make_site().start()
    page = filled_in(plain_browser, site).attach(photo).caption(0, CAPTION)
    if pressed == "send":
        page.review()
    site.kill()
    press_in_vain(page)
    site.start()
    plain_browser.again()
    if pressed == "review":
        page.wait_for(REVIEW).send()
    page.wait_for(RECEIVED)
    (file,) = arrived(desk, site, tmp_path / "bundle.tar")["files"]
    assert file["caption"] == CAPTION


def test_a_report_whose_answer_was_lost_is_one_case_when_the_browser_tries_again(
    make_site: MakeSite, plain_browser: Browser, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    with Wire(site.address) as wire:
        page = report(plain_browser, wire.url).describe(TEXT).fill(SAID).review()
        wire.cut = True
        press_in_vain(page)
        kept = len(list(inside.values(site.data)))
        wire.cut = False
        plain_browser.again()
        page.wait_for(RECEIVED)
        assert len(list(inside.values(site.data))) > kept
    arrived(desk, site, tmp_path / "bundle.tar")


def test_back_from_received_shows_no_word_and_what_is_sent_again_is_the_same_case(
    make_site: MakeSite, plain_browser: Browser, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    page = filled_in(plain_browser, site).send()
    go_back(plain_browser)
    assert not plain_browser.count("#report")
    assert "with signs" not in plain_browser.text("body")
    plain_browser.again()
    page.wait_for(REVIEW).send()
    arrived(desk, site, tmp_path / "bundle.tar")
