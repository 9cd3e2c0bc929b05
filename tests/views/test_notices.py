"""Before anybody writes they are told who can see them; on the onion service nobody can."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.site import Site, hidden

# As hard to compress as a real one.
ONION = f"{base64.b32encode(hashlib.sha512(b'vigil').digest()).decode().lower()[:56]}.onion"
OVER_TOR, OPEN_WEB = f"http://{ONION}", "https://news.example"
SEEN = "Your phone or internet company can see that you are here, when, and how much you send."
UNSEEN = "Your network may see that you use Tor, but not that you are here."
FORMS = ["/report", "/contact", "/mailbox"]


@pytest.fixture
def onion(tmp_path: Path) -> Iterator[Site]:
    """A site that has an onion service."""
    made = Site.make(tmp_path / "site", onion=ONION)
    yield made
    made.close()


def shown(site: Site, path: str, url: str) -> str:
    """Give the page as it is read, without its tags."""
    text = site.client.get(path, base_url=url).text
    return " ".join(unescape(re.sub(r"<[^>]*>", "", text.split("<main")[1])).split())


@pytest.mark.parametrize("path", FORMS)
def test_on_the_open_web_they_read_who_can_see_them_and_the_address(onion: Site, path: str) -> None:
    page = shown(onion, path, OPEN_WEB)
    assert SEEN in page
    assert "They cannot see what you read or write, but on a work or school device they may." in page
    assert f"Tor Browser hides that you are here. Our address in it: {ONION}" in page
    assert UNSEEN not in page


@pytest.mark.parametrize("path", FORMS)
def test_on_the_onion_service_they_read_none_of_it(onion: Site, path: str) -> None:
    page = shown(onion, path, OVER_TOR)
    assert SEEN not in page
    assert ONION not in page
    assert (UNSEEN in page) == (path == "/report")


def test_without_an_onion_service_they_read_that_tor_browser_hides_it_too(site: Site) -> None:
    page = shown(site, "/report", OPEN_WEB)
    assert SEEN in page
    assert "Tor Browser hides that you are here." in page
    assert "Our address" not in page


def test_it_stands_before_anything_can_be_written(onion: Site) -> None:
    text = onion.client.get("/report", base_url=OPEN_WEB).text
    assert text.index('id="network"') < text.index("<form")
    contact = onion.client.get("/contact", base_url=OPEN_WEB).text
    assert contact.index('id="network"') < contact.index("<form")
    mailbox = onion.client.get("/mailbox", base_url=OPEN_WEB).text
    assert mailbox.index('id="network"') < mailbox.index("<form")


@pytest.mark.parametrize("url", [OVER_TOR, OPEN_WEB])
def test_whoever_comes_back_is_asked_to_come_the_same_way(onion: Site, url: str) -> None:
    page = shown(onion, "/mailbox", url)
    assert page.index("Come back the way you came: in Tor Browser if you used it.") < page.index(
        "Type the twelve"
    )


@pytest.mark.parametrize("path", ["/safety", "/keys"])
def test_the_address_stands_where_one_learns_to_come(onion: Site, site: Site, path: str) -> None:
    text = onion.client.get(path, base_url=OPEN_WEB).text
    assert f">{ONION}</code>" in text
    assert f"//{ONION}" not in text
    assert ".onion" not in site.client.get(path).text


@pytest.mark.parametrize(("url", "told"), [(OVER_TOR, True), (OPEN_WEB, False)])
def test_who_comes_by_tor_reads_that_sending_can_take_a_minute(onion: Site, url: str, told: bool) -> None:
    draft = hidden(onion.client.get("/report", base_url=url), "draft")[0]
    fields = {"draft": draft, "what_happened": "words", "do": "review"}
    page = onion.client.post("/report", data=fields, base_url=url).text
    assert ("This can take a minute. Press once." in page) is told


@pytest.mark.parametrize("path", FORMS)
def test_the_address_is_no_link_that_would_tell_the_network(onion: Site, path: str) -> None:
    text = onion.client.get(path, base_url=OPEN_WEB).text
    assert f">{ONION}</code>" in text
    assert f"//{ONION}" not in text


@pytest.mark.parametrize("path", FORMS)
def test_the_kept_pages_are_never_mixed_up(onion: Site, path: str) -> None:
    for url in (OVER_TOR, OPEN_WEB, OVER_TOR, OPEN_WEB, f"http://other{ONION}:80", "http://127.0.0.1:8000"):
        clearnet = ".onion" not in url
        for takes in ("", "gzip"):
            answer = onion.client.get(path, base_url=url, headers={"Accept-Encoding": takes})
            packed = answer.headers.get("Content-Encoding") == "gzip"
            text = gzip.decompress(answer.data).decode() if packed else answer.text
            assert ('id="network"' in text) == clearnet


def test_a_host_that_nobody_has_makes_no_more_pages(onion: Site) -> None:
    for number in range(50):
        onion.client.get("/report", base_url=f"http://h{number}.example")
        onion.client.get("/report", base_url=f"http://h{number}.onion")
    assert len(onion.app.extensions["vigil.blank_pages"]) == 2


@pytest.mark.parametrize("url", [OVER_TOR, OPEN_WEB])
def test_a_form_that_comes_back_says_the_same(onion: Site, url: str) -> None:
    client = onion.client
    draft = hidden(client.get("/report", base_url=url), "draft")[0]
    again = client.post("/report", data={"draft": draft, "do": "send"}, base_url=url)
    assert again.status_code == 422
    assert ('id="network"' in again.text) == (url == OPEN_WEB)
    again = client.post("/contact", data={"do": "send"}, base_url=url)
    assert ('id="network"' in again.text) == (url == OPEN_WEB)
    again = client.post("/mailbox", data={"code": "wrong"}, base_url=url)
    assert ('id="network"' in again.text) == (url == OPEN_WEB)


def test_with_the_address_the_form_is_still_light(onion: Site) -> None:
    """As tests/e2e counts it on the wire, for the longest of its variants."""
    # Of each answer, beside what is below: the status line, Server, Date and Connection.
    taken = 2 * 100
    answer = onion.client.get("/report", base_url=OPEN_WEB, headers={"Accept-Encoding": "gzip"})
    sheet = re.search(r'href="(/static/site[^"]+)"', gzip.decompress(answer.data).decode())
    assert sheet
    css = onion.client.get(sheet[1], base_url=OPEN_WEB, headers={"Accept-Encoding": "gzip"})
    for each in (answer, css):
        taken += len(each.data) + sum(len(f"{name}: {value}\r\n") for name, value in each.headers)
    assert answer.headers["Onion-Location"]
    assert 10_000 < taken <= 14_600
