"""Answers that were asked for already, shown in a browser and judged there, as wide as people have it."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from playwright.sync_api import Route

from tests.e2e.checkers import barriers, overflow
from tests.e2e.chromium import Chromium
from tests.e2e.http_client import Answer

WIDTHS = (320, 390, 1280)
HEIGHT = 844
# The connection's own; a browser that is given the answer makes them anew.
NOT_OURS = {"connection", "content-length", "transfer-encoding"}


class Showing:
    """A window that shows answers of a server as though it had just given them, with all their headers.

    With ``script`` false, no script of the page runs, and the judges' own run when it is there.
    """

    def __init__(self, browser: Chromium, url: str, answers: Mapping[str, Answer], script: bool) -> None:
        self._browser, self._at, self._answers, self._script = browser, f"{url}/shown/", answers, script
        self._devtools = browser.devtools()
        self._issues: list[str] = []
        self._devtools.on("Audits.issueAdded", lambda event: self._issues.append(event["issue"]["code"]))
        self._devtools.send("Audits.enable")
        browser.page.route(f"{self._at}*", self._answer)

    def _answer(self, route: Route) -> None:
        answer = self._answers[unquote(route.request.url.removeprefix(self._at))]
        headers = {name: value for name, value in answer.headers if name.lower() not in NOT_OURS}
        route.fulfill(status=answer.status, headers=headers, body=answer.body)

    def faults(self, name: str, width: int) -> list[str]:
        """What is wrong with an answer: how wide it is, whom it shuts out, what the browser complains of."""
        self._scripts(self._script)
        self._browser.go(self._at + quote(name, safe=""))
        found = [*too_wide(self._browser, width)]
        self._scripts(True)
        found += barriers(self._browser)
        # The browser says itself that a page has an error's status.
        found += [text for text in self._browser.told if "the server responded with a status of" not in text]
        found += [code for code in self._issues if code == "ContentSecurityPolicyIssue"]
        self._browser.told.clear()
        self._issues.clear()
        return found

    def _scripts(self, on: bool) -> None:
        self._devtools.send("Emulation.setScriptExecutionDisabled", {"value": not on})


def too_wide(browser: Chromium, last: int) -> list[str]:
    """At which widths of the window the page is wider than it; the window stays ``last`` wide."""
    found = []
    for width in (*(width for width in WIDTHS if width != last), last):
        browser.page.set_viewport_size({"width": width, "height": HEIGHT})
        if (wider := overflow(browser)) > 0:
            found.append(f"{wider} pixels too wide at {width}")
    return found


def faults_as_it_stands(browser: Chromium) -> list[str]:
    """What is wrong with the page that the browser shows, light on a telephone and dark on a wide screen."""
    found = []
    for scheme, width in (("light", 390), ("dark", 1280)):
        browser.page.emulate_media(color_scheme=scheme)
        found += too_wide(browser, width)
        found += [f"{scheme}: {barrier}" for barrier in barriers(browser)]
    return found
