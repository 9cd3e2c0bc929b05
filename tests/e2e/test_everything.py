"""Every route, every state and every refusal: valid, open to everybody, never wider than the window.

Light and dark, with scripts and without, what HTMX puts into a page included; answers.py asks for all.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Route
from werkzeug.routing import Map

from tests.counts import SOAK
from tests.e2e import newsroom
from tests.e2e.answers import LONG, ODD, TOO_LARGE, Answers
from tests.e2e.checkers import html_faults
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.http_client import Answer, request
from tests.e2e.server import Site
from tests.e2e.showing import Showing, faults_as_it_stands
from tests.e2e.steps import contact, report
from web.error_words import WORDS

# A question of each section that can have several entries.
ENTRIES = {"places": "address", "people": "names", "in_need": "condition", "vehicles": "registration"}
# Nobody asks for these with a method that has no line of its own.
UNASKED = {"HEAD", "OPTIONS"}


def routes(url_map: Map) -> set[str]:
    """Each route with each of its methods."""
    return {
        f"{method} {rule.rule}"
        for rule in url_map.iter_rules()
        for method in (rule.methods or set()) - UNASKED
    }


def asked(answers: Answers, url_map: Map) -> set[str]:
    """The routes that were asked for."""
    match = url_map.bind("127.0.0.1").match
    plain = [(method, path.partition("?")[0]) for method, path in answers.asked if path != "/articles"]
    return {f"{method} {match(path, method, return_rule=True)[0].rule}" for method, path in plain}


def test_every_route_was_asked_for(answers: Answers, application: Flask) -> None:
    assert routes(application.url_map) - asked(answers, application.url_map) == set()


def test_a_new_route_would_be_missed(answers: Answers, application: Flask) -> None:
    with_new = Map([rule.empty() for rule in application.url_map.iter_rules()])
    assert routes(with_new) == routes(application.url_map)
    with_new.add(type(next(application.url_map.iter_rules()))("/new/<name>", methods=["POST"]))
    assert routes(with_new) - asked(answers, with_new) == {"POST /new/<name>"}


def test_every_error_was_seen_as_a_page_and_as_a_piece(answers: Answers) -> None:
    seen = {answer.status for answer in answers.pages.values()}
    assert {400, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503} <= set(WORDS) <= seen
    assert {f"failed with {status}: /fail/{status}, for HTMX" for status in WORDS} <= answers.pieces.keys()


def test_every_page_and_every_piece_is_valid_html(checkers: None, answers: Answers, tmp_path: Path) -> None:
    every = {name: answer.text for name, answer in answers.pages.items()} | answers.pieces
    assert all("<h1" in page for page in every.values())
    named = {f"{number:03}": page for number, page in enumerate(every.values())}
    names = dict(zip(named, every, strict=True))
    faults = html_faults(named, tmp_path / "pages")
    assert not [f"{names[fault[:3]]}: {fault}" for fault in faults]


def test_the_checker_would_find_a_fault(checkers: None, tmp_path: Path) -> None:
    page = '<!doctype html><html lang="en"><title>x</title><p hx-get="/"><img src="x.png">'
    assert len(html_faults({"bad": page}, tmp_path / "pages")) >= 2


@pytest.mark.parametrize(("script", "scheme", "width"), [(True, "light", 390), (False, "dark", 1280)])
def test_everybody_can_use_every_page(
    checkers: None,
    answers: Answers,
    window: OpenWindow,
    script: bool,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    # A redirect is followed before anybody sees it. At small counts, one of the two looks at every state.
    pages = {
        name: answer
        for name, answer in answers.pages.items()
        if not 300 <= answer.status < 400 and (script or SOAK or name.startswith("GET "))
    }
    browser = window(script=True, scheme=scheme, width=width)
    showing = Showing(browser, answers.site.url, pages, script)
    found = {name: showing.faults(name, width) for name in pages}
    assert not {name: faults for name, faults in found.items() if faults}


def test_axe_and_the_widths_would_find_a_barrier(
    checkers: None, answers: Answers, window: OpenWindow
) -> None:
    browser = window(script=True)
    browser.go(answers.site.url + "/report")
    assert faults_as_it_stands(browser) == []
    browser.page.evaluate("document.querySelector('label[for=what_happened]').remove()")
    browser.page.evaluate("document.querySelector('h1').textContent = 'W'.repeat(900)")
    browser.page.evaluate("document.querySelector('h1').style.overflowWrap = 'normal'")
    found = " ".join(faults_as_it_stands(browser))
    assert all(said in found for said in ("light: label", "dark: label", "wide at 320", "wide at 1280"))


def test_what_a_browser_complains_of_would_be_seen(
    checkers: None, answers: Answers, window: OpenWindow
) -> None:
    about = answers.pages["GET /about"]
    styled = about.body.replace(b"<h1", b'<h1 style="color: red"').replace(b".js", b".none.js")
    showing = Showing(
        window(script=True), answers.site.url, {"styled": Answer(200, about.headers, styled)}, True
    )
    found = showing.faults("styled", 390)
    assert "ContentSecurityPolicyIssue" in found
    assert any("inline style" in fault for fault in found)


# ---- what scripts make of a page


def lists(browser: Chromium, site: Site) -> Iterator[str]:
    """More of a list, and a search as it is typed."""
    browser.go(site.url + "/articles/")
    browser.click(".more a")
    browser.page.wait_for_selector(".teaser:nth-of-type(15) .headline")
    yield "more articles"
    browser.go(site.url + "/search")
    for words, told in (("words", "articles found"), ("zzzz", "No article was found.")):
        browser.fill("#q", words)
        browser.page.wait_for_selector(f"#found:has-text('{told}')")
        yield f"search for {words}"


def agencies(browser: Chromium, site: Site) -> Iterator[str]:
    """The chooser, in danger and not, and when it gets no good answer."""
    browser.go(site.url + "/agencies/")
    browser.page.select_option("#what", "county-lines")
    browser.page.wait_for_selector("#counted:has-text('who can help')")
    yield "chosen"
    browser.page.locator("input[name=danger][value=yes]").check()
    browser.page.wait_for_selector(".now")
    yield "in danger"
    piece = "<p>Something is broken here.</p>"
    browser.page.route("**/agencies/", lambda route: failed(route, piece))
    browser.page.locator("input[name=danger][value=no]").check()
    browser.page.wait_for_selector("#told p")
    yield "failed"
    browser.page.unroute("**/agencies/")


def failed(route: Route, piece: str) -> None:
    """Answer as the site does when something breaks while HTMX asks."""
    headers = {"Content-Type": "text/html", "HX-Retarget": "#told", "HX-Reswap": "innerHTML"}
    route.fulfill(status=500, headers=headers, body=piece)


def letter(browser: Chromium, site: Site) -> Iterator[str]:
    """The letter as it is typed, and what does not fit."""
    browser.go(f"{site.url}/letter/{newsroom.LETTER}")
    browser.fill("#name", LONG[:100])
    browser.page.wait_for_selector(f"#sheet :text('{LONG[:100]}')")
    yield "letter"
    browser.fill("#address", LONG * 2)
    browser.page.wait_for_selector("#sheet .wrong")
    yield "too long a line"


def reporting(browser: Chromium, site: Site, folder: Path) -> Iterator[str]:
    """The report refused, in danger, with a long text, entries and files, looked through, and received."""
    page = report(browser, site.url)
    page.send_refused()
    yield "report refused"
    page.answer("danger-now", "yes")
    browser.page.wait_for_selector("#now")
    yield "report in danger"
    page.fill({f"{section}-1-{name}": LONG for section, name in ENTRIES.items()})
    yield "more entries"
    page.fill(dict.fromkeys((f"{section}-1-{name}" for section, name in ENTRIES.items()), ODD))
    page.describe("x" * 100_001)
    browser.page.wait_for_selector("#count .wrong")
    yield "report too long"
    page.describe(LONG * 20)
    odd = folder / f"{LONG[:200]}.jpg"
    odd.write_bytes(b"x" * 2_000)
    page.attach(odd).caption(0, LONG * 2)
    page.send_refused()
    yield "a caption refused"
    page.caption(0, LONG)
    yield "a file attached"
    odd.write_bytes(TOO_LARGE)
    browser.choose("#upload", [odd])
    browser.page.wait_for_selector("#going .why:not(:empty)")
    yield "a file refused"
    browser.click("#going .cancel")
    page.review()
    yield "report looked through"
    page.change("people")
    yield "report to be changed"
    page.send()
    yield "report received"


def writing(browser: Chromium, site: Site) -> Iterator[str]:
    """The message refused, and received."""
    page = contact(browser, site.url).write("", "letter", topic=LONG * 5, reach=LONG * 5)
    page.send_refused()
    yield "contact refused"
    page.write(LONG * 20, topic=LONG[:190], reach=LONG).send()
    yield "contact received"


def test_everybody_can_use_what_scripts_make_of_a_page(
    checkers: None, answers: Answers, window: OpenWindow, tmp_path: Path
) -> None:
    browser, site = window(script=True), answers.site
    found = {}
    for steps in (
        lists(browser, site),
        agencies(browser, site),
        letter(browser, site),
        reporting(browser, site, tmp_path),
        writing(browser, site),
    ):
        for name in steps:
            found[name] = faults_as_it_stands(browser)
            browser.page.emulate_media(color_scheme="light")
    assert len(found) == 20
    assert not {name: faults for name, faults in found.items() if faults}


# ---- what browsers ask again


def test_what_a_reader_has_is_not_sent_again(answers: Answers) -> None:
    tagged = {}
    for path in sorted({path for method, path in answers.asked if method == "GET"}):
        answer = request(answers.site.address, "GET", path)
        if tag := answer.header("ETag"):
            again = request(answers.site.address, "GET", path, headers={"If-None-Match": tag})
            tagged[path] = (again.status, again.body)
            other = request(answers.site.address, "GET", path, headers={"If-None-Match": '"other"'})
            assert other.status == answer.status
    assert set(tagged.values()) == {(304, b"")}
    # What was searched for, an empty form with its token, and how to stay safe are to be kept by nobody; what
    # else has no tag is too small to gain by one, or is no page for readers.
    fresh = {path.partition("?")[0] for method, path in answers.asked if method == "GET"} - tagged.keys()
    assert fresh == {
        "/search",
        "/report",
        "/report/more",
        "/contact",
        "/mailbox",
        "/safety",
        "/healthz",
        "/.well-known/security.txt",
        "/articles",
        f"/articles/{newsroom.WITHDRAWN}",
    }
