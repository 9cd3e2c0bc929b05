"""What staff do on the desk's pages, step by step, the same in every browser; and the desk that serves them.

with serving(home) as desk: AtDesk(browser, desk.start).unlock().take_in(bundle)
"""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.e2e.desk import PASSPHRASE
from tests.e2e.server import ROOT
from tests.e2e.steps import PROBLEMS, Browser
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import BOUND, until

ROWS = ".inbox [data-row]"
SHOWN = "main img[src]"
LINKS = "ol.links > li"
NO_FORM = "main:not(:has(form))"
# The keys that lead to the pages of the navigation.
WAYS = {
    "inbox": "i",
    "search": "/",
    "connections": "c",
    "patterns": "p",
    "investigations": "v",
    "bundles": "b",
}


class Serving:
    """A desk that is served on a free port; ``start`` is the address that lets one browser in."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_ports(1)[0]
        command = [sys.executable, "-m", "desk", "--home", str(home), "serve", "--no-browser"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        (self.start,) = re.findall(r"http://\S+", self._process.stdout.readline())

    def end(self) -> None:
        """End it, as Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(BOUND) == 0
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def serving(home: Path) -> Iterator[Serving]:
    """Serve a desk for a while."""
    made = Serving(home)
    try:
        yield made
    finally:
        made.end()


class AtDesk:
    """Somebody of the team at the desk's pages, in one browser."""

    def __init__(self, browser: Browser, start: str) -> None:
        self.browser = browser
        browser.go(start)

    def press(self, css: str, answer: str, index: int = 0) -> Self:
        """Press a link or a button, and wait for the page that has ``answer`` on it, which this one has not.

        :raises AssertionError: another page came, that says a problem.
        """
        until(self.browser.loaded, "page with its style")
        assert not self.browser.count(answer), f"{answer} is on this page too"
        stop = answer if self.browser.count(PROBLEMS) else f"{answer}, {PROBLEMS}"
        self.browser.click(css, index)
        try:
            until(lambda: self.browser.count(stop), f"{answer} after {css}")
        except AssertionError as late:
            late.add_note(f"The page says: {self.text('body')[:2_000]!r}")
            raise
        assert self.browser.count(answer), self.text("main")
        return self

    def do(self, css: str, words: str, within: str, index: int = 0) -> Self:
        """Press a button, and wait for words that were not there."""
        until(self.browser.loaded, "page with its style")
        assert not self.browser.count(within) or words not in self.text(within), words
        self.browser.click(css, index)
        return self.wait_for(words, within)

    def text(self, css: str) -> str:
        """The words of the first that a selector finds, in one line."""
        return " ".join(self.browser.text(css).split())

    def wait_for(self, words: str, css: str) -> Self:
        """Wait until these words are there."""
        until(lambda: self.browser.count(css) and words in self.text(css), f"{words!r} in {css}")
        return self

    def unfold(self, within: str) -> Self:
        """Open what is folded around an element."""
        closed = f"details:not([open]):has({within}) > summary"
        if self.browser.count(closed):
            self.browser.click(closed)
        return self

    def go(self, subject: str) -> Self:
        """Go to a page of the navigation."""
        link = f'header nav a[data-key="{WAYS[subject]}"]'
        if self.browser.count(f"{link}[aria-current]"):
            # From there it could not be told whether it came.
            self.go("bundles" if subject == "inbox" else "inbox")
        return self.press(link, f"{link}[aria-current]")

    def unlock(self, name: str = "Ann") -> Self:
        """Type a name and the passphrase, and wait for the inbox."""
        self.browser.fill("#name", name)
        self.browser.fill("#passphrase", PASSPHRASE)
        return self.press("#send", "#count")

    def lock(self) -> Self:
        return self.do(".locking button", "The desk is locked", "main")

    # ---- what is carried

    def take_in(self, bundle: Path) -> str:
        """Take a bundle in; give what the page says of it."""
        self.go("bundles")
        self.browser.fill("#typed", str(bundle))
        self.press('form[action$="/bundles/in"] button.do', 'section[aria-label="What was taken in"]')
        return self.text("main")

    def give(self, bundle: Path) -> str:
        """Write the bundle that goes back; give what the page says of it."""
        self.go("bundles")
        self.browser.fill("#out-typed", str(bundle))
        self.press('form[action$="/bundles/out"] button.do', 'section[aria-label="What was written"]')
        return self.text("main")

    # ---- a case

    def inbox(self) -> list[str]:
        """Open the inbox; give the words of each row."""
        self.go("inbox")
        rows = self.browser.count(".inbox > li")
        return [self.text(f".inbox > li:nth-child({place + 1})") for place in range(rows)]

    def open_case(self, words: str) -> Self:
        """Open the case whose row has these words."""
        (place,) = [place for place, row in enumerate(self.inbox()) if words in row]
        return self.press(ROWS, ".case", place)

    def reach(self, page: str, answer: str) -> Self:
        """Go to a page of this case by its link, whose address ends so."""
        return self.press(f'main a[href$="/{page}"]', answer)

    def grade(self, source: str, information: str, handling: str) -> Self:
        """Grade the case by the 3x5x2 scheme."""
        self.unfold("#information")
        for field, value in (("source", source), ("information", information), ("handling", handling)):
            self.browser.select(f"#{field}", value)
        return self.do("form:has(#information) button", f"{source}{information}{handling}", "#work .facts")

    def note(self, words: str) -> Self:
        """Write a note."""
        self.reach("note", "#send")
        self.browser.fill("#text", words)
        return self.press("#send", ".case").wait_for(words, "#work .ours")

    def reply(self, words: str) -> Self:
        """Seal a reply to the source."""
        self.reach("reply", "#send")
        self.browser.fill("#text", words)
        return self.press("#send", ".case")

    # ---- what links cases

    def links(self) -> list[str]:
        """Open the connections; give the words of each link."""
        self.go("connections")
        until(lambda: self.browser.count("#count"), "links")
        return [self.text(f"#link-{place + 1}") for place in range(self.browser.count(LINKS))]

    def confirm(self, words: str) -> Self:
        """Confirm the link that has these words."""
        (place,) = [place for place, link in enumerate(self.links()) if words in link]
        return self.press(
            f"#link-{place + 1} button[value=confirmed]", f"#link-{place + 1} button[value=open]"
        )

    # ---- passing on

    def choose(self, agency: str, *files: int) -> Self:
        """Choose the agency, and files to go along in cleaned copies; the grading stands there already."""
        return self.reach("refer", "#agency").chosen(agency, *files)

    def chosen(self, agency: str, *files: int) -> Self:
        """Do so where the choice is open already."""
        self.browser.select("#agency", agency)
        for number in files:
            self.browser.click(f'input[name="file-{number}"][value=cleaned]')
        return self.press('form[action$="/refer"] button', "mark")

    def write_pack(self, place: Path, answer: str = ".case") -> Self:
        """Press the button that writes the pack; ``answer`` is on the page that comes, not on this one."""
        self.browser.fill("#place", str(place))
        return self.press('form[action$="/refer/write"] button', answer)
