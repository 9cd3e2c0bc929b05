"""What somebody who comes back gets to see: the mailbox in every state, and what can be wrong with words."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.desk import Desk
from tests.e2e.http_client import Answer, Files, multipart, request
from tests.e2e.server import Site
from tests.e2e.source import Form, Source

LONG = "Wort" * 60
ODD = '"><script>&amp; مرحبا'
WORD = re.compile(r"<li>([a-z]+)</li>")


class Visitor:
    """Somebody at /mailbox: presses buttons of the page that is shown; ``shown`` is each page by its name."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.shown: dict[str, Answer] = {}
        self.page = request(site.address, "GET", "/mailbox")

    def press(self, name: str, do: str, said: Mapping[str, str] | None = None, files: Files = ()) -> Answer:
        """Fill the page's form in, press its button ``do``, and keep what comes under ``name``."""
        form = Form(self.page.text)
        for field, text in (said or {}).items():
            for control in form.of(field):
                control.value = text
        body, kind = multipart(form.sent(("do", do), files))
        self.page = request(
            self.site.address, "POST", "/mailbox", body, kind, {"Sec-Fetch-Site": "same-origin"}
        )
        self.shown[f"mailbox {name}"] = self.page
        return self.page


def words_of(page: Answer) -> str:
    """The return code of a receipt."""
    words = WORD.findall(page.text.split('id="code-words"', 1)[1].split("</ol>", 1)[0])
    assert len(words) == 12, words
    return " ".join(words)


def mailbox(site: Site, desk: Desk, folder: Path) -> dict[str, Answer]:
    """Ask for all of it, by a report of its own that ``desk`` answers; ``folder`` is for what is carried."""
    begins = f"back{os.urandom(8).hex()}"
    source = Source(site.address).attach((f"{LONG}.jpg", b"x"), text=begins)
    assert source.send()
    words = words_of(source.answer)
    return {**entering(site, words), **inside(site, desk, folder, begins, words)}


def entering(site: Site, words: str) -> dict[str, Answer]:
    """Words that open nothing, and those that say what is wrong with them."""
    first, *others = words.split()
    visitor = Visitor(site)
    for name, typed in (
        ("of no words", ""),
        ("of too few words", " ".join(others)),
        ("of wrong words", " ".join([f"{first}q", "dorr", LONG, ODD, *others[3:]])),
        ("of words that do not belong together", " ".join([*others, first])),
        ("of words for which there is nothing", f"{'abandon ' * 11}about"),
    ):
        page = visitor.press(name, "open", {"code": typed})
        assert 'id="code"' in page.text
    visitor.press("opened", "open", {"code": words})
    visitor.press("with what was typed as its page expired", "attach", {"mailbox": "x", "message": ODD})
    assert 'id="code"' in visitor.page.text
    visitor.press("opened again", "open", {"code": words})
    assert ODD in Form(visitor.page.text).value("message")
    return visitor.shown


def inside(site: Site, desk: Desk, folder: Path, begins: str, words: str) -> dict[str, Answer]:
    """Replies, more to send, and what is deleted."""
    file = folder / "Карта.pdf"
    file.write_bytes(b"x" * 2_000)
    case = desk.take(site, folder / "out.tar").opened(begins)["case"]
    desk.reply(case, f"{LONG}\n\n{ODD}", file).give(site, folder / "back.tar")
    desk.reply(case, "And again.").give(site, folder / "back2.tar")
    visitor = Visitor(site)
    opened = visitor.press("with replies", "open", {"code": words})
    visitor.press("sending nothing", "send")
    visitor.press("with too much", "send", {"message": "x" * 100_001})
    visitor.press("with a file", "attach", {"message": ODD}, [("upload", f"{LONG}.mov", b"y")])
    visitor.press("with a caption too long", "send", {"caption": LONG * 2})
    visitor.press("with more sent", "send", {"caption": ODD})
    delete = re.findall(r'value="(delete-[0-9a-f]{32})"', visitor.page.text)
    assert len(delete) == 4
    visitor.press("asking whether to delete", delete[0])
    visitor.press("with something deleted", delete[0].replace("delete", "erase"))
    visitor.press("asking whether to delete everything", "delete-all")
    visitor.page = opened
    (saved,) = re.findall(r'value="(get-[0-9a-f]{32}-0)"', opened.text) or [""]
    visitor.press("file", saved)
    visitor.page = opened
    visitor.press("asking whether to delete everything, again", "delete-all")
    visitor.press("with nothing left", "erase-all")
    return visitor.shown
