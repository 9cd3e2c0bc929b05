"""With JavaScript, entries come and go in the page: nothing typed leaves it, and nothing typed is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route

from payload.limits import MAX_ENTRIES
from tests.e2e.conftest import OpenWindow
from tests.e2e.scripted import Held, Scripted, a_file
from tests.e2e.server import Site
from tests.e2e.steps import ReportPage, report
from tests.e2e.waiting import until

NUMBERS = "() => [...document.querySelectorAll('#people .entry')].map(entry => entry.id)"
NAMES = "() => [...document.querySelectorAll('#people .entry textarea[name$=-names]')].map(box => box.value)"
TWO_TAPS = "() => { for (let tap = 0; tap < 2; tap++) document.getElementById('people-add').click(); }"
ADDS = "#vehicles-add"


@pytest.fixture
def page(either: Scripted, site: Site) -> ReportPage:
    """The form in each of the browsers, with a person in it."""
    return report(either.browser, site.url).describe("words").fill({"people-0-names": "Bo"})


def test_a_new_entry_takes_the_focus_and_leaves_the_rest_alone(either: Scripted, page: ReportPage) -> None:
    before = either.content()
    page.add("people")
    either.arrive("people-1-names")
    assert [pair for pair in either.content() if "-1-" not in pair[0]] == before
    page.fill({"people-1-names": "Al"}).review()
    assert "Al" in either.browser.text("main")


def test_two_fast_taps_make_no_twins(either: Scripted, page: ReportPage) -> None:
    either.look(TWO_TAPS)
    either.arrive("people-1-names")
    page.add("people")
    numbers = either.look(NUMBERS)
    assert len(set(numbers)) == len(numbers) >= 3


def test_an_entry_goes_at_once_and_its_number_does_not_come_again(either: Scripted, page: ReportPage) -> None:
    page.fill({"people-1-names": "Al", "people-2-names": "Cy"})
    page.drop("people", 1)
    assert either.focused() == "people-add"
    page.add("people")
    either.arrive("people-3-names")
    page.answer("people-3-names", "Di").drop("people", 2)
    assert either.look(NUMBERS) == ["people-0", "people-3"]
    page.review()
    shown = either.browser.text("main")
    assert ("Bo" in shown, "Di" in shown, "Al" in shown, "Cy" in shown) == (True, True, False, False)
    page.change("people")
    assert either.look(NUMBERS) == ["people-0", "people-1"]
    assert either.look(NAMES) == ["Bo", "Di"]


def test_what_is_added_is_kept_from_the_browsers_memory_as_it_is_used(
    either: Scripted, page: ReportPage
) -> None:
    page.fill({"people-1-names": "Al", "people-1-age": "25-34"})
    off = "() => ['names', 'age'].map(name => document.getElementById(`people-1-${name}`).autocomplete)"
    assert either.look(off) == ["off", "off"]


def test_nothing_typed_leaves_the_page_with_the_question_for_an_entry(site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    page = report(browser, site.url).describe("secretword").fill({"people-0-names": "secretname"})
    draft = browser.value("input[name=draft]")
    asked: list[Request] = []
    browser.page.on("request", lambda request: asked.append(request))
    page.add("people")
    page.drop("people", 1)
    (request,) = asked
    assert (request.method, request.post_data) == ("GET", None)
    said = f"{request.url} {request.all_headers()}"
    assert "number=1" in said
    assert not [word for word in ("secretword", "secretname", draft) if word in said]


@pytest.mark.parametrize("broken", ["**/htmx*", "**/report/more*"])
@pytest.mark.parametrize(
    "breaks", [lambda route: route.abort(), lambda route: route.fulfill(status=502)], ids=["lost", "502"]
)
def test_where_htmx_or_its_answer_is_missing_the_whole_form_goes_round(
    site: Site, window: OpenWindow, broken: str, breaks: Callable[[Route], None]
) -> None:
    browser = window(script=True)
    here = Scripted(browser)
    browser.page.route(broken, breaks)
    page = report(browser, site.url).describe("words").fill({"people-0-names": "Bo", "when-date": "May"})
    browser.page.evaluate("window.same = true")
    page.add("people")
    here.arrive("people-1-names")
    assert page.typed() == "words"
    assert page.held({"people-0-names": "Bo", "when-date": "May"}) == {
        "people-0-names": "Bo",
        "when-date": "May",
    }
    assert browser.page.evaluate("same"), "the browser itself has posted the form"
    page.answer("people-1-names", "Al").send()


def test_a_button_that_had_to_wait_for_a_file_does_what_it_says(
    site: Site, window: OpenWindow, tmp_path: Path
) -> None:
    browser = window(script=True)
    browser.page.route("**/htmx*", lambda route: route.abort())
    page = report(browser, site.url).describe("words").open("people")
    posts = Held(browser.page, "upload")
    browser.choose("#upload", [a_file(tmp_path)])
    posts.wait()
    browser.click("#people-add")
    assert page.entries("people") == 1
    posts.let_go()
    Scripted(browser).arrive("people-1-names")
    assert (page.listed(), page.typed()) == (1, "words")


def fill_up(page: Page) -> None:
    """Add vehicles until no more fit."""
    for number in range(1, MAX_ENTRIES):
        page.locator(ADDS).click()
        page.locator(f"#vehicles-{number}").wait_for()


def test_where_one_of_fifty_goes_there_is_room_for_another(site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    here = Scripted(browser)
    page = report(browser, site.url).fill({"vehicles-0-colour": "red"})
    fill_up(browser.page)
    assert browser.count(ADDS) == 0
    last = MAX_ENTRIES - 1
    page.answer(f"vehicles-{last}-colour", "blue").drop("vehicles", 1)
    here.arrive("vehicles-add")
    assert page.entries("vehicles") == last
    assert browser.value(f"#vehicles-{last - 1}-colour") == "blue"
    page.add("vehicles")
    here.arrive(f"vehicles-{last}-registration")
    until(lambda: browser.count(ADDS) == 0, "end of the room")


@pytest.mark.parametrize("able", [True, False], ids=["", "a browser without :has()"])
def test_the_way_to_999_stands_there_as_soon_as_somebody_is_in_danger(
    site: Site, window: OpenWindow, able: bool
) -> None:
    page = window(script=True).page

    def without(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(":has(", ":unknown("))

    if not able:
        page.route("**/*.css", without)
    page.goto(site.url + "/report")
    panel, asked = page.locator(".asked #now"), page.locator(".asked")
    assert panel.is_hidden()
    page.check("#danger-now-yes")
    assert panel.is_visible()
    page.check("#danger-now-no")
    assert panel.is_hidden()
    # The region is there before what it tells, or nobody hears it.
    assert asked.get_attribute("aria-live") == "polite"
    assert asked.evaluate("region => getComputedStyle(region).display") == "block"
