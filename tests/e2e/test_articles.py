"""The newsroom's pages in real browsers, with JavaScript and without, and before the judges of formats."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from publishing.publish import publish
from tests.e2e.checkers import MODULES
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.http_client import Answer, request
from tests.e2e.server import Site
from tests.e2e.waiting import BOUND, until
from tests.views import newsroom

HERE = Path(__file__).parent
KB = 1_000
PAGES = {
    "list": "/articles/",
    "second": "/articles/?page=2",
    "full": "/articles/full",
    "plain": "/articles/piece-3",
    "draft": "/articles/draft",
    "gone": "/articles/gone",
    "topic": "/topics/county-lines",
    "empty topic": "/topics/trafficking",
    "byline": "/bylines/vigil-newsroom",
    "search": "/search",
    "found": "/search?q=words",
    "not found": "/search?q=zzzz",
    "odd": "/search?q=%22%3E%3Cscript%3E",
}


@pytest.fixture(scope="session")
def newsroom_site(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server on which a small newsroom has published, drafts too."""
    folder = tmp_path_factory.mktemp("newsroom")
    made = Site(folder / "site", practice / "data")
    publish(newsroom.write(folder / "content", newsroom.articles()), made.data / "site.db", drafts=True)
    with made as running:
        yield running


@pytest.fixture(scope="session")
def empty_site(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server on which nothing has been published."""
    with Site(tmp_path_factory.mktemp("empty") / "site", practice / "data") as running:
        yield running


def html(site: Site, path: str, htmx: bool = False) -> str:
    return request(site.address, "GET", path, headers={"HX-Request": "true"} if htmx else {}).text


# ---- judges


@pytest.mark.parametrize(
    "path", ["/feed.atom", "/topics/county-lines/feed.atom", "/topics/trafficking/feed.atom"]
)
def test_every_feed_holds_to_the_schema_of_atom(
    checkers: None, newsroom_site: Site, tmp_path: Path, path: str
) -> None:
    assert faults("atom.rnc", html(newsroom_site, path), tmp_path) == ""


def test_the_site_map_holds_to_its_schema(checkers: None, newsroom_site: Site, tmp_path: Path) -> None:
    assert faults("sitemap.rnc", html(newsroom_site, "/sitemap.xml"), tmp_path) == ""


def test_the_schema_would_find_a_fault(checkers: None, newsroom_site: Site, tmp_path: Path) -> None:
    feed = html(newsroom_site, "/feed.atom")
    for right, wrong in (
        ("<updated>", "<updated>on "),
        ("<author>", "<writer/><author>"),
        ('"html"', '"text"'),
    ):
        assert faults("atom.rnc", feed.replace(right, wrong, 1), tmp_path)


def test_an_entry_keeps_its_id_and_its_type_when_its_article_changes(
    make_site: MakeSite, tmp_path: Path
) -> None:
    site = make_site()
    content = newsroom.write(tmp_path / "content", {"one": newsroom.article(1), "two": newsroom.article(2)})
    publish(content, site.data / "site.db")
    site.start()
    first = request(site.address, "GET", "/feed.atom")
    file = content / "articles" / "one.md"
    corrected = 'corrections = [{date = 2026-03-06, text = "We had said one."}]\n'
    file.write_text(
        file.read_text().replace("Piece 1", "Another name").replace("date =", corrected + "date =", 1)
    )
    (content / "articles" / "new.md").write_text(newsroom.article(3))
    publish(content, site.data / "site.db")
    tag = {"If-None-Match": first.header("ETag")}
    then = until(lambda: changed(request(site.address, "GET", "/feed.atom", headers=tag)), "the new feed")
    assert (
        first.header("Content-Type") == then.header("Content-Type") == "application/atom+xml; charset=utf-8"
    )
    assert "Another name" in then.text
    before, after = (ids(answer) for answer in (first, then))
    assert len(before) == len(set(before)) == 3
    assert set(after) - set(before) == {f"http://127.0.0.1:{site.port}/articles/new"}
    assert set(before) <= set(after)


def changed(answer: Answer) -> Answer | None:
    """The answer, when it is a new one."""
    return answer if answer.status == 200 else None


def ids(answer: Answer) -> list[str | None]:
    """The ids of a feed: its own, and those of its entries."""
    return [one.text for one in ET.fromstring(answer.body).iter("{http://www.w3.org/2005/Atom}id")]


def faults(schema: str, document: str, folder: Path) -> str:
    """What jing, which is part of the Nu checker, finds wrong in a document."""
    file = folder / "document.xml"
    file.write_text(document)
    jing = "nu.validator.vendor.thaiopensource.relaxng.util.Driver"
    command = ["java", "-cp", str(MODULES / "vnu-jar/build/dist/vnu.jar"), jing, "-c", str(HERE / schema)]
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, timeout=300, check=False)
    assert bool(done.returncode) == bool(done.stdout), done.stderr
    return done.stdout


# ---- reading


@pytest.mark.parametrize("script", [True, False])
def test_reading_breaks_no_policy_and_asks_nobody_else(
    newsroom_site: Site, window: OpenWindow, script: bool
) -> None:
    browser = window(script=script)
    broken: list[dict[str, object]] = []
    devtools = browser.devtools()
    devtools.send("Audits.enable")
    devtools.on("Audits.issueAdded", lambda event: broken.append(event["issue"]))
    for path in PAGES.values():
        browser.go(newsroom_site.url + path)
    assert not [issue for issue in broken if issue["code"] == "ContentSecurityPolicyIssue"]
    # The browser logs the status of the withdrawn article itself.
    assert not [text for text in browser.told if "410" not in text]
    hosts = {urlsplit(url).netloc for url in browser.asked if not url.startswith(("blob:", "data:"))}
    assert hosts == {urlsplit(newsroom_site.url).netloc}


def test_the_list_grows_at_a_press_and_the_keyboard_goes_on_in_it(
    newsroom_site: Site, window: OpenWindow
) -> None:
    browser = window(script=True)
    browser.go(newsroom_site.url + "/articles/")
    assert browser.count(".teaser .headline") == 10
    browser.click(".more a")
    browser.page.wait_for_selector(".teaser:nth-of-type(15) .headline")
    assert browser.count(".teaser .headline") == 15
    assert browser.count(".more") == 0
    browser.page.wait_for_selector(".teaser:nth-of-type(11) .headline:focus")
    assert urlsplit(browser.page.url).query == ""


def test_without_scripts_the_list_goes_on_by_links(newsroom_site: Site, window: OpenWindow) -> None:
    browser = window(script=False)
    browser.go(newsroom_site.url + "/articles/")
    browser.click(".more a")
    browser.page.wait_for_url("**/articles/?page=2")
    assert browser.count(".teaser .headline") == 5
    browser.click(".pages [rel=prev]")
    browser.page.wait_for_url("**/articles/")
    assert browser.count(".teaser .headline") == 10


def test_a_search_is_answered_as_it_is_typed_and_leaves_no_address(
    newsroom_site: Site, window: OpenWindow
) -> None:
    browser = window(script=True)
    browser.go(newsroom_site.url + "/search")
    steps = browser.page.evaluate("history.length")
    browser.page.locator("#q").press_sequentially("jer", delay=20)
    browser.page.wait_for_selector("#found:has-text('1 article found.')")
    assert browser.text("#results .headline").startswith("Tom & ")
    assert browser.page.evaluate("document.activeElement.id") == "q"
    browser.fill("#q", "zzzz")
    browser.page.wait_for_selector("#found:has-text('No article was found.')")
    browser.fill("#q", "words")
    browser.page.locator("#q").press("Enter")
    browser.page.wait_for_selector("#found:has-text('15 articles found.')")
    assert browser.text("#results mark") == "words"
    browser.click("#results .more a")
    browser.page.wait_for_selector("#results .teaser:nth-of-type(15) .headline")
    assert browser.page.url == newsroom_site.url + "/search"
    assert browser.page.evaluate("history.length") == steps


def test_without_scripts_the_search_is_a_form(newsroom_site: Site, window: OpenWindow) -> None:
    browser = window(script=False)
    browser.go(newsroom_site.url + "/search")
    browser.fill("#q", "words")
    browser.page.locator("#q").press("Enter")
    browser.page.wait_for_url("**/search?q=words")
    assert browser.text("#found") == "15 articles found."
    assert browser.value("#q") == "words"
    assert browser.count("#results mark") > 0
    assert browser.count("noscript") == 1
    assert "history" in browser.text(".hint")


def test_a_search_while_the_site_is_being_set_up_is_told_so(
    empty_site: Site, newsroom_site: Site, window: OpenWindow
) -> None:
    browser = window(script=True)
    browser.go(newsroom_site.url + "/search")
    database = newsroom_site.data / "site.db"
    aside = database.rename(database.with_suffix(".aside"))
    try:
        browser.fill("#q", "words")
        browser.page.wait_for_selector("#told:has-text('Try again in a few minutes.')", timeout=BOUND * 1000)
    finally:
        aside.rename(database)


# ---- pictures


def test_nothing_moves_as_a_picture_comes(newsroom_site: Site, window: OpenWindow) -> None:
    tops = []
    for pictures in (False, True):
        browser = window(script=True, width=1280)
        if not pictures:
            browser.page.route("**/images/**", lambda route: route.abort())
        browser.go(newsroom_site.url + "/articles/full")
        shown = browser.page.evaluate("document.querySelector('figure img').naturalWidth")
        assert (shown > 0) == pictures
        tops.append(browser.page.evaluate("document.querySelector('.ways').getBoundingClientRect().top"))
    assert tops[0] == tops[1] > 0
