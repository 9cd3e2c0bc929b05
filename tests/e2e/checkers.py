"""Two judges of a page: the Nu checker for its HTML, axe for whether everybody can use it."""

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.e2e.chromium import Chromium

MODULES = Path(__file__).parents[1] / "node_modules"


def html_faults(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What the Nu checker finds wrong in these pages, given by name; one Java for all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page)
    jar = MODULES / "vnu-jar/build/dist/vnu.jar"
    command = ["java", "-Xss16m", "-jar", str(jar), "--format", "json", "--stdout", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout.startswith("{"), done.stderr
    messages = json.loads(done.stdout)["messages"]
    return [
        f"{Path(message.get('url', '')).name}:{message.get('lastLine')}: {message['message']}"
        for message in messages
        # An "info" without a subtype praises the habit of self-closing; everything else counts.
        if message["type"] != "info" or message.get("subType") == "warning"
    ]


@cache
def _axe() -> str:
    return (MODULES / "axe-core/axe.min.js").read_text()


def barriers(browser: Chromium) -> list[str]:
    """What keeps somebody from using the page that the browser shows (WCAG 2.2 AA and axe's best practices).

    The script comes in through the debugger, so the page's own policy stays as it is.
    """
    browser.page.evaluate(_axe())
    result = browser.page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in result
        for node in violation["nodes"]
    ]


def overflow(browser: Chromium) -> int:
    """By how many pixels the page is wider than its window."""
    wider: int = browser.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider
