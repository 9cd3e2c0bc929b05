"""Chromium without a window, through playwright, with JavaScript or without; nothing goes out on its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser as Process
from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, Request
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.waiting import BOUND, until

PROGRAM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # tests run as root in CI's container, where Chromium's sandbox cannot
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # it looks its maker's servers up by itself
]
MILLISECONDS = 1000
NOT_YET = "Not attached to an active page"  # nothing was asked for then


def launched(playwright: Playwright) -> Process:
    """Start one Chromium for many windows."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS, timeout=BOUND * MILLISECONDS)


class Chromium:
    """One private window of a Chromium; see Browser in steps.py for what the tests ask of it.

    ``told`` gathers the console's errors and warnings, ``asked`` every address that was requested.
    """

    def __init__(
        self,
        process: Process,
        script: bool = True,
        width: int = 390,
        scheme: Literal["light", "dark"] = "light",
    ) -> None:
        self.script = script
        self.context: BrowserContext = process.new_context(
            java_script_enabled=script,
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            # No colour is judged while it fades into another.
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(BOUND * MILLISECONDS)
        self.page: Page = self.context.new_page()
        self.told: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self._tell(message.type, message.text))
        self.page.on("pageerror", lambda error: self._tell("error", str(error)))
        self.page.on("request", self._ask)

    def _tell(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.told.append(text)

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def devtools(self) -> CDPSession:
        """The protocol underneath, for what playwright does not show."""
        return self.context.new_cdp_session(self.page)

    def go(self, url: str) -> None:
        self.page.goto(url)

    def loaded(self) -> bool:
        return bool(self.page.evaluate("document.readyState") == "complete")

    def count(self, css: str) -> int:
        return self.page.locator(css).count()

    def text(self, css: str) -> str:
        return self.page.locator(css).first.inner_text()

    def value(self, css: str) -> str:
        return self.page.locator(css).first.input_value()

    def fill(self, css: str, text: str) -> None:
        self.page.locator(css).first.fill(text)

    def select(self, css: str, value: str) -> None:
        self.page.locator(css).select_option(value)

    def choose(self, css: str, paths: Sequence[Path]) -> None:
        self.page.locator(css).set_input_files(list(paths))

    def click(self, css: str, index: int = 0) -> None:
        self.page.locator(css).nth(index).click()

    def back(self) -> None:
        self.page.go_back()

    def again(self) -> None:
        """Reload; once more where Chromium is still about to put its own page in a failed one's place."""
        until(self._reload, "page that can be loaded again")

    def _reload(self) -> bool:
        try:
            self.page.reload()
        except PlaywrightError as error:
            if NOT_YET not in str(error):
                raise
            return False
        return True

    def save(self, css: str, folder: Path, index: int = 0) -> Path:
        with self.page.expect_download() as coming:
            self.click(css, index)
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def source(self) -> str:
        return self.page.content()

    def close(self) -> None:
        self.context.close()
