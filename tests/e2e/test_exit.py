"""The way out: a plain link without a script; with one, Escape three times; nothing holds it up."""

from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Browser as Process
from playwright.sync_api import Dialog, Page

from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.server import Site

ELSEWHERE = "https://www.bbc.co.uk/weather"
PATHS = ["/", "/report", "/safety", "/no/such/page"]


@pytest.fixture
def opened(site: Site, window: OpenWindow) -> Callable[..., Chromium]:
    """Open a page of the site in a window for which the other site is a page of ours."""

    def open_at(path: str, script: bool = True) -> Chromium:
        browser = window(script=script)
        browser.context.route(ELSEWHERE, lambda route: route.fulfill(body="<title>Weather</title>Rain"))
        browser.page.on("dialog", refused)
        browser.go(site.url + path)
        return browser

    return open_at


def refused(dialog: Dialog) -> None:
    """Stay: whoever is asked has not left."""
    dialog.dismiss()


def escape(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Escape")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("path", PATHS)
def test_the_link_leaves_from_every_page(opened: Callable[..., Chromium], path: str, script: bool) -> None:
    browser = opened(path, script)
    browser.click("#exit")
    browser.page.wait_for_url(ELSEWHERE)


@pytest.mark.parametrize("path", PATHS)
def test_escape_three_times_leaves(opened: Callable[..., Chromium], path: str) -> None:
    browser = opened(path)
    escape(browser.page, 3)
    browser.page.wait_for_url(ELSEWHERE)


@pytest.mark.parametrize("leave", [lambda page: escape(page, 3), lambda page: page.click("#exit")])
def test_words_not_sent_yet_hold_nobody_up(
    opened: Callable[..., Chromium], leave: Callable[[Page], None]
) -> None:
    browser = opened("/report")
    browser.fill("#what_happened", "words that are not sent")
    leave(browser.page)
    browser.page.wait_for_url(ELSEWHERE)


@pytest.mark.parametrize("leave", [lambda page: escape(page, 3), lambda page: page.click("#exit")])
def test_the_page_that_shows_what_will_be_sent_is_left_as_fast(
    opened: Callable[..., Chromium], leave: Callable[[Page], None]
) -> None:
    browser = opened("/report")
    browser.fill("#what_happened", "words that are not sent")
    browser.click("#send")
    browser.page.wait_for_selector("#review")
    leave(browser.page)
    browser.page.wait_for_url(ELSEWHERE)


def test_the_other_site_takes_the_place_of_the_page(opened: Callable[..., Chromium], site: Site) -> None:
    browser = opened("/safety")
    browser.go(site.url + "/report")
    escape(browser.page, 3)
    browser.page.wait_for_url(ELSEWHERE)
    browser.page.go_back()
    assert browser.page.url == site.url + "/safety"


def test_two_presses_or_three_with_something_between_stay(opened: Callable[..., Chromium]) -> None:
    browser = opened("/report")
    escape(browser.page, 2)
    browser.page.keyboard.press("Tab")
    escape(browser.page, 2)
    assert browser.page.url.endswith("/report")
    assert browser.page.locator("h1").is_visible()


def test_it_works_after_a_report_was_refused_without_a_new_page(opened: Callable[..., Chromium]) -> None:
    browser = opened("/report")
    browser.click("#send")
    browser.page.wait_for_selector("#problems")
    escape(browser.page, 3)
    browser.page.wait_for_url(ELSEWHERE)


def test_escape_is_named_only_where_it_works(opened: Callable[..., Chromium]) -> None:
    shown = "document.querySelector('.leave .scripted').offsetWidth > 0"
    assert opened("/").page.evaluate(shown)
    assert opened("/", script=False).page.locator(".leave .scripted").is_hidden()


@pytest.mark.parametrize("path", ["/", "/safety"])
def test_escape_is_not_named_on_a_telephone_that_has_no_such_key(
    site: Site, chromium: Process, path: str
) -> None:
    with closing(chromium.new_context(has_touch=True, is_mobile=True)) as phone:
        page = phone.new_page()
        page.goto(site.url + path)
        named = page.get_by_text("Escape three times")
        assert named.count() > 0
        assert not any(each.is_visible() for each in named.all())
