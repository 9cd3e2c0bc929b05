"""Lists in pages and the search, with HTMX and without it."""

import re
from collections.abc import Iterator

import pytest

from tests.site import Site
from tests.views import newsroom
from tests.views.test_articles import get, words

HTMX = {"HX-Request": "true"}
PLAIN = 14  # articles that are neither withdrawn nor drafts


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with newsroom.open_site(tmp_path_factory.mktemp("newsroom") / "site") as made:
        yield made


def listed(html: str) -> list[str]:
    return re.findall(r'class="headline" href="/articles/([^"]+)"', html)


def piece(site: Site, path: str) -> str:
    """What HTMX gets."""
    answer = site.client.get(path, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return answer.text


# ---- lists


def test_the_pages_of_a_list_hold_each_article_once_newest_first(site: Site) -> None:
    first, second = get(site, "/articles/"), get(site, "/articles/?page=2")
    slugs = listed(first) + listed(second)
    assert slugs == ["full", *(f"piece-{number}" for number in reversed(range(13)))]
    assert len(listed(first)) == 10
    assert 'rel="next" href="/articles/?page=2"' in first
    assert 'rel="prev" href="/articles/"' in second
    assert "Page 2 of 2" in second
    assert 'rel="next"' not in second


def test_more_by_htmx_is_the_same_items_and_takes_the_place_of_the_way_on(site: Site) -> None:
    first = get(site, "/articles/")
    way = first.split('class="teaser more"')[1].split("</li>")[0]
    for attribute in ('data-hx-get="/articles/?page=2"', 'data-hx-target="closest li"', "outerHTML"):
        assert attribute in way
    more = piece(site, "/articles/?page=2")
    assert listed(more) == listed(get(site, "/articles/?page=2"))
    assert more.strip().startswith("<li")
    # The keyboard goes on at the first of the new ones.
    assert more.count("autofocus") == 1


@pytest.mark.parametrize(
    "path", ["/articles/?page=2", "/articles/", "/topics/dirty-money", "/search?q=piece"]
)
def test_a_piece_and_its_page_are_told_apart_by_every_cache(site: Site, path: str) -> None:
    for headers in ({}, HTMX):
        vary = site.client.get(path, headers=headers).headers["Vary"]
        assert {"HX-Request", "HX-Request-Type", "HX-Boosted", "HX-History-Restore-Request"} <= set(
            vary.split(", ")
        )
    whole = [{}, HTMX | {"HX-Boosted": "true"}, HTMX | {"HX-History-Restore-Request": "true"}]
    for headers in whole:
        assert "<html" in site.client.get(path, headers=headers).text


def test_a_topic_and_a_byline_list_their_own_and_say_how_many(site: Site) -> None:
    topic = get(site, "/topics/county-lines")
    assert listed(topic) == ["full"]
    assert "<h1>County lines</h1>" in topic
    assert "1 article." in topic
    writer = get(site, "/bylines/vigil-newsroom")
    assert len(listed(writer)) == 10
    assert f"{PLAIN - 1} articles." in writer
    assert "htmx" not in topic
    assert "htmx" in writer


def test_a_topic_without_articles_says_so(site: Site) -> None:
    assert "There are no articles here yet." in get(site, "/topics/trafficking")


def test_each_list_names_its_feed(site: Site) -> None:
    feed = re.compile(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"')
    assert feed.findall(get(site, "/articles/")) == ["/feed.atom"]
    assert feed.findall(get(site, "/topics/county-lines")) == ["/topics/county-lines/feed.atom"]


# ---- search


def test_a_search_finds_ranks_and_marks(site: Site) -> None:
    page = get(site, "/search?q=words")
    assert f"{PLAIN} articles found." in page
    assert re.search(r"<mark>words</mark>", page)
    assert listed(get(site, "/search?q=jerry"))[0] == "full"
    assert listed(get(site, "/search?q=jer"))[0] == "full"


def test_a_search_by_htmx_gives_what_the_page_shows(site: Site) -> None:
    found = piece(site, "/search?q=words")
    assert listed(found) == listed(get(site, "/search?q=words"))
    assert '<p id="found" role="status">' in found
    more = piece(site, "/search?q=words&page=2")
    assert listed(more) == listed(get(site, "/search?q=words&page=2"))
    assert more.strip().startswith("<li")


def test_the_form_of_the_search_works_with_scripts_and_without(site: Site) -> None:
    page = get(site, "/search?q=half+a")
    assert 'action="/search" method="get"' in page
    assert 'value="half a"' in page
    assert "delay:" in page
    # No address of a search goes into the history by itself.
    assert "push-url" not in page


def test_nothing_found_says_what_to_try(site: Site) -> None:
    said = words(get(site, "/search?q=zzzzqqq"))
    assert "No article was found." in said
    assert "Try fewer words" in said
    assert 'href="/agencies/"' in get(site, "/search?q=zzzzqqq")


def test_an_empty_search_offers_the_topics(site: Site) -> None:
    for path in ("/search", "/search?q=", "/search?q=+++"):
        page = get(site, path)
        assert 'href="/topics/county-lines"' in page
        assert "No article was found." not in page


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "*",
        "a OR",
        "NEAR(",
        "'; --",
        "-x",
        "^",
        "{}",
        "\x00",
        "<script>",
        "٣",
        "🙂",
        "x" * 5000,
        ":",
        "%ff",
    ],
)
def test_whatever_is_typed_is_searched_for_and_shown_as_it_was(site: Site, typed: str) -> None:
    answer = site.client.get("/search", query_string={"q": typed})
    assert answer.status_code == 200
    assert "<script>" not in answer.text.split("<h1>")[1]


def test_what_was_searched_for_is_kept_by_nobody(site: Site) -> None:
    before = len(site.vigil.answers)
    for headers in ({}, HTMX):
        answer = site.client.get("/search?q=secret-words", headers=headers)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
    assert len(site.vigil.answers) == before
    # Nor does the browser's history show it, but for the address.
    title = re.search(r"<title>(.*?)</title>", get(site, "/search?q=secret-words"))[1]
    assert "secret" not in title
    assert "history" in get(site, "/search").split("<noscript>")[1].split("</noscript>")[0]
