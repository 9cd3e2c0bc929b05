"""What JavaScript adds to the form: files go up as they are picked, one can cancel, and nothing jumps."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from payload.limits import MAX_FILES, MAX_SHORT, MAX_TEXT
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.scripted import Held, Scripted, a_file, meet
from tests.e2e.server import Site
from tests.e2e.steps import report
from tests.e2e.waiting import until

PLACES = "() => [...document.querySelectorAll('#files button')].map(button => button.value)"
CAPTIONS = "() => [...document.querySelectorAll('#files [name=caption]')].map(box => box.value)"


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


def test_the_button_that_was_pressed_waits_for_the_files_that_are_still_going_up(
    site: Site, page: Page, tmp_path: Path
) -> None:
    page.goto(site.url + "/report")
    posts = Held(page, "upload")
    page.locator("#what_happened").fill("impatient")
    page.locator("#upload").set_input_files(a_file(tmp_path, "a.bin", 1_000_000))
    page.locator("#going li").wait_for()
    page.locator("#send").click()
    until(
        lambda: "your files are still on their way" in page.locator("#said").inner_text(), "word of waiting"
    )
    page.locator("#what_happened").fill("impatient, and still writing")
    posts.let_go()
    page.locator("#review").wait_for()
    main = page.locator("main").inner_text()
    assert "still writing" in main
    assert "a.bin" in main
    page.locator("#send").click()
    page.locator("#received").wait_for()


def test_a_caption_stays_while_other_files_come_and_go(either: Scripted, site: Site, tmp_path: Path) -> None:
    page = report(either.browser, site.url)
    page.attach(a_file(tmp_path, "a.bin"), a_file(tmp_path, "b.bin"))
    page.caption(0, "the door").caption(1, "the van")
    page.attach(a_file(tmp_path, "c.bin")).caption(2, "the plate")
    assert either.look(PLACES) == ["0", "1", "2"]
    page.remove(0)
    assert (either.look(PLACES), either.look(CAPTIONS)) == (["0", "1"], ["the van", "the plate"])
    page.review()
    shown = either.browser.text("main")
    assert [word for word in ("a.bin", "the van", "the plate", "the door") if word in shown] == [
        "the van",
        "the plate",
    ]
    page.change("files")
    assert either.look(CAPTIONS) == ["the van", "the plate"]
    page.send()


def test_a_caption_that_is_being_typed_is_not_disturbed_by_a_file_that_arrives(
    site: Site, page: Page, tmp_path: Path
) -> None:
    page.goto(site.url + "/report")
    page.locator("#upload").set_input_files(a_file(tmp_path, "a.bin"))
    page.locator("#files li").wait_for()
    posts = Held(page, "upload")
    page.locator("#upload").set_input_files(a_file(tmp_path, "b.bin"))
    page.locator("[name=caption]").press_sequentially("the v")
    posts.let_go()
    until(lambda: page.locator("#files li").count() == 2, "second file")
    page.keyboard.type("an")
    assert page.evaluate(CAPTIONS) == ["the van", ""]


def test_an_upload_that_breaks_can_be_tried_again(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url + "/report")
    meet(page, "upload", lambda route: route.abort())
    page.locator("#upload").set_input_files(a_file(tmp_path, "a.bin"))
    again = page.get_by_role("button", name="Try again a.bin")
    again.wait_for()
    assert "connection broke" in page.locator("#going").inner_text()
    page.locator("#send").click()
    until(lambda: "One file is not attached yet" in page.locator("#told").inner_text(), "word of the file")
    page.unroute("**/report")
    again.click()
    page.locator("#files li").wait_for()
    assert page.locator("#going li").count() == 0


@pytest.mark.parametrize("do", ["review", "send"])
def test_a_press_that_gets_no_answer_keeps_the_words(site: Site, page: Page, do: str) -> None:
    page.goto(site.url + "/report")
    page.locator("#what_happened").fill("words on the way")
    if do == "send":
        page.locator("#send").click()
        page.locator("#review").wait_for()
    meet(page, do, lambda route: route.abort())
    page.locator("#send").click()
    until(lambda: "No answer came back" in page.locator("#told").inner_text(), "word of the loss")
    assert page.evaluate("document.activeElement.id") == "send"
    assert page.locator("[name=what_happened]").input_value() == "words on the way"
    page.unroute("**/report")
    page.locator("#send").click()
    if do == "review":
        page.locator("#review").wait_for()
        page.locator("#send").click()
    page.locator("#received").wait_for()


def test_nothing_can_be_changed_while_the_words_are_on_their_way(site: Site, page: Page) -> None:
    page.goto(site.url + "/report")
    page.locator("#when > summary").click()
    page.locator("#what_happened").fill("words")
    here = page.locator("#what_happened")
    posts = Held(page, "review")
    before = page.evaluate("[...new FormData(document.getElementById('report'))].map(String)")
    # Enter in the box would be a new line: the key presses the button that the box's own form has.
    here.evaluate("box => { box.focus(); box.form.requestSubmit(document.getElementById('send')); }")
    posts.wait()
    page.keyboard.type("more")
    for spot in ("#danger-now-yes", "#when-timing", "#people > summary"):
        page.locator(spot).click(force=True)
        page.keyboard.press("ArrowDown")
    assert page.evaluate("[...new FormData(document.getElementById('report'))].map(String)") == before
    posts.lose()
    until(lambda: "No answer came back" in page.locator("#told").inner_text(), "word of the loss")
    assert page.evaluate("document.activeElement.id") == "what_happened"
    here.press_sequentially(" again")
    assert here.input_value().endswith("again")


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


def test_a_refused_report_shows_the_problem_and_takes_the_focus_there(either: Scripted, site: Site) -> None:
    page = report(either.browser, site.url)
    page.send_refused()
    assert either.focused() == "problems"
    page.describe("now with words").send()
    assert either.focused() == "received"


@pytest.mark.parametrize("field", ["people-1-names", "what_happened", "upload-0"])
def test_what_was_wrong_with_a_field_is_not_said_of_it_once_it_changes(
    site: Site, window: OpenWindow, tmp_path: Path, field: str
) -> None:
    browser = window(script=True)
    page = report(browser, site.url).describe("words").fill({"people-1-names": "Al"})
    page.attach(a_file(tmp_path))
    css = "#files [name=caption]" if field == "upload-0" else f"#{field}"
    browser.fill(css, "x" * ((MAX_TEXT if field == "what_happened" else MAX_SHORT) + 1))
    page.send_refused()
    box = browser.page.locator(css)
    told = browser.page.locator(f"#{box.get_attribute('id')}-wrong")
    assert "too long" in told.inner_text()
    assert box.get_attribute("aria-invalid") == "true"
    assert box.is_visible()
    box.fill("short")
    assert told.count() == 0
    assert box.get_attribute("aria-invalid") == "false"
    page.send()


@pytest.mark.parametrize("place", ["", "#upload", "#people"])
def test_the_first_load_moves_no_focus(site: Site, page: Page, place: str) -> None:
    page.goto(site.url + "/report" + place, wait_until="networkidle")
    assert page.evaluate("document.activeElement.id") == place.replace("#people", "").removeprefix("#")
    assert page.evaluate("[...document.getElementById('report')].every(it => it.autocomplete != 'on')")


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
