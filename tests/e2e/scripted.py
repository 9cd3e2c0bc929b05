"""Browsers that run JavaScript: a look into their page, and a line to the server that can be held up."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Request, Route

from tests.e2e.chromium import Chromium
from tests.e2e.firefox import Firefox
from tests.e2e.hands import ChromiumKeys, FirefoxKeys, Keys
from tests.e2e.waiting import until

DO = re.compile(rb'name="do"\r\n\r\n([\w-]+)')
# All that the form would send, but the token of its draft: that is another one on every page.
CONTENT = """() => [...new FormData(document.getElementById("report"))]
  .filter(([name]) => name !== "draft").map(([name, value]) => [name, String(value)])"""


class Scripted:
    """A browser that runs JavaScript, and a look into its page. A function is JavaScript's, as text."""

    def __init__(self, browser: Chromium | Firefox) -> None:
        assert browser.script
        self.browser = browser
        keys: Keys = ChromiumKeys(browser) if isinstance(browser, Chromium) else FirefoxKeys(browser)
        self.look = keys.look

    def content(self) -> list[list[str]]:
        """All that the form would send: names and values, in order."""
        content: list[list[str]] = self.look(CONTENT)
        return content

    def focused(self) -> str:
        """The id of what has the focus; empty where it has none."""
        return str(self.look("() => document.activeElement.id"))

    def arrive(self, focused: str) -> None:
        """Wait until the element of this id has the focus."""
        until(lambda: self.focused() == focused, f"focus on #{focused}")

    def forward(self) -> None:
        """Press the browser's Forward."""
        if isinstance(self.browser, Chromium):
            self.browser.page.go_forward()
        else:
            self.browser("WebDriver:Forward")


def a_file(folder: Path, name: str = "a.bin", size: int = 20_000) -> Path:
    """Make a file that looks like no other."""
    path = folder / name
    path.write_bytes(os.urandom(size))
    return path


def wanted(request: Request) -> str:
    """What a post of the report form wants: its `do`; of any other request, nothing."""
    found = DO.search(request.post_data_buffer or b"") if request.method == "POST" else None
    return found[1].decode() if found else ""


def meet(page: Page, do: str, handler: Callable[[Route], object]) -> None:
    """Have ``handler`` called for each post that wants this."""
    page.route("**/report", lambda route: handler(route) if wanted(route.request) == do else route.fallback())


class Held:
    """The posts that want one thing, held back on their way."""

    def __init__(self, page: Page, do: str) -> None:
        self.page = page
        self._routes: list[Route] = []
        meet(page, do, lambda route: self._routes.append(route))

    def wait(self) -> None:
        """Wait until one has come."""
        until(self._come, "post that is held back")

    def let_go(self) -> None:
        """Let the first one go on."""
        self.wait()
        self._routes.pop(0).continue_()

    def lose(self) -> None:
        """Break the line under the first one."""
        self.wait()
        self._routes.pop(0).abort()

    def _come(self) -> bool:
        self.page.evaluate("0")  # playwright hears of posts only while it is asked for something
        return bool(self._routes)
