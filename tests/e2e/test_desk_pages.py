"""The desk's pages in a real browser: a day's work with a script and without; can everybody use them?"""

import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from payload import Answers
from tests.desk.bundles import Parcel
from tests.desk.mail import Source
from tests.desk.shown import full_report
from tests.e2e.checkers import barriers, html_faults, overflow
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.desk_steps import Serving
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import until

HOSTILE = (
    '"><img src=x onerror=alert(1)><script>alert(1)</script> \u202etxt.exe \u200b\u05e9\u05dc\u05d5\u05dd'
)
WORDS = "Ask whether the van came again."


class Served(Serving):
    """A desk that is served, with cases in it."""

    def __init__(self, home: Path, bundle: Path) -> None:
        parcel = Parcel.to(home / "team.keys")
        full = replace(full_report(), draft=secrets.token_bytes(16), mailbox=Source().mailbox)
        urgent = Answers({"danger": ({"now": "yes"},), "consent": ({"safe": "no", "to": "none"},)})
        parcel.add_report(full)
        parcel.add_report(Source().report(secrets.token_bytes(16), answers=urgent))
        parcel.add(HOSTILE, [("photo.jpg\u202egpj.exe", b"no picture"), ("note.txt", b"words")])
        Desk(home)("import", parcel.write(bundle))
        super().__init__(home)


@pytest.fixture
def served(practice: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(practice / "desk", tmp_path / "desk")
    made = Served(tmp_path / "desk", tmp_path / "bundle.tar")
    yield made
    made.end()


def unlock(browser: Chromium) -> None:
    browser.fill("#name", "Ann")
    browser.fill("#passphrase", "practice")
    browser.click("#send")
    until(lambda: browser.count(".inbox li"), "inbox")
    until(browser.loaded, "page with its script")


def open_case(browser: Chromium, words: str) -> str:
    """Open the case that begins so; give its address."""
    browser.page.get_by_role("link", name=words).first.click()
    until(lambda: browser.count(".case"), "case")
    return browser.page.url


@pytest.mark.parametrize("script", [True, False])
def test_a_day_at_the_desk(served: Served, window: OpenWindow, script: bool) -> None:
    browser = window(script=script, width=1200)
    browser.go(served.start)
    unlock(browser)
    address = open_case(browser, "A van at the yard")
    assert "DANGER NOW" in browser.text(".urgent")
    browser.click("a:has-text('Write a note')")
    browser.fill("#text", WORDS)
    browser.click("#send")
    until(lambda: WORDS in browser.text("body"), "note")
    browser.select("#status", "investigating")
    browser.click("#save")
    until(lambda: "being looked into" in browser.text("#work .facts"), "status")
    browser.click("a:has-text('Reply')")
    browser.fill("#text", "Thank you.")
    browser.click("#send")
    until(lambda: "Leaves with the next export" in browser.text("body"), "reply")
    browser.click("nav a:has-text('Search')")
    browser.fill("#words", "yard")
    browser.click("main form button")
    until(lambda: browser.count(".inbox li"), "what was found")
    assert "yard" not in browser.page.url
    browser.click(".locking button")
    until(lambda: "The desk is locked" in browser.text("main"), "lock")
    # Back, and the address itself, show nothing any more.
    browser.go(address)
    assert browser.count("#passphrase") == 1
    assert browser.told == []


def test_the_file_that_opens_the_browser_lets_it_in(
    served: Served, window: OpenWindow, tmp_path: Path
) -> None:
    browser = window(script=False, width=1200)
    file = tmp_path / "open.html"
    file.write_text(
        f'<!doctype html><title>x</title><meta http-equiv="refresh" content="0; url={served.start}">'
    )
    browser.go(file.as_uri())
    until(lambda: browser.count("#passphrase"), "way to unlock it")
    unlock(browser)
    # The address is worth nothing now, not even to this browser.
    browser.go(served.start)
    assert "This address was used before" in browser.text("main")


def test_a_page_that_was_left_open_shows_nothing_once_another_has_locked_the_desk(
    served: Served, window: OpenWindow
) -> None:
    browser = window(script=True, width=1200)
    browser.go(served.start)
    unlock(browser)
    other = browser.context.new_page()
    other.goto(browser.page.url)
    browser.click(".locking button")
    until(lambda: "The desk is locked" in browser.text("main"), "lock")
    # Somebody comes back to it, which it notices at once; left alone it looks some seconds later.
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: other.locator("#passphrase").count(), "way to unlock it")
    assert "yard" not in other.content()


def test_what_is_being_typed_survives_the_lock(served: Served, window: OpenWindow) -> None:
    browser = window(script=True, width=1200)
    browser.go(served.start)
    unlock(browser)
    open_case(browser, "A van at the yard")
    browser.click("a:has-text('Write a note')")
    browser.fill("#text", WORDS)
    at = browser.page.url
    browser.click(".locking button")
    until(lambda: "The desk is locked" in browser.text("main"), "lock")
    browser.click("a:has-text('Unlock it')")
    unlock(browser)
    browser.go(at)
    assert browser.value("#text") == WORDS


def test_the_keys_lead_through_the_inbox(served: Served, window: OpenWindow) -> None:
    browser = window(script=True, width=1200)
    browser.go(served.start)
    unlock(browser)
    rows = browser.page.locator("[data-row]")
    for key, row in (("j", 0), ("j", 1), ("k", 0)):
        browser.page.keyboard.press(key)
        assert rows.nth(row).evaluate("row => row === document.activeElement")
    browser.page.keyboard.press("/")
    until(lambda: browser.count("#words") and browser.loaded(), "search")
    browser.page.locator("#words").press_sequentially("inbox")  # typed, and no key of ours
    assert browser.value("#words") == "inbox"
    browser.click("footer summary")
    browser.click("button:has-text('Turn these keys off')")
    until(lambda: browser.count(".inbox") and browser.loaded(), "inbox")
    browser.page.keyboard.press("/")
    browser.page.keyboard.press("j")
    assert browser.page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_hostile_page_in_the_same_browser_reaches_nothing(served: Served, window: OpenWindow) -> None:
    browser = window(script=True, width=1200)
    browser.go(served.start)
    unlock(browser)
    inside = browser.page.url
    evil = browser.context.new_page()
    # Another program of this computer serves it: the same host, so that the browser calls it the same site.
    hostile = f"http://127.0.0.1:{free_ports(1)[0]}/"
    evil.route(f"{hostile}**", lambda route: route.fulfill(body="<p>evil</p>", content_type="text/html"))
    evil.goto(hostile)
    asked = """async (url) => {
        const found = [document.cookie];
        for (const mode of ["cors", "no-cors"])
            for (const method of ["GET", "POST"])
                found.push(await fetch(url, {method, mode, credentials: "include"}).then(
                    (answer) => `${answer.status} ${answer.type}`, () => "refused"));
        const frame = document.createElement("iframe");
        frame.src = url;
        document.body.append(frame);
        await new Promise((done) => { frame.onload = done; });
        try { found.push(frame.contentDocument.body.textContent); } catch { found.push("closed"); }
        return found;
    }"""
    seen = evil.evaluate(asked, f"{inside}lock")
    assert seen[0] == ""
    assert "The desk is locked" not in " ".join(seen)
    assert seen[1:3] == ["refused", "refused"]
    # And the desk was not locked by it.
    browser.again()
    assert browser.count(".inbox li") == 3


@pytest.mark.usefixtures("checkers")
def test_everybody_can_use_every_page(served: Served, window: OpenWindow, tmp_path: Path) -> None:
    browser = window(script=True, width=390)
    pages: dict[str, str] = {}
    found: list[str] = []

    def look(name: str) -> None:
        pages[name] = browser.page.evaluate("fetch(location.href).then((answer) => answer.text())")
        found.extend(f"{name}: {barrier}" for barrier in barriers(browser))
        if wider := overflow(browser):
            found.append(f"{name}: {wider} pixels wider than the window")

    browser.go(served.start)
    look("unlock")
    unlock(browser)
    look("inbox")
    root = browser.page.url.rstrip("/")
    names = [
        link.rsplit("/", 1)[1]
        for link in browser.page.eval_on_selector_all("[data-row]", "all => all.map(a => a.href)")
    ]
    assert len(names) == 3
    for name in names:
        browser.go(f"{root}/case/{name}")
        for details in browser.page.locator("details").all():
            details.evaluate("details => { details.open = true; }")
        look(f"case-{name}")
    paths = ["search/", "bundles/", "typed", "nothing", "connections/", "patterns/", "investigations/"]
    paths += [f"case/{name}/refer" for name in names] + [f"case/{name}/file/1/" for name in names]
    paths += [
        f"case/{names[0]}/reply",
        f"case/{names[0]}/note",
        "case/may-be-illegal",
        "?unread=yes&kind=report",
    ]
    for path in paths:
        browser.go(f"{root}/{path}")
        look(re.sub(r"\W+", "-", path))
    browser.page.context.clear_cookies()
    browser.go(f"{root}/")
    look("refused")
    assert [
        one for one in browser.asked if not one.startswith((f"http://127.0.0.1:{served.port}/", "data:"))
    ] == []
    assert found == []
    assert html_faults(pages, tmp_path / "pages") == []
