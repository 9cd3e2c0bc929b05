"""What JavaScript adds to the form: files go up as they are picked, one can cancel, and nothing jumps."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from payload.limits import MAX_FILES, MAX_TEXT
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.server import Site
from tests.e2e.steps import report
from tests.e2e.waiting import until


def a_file(tmp_path: Path, name: str, size: int = 20_000) -> Path:
    path = tmp_path / name
    path.write_bytes(os.urandom(size))
    return path


@pytest.fixture
def page(window: OpenWindow) -> Page:
    return window(script=True).page


def throttle(page: Page, bytes_a_second: int) -> None:
    """Make the browser's line slow upwards; 0 takes it away."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_a_second or -1,
        },
    )


def test_a_slow_upload_shows_how_far_it_is_and_can_be_cancelled(
    make_site: MakeSite, page: Page, tmp_path: Path
) -> None:
    site = make_site().start()
    page.goto(site.url + "/report")
    throttle(page, 100_000)
    page.locator("#upload").set_input_files(
        [a_file(tmp_path, "long.bin", 30_000_000), a_file(tmp_path, "short.bin")]
    )
    first = page.locator("#going li").first
    first.locator("progress").wait_for()
    until(lambda: float(first.locator("progress").evaluate("bar => bar.value")) > 0, "progress")
    assert re.search(r"over Tor|min left", first.inner_text(), re.IGNORECASE)
    blobs = site.data / "blobs"
    until(lambda: any(blobs.iterdir()), "blob of the upload under way")

    first.get_by_role("button", name="Cancel long.bin").click()
    throttle(page, 0)
    page.locator("#files li").wait_for()
    assert "short.bin" in page.locator("#files").inner_text()
    assert "long.bin" not in page.locator("main").inner_text()
    # What had arrived of the cancelled one is gone from the disk; the short one is there.
    until(lambda: len(list(blobs.iterdir())) == 1, "end of the cancelled blob")


def test_send_waits_for_the_files_that_are_still_going_up(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url + "/report")
    held: list[Route] = []
    page.route("**/report/files", lambda route: held.append(route))
    page.locator("#what_happened").fill("impatient")
    page.locator("#upload").set_input_files(a_file(tmp_path, "a.bin", 1_000_000))
    page.locator("#going li").wait_for()
    page.locator("#send").click()
    until(lambda: "Your report goes as soon as" in page.locator("#said").inner_text(), "word of waiting")
    until(lambda: len(held), "upload")
    held[0].continue_()
    page.locator("#received").wait_for()


def test_an_upload_that_breaks_can_be_tried_again(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url + "/report")
    page.route("**/report/files", lambda route: route.abort(), times=1)
    page.locator("#upload").set_input_files(a_file(tmp_path, "a.bin"))
    again = page.get_by_role("button", name="Try again a.bin")
    again.wait_for()
    assert "connection broke" in page.locator("#going").inner_text()
    again.click()
    page.locator("#files li").wait_for()
    assert page.locator("#going li").count() == 0


def test_a_send_that_gets_no_answer_keeps_the_words(site: Site, page: Page) -> None:
    page.goto(site.url + "/report")
    page.locator("#what_happened").fill("words on the way")

    def lose(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/report", lose)
    page.locator("#send").click()
    until(lambda: "No answer came back" in page.locator("#told").inner_text(), "word of the loss")
    assert page.locator("#what_happened").input_value() == "words on the way"
    page.unroute("**/report")
    page.locator("#send").click()
    page.locator("#received").wait_for()


def test_too_large_a_file_is_refused_before_it_goes(make_site: MakeSite, page: Page, tmp_path: Path) -> None:
    site = make_site(environment={"VIGIL_MAX_FILE_MB": "1"}).start()
    page.goto(site.url + "/report")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#upload").set_input_files(a_file(tmp_path, "large.bin", 1_000_001))
    until(lambda: "over 1 MB" in page.locator("#going").inner_text(), "refusal")
    assert not asked


def test_more_files_than_fit_are_said_and_not_sent(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url + "/report")
    paths = [a_file(tmp_path, f"{i}.bin", 10) for i in range(MAX_FILES + 1)]
    page.locator("#upload").set_input_files(paths)
    until(lambda: page.locator("#files li").count() == MAX_FILES, "all that fit")
    assert f"Only {MAX_FILES} files" in page.locator("#told").inner_text()


def test_a_long_text_is_counted_by_the_server_that_never_sees_it(site: Site, page: Page) -> None:
    page.goto(site.url + "/report")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.post_data or ""))
    secret = "secretword "
    page.locator("#what_happened").fill(secret * (MAX_TEXT // len(secret) + 5))
    until(lambda: "too long" in page.locator("#count").inner_text(), "word of the length")
    assert not [data for data in posted if "secretword" in data]
    page.locator("#what_happened").fill("short")
    until(lambda: page.locator("#count").inner_text().strip() == "", "end of the warning")


def test_a_refused_report_shows_the_problem_and_takes_the_focus_there(site: Site, page: Page) -> None:
    page.goto(site.url + "/report")
    page.locator("#send").click()
    page.locator("#problems").wait_for()
    assert page.evaluate("document.activeElement.id") == "problems"
    link = page.locator("#problems a").first
    assert link.get_attribute("href") == "#what_happened"
    page.locator("#what_happened").fill("now with words")
    page.locator("#send").click()
    page.locator("#received").wait_for()


def test_leaving_with_words_in_the_box_is_asked_about(site: Site, page: Page) -> None:
    page.goto(site.url + "/report")
    page.locator("#what_happened").press_sequentially("words")
    asked: list[str] = []

    def answer(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]  # playwright's Dialog
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", answer)
    page.goto(site.url + "/keys")
    assert asked == ["beforeunload"]


def test_nothing_is_left_in_the_browsers_storage(site: Site, window: OpenWindow, tmp_path: Path) -> None:
    browser = window(script=True)
    report(browser, site.url).describe("words").attach(a_file(tmp_path, "a.bin")).send()
    kept = browser.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,"
        " (await navigator.serviceWorker?.getRegistrations() ?? []).length]"
    )
    assert kept == [0, 0, 0, 0]
    assert browser.context.cookies() == []


def test_a_name_with_any_character_is_shown_as_text(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url + "/report")
    name = "<img src=x onerror=alert(1)> & 'quoted'.txt"
    page.locator("#upload").set_input_files(a_file(tmp_path, name))
    page.locator("#files li").wait_for()
    assert name in page.locator("#files").inner_text()
    assert page.locator("#files img").count() == 0
    assert re.search(r"is attached", page.locator("#said").inner_text())
