"""A message to the team, from the contact form to the desk, with JavaScript and without."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Route

from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.scripted import Scripted
from tests.e2e.server import Site
from tests.e2e.steps import Browser, contact
from tests.e2e.waiting import until
from tests.e2e.wire import Wire

KB = 1_000
TEXT = "How would one tell?\n\n  ‘Müller’ <b> & مرحبا 👀"  # noqa: RUF001 - as people write


@pytest.mark.parametrize("way", ["with script", "without script", "firefox"])
def test_what_is_written_to_the_team_is_what_the_desk_opens(
    way: str, request: pytest.FixtureRequest, site: Site, window: OpenWindow, desk: Desk, tmp_path: Path
) -> None:
    browser: Browser
    if way == "firefox":
        firefox: Firefox = request.getfixturevalue("firefox")
        browser = firefox
    else:
        browser = window(script=way == "with script")
    word = f"contact{os.urandom(8).hex()}"
    message = f"{word} {TEXT}"

    contact(browser, site.url).write(message, "expert", "Invoices & <more>", "020 7946 0000\nevenings").send()

    assert "the way that you left" in browser.text("main")
    desk.take(site, tmp_path / "bundle.tar")
    (case,) = [case for case in desk.cases() if case["begins"].startswith(word)]
    assert case["kind"] == "contact"
    shown = desk.show(case["case"])
    assert shown["kind"] == "contact"
    assert shown["payload"]["contact"] == {"to": "expert", "topic": "Invoices & <more>", "message": message}
    assert shown["payload"]["source"] == {"reach": "020 7946 0000\nevenings"}
    told = desk("show", case["case"])
    assert "to        a subject expert" in told
    assert "answer    | 020 7946 0000\n          | evenings\n" in told


@pytest.mark.parametrize("script", [True, False])
def test_a_form_that_is_refused_keeps_every_word_and_goes_the_second_time(
    site: Site, window: OpenWindow, script: bool
) -> None:
    browser = window(script=script)
    page = contact(browser, site.url).write("  ", "letter", '<Topic> & "more"', "\nan address")
    before = page.typed()
    assert "Write your message." in page.send_refused()
    assert page.typed() == before == {**before, "to": "letter", "reach": "\nan address"}
    browser.fill("#message", "and now with words")
    page.send()


def test_a_message_that_gets_no_answer_stays_in_the_page_and_goes_again(
    site: Site, window: OpenWindow
) -> None:
    browser = window(script=True)
    page = contact(browser, site.url).write("words on the way", "advocate", reach="a number")
    before = page.typed()

    def lose(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    browser.page.route("**/contact", lose)
    browser.click("#send")
    until(lambda: "No answer came back" in browser.text("#told"), "word of the loss")
    assert page.typed() == before
    browser.page.unroute("**/contact")
    page.send()


def test_an_error_page_that_answers_is_told_and_the_words_stay(site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    page = contact(browser, site.url).write("words on the way")
    broken = "<!doctype html><title>x</title><main><h1>x</h1><p>It is busy.</p></main>"
    browser.page.route(
        "**/contact",
        lambda route: (
            route.fulfill(status=503, content_type="text/html", body=broken)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    browser.click("#send")
    until(lambda: "It is busy. Your words are still here." in browser.text("#told"), "word of the failure")
    assert page.typed()["message"] == "words on the way"
    browser.page.unroute("**/contact")
    page.send()


def test_leaving_asks_first_only_while_words_are_unsent(site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    page = contact(browser, site.url)
    asked: list[str] = []

    def answer(dialog: object) -> None:
        asked.append("leave?")
        dialog.accept()  # type: ignore[attr-defined]  # playwright's Dialog

    browser.page.on("dialog", answer)
    browser.go(site.url + "/contact")
    assert not asked
    page.write("half a sen")
    browser.go(site.url + "/contact")
    assert asked == ["leave?"]
    page.write("a whole sentence").send()
    browser.go(site.url + "/contact")
    assert asked == ["leave?"]


def test_the_script_sends_by_fetch_and_switches_off_the_browsers_memory(
    site: Site, window: OpenWindow
) -> None:
    browser = window(script=True)
    page = contact(browser, site.url).write("words")
    assert browser.page.locator("#message").get_attribute("autocomplete") == "off"
    kinds: list[str] = []
    browser.page.on("request", lambda sent: kinds.append(f"{sent.method} {sent.resource_type}"))
    page.send()
    assert kinds[0] == "POST fetch"
    assert not browser.told
    assert browser.page.evaluate("document.activeElement.id") == "received"


def test_after_the_receipt_nobody_comes_back_to_what_was_typed(either: Scripted, site: Site) -> None:
    page = contact(either.browser, site.url).write(" ", "letter", "mine", "my number")
    assert "Write your message." in page.send_refused()
    assert either.focused() == "problems"
    either.browser.fill("#message", "my words")
    assert not either.browser.count("#message-wrong")
    page.send()
    assert either.focused() == "received"
    either.browser.go(site.url + "/keys")
    either.browser.back()
    until(lambda: either.browser.count("#message"), "form")
    assert page.typed() == {"to": "team", "topic": "", "message": "", "reach": ""}


@pytest.mark.parametrize(
    ("script", "most_bytes", "most_requests"), [(False, 14.6 * KB, 2), (True, 20 * KB, 3)]
)
def test_the_first_load_of_the_form_is_light(
    site: Site, window: OpenWindow, script: bool, most_bytes: float, most_requests: int
) -> None:
    with Wire(site.address) as wire:
        browser = window(script=script)
        browser.page.goto(wire.url + "/contact", wait_until="networkidle")
        assert browser.count("#send") == 1
        assert len(wire.asked) <= most_requests, wire.asked
        assert 1 * KB < wire.down <= most_bytes, (wire.down, wire.asked)
