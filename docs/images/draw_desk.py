"""Draw the pictures of the desk's pages anew: `.venv/bin/python -m docs.images.draw_desk`.

A practice desk is made and filled with invented reports, its page is served and looked at, and the walk with
the stick is drawn, both ways. Needs Chromium.
"""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench import server
from bench.desks import desk
from docs.images.draw import keep
from tests.e2e.chromium import launched
from tests.e2e.tornet import free_ports

WINDOW = {"width": 900, "height": 900}
WALK = {"width": 960, "height": 300}

DIAGRAM = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; background: #fcf9f2; color: #1c1b18; }}
body {{ font: 15px/1.35 "DejaVu Sans", sans-serif; }}
ol {{ display: flex; gap: 46px; margin: 0; padding: 0; list-style: none; }}
li {{ flex: 1; position: relative; border: 2px solid #1c1b18; border-radius: 8px; }}
li {{ padding: 12px; background: #fff; }}
li.stick {{ border-style: dashed; }}
li + li::before {{ content: "→"; position: absolute; left: -40px; top: 50%; }}
li + li::before {{ margin-top: -22px; font-size: 32px; }}
b {{ display: block; font-size: 16px; }}
i {{ display: block; margin-bottom: 8px; color: #5b574e; font-style: normal; font-size: 13px; }}
span {{ display: block; }}
p {{ margin: 14px 0 0; }}
</style><ol>{}</ol><p>{}</p>"""


@dataclass(frozen=True)
class Stop:
    """One place of the walk: its name, whether it is online, what happens there; or what is carried."""

    name: str
    where: str
    what: str
    carried: bool = False


IN = (
    Stop("1 Server", "online", "seals each report as it arrives; cannot open one"),
    Stop("2 Staff computer", "online, through Tor", "vigil-fetch fetch: one bundle, sealed; cannot open it"),
    Stop("3 Stick “IN”", "in your pocket", "out.tar: lost, it tells nobody a word", carried=True),
    Stop("4 Desk", "never online", "Bundles, Take it in: checks every part, opens with its keys"),
)
BACK = (
    Stop("5 Desk", "never online", "Bundles, Write a bundle: replies, marks, new keys; signed"),
    Stop("6 Stick “OUT”", "in your pocket", "back.tar: lost, the next bundle has it all", carried=True),
    Stop("7 Staff computer", "online, through Tor", "vigil-fetch bring, within 60 days; cannot change it"),
    Stop("8 Server", "online", "checks the signature, deletes what was collected, shows replies"),
)


def main() -> None:
    """Make all of them."""
    with server.work_folder() as folder, sync_playwright() as playwright:
        server.practice_keys(folder)
        home = folder / "practice-desk"
        desk(home, "practice")
        chromium = launched(playwright)
        try:
            walk(chromium, "walk-in.png", IN, "Then the same way back, with another stick.")
            walk(
                chromium,
                "walk-back.png",
                BACK,
                "Last, walk in once more: only then the desk knows what arrived.",
            )
            with served(home) as start:
                pages(chromium, start)
        finally:
            chromium.close()


def walk(chromium: Browser, name: str, stops: Sequence[Stop], below: str) -> None:
    """Draw one way."""
    boxes = "".join(
        f"<li{' class=stick' if stop.carried else ''}><b>{stop.name}</b>"
        f"<i>{stop.where}</i><span>{stop.what}</span></li>"
        for stop in stops
    )
    page = chromium.new_page(viewport=WALK)
    page.set_content(DIAGRAM.format(boxes, below))
    page.set_viewport_size({"width": WALK["width"], "height": page.evaluate("document.body.scrollHeight")})
    keep(name, page.screenshot())
    page.close()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the desk's page; give the address of its start."""
    command = [sys.executable, "-m", "desk", "--home", str(home), "serve", "--no-browser"]
    with subprocess.Popen(  # noqa: S603 - our own words
        [*command, "--port", str(free_ports(1)[0])], cwd=server.ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield next(found[0] for line in process.stdout or () if (found := re.search(r"http://\S+", line)))
        finally:
            process.send_signal(signal.SIGINT)


def pages(chromium: Browser, start: str) -> None:
    """Unlock, and take the pictures of the inbox and of a case."""
    page = chromium.new_page(viewport=WINDOW)
    page.goto(start)
    page.fill("[name=name]", "Anna")
    page.fill("[name=passphrase]", "practice")
    page.click("#send")
    page.wait_for_selector(".inbox")
    shot(page, "desk-inbox.png")
    page.click("text=Danger now")
    page.click(".inbox a[data-row]")
    page.wait_for_selector("h1")
    shot(page, "desk-case.png")
    page.close()


def shot(page: Page, name: str) -> None:
    """Take a picture of what is in the window."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    keep(name, page.screenshot())


if __name__ == "__main__":
    main()
