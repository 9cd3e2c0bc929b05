"""Nothing from anyone else, nothing inline: what the browser itself says while the pages are used."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import OpenWindow
from tests.e2e.server import Site
from tests.e2e.steps import report


@pytest.mark.parametrize("script", [True, False])
def test_a_whole_visit_breaks_no_policy_and_asks_nobody_else(
    site: Site, window: OpenWindow, tmp_path: Path, script: bool
) -> None:
    browser = window(script=script)
    broken: list[dict[str, object]] = []
    devtools = browser.devtools()
    devtools.send("Audits.enable")
    devtools.on("Audits.issueAdded", lambda event: broken.append(event["issue"]))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 40_000)

    for path in ("/", "/keys"):
        browser.go(site.url + path)
    report(browser, site.url).send_refused()
    page = report(browser, site.url).describe("what I saw").attach(photo).attach(photo).remove(0)
    page.caption(0, "the van").fill({"danger-now": "yes", "people-1-names": "Bo", "places-1-landmark": "x"})
    page.drop("places", 1).review().change("people").send()

    assert not [issue for issue in broken if issue["code"] == "ContentSecurityPolicyIssue"]
    # The browser logs the refused form's status itself; nothing else may be said.
    assert not [text for text in browser.told if "422" not in text]
    hosts = {urlsplit(url).netloc for url in browser.asked if not url.startswith(("blob:", "data:"))}
    assert hosts == {urlsplit(site.url).netloc}


@pytest.mark.parametrize("path", ["/", "/report", "/keys", "/nothing"])
def test_pages_hold_no_script_style_or_handler_of_their_own(
    site: Site, window: OpenWindow, path: str
) -> None:
    page = window(script=True).page
    page.goto(site.url + path)
    inline = page.evaluate(
        "() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.name))"
        ".filter(name => name === 'style' || name.startsWith('on'))"
    )
    assert inline == []
    assert page.locator("script:not([src])").count() == 0
    assert page.locator("style").count() == 0


def test_a_page_of_ours_cannot_be_framed_by_another(site: Site, window: OpenWindow) -> None:
    page = window(script=True).page
    page.goto(site.url + "/")
    page.set_content(f'<iframe src="{site.url}/report"></iframe>')
    framed = page.frames[-1]
    assert framed.locator("#what_happened").count() == 0
