"""What a person does on the pages, step by step, the same in every browser and through Tor.

report(browser, site.url).describe("what I saw").attach(photo).send()
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

from tests.e2e.waiting import until

LISTED = "#files li"
RECEIVED = "#received"
PROBLEMS = "#problems"


class Browser(Protocol):
    """What the steps ask of a browser. Selectors are CSS; ``script`` says whether it runs JavaScript."""

    script: bool

    def go(self, url: str) -> None: ...
    def count(self, css: str) -> int: ...
    def text(self, css: str) -> str: ...
    def value(self, css: str) -> str: ...
    def fill(self, css: str, text: str) -> None: ...
    def choose(self, css: str, paths: Sequence[Path]) -> None: ...
    def click(self, css: str, index: int = 0) -> None: ...
    def source(self) -> str: ...
    def close(self) -> None: ...


class FormPage:
    """A form that can be sent, in one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        browser.go(url)

    def send(self) -> Self:
        """Press send, and wait for the page that says received."""
        self.press_send()
        assert self.browser.count(RECEIVED), self.browser.text(PROBLEMS)
        return self

    def send_refused(self) -> str:
        """Press send, and give what the page says is wrong."""
        self.press_send()
        assert self.browser.count(PROBLEMS), self.browser.text("main")
        return self.browser.text(PROBLEMS)

    def press_send(self) -> None:
        """Press send, and wait for the page that answers."""
        draft = self.browser.value("input[name=draft]")
        self.browser.click("#send")
        # A page that refuses may answer another that did: the token of its form is always a new one.
        same = f'input[name=draft][value="{draft}"]'
        answers = f"{RECEIVED}, {PROBLEMS}"
        until(lambda: self.browser.count(answers) and not self.browser.count(same), "answer to send")


class ReportPage(FormPage):
    """The form at /report, in one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url + "/report")

    def describe(self, text: str) -> "ReportPage":
        self.browser.fill("#what_happened", text)
        return self

    def attach(self, *paths: Path) -> "ReportPage":
        """Pick the files, and wait until the page lists them all. With JavaScript, picking is enough."""
        wanted = self.listed() + len(paths)
        self.browser.choose("#upload", paths)
        if not self.browser.script:
            self.browser.click("button[value=attach]")
        until(lambda: self.listed() == wanted, f"list of {wanted} files")
        return self

    def remove(self, position: int) -> "ReportPage":
        """Take one file off the list; positions count from 0."""
        wanted = self.listed() - 1
        self.browser.click("button[name=remove]", position)
        until(lambda: self.listed() == wanted, f"list of {wanted} files")
        return self

    def listed(self) -> int:
        """How many files the page lists as attached: each carries its token."""
        return self.browser.count(f"{LISTED} input[name=file]")

    def typed(self) -> str:
        """What stands in the text box."""
        return self.browser.value("#what_happened")


class ContactPage(FormPage):
    """The form at /contact, in one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url + "/contact")

    def write(self, message: str, to: str = "team", topic: str = "", reach: str = "") -> "ContactPage":
        """Fill it in; ``to`` is a value of the choices."""
        self.browser.click(f"input[name=to][value={to}]")
        for field, text in (("topic", topic), ("message", message), ("reach", reach)):
            self.browser.fill(f"#{field}", text)
        return self

    def typed(self) -> dict[str, str]:
        """What stands in the boxes, and whom it is for."""
        boxes = {field: self.browser.value(f"#{field}") for field in ("topic", "message", "reach")}
        return {"to": self.browser.value("input[name=to]:checked"), **boxes}


def report(browser: Browser, url: str) -> ReportPage:
    """Open the form."""
    return ReportPage(browser, url)


def contact(browser: Browser, url: str) -> ContactPage:
    """Open the contact form."""
    return ContactPage(browser, url)
