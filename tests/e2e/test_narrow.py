"""The whole form on a small telephone, at 400% zoom, in letters twice as large: filled in, mended, sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from payload.limits import MAX_SHORT
from payload.outline import SECTIONS, Kind
from tests.counts import SOAK
from tests.e2e import filled
from tests.e2e.boxes import covered, faults
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import OpenWindow
from tests.e2e.firefox import PREFERENCES, Firefox
from tests.e2e.hands import ChromiumKeys, FirefoxKeys, Hands, Keys
from tests.e2e.server import Site
from tests.e2e.steps import Browser, ReportPage, report
from tests.e2e.waiting import until

WORD = "W" * MAX_SHORT  # no blank in it to break a line at
LARGE_FILE = 1_000_001  # bytes; whole_site takes 1 MB
BODY = 18  # pixels: the letters of the page where nobody enlarged them
LETTERS = "() => [innerWidth, parseFloat(getComputedStyle(document.body).fontSize)]"
# In sight is what shows so many pixels of its height: a text box may be higher than the window.
IN_SIGHT = 16
FIELDS = ("textarea", "select", "input")
# How much of it the way out may lie on: of a field, less than a line, where a long text in large letters has
# its end in sight.
COVERED, COVERED_LINK = 0.0, 0.5
# Answers that are too long at first.
TOO_LONG = ["when-date", "people-0-marks"]
# What a page must not look like.
SPOILED = [
    "document.querySelector('h1').style.width = '400px'",
    "document.querySelector('#send').textContent = 'W'.repeat(90)",
    "document.querySelector('#what_happened').style.cssText = 'position: relative; top: -4rem'",
    "document.querySelector('#attach').hidden = false",
    "document.querySelector('#attach').style.cssText = 'all: unset; width: 9px'",
    "document.querySelector('.before').style.overflow = 'hidden'",
    "document.querySelector('.before').style.whiteSpace = 'nowrap'",
]
COVER = "document.querySelector('#exit').style.cssText = 'position: fixed; inset: 0'"
FOUND = ["wider by", "leaves the window", "words leave", "lies on", "is small", "is cut"]


@dataclass
class Look:
    """A browser at one size; ``wide`` its window, and ``letters`` those of the page, in CSS pixels."""

    browser: Browser
    keys: Keys
    wide: float
    letters: float

    def faults(self) -> list[str]:
        """What is wrong with the page at this size."""
        self.enlarge()
        assert self.keys.look(LETTERS) == [self.wide, self.letters]
        return faults(self.keys)

    def enlarge(self) -> None:
        """See that the size holds on this page too."""


class ChromiumLook(Look):
    """A Chromium's window, which may be as small as at 400% zoom, with its own letters enlarged or not."""

    def __init__(self, browser: Chromium, width: int, height: int, letters: int = 1) -> None:
        super().__init__(browser, ChromiumKeys(browser), width, BODY * letters)
        browser.page.set_viewport_size({"width": width, "height": height})
        self._session, self._sizes = browser.devtools(), {"standard": 16 * letters, "fixed": 13 * letters}

    def enlarge(self) -> None:
        self._session.send("Page.setFontSizes", {"fontSizes": self._sizes})


class ZoomingFirefox(Firefox):
    """A Firefox whose own zoom can be set."""

    # It holds for the tab, whatever is opened in it.
    preferences = {  # noqa: RUF012 - nobody changes it
        **PREFERENCES,
        "browser.zoom.siteSpecific": False,
        "privacy.resistFingerprinting": False,
        "privacy.resistFingerprinting.letterboxing": False,
    }
    arguments = ("-remote-allow-system-access",)

    def zoom(self, times: float, full: bool = True) -> None:
        """Enlarge the whole page, or its letters alone."""
        self("WebDriver:SetWindowRect", width=1280, height=1024)
        self("Marionette:SetContext", value="chrome")
        script = "ZoomManager.useFullZoom = arguments[0]; ZoomManager.zoom = arguments[1]"
        self("WebDriver:ExecuteScript", script=script, args=[full, times])
        self("Marionette:SetContext", value="content")


@pytest.fixture(scope="module")
def zooming_firefox() -> Iterator[ZoomingFirefox]:
    """A Firefox with a zoom, without JavaScript."""
    browser = ZoomingFirefox()
    yield browser
    browser.close()


class FirefoxLook(Look):
    """A Firefox at 400% zoom, or with letters twice as large and all else as it was."""

    def __init__(self, browser: ZoomingFirefox, full: bool) -> None:
        super().__init__(browser, FirefoxKeys(browser), *((320, BODY) if full else (1280, 2 * BODY)))
        self._zoom = lambda: browser.zoom(4 if full else 2, full)

    def enlarge(self) -> None:
        self._zoom()
        until(lambda: self.keys.look(LETTERS) == [self.wide, self.letters], "zoom")


def long(_name: str, kind: Kind) -> str:
    """As long a word as fits, or such words one after the other."""
    return WORD if kind is Kind.SHORT else f"{WORD} {WORD}"


def short(_name: str, _kind: Kind) -> str:
    """A word that is wider than the window, and soon typed."""
    return WORD[:50]


def walk(look: Look) -> list[str]:
    """Go through the page by keys; give what has the focus out of sight, or below the way out."""
    hands, found = Hands(look.keys), []
    last = look.keys.look("() => [...document.querySelectorAll('footer a')].at(-1).textContent")
    while (focused := hands.tab()).text != last:
        assert not focused.is_page
        by_exit, in_window = covered(look.keys)
        if by_exit > (COVERED if focused.tag in FIELDS else COVERED_LINK):
            found.append(f"the way out lies on {focused.called}: {by_exit:.2f}")
        if in_window * focused.height < min(IN_SIGHT, focused.height) - 1:
            found.append(f"out of sight: {focused.called}: {in_window:.2f}")
    return found


def refused(look: Look, page: ReportPage, large: Path) -> list[str]:
    """Have a file refused; give what is wrong with the page that says so: without a script, the next one."""
    page.browser.choose("#upload", [large])
    if not page.browser.script:
        return []
    until(lambda: page.browser.count("#going .why:not(:empty)"), "refusal")
    found = look.faults()
    page.browser.click("#going .cancel")
    return found


def go_through(look: Look, site: Site, text: filled.Text, folder: Path, entries: int) -> dict[str, list[str]]:
    """Fill in, mend, look through and send at this size; give what is wrong on the way."""
    page = report(look.browser, site.url).fill({**filled.as_fields(text, entries), "danger-now": "yes"})
    photo, large = folder / f"{WORD[:240]}.jpg", folder / f"{WORD[:240]}.mov"
    photo.write_bytes(b"a photograph")
    large.write_bytes(b"x" * LARGE_FILE)
    page.describe(text("", Kind.LONG)).attach(photo).caption(0, text("", Kind.SHORT))
    for section in SECTIONS[1:]:
        page.open(section.name)
    found = {"form": look.faults(), "form by keys": walk(look), "refused": refused(look, page, large)}
    for name in TOO_LONG:
        page.answer(name, "W" + WORD)
    page.send_refused()
    found["problems"] = look.faults()
    for name in TOO_LONG:
        page.answer(name, WORD)
    page.review()
    found["review"], found["review by keys"] = look.faults(), walk(look)
    page.change("people").review().send()
    found["receipt"] = look.faults()
    return {name: wrong for name, wrong in found.items() if wrong}


# The width and height of the window, how much larger its letters are, and whether it runs scripts.
SMALL = {
    "400% zoom": (320, 256, 1, False),
    "letters twice as large": (390, 844, 2, True),
}
FULL = {
    "320 wide": (320, 640, 1, True),
    "320 wide, no script": (320, 640, 1, False),
    "400% zoom, script": (320, 256, 1, True),
    "letters twice as large, no script": (390, 844, 2, False),
    "letters twice as large on a desk": (1280, 1024, 2, True),
}


@pytest.mark.parametrize("size", [*SMALL, *(FULL if SOAK else ())])
def test_the_whole_form_goes_at_every_size(
    whole_site: Site, window: OpenWindow, tmp_path: Path, size: str
) -> None:
    width, height, letters, script = (SMALL | FULL)[size]
    look = ChromiumLook(window(script=script), width, height, letters)
    assert go_through(look, whole_site, long, tmp_path, entries=2) == {}


@pytest.mark.parametrize("full", [pytest.param(True, id="zoom"), pytest.param(False, id="letters")])
def test_the_whole_form_goes_under_a_browsers_own_zoom(
    whole_site: Site, zooming_firefox: ZoomingFirefox, tmp_path: Path, full: bool
) -> None:
    look = FirefoxLook(zooming_firefox, full)
    assert go_through(look, whole_site, short, tmp_path, entries=1) == {}


def test_a_fault_would_be_found(whole_site: Site, window: OpenWindow) -> None:
    look = ChromiumLook(window(script=True), 320, 640)
    report(look.browser, whole_site.url)
    assert look.faults() == []
    for spoiled in SPOILED:
        look.keys.look(f"() => {{ {spoiled} }}")
    found = look.faults()
    assert [said for said in FOUND if not any(said in fault for fault in found)] == [], found
    Hands(look.keys).to("#what_happened")
    look.keys.look(f"() => {{ {COVER} }}")
    assert covered(look.keys)[0] > COVERED
