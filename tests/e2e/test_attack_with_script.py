"""Under attack, with JavaScript: a file holds up no words, and a report held back is not a report lost."""

from pathlib import Path

import pytest

from publishing.schema import SITE_DB
from publishing.site_file import replacing
from publishing.writing import Writer
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.scripted import a_file
from tests.e2e.server import Site
from tests.e2e.steps import report
from tests.e2e.waiting import until


def under_attack(site: Site, on: bool = True) -> None:
    """Put the switch on or off, as `flask publish` does."""
    with replacing(site.data / SITE_DB) as database:
        Writer(database, {}).about("1", attack=on)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site().start()


def test_a_file_chosen_before_the_attack_does_not_hold_up_the_words(
    site: Site, window: OpenWindow, tmp_path: Path
) -> None:
    browser = window(script=True)
    form = report(browser, site.url).describe("words that go on")
    under_attack(site)
    page = browser.page
    page.locator("#upload").set_input_files(a_file(tmp_path, "film.mp4"))
    row = page.locator("#going li")
    until(lambda: "“film.mp4” was not attached" in row.inner_text(), "word that it was not attached")
    assert not row.get_by_role("button", name="Try again").is_visible()
    form.review()
    assert "words that go on" in page.locator("main").inner_text()
    assert "film.mp4" not in page.locator("main").inner_text()


def test_a_report_held_back_stays_on_its_page_and_back_leads_to_the_form(
    site: Site, window: OpenWindow
) -> None:
    under_attack(site)
    browser = window(script=True)
    report(browser, site.url).describe("words").review()
    page = browser.page
    assert "Wait 20 seconds before you press “Send now”." in page.locator("#wait").inner_text()
    page.locator("#send").click()
    page.locator("#notice").wait_for()
    assert page.title() == "Form"
    assert page.locator("#problems").count() == 0
    assert page.evaluate("document.activeElement.id") == "notice"
    page.go_back()
    until(lambda: page.locator("#upload").count(), "form")
    assert page.locator("#what_happened").input_value() == "words"
    under_attack(site, on=False)
    page.locator("#send").click()
    page.locator("#review").wait_for()
    page.locator("#send").click()
    page.locator("#received").wait_for()
