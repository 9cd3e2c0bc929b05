"""What a person does at /mailbox, step by step, the same in every browser and through Tor.

mailbox(browser, site.url).open(words).write("one more thing").attach(photo).send()
"""

from collections.abc import Sequence
from pathlib import Path

from tests.e2e.steps import LISTED, PROBLEMS, Browser, FormPage
from tests.e2e.waiting import until

OPEN = "#open"
EMPTIED = "#received"
SURE = "#sure"
NOTICE = "#notice"
REPLY = "article.left"
SENT = "h2 + .listed > li"


class MailboxPage(FormPage):
    """The page at /mailbox, in one browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url + "/mailbox")

    def enter(self, words: str) -> "MailboxPage":
        """Type words and press open; what comes may be the mailbox, or what is wrong with them."""
        self.browser.fill("#code", words)
        self.press("#send", f"{OPEN}, {PROBLEMS}")
        return self

    def open(self, words: str) -> "MailboxPage":
        """Type the words, and wait for the open mailbox."""
        self.enter(words)
        assert self.browser.count(OPEN), self.browser.text("main")
        return self

    def refused(self) -> str:
        """What the page says is wrong."""
        return self.browser.text(PROBLEMS)

    # ---- what is in it

    def replies(self) -> list[str]:
        """The texts of the team's replies, in the page's order."""
        places = range(self.browser.count(REPLY))
        return [self.browser.text(f"{REPLY}:nth-of-type({place + 1}) .typed") for place in places]

    def sent(self) -> list[str]:
        """What the page says of each thing that was sent."""
        count = self.browser.count(f"{SENT} > button[value^=delete-]")
        return [self.browser.text(f"{SENT}:nth-child({place + 1}) > span") for place in range(count)]

    def save(self, folder: Path, index: int = 0) -> Path:
        """Save one file of a reply."""
        return self.browser.save("button[value^=get-]", folder, index)

    # ---- what is done in it

    def write(self, text: str) -> "MailboxPage":
        self.browser.fill("#message", text)
        return self

    def typed(self) -> str:
        return self.browser.value("#message")

    def attach(self, *paths: Path) -> "MailboxPage":
        """Pick the files, and wait until the page lists them all."""
        wanted = self.listed() + len(paths)
        self.browser.choose("#upload", paths)
        if not self.browser.script:
            self.press("button[value=attach]", OPEN)
        until(lambda: self.listed() == wanted, f"list of {wanted} files")
        return self

    def listed(self) -> int:
        """How many files the page lists as attached."""
        return self.browser.count(f"{LISTED} input[name=file]")

    def send(self) -> "MailboxPage":
        """Press send, and wait for the mailbox with what was sent."""
        self.press("#send", f"{NOTICE}, {PROBLEMS}")
        assert self.browser.count(NOTICE), self.browser.text("main")
        return self

    def look_again(self) -> "MailboxPage":
        self.press("button.quiet[value=open]", OPEN)
        return self

    def delete(self, css: str, index: int = 0) -> str:
        """Press a delete button, be sure, and give what the page says is gone."""
        self.press(css, SURE, index)
        self.press("button[value^=erase-]", f"{NOTICE}, {EMPTIED}, {PROBLEMS}")
        assert not self.browser.count(PROBLEMS), self.browser.text("main")
        return self.browser.text("main")

    def delete_all(self) -> str:
        return self.delete("button[value=delete-all]")


def mailbox(browser: Browser, url: str) -> MailboxPage:
    """Open the page that asks for the words."""
    return MailboxPage(browser, url)


def as_typed(words: str) -> Sequence[str]:
    """The same words as people type them."""
    each = words.split()
    return (
        words.upper(),
        " ".join(word[:4] for word in each),
        "\n".join(f"{place}. {word}," for place, word in enumerate(each, 1)),
        f"  {'   '.join(each)} \n",
    )
