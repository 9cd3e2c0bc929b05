"""Draw the pictures of the site and of the terminal anew: `.venv/bin/python -m docs.images.draw`.

A practice site is started, somebody writes a report in it, and the desk opens what came. Needs Chromium.
"""

import html
import io
import re
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench import server
from bench.desks import desk
from tests.e2e.chromium import launched

HERE = Path(__file__).parent
FORM = {"width": 680, "height": 1180}
DESK = {"width": 980, "height": 200}
TEXT = (
    "A boy of about fourteen lives in the flat above the shop since March.\n"
    "He does not go to school. Three men bring food in the evening and take him\n"
    "along in a white van, three or four nights a week."
)
FILES = {"van at night.jpg": 1_840_000, "the door.jpg": 910_000}
FORM_AGE = 3.2  # seconds until the site answers at once

TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #1c1b18; }}
pre {{ margin: 0; padding: 24px; color: #eceae4; white-space: pre-wrap; }}
pre {{ font: 13px/1.45 "DejaVu Sans Mono", monospace; }}
b {{ color: #9fc5a4; font-weight: normal; }}
</style><pre>{}</pre>"""


def main() -> None:
    """Make both pictures."""
    with server.work_folder() as folder, sync_playwright() as playwright:
        server.practice_keys(folder)
        chromium = launched(playwright)
        try:
            with server.running(server.SITE, folder) as site:
                form(chromium, f"http://{site.address[0]}:{site.address[1]}", folder)
            bundle = folder / "bundle.tar"
            server.command("-m", "flask", "--app", "app", "export", str(bundle), folder=folder)
            at_the_desk(chromium, folder / "practice-desk", bundle)
        finally:
            chromium.close()


def form(chromium: Browser, address: str, folder: Path) -> None:
    """Write a report, take the picture, and send it."""
    page = chromium.new_page(viewport=FORM)
    page.goto(f"{address}/report")
    page.fill("#what_happened", TEXT)
    for name, size in FILES.items():
        file = folder / name
        file.write_bytes(bytes(size))
        page.set_input_files("#upload", file)
        page.wait_for_selector(f"#files li:has-text('{name}')")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    keep("form.png", page.screenshot())
    time.sleep(FORM_AGE)
    for answer in ("#review", "#received"):
        page.click("#send")
        page.wait_for_selector(answer, state="attached")
    page.close()


def at_the_desk(chromium: Browser, home: Path, bundle: Path) -> None:
    """Show what the desk's commands print."""
    lines = []

    def run(*arguments: str) -> str:
        printed = desk(home, *arguments)
        said = " ".join(bundle.name if word == str(bundle) else word for word in arguments)
        lines.append(f"<b>$ python -m desk --home var/practice-desk {said}</b>\n{html.escape(printed)}")
        return printed

    run("import", str(bundle))
    listed = run("list")
    case = next(word for word in re.findall(r"\b[a-z2-7]{10}\b", listed))
    run("show", case)
    page = chromium.new_page(viewport=DESK)
    page.set_content(TERMINAL.format("\n".join(lines)))
    keep("desk.png", page.screenshot(full_page=True))
    page.close()


def keep(name: str, png: bytes) -> None:
    """Write a picture in few colours, and without anything but the picture."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
