"""Limits of a report as people meet them: no control cuts what is typed, the page says which is too long.

test_limits.py has the other side of each limit for every question; here are one character less, captions,
and entries that were added.
"""

import os
from pathlib import Path

import pytest

from payload.limits import MAX_LONG, MAX_SHORT, MAX_TEXT
from tests.counts import SOAK
from tests.e2e.chromium import Chromium
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.server import Site
from tests.e2e.steps import LISTED, PROBLEMS, Answers, ReportPage, report

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
SHORT, LONG = "places-1-landmark", "places-1-what_happens"
TOO_LONG = {
    "what_happened": "This is 1 character too long. Shorten it, or attach the rest as a file.",
    SHORT: "Place 2, What is near it?: this is 1 character too long. 300 fit. Shorten it.",
    LONG: "Place 2, What happens there?: this is 1 character too long. 5,000 fit. Shorten it.",
}


def of(length: int, begins: str = "") -> str:
    """A text of so many code points: other numbers of bytes, of UTF-16 units, and of signs on the wire."""
    # Few changes of the font: a browser takes long to draw many.
    return (begins + f"👀 {'é' * 60}\n" * length)[: length - 1] + "👀"


def two_places_and_files(browser: Chromium, site: Site, folder: Path) -> ReportPage:
    """The form with a place and a file more than the first one."""
    page = report(browser, site.url).add("places")
    for name in ("first.bin", "second.bin"):
        (folder / name).write_bytes(os.urandom(2_000))
        page.attach(folder / name)
    return page


def assert_nothing_is_cut(browser: Chromium) -> None:
    """Every box says what fits into it, and takes what does not."""
    assert browser.count("[maxlength]") == 0
    short = [f"{LISTED}:nth-child({number}) label" for number in (1, 2)]
    for place, most in [*((css, MAX_SHORT) for css in short), (f".field:has(> #{LONG})", MAX_LONG)]:
        assert f"Up to {most:,} characters" in browser.text(f"{place} small")
    for css in (f"{LISTED}:nth-child(2) [name=caption]", f"#{SHORT}"):
        browser.fill(css, "")
        browser.page.locator(css).focus()
        # Unlike a value that is set, what is typed or pasted ends where a control says so.
        browser.page.keyboard.insert_text(of(MAX_SHORT + 50).replace("\n", "."))
        assert browser.value(css) == of(MAX_SHORT + 50).replace("\n", ".")


@BOTH
def test_no_box_cuts_what_is_typed_and_each_says_what_fits(
    site: Site, window: OpenWindow, tmp_path: Path, script: bool
) -> None:
    browser = window(script=script)
    page = two_places_and_files(browser, site, tmp_path).open("places")
    assert_nothing_is_cut(browser)
    page.send_refused()
    assert_nothing_is_cut(browser)


@pytest.mark.parametrize("script", [True, False] if SOAK else [False])
def test_one_character_more_is_named_where_it_stands_and_one_less_arrives(
    make_site: MakeSite, desk: Desk, window: OpenWindow, tmp_path: Path, script: bool
) -> None:
    site, browser = make_site().start(), window(script=script)
    page = two_places_and_files(browser, site, tmp_path)
    over: Answers = {SHORT: of(MAX_SHORT + 1), LONG: of(MAX_LONG + 1), "when-date": of(MAX_SHORT)}
    page.fill(over).describe(of(MAX_TEXT + 1, "edge "))
    page.caption(0, of(MAX_SHORT)).caption(1, of(MAX_SHORT + 1))
    page.send_refused()

    assert browser.count(f"{PROBLEMS} a") == len(TOO_LONG) + 1
    for field, message in TOO_LONG.items():
        assert browser.text(f'{PROBLEMS} a[href="#{field}"]') == browser.text(f"#{field}-wrong") == message
    caption = browser.text(f'{PROBLEMS} a[href="#caption-1"]')
    assert "second.bin" in caption
    assert " 1 character too long" in caption
    assert browser.text("#caption-1-wrong") == caption
    assert page.held(over) == over
    assert page.typed() == of(MAX_TEXT + 1, "edge ")
    assert [page.caption_of(0), page.caption_of(1)] == [of(MAX_SHORT), of(MAX_SHORT + 1)]

    page.fill({SHORT: of(MAX_SHORT), LONG: of(MAX_LONG - 1), "when-date": of(MAX_SHORT - 1)})
    page.describe(of(MAX_TEXT - 1, "edge ")).caption(1, of(MAX_SHORT - 1)).send()
    mine = desk.take(site, tmp_path / "bundle.tar").opened("edge")
    assert mine["report"] == {
        "what_happened": of(MAX_TEXT - 1, "edge "),
        "when": {"date": of(MAX_SHORT - 1)},
        "places": [{"landmark": of(MAX_SHORT), "what_happens": of(MAX_LONG - 1)}],
    }
    assert [file["caption"] for file in mine["files"]] == [of(MAX_SHORT), of(MAX_SHORT - 1)]
