"""A case is passed on in a real browser, with a script and without: chosen, decided, written."""

import json
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from payload import Answers
from tests.desk.bundles import Parcel
from tests.desk.mail import Source
from tests.e2e.checkers import barriers, html_faults, overflow
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.test_desk_pages import Served, unlock
from tests.e2e.waiting import until

WORDS = "The men from the quarry wait for a lorry."
TOLD = f"{WORDS} I live next door. Dial 07700 900123, and ask my boss."


@pytest.fixture
def served(practice: Path, tmp_path: Path) -> Iterator[Served]:
    home = tmp_path / "desk"
    shutil.copytree(practice / "desk", home)
    parcel = Parcel.to(home / "team.keys")
    answers = Answers(
        {"contact": ({"how": "07700 900123"},), "consent": ({"safe": "unknown", "agencies": "not my town"},)}
    )
    parcel.add_report(Source().report(secrets.token_bytes(16), TOLD, answers=answers))
    Desk(home)("import", parcel.write(tmp_path / "more.tar"))
    made = Served(home, tmp_path / "bundle.tar")
    yield made
    made.end()


@pytest.mark.parametrize("script", [True, False])
def test_a_case_is_passed_on(served: Served, window: OpenWindow, tmp_path: Path, script: bool) -> None:
    browser = window(script=script, width=1200)
    browser.go(served.start)
    unlock(browser)
    browser.page.get_by_role("link", name=WORDS).first.click()
    until(lambda: browser.count(".case"), "case")
    browser.click("a:has-text('Pass it on')")
    until(lambda: browser.count("#agency"), "choice")
    pages = {"choose": browser.page.content()}
    assert overflow(browser) <= 0
    wrong = barriers(browser) if script else []
    browser.select("#agency", "modern-slavery-helpline")
    browser.select("#source", "2")
    browser.select("#information", "C")
    browser.select("#handling", "P")
    browser.click("button:has-text('Go on and decide')")
    until(lambda: browser.count("mark"), "marks")
    pages["decide"] = browser.page.content()
    assert overflow(browser) <= 0
    wrong += barriers(browser) if script else []
    out = tmp_path / "referral.zip"
    browser.fill("#place", str(out))
    browser.click("button:has-text('Write the file')")
    until(lambda: "must be decided" in browser.text("main"), "what is open")
    pages["again"] = browser.page.content()
    assert not out.exists()
    assert browser.value("#place") == str(out)
    for choice in browser.page.locator("input[type=radio][value=remove]").all():
        choice.check()
    for question in browser.page.locator("input[type=checkbox][name^=yes-]").all():
        question.check()
    for reason in browser.page.locator("input[name^=because-]").all():
        reason.fill("It is far away from the town that they mean.")
    for second in browser.page.locator("input[name^=second-]").all():
        second.fill("Ben")
    browser.click("input[type=submit]")
    until(lambda: "What the file will say" in browser.text("h1"), "what it will say")
    pages["show"] = browser.page.content()
    assert overflow(browser) <= 0
    wrong += barriers(browser) if script else []
    assert "900123" not in browser.text("main")
    browser.fill("#place", str(out))
    browser.click("button:has-text('Write the file')")
    until(lambda: "reference" in browser.text("main"), "what was written")
    with zipfile.ZipFile(out) as archive:
        said = json.loads(archive.read("referral.json"))
    (text,) = [
        row["text"] for group in said["told"] for row in group["rows"] if row["label"] == "In their words"
    ]
    assert text.startswith(WORDS)
    assert "900123" not in text
    assert "next door" not in text
    assert "Passed on" in browser.text("#work")
    assert [told for told in browser.told if "422" not in told] == []  # the page that says what is open
    if script:
        assert wrong == []
        assert html_faults(pages, tmp_path / "html") == []
