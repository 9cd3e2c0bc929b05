"""Hands on a keyboard and nothing else: keys, typing, and what has the focus meanwhile; in either browser.

Only keys move the focus here. What is read of the page comes through the debugger, which reads it where the
page runs no script too.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Error as ChromiumError
from playwright.sync_api import FileChooser

from tests.e2e.chromium import Chromium
from tests.e2e.firefox import Firefox, FirefoxError
from tests.e2e.waiting import until

# By the names that playwright has for them, in WebDriver's own code points.
KEYS = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Shift": "\ue008",
    "Space": " ",
    "Backspace": "\ue003",
    "End": "\ue010",
    "ArrowDown": "\ue015",
}
# What has the focus: of a page that has given it to nobody, the body.
FOCUSED = """() => {
  const it = document.activeElement ?? document.body;
  const style = getComputedStyle(it);
  const box = it.getClientRects()[0] ?? it.getBoundingClientRect(); // of a link, its first line
  const at = it.type === "radio" ? document.querySelector(`[name="${it.name}"]`) : it;
  return {
    tag: it.localName, id: it.id, name: it.name ?? "", value: it.value ?? "", type: it.type ?? "",
    checked: it.checked ?? false, text: it.textContent.trim().slice(0, 80),
    place: [...document.querySelectorAll("*")].indexOf(at), within: Boolean(it.closest("main")),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    left: box.left, top: box.top, width: box.width, height: box.height,
    scrolled: scrollY, wide: innerWidth, high: innerHeight,
  };
}"""
# Changes with every page: each form has a token of its own.
SHOWN = """() => document.readyState === "complete"
  && (document.querySelector("input[name=draft]")?.value ?? document.querySelector("h1").textContent)"""


@dataclass(frozen=True)
class Focused:
    """What has the focus.

    ``place`` is where it stands in the page, a group of radio buttons as one; ``outline`` how many pixels of
    outline show that it has the focus; the box is in CSS pixels of the window.
    """

    tag: str
    id: str
    name: str
    value: str
    type: str
    checked: bool
    text: str
    place: int
    within: bool
    outline: float
    left: float
    top: float
    width: float
    height: float
    scrolled: float
    wide: float
    high: float

    @property
    def is_page(self) -> bool:
        """Whether nothing in the page has it: the page as such, or the browser around it."""
        return self.tag in {"body", "html"}

    @property
    def called(self) -> str:
        """What to call it when something is wrong with it."""
        return f"{self.tag}#{self.id or self.name} “{self.text[:40]}”"


class Keys(Protocol):
    """The keys of a browser, and a look at its page. A function is JavaScript's, as text."""

    def go(self, url: str) -> None: ...
    def down(self, key: str, held: str = "") -> None: ...
    def type(self, text: str) -> None: ...
    def look(self, function: str, *values: object) -> Any: ...
    def choose(self, paths: Sequence[Path]) -> None: ...


class ChromiumKeys:
    """The keys of a Chromium. Of a page that is just going, a look gives None."""

    def __init__(self, browser: Chromium) -> None:
        self._page, self.go = browser.page, browser.go
        self._dialogs: list[FileChooser] = []
        # From the start: a dialog that opens before anybody listens is lost.
        self._page.on("filechooser", lambda dialog: self._dialogs.append(dialog))

    def down(self, key: str, held: str = "") -> None:
        self._page.keyboard.press(f"{held}+{key}" if held else key)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def look(self, function: str, *values: object) -> Any:
        with suppress(ChromiumError):
            return self._page.evaluate(f"values => ({function})(...values)", list(values))
        return None

    def choose(self, paths: Sequence[Path]) -> None:
        """Press Enter, and pick these files in the dialog that opens."""
        self.down("Enter")
        until(lambda: self.look(SHOWN) and self._dialogs, "dialog for files")
        self._dialogs.pop().set_files(list(paths))


class FirefoxKeys:
    """The keys of a Firefox."""

    def __init__(self, browser: Firefox) -> None:
        self._browser, self.go = browser, browser.go

    def down(self, key: str, held: str = "") -> None:
        strokes = [("keyDown", KEYS[key]), ("keyUp", KEYS[key])]
        if held:
            strokes = [("keyDown", KEYS[held]), *strokes, ("keyUp", KEYS[held])]
        self._perform([{"type": kind, "value": value} for kind, value in strokes])

    def type(self, text: str) -> None:
        ups = [
            {"type": kind, "value": KEYS["Enter"] if sign == "\n" else sign}
            for sign in text
            for kind in STROKE
        ]
        self._perform(ups)

    def _perform(self, strokes: list[dict[str, str]]) -> None:
        self._browser("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": strokes}])

    def look(self, function: str, *values: object) -> Any:
        with suppress(FirefoxError):
            return self._browser(
                "WebDriver:ExecuteScript", script=f"return ({function})(...arguments)", args=list(values)
            )
        return None

    def choose(self, paths: Sequence[Path]) -> None:
        """Pick these files. The dialog is the desktop's, and no driver of Firefox reaches it."""
        self._browser.choose("#upload", paths)


STROKE = ("keyDown", "keyUp")


class Hands:
    """Somebody who reaches everything by keys. ``seen`` is what had the focus, in order."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.seen: list[Focused] = []

    def focus(self) -> Focused:
        """What has the focus now."""
        return Focused(**until(lambda: self.keys.look(FOCUSED), "page to look at"))

    def tab(self, back: bool = False) -> Focused:
        """Go on to what comes next, or back."""
        self.keys.down("Tab", "Shift" if back else "")
        self.seen.append(self.focus())
        return self.seen[-1]

    def to(self, css: str, back: bool = False) -> Focused:
        """Go on to the first that a selector finds.

        :raises AssertionError: the keys came round to the page's end without it.
        """
        passed = 0
        while not (found := self.tab(back)).is_page:
            if self.keys.look("css => document.activeElement.matches(css)", css):
                return found
            passed += 1
        raise AssertionError(f"the keys do not reach {css}: they passed {passed} others")

    def press(self, key: str, times: int = 1) -> Focused:
        """Press a key, and give what has the focus then."""
        for _ in range(times):
            self.keys.down(key)
        return self.focus()

    def press_to(self, key: str, focused: str) -> Focused:
        """Press a key that brings another page, in which the element of this id gets the focus by itself."""
        before = self.keys.look(SHOWN)
        self.keys.down(key)
        until(lambda: self.keys.look(SHOWN) not in {before, None, False}, f"page after {key}")
        return self.arrive(focused)

    def arrive(self, focused: str) -> Focused:
        """Wait until the element of this id has the focus."""
        until(lambda: self.focus().id == focused, f"focus on #{focused}")
        return self.focus()

    def choose(self, value: str, most: int = 40) -> None:
        """Go through the choices of a list, or of radio buttons, to this one."""
        if self.focus().type == "radio" and self.press("Space").value == value:
            return
        for _ in range(most):
            if self.press("ArrowDown").value == value:
                return
        raise AssertionError(f"the arrows do not reach {value} of {self.focus().called}")
