"""Every page and every state of it: valid, usable by everybody, at the width of a telephone, and light."""

from pathlib import Path
from typing import Literal

import pytest

from tests.e2e.checkers import barriers, html_faults, overflow
from tests.e2e.conftest import OpenWindow
from tests.e2e.http_client import multipart, request
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.steps import report
from tests.e2e.wire import Wire

LONG = "Wort" * 60
KB = 1_000


@pytest.fixture(scope="session")
def pages(site: Site) -> dict[str, str]:
    """Every page of the address map that takes no name, by its path, and one that is not there.

    With the starter content published, which the running server takes up by itself.
    """
    published = site.flask("publish")
    assert published.returncode == 0, published.stderr
    listed = site.flask("routes")
    assert listed.returncode == 0, listed.stderr
    rules = [line.split()[-1] for line in listed.stdout.splitlines() if " GET" in line]
    paths = [rule for rule in rules if "<" not in rule] + ["/no/such/page"]
    answers = {path: request(site.address, "GET", path) for path in paths}
    found = {path: a.text for path, a in answers.items() if a.header("Content-Type").startswith("text/html")}
    assert {"/", "/report", "/keys", "/no/such/page"} <= found.keys()
    return found


def states(site: Site) -> dict[str, str]:
    """The form in every state it can be in, and every page that refuses, as the server gives it."""
    found = {}
    filled = Source(site.address).attach(
        (f"{LONG}.jpg", b"x" * 9_000), ("", b""), text=f"<i>{LONG}</i>\n\n\n"
    )
    found["filled"] = filled.answer.text
    filled.send("x" * 100_001)
    found["too long"] = filled.answer.text
    filled.send("short")
    found["received"] = filled.answer.text
    empty = Source(site.address)
    empty.send("")
    found["empty"] = empty.answer.text
    body, kind = multipart([("draft", "x"), ("file", "y"), ("what_happened", "words"), ("do", "send")])
    found["spoiled"] = request(site.address, "POST", "/report", body, kind).text

    found["foreign"] = request(
        site.address, "POST", "/report", body, kind, {"Sec-Fetch-Site": "cross-site"}
    ).text
    found["wrong method"] = request(site.address, "PUT", "/report").text
    found["wrong kind"] = request(site.address, "POST", "/report", b"{}", "application/json").text
    found["cut off"] = request(site.address, "POST", "/report", body[:-40], kind).text
    many, kind = multipart([("x", "y" * 3_000_000)])
    found["too much"] = request(site.address, "POST", "/report", many, kind).text
    return found


def test_every_state_of_every_page_is_valid_html(
    checkers: None, site: Site, pages: dict[str, str], tmp_path: Path
) -> None:
    every = {f"page{path.replace('/', '-')}": page for path, page in pages.items()} | states(site)
    assert all("<h1" in page for page in every.values())
    assert not html_faults(every, tmp_path / "pages")


def test_the_checker_would_find_a_fault(checkers: None, tmp_path: Path) -> None:
    page = '<!doctype html><html lang="en"><title>x</title><p hx-get="/"><img src="x.png">'
    assert len(html_faults({"bad": page}, tmp_path / "pages")) >= 2


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "light"), (390, "dark"), (1280, "dark")])
def test_everybody_can_use_every_page(
    checkers: None,
    site: Site,
    window: OpenWindow,
    pages: dict[str, str],
    tmp_path: Path,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    browser = window(script=True, scheme=scheme, width=width)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        wide = overflow(browser)
        found[name] = barriers(browser) + ([f"{wide} pixels too wide"] if wide > 0 else [])

    for path in pages:
        browser.go(site.url + path)
        look(path)
    page = report(browser, site.url)
    page.send_refused()
    look("empty")
    page.describe(LONG * 20)
    odd = tmp_path / f"{LONG[:200]}.jpg"
    odd.write_bytes(b"x" * 2_000)
    page.attach(odd)
    look("filled")
    page.send()
    look("received")
    assert not {name: faults for name, faults in found.items() if faults}


def test_axe_would_find_a_barrier(checkers: None, site: Site, window: OpenWindow) -> None:
    browser = window(script=True)
    browser.go(site.url + "/report")
    browser.page.evaluate("document.querySelector('label[for=what_happened]').remove()")
    assert barriers(browser)


@pytest.mark.parametrize(
    ("script", "most_bytes", "most_requests"), [(False, 14.6 * KB, 2), (True, 32 * KB, 4)]
)
def test_the_first_load_of_the_form_is_light(
    site: Site, window: OpenWindow, script: bool, most_bytes: float, most_requests: int
) -> None:
    with Wire(site.address) as wire:
        browser = window(script=script)
        browser.page.goto(wire.url + "/report", wait_until="networkidle")
        assert browser.count("#send") == 1
        assert len(wire.asked) <= most_requests, wire.asked
        assert 1 * KB < wire.down <= most_bytes, (wire.down, wire.asked)


def test_nothing_is_loaded_twice(site: Site, window: OpenWindow) -> None:
    with Wire(site.address) as wire:
        browser = window(script=True)
        browser.page.goto(wire.url + "/report", wait_until="networkidle")
        browser.page.goto(wire.url + "/keys", wait_until="networkidle")
        browser.page.goto(wire.url + "/report", wait_until="networkidle")
        static = [line for line in wire.asked if "/static/" in line]
        assert len(static) == len(set(static))
