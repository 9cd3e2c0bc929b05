"""The desk's pages as a desk with work in it shows them, filled in, refused and done: valid, open to all."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Response

from tests.counts import SOAK
from tests.desk.bundles import Parcel
from tests.desk.mail import Source
from tests.e2e.checkers import barriers, html_faults, overflow
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.desk_steps import LINKS, NO_FORM, AtDesk, serving
from tests.e2e.showing import HEIGHT, WIDTHS, faults_as_it_stands
from tests.e2e.steps import PROBLEMS
from tests.e2e.waiting import until

# Of the practice reports: one sent twice with two mailboxes and a photo, one with a follow-up that nobody may
# have, one whose follow-up may be passed on, and a message.
TWICE = "I take my car to Bright Arch"
KEPT = "I was at the car wash at the railway arch"
ADDED = "I have lost 31,000 pounds"
MESSAGE = "on the parents' council"
OTHERWISE = "sent again in other words"
# Reports with files: a sound, then a PDF, a text and a film.
FILES = {KEPT: 2, "My son is 15": 1, "I keep a boat": 1} if SOAK else {KEPT: 1}
# In a browser with a script, what is in `noscript` is no element.
COMES_AGAIN = "meta[http-equiv=refresh]"
LONG = "Averylongwordwithoutanyplaceatwhichitcouldbebroken" * 4


class Judged:
    """What was found wrong with pages, each named by its state; ``pages`` are their answers as they came."""

    def __init__(self, browser: Chromium) -> None:
        self.pages: dict[str, str] = {}
        self.faults: list[str] = []
        self._browser = browser
        self._answer: Response | None = None
        browser.page.on("response", self._came)

    def _came(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status not in range(300, 400):
            self._answer = response

    def look(self, name: str) -> None:
        """Judge the page as it stands, narrow, in the light or the dark in turn; all of it under `make soak`.

        A page that comes again by itself, as its picture is still being drawn, is waited for.
        """
        assert name not in self.pages
        browser = self._browser
        until(lambda: browser.loaded() and not browser.count(COMES_AGAIN), "page that stays, with its style")
        assert self._answer is not None
        self.pages[name] = self._answer.text()
        if SOAK:
            found = faults_as_it_stands(browser)
        else:
            browser.page.emulate_media(color_scheme="dark" if len(self.pages) % 2 else "light")
            browser.page.set_viewport_size({"width": min(WIDTHS), "height": HEIGHT})
            wider = overflow(browser)
            found = [*([f"{wider} pixels too wide"] if wider > 0 else []), *barriers(browser)]
        self.faults += [f"{name}: {fault}" for fault in found]


def unfolded(staff: AtDesk) -> None:
    """Open all that is folded on a page."""
    assert isinstance(staff.browser, Chromium)
    staff.browser.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")


def change(staff: AtDesk, field: str, words: str, within: str, **said: str) -> None:
    """Fill in the form of a case's work that has this field, send it, and wait for what it shows."""
    staff.unfold(f"#{field}")
    for name, value in said.items():
        if staff.browser.count(f"#work select#{name}"):
            staff.browser.select(f"#work #{name}", value)
        else:
            staff.browser.fill(f"#work form:has(#{field}) [name={name}]", value)
    staff.do(f"#work form:has(#{field}) button", words, f"#work {within}")


def a_case(staff: AtDesk) -> Iterator[str]:
    """A case with all that staff can make of it."""
    assert isinstance(staff.browser, Chromium)
    staff.open_case(TWICE).note(f"Two of them. {LONG}").grade("2", "B", "P")
    change(staff, "status", "being looked into", ".facts", status="investigating")
    change(staff, "owner", "Ann", ".facts", owner="Ann")
    change(staff, "add", "car wash", ".facts", add=f"car wash, {LONG[:60]}")
    change(staff, "title", "by 2026-01-31", ".task", title="Ring the council", due="2026-01-31")
    change(staff, "on", "They opened", ".timeline", on="2026-05", text="They opened")
    staff.do("#work .task button", "Not done after all", "#work .task")
    yield "case after a change in its place"
    staff.unfold("#same").browser.click("#work input[name=group][value^=same]")
    change(staff, "same", "", PROBLEMS, same="nothing")
    yield "case with a change refused in its place"
    staff.open_case(OTHERWISE).reach("reply", "#send")
    yield "reply to several"
    staff.browser.fill("#text", f"Thank you. {LONG}")
    staff.press("#send", PROBLEMS)
    yield "reply refused"
    staff.browser.click("input[name=to][value=all]")
    staff.press("#send", ".case")
    yield "case of two that may be one"
    staff.reach("refer", "input[name=send]")
    yield "refer of several"
    staff.open_case(TWICE).reach("note", "#send").press("#send", PROBLEMS)
    yield "note refused"
    staff.open_case(TWICE)
    unfolded(staff)
    yield "case with work"
    change(staff, "why", "Blocked", "#at-lock", why="To be asked of a solicitor")
    staff.open_case(TWICE)
    unfolded(staff)
    yield "case locked"
    staff.browser.go(f"{staff.browser.page.url.partition('?')[0]}/file/1/")
    yield "file locked"
    staff.press('main p a[href$="/may-be-illegal"]', "main ol")
    yield "what to do with what may be illegal"
    staff.open_case(TWICE).reach("refer", NO_FORM)
    yield "refer locked"
    staff.open_case(MESSAGE)
    yield "case of a message"
    staff.open_case(KEPT)
    yield "case with more of it"
    staff.reach("refer", NO_FORM)
    yield "refer without consent"


def files(staff: AtDesk) -> Iterator[str]:
    """Files of several kinds: what they are, what they carry, how they look."""
    for words, count in FILES.items():
        for number in range(1, count + 1):
            staff.open_case(words).press(f'a[href$="/file/{number}/"]', "#clean")
            yield f"file {number} of {words}"
            staff.reach("blurred/0", NO_FORM)
            yield f"file {number} of {words} shown"
            staff.reach(f"file/{number}/", "#clean").reach("carries", NO_FORM)
            yield f"file {number} of {words} carries"
    staff.open_case(ADDED).press('a[href$="/file/2/"]', "#clean")
    staff.reach("blurred/0", "main img").reach("clear/0", "main img[alt*=sent]")
    yield "picture"
    staff.reach("file/2/", "#clean").press('form[action$="/clean"] button', PROBLEMS)
    yield "cleaned copy refused"


def passing_on(staff: AtDesk) -> Iterator[str]:
    """The choice with files and what was added, refused; what is decided on, undecided and decided."""
    staff.open_case(ADDED).reach("refer", "#agency")
    staff.press('form[action$="/refer"] button', PROBLEMS)
    yield "refer refused"
    staff.browser.click("input[name=addition]")
    for field, value in (("source", "1"), ("information", "A"), ("handling", "C")):
        staff.browser.select(f"#{field}", value)
    staff.browser.fill("#conditions", "Not to the trader.")
    staff.chosen("report-fraud", 1, 2)
    yield "refer to decide"
    staff.write_pack(Path("/nowhere/at/all.zip"), PROBLEMS)
    yield "refer undecided"


def lists(staff: AtDesk, root: str) -> Iterator[str]:
    """The inbox in its filters, what is alike, and searches."""
    browser = staff.browser
    staff.go("inbox").press("main .pages a[rel=next]", "main .pages a[rel=prev]")
    yield "inbox, the second page"
    staff.go("inbox")
    unfolded(staff)
    yield "inbox with work"
    browser.select("#status", "investigating")
    staff.do(".filters button", "1 case.", "#count")
    yield "inbox filtered"
    browser.go(f"{root}?group=spam&kind=contact")
    yield "inbox of nothing"
    staff.go("inbox").press('.inbox a[href*="alike="]', ".notice form")
    yield "inbox of what is alike"
    staff.do(".notice button[value=spam]", "Noted for", "main > .notice")
    yield "inbox after a decision"
    for words, state in (("car wash", "found"), ("nothinghasthis", "not found")):
        staff.go("search")
        browser.fill("#words", words)
        staff.press("main form button", "#found #count")
        yield f"search {state}"


def bundles(staff: AtDesk, team_keys: Path, folder: Path) -> Iterator[str]:
    """Bundles taken in, with an envelope in it that does not open; written and refused."""
    parcel = Parcel.to(team_keys)
    parcel.add("Late.")
    parcel.add_envelope(b"damaged")
    assert "2 sends new" in staff.take_in(parcel.write(folder / "more.tar"))
    yield "bundle taken in"
    staff.give(folder / "back.tar")
    yield "bundle written"
    staff.browser.fill("#typed", str(folder / "back.tar"))
    staff.press('form[action$="/bundles/in"] button.do', PROBLEMS)
    yield "bundle refused"


def connections(staff: AtDesk, root: str) -> Iterator[str]:
    """Links, decided and not; the network, places, routes and days."""
    browser = staff.browser
    until(lambda: len(staff.links()) > 3, "links")
    staff.do("#link-1 button[value=confirmed]", "Confirmed", "main > .notice")
    staff.do("#link-2 button[value=rejected]", "Rejected", "main > .notice")
    yield "links"
    staff.press("#link-1 a", ".case").reach("connections/case/" + staff.text(".kicker").split()[-1], LINKS)
    yield "links of a case"
    staff.go("connections")
    for tab in ("network", "routes", "timeline", "places"):
        link = f'main nav a[href$="/{tab}"]'
        staff.press(link, f"{link}[aria-current]")
        yield tab
    kinds = browser.count('main nav[aria-label="Named by"] a')
    assert kinds > 2
    for place in range(1, kinds if SOAK else 3):
        link = f'main nav[aria-label="Named by"] li:nth-child({place + 1}) a'
        staff.press(link, f"{link}[aria-current]")
        yield f"places {place}"
    browser.go(f"{root}connections/network?rejected=yes")
    yield "network with rejected links"
    browser.go(f"{root}connections/?least=100&only=premises")
    yield "links of none"
    staff.go("patterns")
    yield "patterns"


def investigations(staff: AtDesk, root: str) -> Iterator[str]:
    """An investigation with all that it can have."""
    browser = staff.browser
    cases = [href.rsplit("/", 1)[1] for href in hrefs(staff, f"{root}", "[data-row]")][:4]
    staff.go("investigations").press("#send", PROBLEMS)
    yield "investigation refused"
    browser.fill("#name", f"The arch {LONG}")
    browser.fill("#about", f"Who owns it?\n{LONG}")
    staff.press("#send", "#tasks")
    for place, name in enumerate(cases, 1):
        browser.fill("#case", name)
        staff.press("form:has(#case) button", f"#cases li:nth-child({place})")
    for said, fields in (
        ("The task is noted", {"title": "Ask the council", "due": "2025-01-31"}),
        ("Noted.", {"who": "Dr Who", "role": "an expert", "reach": "0114 496 0000"}),
        ("It stands in the timeline", {"on": "2026-05", "happened": "It opened"}),
    ):
        for field, value in fields.items():
            browser.fill(f"#{field}", value)
        staff.do(f"form:has(#{field}) button", said, "main > .notice")
    browser.fill("#on", "yesterday")
    staff.press("form:has(#on) button", PROBLEMS)
    yield "investigation with a change refused"
    staff.reach("note", "#send").press("#send", PROBLEMS)
    yield "note of an investigation refused"
    browser.fill("#text", "A note.")
    staff.press("#send", "#tasks")
    yield "investigation"
    staff.reach("about", "#open")
    yield "investigation to change"
    browser.fill("#name", "")
    staff.press("#send", PROBLEMS)
    yield "investigation not changed"
    staff.go("investigations")
    yield "investigations"


def hrefs(staff: AtDesk, at: str, css: str) -> list[str]:
    """The addresses of links on a page."""
    assert isinstance(staff.browser, Chromium)
    staff.browser.go(at)
    found: list[str] = staff.browser.page.eval_on_selector_all(css, "all => all.map(a => a.href)")
    return found


def locking(staff: AtDesk, root: str) -> Iterator[str]:
    """What was typed and not sent; locked; a passphrase that is wrong."""
    staff.open_case(TWICE).reach("note", "#send")
    staff.browser.fill("#text", f"Half a note. {LONG}")
    staff.lock().press('main a[href$="/unlock"]', "#passphrase").unlock()
    staff.browser.go(f"{root}typed")
    yield "typed and not sent"
    staff.lock()
    yield "locked"
    staff.press('main a[href$="/unlock"]', "#passphrase")
    staff.browser.fill("#name", "Ann")
    staff.browser.fill("#passphrase", "wrong")
    staff.press("#send", PROBLEMS)
    yield "passphrase refused"


@pytest.mark.usefixtures("checkers")
def test_everybody_can_use_every_page_of_a_desk_with_work_in_it(
    desk: Desk, window: OpenWindow, tmp_path: Path
) -> None:
    desk("practice")
    parcel, draft = Parcel.to(desk.home / "team.keys"), os.urandom(16)
    for place in ("yard", "mill"):
        parcel.add_report(Source().report(draft, f"The {place}, {OTHERWISE}. {LONG}"))
    for _ in range(20):  # more than a page of the inbox, older than the others and each in words of its own
        words = " ".join(os.urandom(4).hex() for _ in range(8))
        parcel.add(words, received_on=date(2026, 1, 1))
    desk("import", parcel.write(tmp_path / "in.tar"))
    browser = window(script=True)
    judged = Judged(browser)
    with serving(desk.home) as served:
        staff = AtDesk(browser, served.start).unlock()
        root = browser.page.url
        for steps in (
            a_case(staff),
            files(staff),
            passing_on(staff),
            lists(staff, root),
            bundles(staff, desk.home / "team.keys", tmp_path),
            connections(staff, root),
            investigations(staff, root),
            locking(staff, root),
        ):
            for name in steps:
                judged.look(name)
    pages = {re.sub(r"\W+", "-", name): page for name, page in judged.pages.items()}
    assert [*judged.faults, *html_faults(pages, tmp_path / "pages")] == []
