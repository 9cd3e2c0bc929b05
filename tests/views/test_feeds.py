"""What programs read: feeds, the site map, robots.txt."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.site import Site
from tests.views import newsroom
from web.headers import ALWAYS

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ONION = f"{'vigil234' * 7}.onion"
HOST = "http://localhost"
FEEDS = ("/feed.atom", "/topics/county-lines/feed.atom", "/topics/trafficking/feed.atom")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with newsroom.open_site(tmp_path_factory.mktemp("newsroom") / "site") as made:
        yield made


def read(site: Site, path: str, url: str = HOST) -> ET.Element:
    answer = site.client.get(path, base_url=url)
    assert answer.status_code == 200
    return ET.fromstring(answer.data)


def links(element: ET.Element) -> dict[str | None, str | None]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


class Addresses(HTMLParser):
    """Gathers the addresses of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "srcset")]


def test_the_feed_has_every_article_newest_first_and_says_who_and_when(site: Site) -> None:
    feed = read(site, "/feed.atom")
    assert feed.findtext(f"{ATOM}title") == "Vigil"
    assert links(feed) == {"self": f"{HOST}/feed.atom", "alternate": f"{HOST}/articles/"}
    assert feed.findtext(f"{ATOM}updated") == "2026-03-06T00:00:00Z"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 14
    first = entries[0]
    assert first.findtext(f"{ATOM}title") == 'Tom & "Jerry" </script><b>'
    assert first.findtext(f"{ATOM}id") == f"{HOST}/articles/full"
    assert first.findtext(f"{ATOM}published") == "2026-03-01T00:00:00Z"
    assert first.findtext(f"{ATOM}updated") == "2026-03-06T00:00:00Z"
    assert first.findtext(f"{ATOM}summary") == 'A summary with <i>, & and "quotes".'
    assert [one.findtext(f"{ATOM}name") for one in first.findall(f"{ATOM}author")] == [
        "Ann Neill",
        "Bo <Berg>",
    ]
    category = first.find(f"{ATOM}category")
    assert category is not None
    assert (category.get("term"), category.get("label")) == ("county-lines", "County lines")


def test_every_address_in_a_feeds_text_is_whole(site: Site) -> None:
    for entry in read(site, "/feed.atom").findall(f"{ATOM}entry"):
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        addresses = Addresses(content.text or "").found
        assert len(addresses) >= 2
        assert [one for one in addresses if not one.startswith(("http://", "https://"))] == []


def test_a_topics_feed_holds_its_articles_alone(site: Site) -> None:
    feed = read(site, "/topics/county-lines/feed.atom")
    assert feed.findtext(f"{ATOM}title") == "County lines · Vigil"
    assert links(feed)["self"] == f"{HOST}/topics/county-lines/feed.atom"
    assert len(feed.findall(f"{ATOM}entry")) == 1
    assert read(site, "/topics/trafficking/feed.atom").findall(f"{ATOM}entry") == []


def test_ids_are_one_of_each(site: Site) -> None:
    feed = read(site, "/feed.atom")
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 15


@pytest.mark.parametrize("path", [*FEEDS, "/sitemap.xml", "/robots.txt"])
def test_programs_ask_again_by_tag_and_get_the_type_they_expect(site: Site, path: str) -> None:
    kinds = {"atom": "application/atom+xml", "xml": "application/xml", "txt": "text/plain"}
    answer = site.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.content_type == f"{kinds[path.rpartition('.')[2]]}; charset=utf-8"
    assert dict(answer.headers).items() >= {k: v for k, v in ALWAYS.items() if k != "Cache-Control"}.items()
    # This site has no address of its own: what names the one that was asked for is nobody else's.
    assert answer.headers["Cache-Control"] == "private, no-cache"
    headers = {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]}
    assert site.client.get(path, headers=headers).status_code == 304


def test_the_site_map_names_each_page_once_and_all_are_there(site: Site) -> None:
    places = [element.text or "" for element in read(site, "/sitemap.xml").iter(f"{MAP}loc")]
    assert len(places) == len(set(places))
    assert all(place.startswith(f"{HOST}/") for place in places)
    ours = [place.removeprefix(HOST) for place in places]
    assert {"/", "/report", "/articles/full", "/topics/county-lines", "/bylines/vigil-newsroom"} <= set(ours)
    assert not {"/articles/gone", "/articles/draft", "/topics/trafficking", "/search"} & set(ours)
    rules = {rule.rule for rule in site.app.url_map.iter_rules()}
    for path in ours:
        known = path in rules or site.client.get(path).status_code == 200
        assert known, path


def test_the_days_of_the_site_map_are_those_of_the_last_change(site: Site) -> None:
    days = {
        element.findtext(f"{MAP}loc"): element.findtext(f"{MAP}lastmod")
        for element in read(site, "/sitemap.xml").iter(f"{MAP}url")
    }
    assert days[f"{HOST}/articles/full"] == "2026-03-06"
    assert days[f"{HOST}/report"] is None


def test_robots_may_see_all_but_the_search(site: Site) -> None:
    assert site.client.get("/robots.txt").text.splitlines() == [
        "User-agent: *",
        "Disallow: /search",
        f"Sitemap: {HOST}/sitemap.xml",
    ]


def test_robots_are_told_even_before_anything_is_published(tmp_path: Path) -> None:
    site = Site.make(tmp_path / "site")
    assert site.client.get("/robots.txt").status_code == 200
    site.close()


# ---- how addresses begin


def test_a_site_with_an_address_gives_that_one_whoever_asks(tmp_path: Path) -> None:
    site = newsroom.published(Site.make(tmp_path / "site"), {"one": newsroom.article(1)})
    newsroom.known_as(site, "https://news.example")
    for url in (HOST, "http://elsewhere.example"):
        assert links(read(site, "/feed.atom", url))["self"] == "https://news.example/feed.atom"
    assert "https://news.example/sitemap.xml" in site.client.get("/robots.txt").text
    site.close()


def test_a_reader_of_the_onion_stays_on_the_onion(tmp_path: Path) -> None:
    site = newsroom.published(Site.make(tmp_path / "site"), {"one": newsroom.article(1)})
    newsroom.known_as(site, "https://news.example")
    object.__setattr__(site.vigil.settings, "onion", ONION)
    for path in ("/feed.atom", "/sitemap.xml"):
        there = site.client.get(path, base_url=f"http://{ONION}").text
        assert "news.example" not in there
        assert f"http://{ONION}/articles/one" in there
        assert ONION not in site.client.get(path, base_url="https://news.example").text
    site.close()


def test_what_follows_from_the_request_is_not_kept(site: Site) -> None:
    before = len(site.vigil.answers)
    for number in range(3):
        for path in (*FEEDS, "/sitemap.xml", "/robots.txt"):
            assert (
                f"http://{number}.example" in site.client.get(path, base_url=f"http://{number}.example").text
            )
    assert len(site.vigil.answers) == before


def test_an_own_address_is_kept_once_whatever_host_or_port_is_asked_for(tmp_path: Path) -> None:
    site = newsroom.published(Site.make(tmp_path / "site"), {"one": newsroom.article(1)})
    newsroom.known_as(site, "https://news.example")
    object.__setattr__(site.vigil.settings, "onion", ONION)
    for url in (HOST, "http://a.example", f"http://{ONION}", f"http://{ONION}:81"):
        site.client.get("/feed.atom", base_url=url)
    assert len(site.vigil.answers) == 2
    assert (
        f"http://{ONION}/articles/one" in site.client.get("/sitemap.xml", base_url=f"http://{ONION}:81").text
    )
    site.close()


@pytest.mark.parametrize("host", ["a.example", 'x"<&>.example', "x y"])
def test_an_odd_host_breaks_no_feed(site: Site, host: str) -> None:
    answer = site.client.get("/feed.atom", headers={"Host": host})
    if answer.status_code == 200:
        ET.fromstring(answer.data)
    else:
        assert answer.status_code == 400
