"""The first page and the pages of the newsroom's own words, with something published."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from publishing.publish import publish
from tests.site import CONTENT, Site
from tests.views import newsroom
from tests.views.newsroom import article, articles, published


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Site]:
    with newsroom.open_site(tmp_path / "site") as made:
        yield made


def linked(page: str) -> list[str]:
    return re.findall(r'class="headline" href="/articles/([^"]+)"', page)


def test_the_newest_article_leads_and_is_not_repeated_below(news: Site) -> None:
    page = news.client.get("/").text
    found = linked(page)
    assert found[0] == "full"
    assert len(found) == len(set(found))
    assert '<img src="/images/' in page
    assert re.search(r'<img [^>]*width="\d+" height="\d+"', page)


def test_each_topic_shows_its_newest_and_a_topic_without_articles_is_not_named(news: Site) -> None:
    page = news.client.get("/").text
    assert linked(page)[1:] == ["piece-12", "piece-11", "piece-10"]
    titles = re.findall(r'<h2 id="about-([a-z-]+)"', page)
    assert titles == ["dirty-money"]


def test_neither_drafts_nor_withdrawn_articles_stand_on_the_first_page(news: Site) -> None:
    page = news.client.get("/").text
    assert "The gone one" not in page
    assert "The draft" not in page


def test_topics_stand_in_the_order_of_the_newsroom(news: Site) -> None:
    more = {key: article(3, topic=f'"{key}"') for key in ("local", "organised-crime", "justice")}
    published(news, articles() | more, "second")
    titles = re.findall(r'<h2 id="about-([a-z-]+)"', news.client.get("/").text)
    assert titles == ["organised-crime", "dirty-money", "justice", "local"]


def test_the_first_page_is_asked_for_once_and_then_again_only_if_it_changed(news: Site) -> None:
    tag = news.client.get("/").headers["ETag"]
    assert news.client.get("/", headers={"If-None-Match": tag}).status_code == 304
    published(news, {"other": article(1)}, "second")
    assert news.client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_corrections_and_withdrawals_are_listed_newest_first(news: Site) -> None:
    page = news.client.get("/corrections").text
    assert linked(page)[0] == "full"
    assert "We had said ten &amp; meant &lt;eleven&gt;." in page
    assert "It was about &lt;another&gt; man." in page
    assert page.count('class="tag"') == 1


def test_a_newsroom_without_corrections_says_so(news: Site) -> None:
    published(news, {"one": article(1)}, "second")
    assert "There is none so far." in news.client.get("/corrections").text


def test_about_is_in_the_newsrooms_own_words_or_names_it_at_least(news: Site) -> None:
    assert news.vigil.site.description in news.client.get("/about").text
    publish(CONTENT, news.folder / "site.db")
    page = news.client.get("/about").text
    assert "<h1>About us</h1>" in page
    assert "What we stand for" in page
