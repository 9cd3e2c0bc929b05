"""What a person does on the pages, step by step, the same in every browser and through Tor.

report(browser, site.url).describe("what I saw").attach(photo).send()
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

from tests.e2e.waiting import until

LISTED = "#files li"
RECEIVED = "#received"
PROBLEMS = "#problems"
REVIEW = "#review"
FORM = "#upload"
END = "footer nav ~ p"  # of every page
# By the name of a question: a text or a choice, or several choices.
Answers = Mapping[str, str | Sequence[str]]


class Browser(Protocol):
    """What the steps ask of a browser. Selectors are CSS; ``script`` says whether it runs JavaScript.

    ``loaded`` says whether the page is there with its style: before, what is pressed may not be in its place.
    ``again`` asks for the page once more, and agrees to send again what it was the answer to. ``save``
    presses what is answered with a file, and puts that into a folder.
    """

    script: bool

    def go(self, url: str) -> None: ...
    def back(self) -> None: ...
    def again(self) -> None: ...
    def loaded(self) -> bool: ...
    def count(self, css: str) -> int: ...
    def text(self, css: str) -> str: ...
    def value(self, css: str) -> str: ...
    def fill(self, css: str, text: str) -> None: ...
    def select(self, css: str, value: str) -> None: ...
    def choose(self, css: str, paths: Sequence[Path]) -> None: ...
    def click(self, css: str, index: int = 0) -> None: ...
    def save(self, css: str, folder: Path, index: int = 0) -> Path: ...
    def source(self) -> str: ...
    def close(self) -> None: ...


class FormPage:
    """A form that can be sent, in one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        browser.go(url)

    def send(self) -> Self:
        """Press send, and wait for the page that says received."""
        self.press("#send")
        assert self.browser.count(RECEIVED), self.browser.text("main")
        return self

    def send_refused(self) -> str:
        """Press send, and give what the page says is wrong."""
        self.press("#send")
        assert self.browser.count(PROBLEMS), self.browser.text("main")
        return self.browser.text(PROBLEMS)

    def wait_for(self, css: str) -> Self:
        """Wait for a page with this on it, to its end."""
        until(lambda: self.browser.count(css) and self.browser.count(END), f"page with {css}")
        return self

    def press(self, css: str, answers: str = f"{REVIEW}, {RECEIVED}, {PROBLEMS}", index: int = 0) -> None:
        """Press a button, and wait for the end of the page that answers: it has one of ``answers``."""
        until(self.browser.loaded, "page with its style")
        draft = self.browser.value("input[name=draft]")
        self.browser.click(css, index)
        # A page may answer another that looked like it: the token of its form is always a new one.
        same = f'input[name=draft][value="{draft}"]'

        def answered() -> bool:
            return bool(
                self.browser.count(answers) and not self.browser.count(same) and self.browser.count(END)
            )

        try:
            until(answered, f"answer to {css}")
        except AssertionError as late:
            late.add_note(f"The page says: {self.browser.text('body')[:1_000]!r}")
            raise


class ReportPage(FormPage):
    """The form at /report, and the page that shows what will be sent, in one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url + "/report")

    # ---- the form

    def describe(self, text: str) -> "ReportPage":
        self.browser.fill("#what_happened", text)
        return self

    def open(self, section: str) -> "ReportPage":
        """Open a section that stands closed."""
        closed = f"details#{section}:not([open]) > summary"
        if self.browser.count(closed):
            self.browser.click(closed)
        return self

    def answer(self, name: str, said: str | Sequence[str]) -> "ReportPage":
        """Answer a question of an open section: type a text, choose from a list, or tick all of these."""
        if isinstance(said, str) and self.browser.count(f"textarea#{name}"):
            self.browser.fill(f"#{name}", said)
        elif isinstance(said, str) and self.browser.count(f"select#{name}"):
            self.browser.select(f"#{name}", said)
        else:
            for value in [said] if isinstance(said, str) else said:
                self.browser.click(f"#{name}-{value}")
        return self

    def fill(self, answers: Answers) -> "ReportPage":
        """Answer all these questions; sections are opened, and entries added where there are none yet."""
        opened = ""
        for name, said in answers.items():
            section, _dash, rest = name.partition("-")
            if section != opened:
                self.open(opened := section)
            number = rest.partition("-")[0]
            while number.isdigit() and self.entries(section) <= int(number):
                self.add(section)
            self.answer(name, said)
        return self

    def add(self, section: str) -> "ReportPage":
        """Press "add another"."""
        return self._change_entries(section, f"#{section}-add", +1)

    def drop(self, section: str, number: int) -> "ReportPage":
        """Take an entry out; numbers count from 0, and the first one stays."""
        return self._change_entries(section, f"button[value=drop-{section}-{number}]", -1)

    def _change_entries(self, section: str, button: str, by: int) -> "ReportPage":
        wanted = self.open(section).entries(section) + by
        self._press_on_the_form(button)
        until(lambda: self.entries(section) == wanted, f"{wanted} entries of {section}")
        return self

    def _press_on_the_form(self, css: str, index: int = 0) -> None:
        """Press what changes the form: a script does so in the page, without it another page comes."""
        if self.browser.script:
            self.browser.click(css, index)
        else:
            self.press(css, FORM, index)

    def entries(self, section: str) -> int:
        """How many entries of a section the page shows."""
        return self.browser.count(f"#{section} fieldset.entry")

    def attach(self, *paths: Path) -> "ReportPage":
        """Pick the files, and wait until the page lists them all. With JavaScript, picking is enough."""
        wanted = self.listed() + len(paths)
        self.browser.choose("#upload", paths)
        if not self.browser.script:
            self.press("button[value=attach]", FORM)
        until(lambda: self.listed() == wanted, f"list of {wanted} files")
        return self

    def caption(self, position: int, text: str) -> "ReportPage":
        """Say what an attached file shows; positions count from 0."""
        self.browser.fill(f"{LISTED}:nth-child({position + 1}) [name=caption]", text)
        return self

    def remove(self, position: int) -> "ReportPage":
        """Take one file off the list; positions count from 0."""
        wanted = self.listed() - 1
        self._press_on_the_form("button[name=remove]", position)
        until(lambda: self.listed() == wanted, f"list of {wanted} files")
        return self

    def listed(self) -> int:
        """How many files the page lists as attached: each carries its token."""
        return self.browser.count(f"{LISTED} input[name=file]")

    def typed(self) -> str:
        """What stands in the text box."""
        return self.browser.value("#what_happened")

    def held(self, answers: Answers) -> dict[str, str | Sequence[str]]:
        """What the form holds where these answers were given."""
        return {name: self._held(name, said) for name, said in answers.items()}

    def _held(self, name: str, said: str | Sequence[str]) -> str | Sequence[str]:
        if not isinstance(said, str):
            return [value for value in said if self.browser.count(f"#{name}-{value}:checked")]
        chosen = f"fieldset#{name} input:checked"
        return self.browser.value(chosen if self.browser.count(chosen) else f"#{name}")

    def caption_of(self, position: int) -> str:
        """What stands beside an attached file; positions count from 0."""
        return self.browser.value(f"{LISTED}:nth-child({position + 1}) [name=caption]")

    # ---- what will be sent

    def review(self) -> "ReportPage":
        """Press "check and send", and wait for the page that shows what will be sent."""
        text = self.typed()
        self.press("#send")
        assert self.browser.count(REVIEW), self.browser.text("main")
        # Browsers tell apart which spaces and line ends are shown, each in its own way.
        assert " ".join(text.split()) in " ".join(self.browser.text("#report").split())
        return self

    def change(self, part: str) -> "ReportPage":
        """Press "change" beside a part of the review, and wait for the form."""
        self.press(f"button[value=change-{part}]", FORM)
        return self

    def send(self) -> Self:
        """Look it through, and send it, from either page; wait for the page that says received."""
        if not self.browser.count(REVIEW):
            self.review()
        return super().send()

    def code(self) -> str:
        """The words of the return code, as the page shows them."""
        places = range(1, 13)
        return " ".join(self.browser.text(f"#code-words li:nth-child({place})").strip() for place in places)


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
