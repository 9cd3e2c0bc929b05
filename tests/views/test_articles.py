"""An article, with everything it can have, and without: what a reader gets to see, and what programs do."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.site import Site
from tests.views import newsroom
from web.headers import ALWAYS

SECURITY = {name: value for name, value in ALWAYS.items() if name != "Cache-Control"}
PATHS = (
    "/articles/",
    "/articles/?page=2",
    "/articles/full",
    "/articles/piece-3",
    "/topics/county-lines",
    "/bylines/vigil-newsroom",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with newsroom.open_site(tmp_path_factory.mktemp("newsroom") / "site") as made:
        yield made


def get(site: Site, path: str, status: int = 200) -> str:
    answer = site.client.get(path)
    assert answer.status_code == status
    return answer.text


def words(html: str) -> str:
    within = re.sub(r"</?(?:a|b|mark|small|span|strong|sup|time)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", within)).split())


def test_an_article_says_who_wrote_it_when_and_how_long_it_takes(site: Site) -> None:
    page = get(site, "/articles/full")
    said = words(page)
    assert 'Tom & "Jerry" </script><b>' in said
    assert 'A summary with <i>, & and "quotes".' in said
    assert "By Ann Neill and Bo <Berg> · 1 March 2026 · updated 6 March 2026 · 3 minutes to read" in said
    assert 'href="/bylines/ann-neill"' in page
    assert '<time datetime="2026-03-01">' in page
    assert 'href="/topics/county-lines"' in page


def test_a_long_article_lists_its_parts_and_each_is_there(site: Site) -> None:
    contents = get(site, "/articles/full").split('class="contents"')[1].split("</nav>")[0]
    ids = re.findall(r'href="#([^"]+)"', contents)
    assert len(ids) == 3
    assert all(f' id="{one}"' in get(site, "/articles/full") for one in ids)
    assert 'class="contents"' not in get(site, "/articles/piece-3")


def test_each_source_stands_once_with_the_day_when_it_was_read(site: Site) -> None:
    page = get(site, "/articles/full")
    note = page.split('id="fn1"')[1].split("</li>")[0]
    assert "Read on 3 February 2026." in words(note)
    others = page.split('class="sources"')[1].split("</section>")[0]
    assert "Figures <2026>, An office. Read on 4 February 2026." in words(others)
    assert "court.example" not in others
    assert 'class="sources"' not in get(site, "/articles/piece-3")


def test_links_that_nobody_has_checked_are_said_to_be_so_once_for_all_of_them(tmp_path: Path) -> None:
    unread = "[" + newsroom.SOURCE.replace("2026-02-03", '""') + "]"
    pieces = {
        "none": newsroom.article(1, sources=unread),
        "some": newsroom.FULL.replace("SOURCE", unread.strip("[]")).replace("LONG", "Short."),
    }
    site = newsroom.published(Site.make(tmp_path / "site"), pieces)
    none, some = words(get(site, "/articles/none")), words(get(site, "/articles/some"))
    assert none.count("Nobody has checked the links to these sources yet.") == 1
    assert "Nobody has checked this link yet." not in none
    assert some.count("Nobody has checked this link yet.") == 1
    assert "Read on 4 February 2026." in some
    site.close()


def test_a_correction_is_seen_at_once_and_says_what_was_wrong(site: Site) -> None:
    page = get(site, "/articles/full")
    before, after = page.split("The first words", 1)
    assert "This article was corrected on 6 March 2026" in words(before)
    assert "6 March 2026 We had said ten & meant <eleven>." in words(after)
    assert "corrected" not in get(site, "/articles/piece-3")


def test_an_article_leads_on_to_its_neighbours_its_topic_and_what_to_do(site: Site) -> None:
    page = get(site, "/articles/piece-3")
    assert re.search(r'rel="prev" href="/articles/piece-2"', page)
    assert re.search(r'rel="next" href="/articles/piece-4"', page)
    related = page.split('aria-labelledby="related"')[1].split("</section>")[0]
    assert re.findall(r'href="/articles/piece-\d+"', related)
    assert "/articles/piece-3" not in related
    for way in ("/report", "/agencies/", "/letter", "/contact"):
        assert f'href="{way}"' in page.split('class="ways"')[1]
    assert 'rel="prev"' not in get(site, "/articles/piece-0")


def test_a_withdrawn_article_is_gone_and_says_why(site: Site) -> None:
    page = get(site, "/articles/gone", 410)
    assert "It was about <another> man." in words(page)
    assert "The words of it" not in page
    assert "Piece 20" not in page
    for path in ("/articles/", "/articles/?page=2", "/topics/dirty-money", "/sitemap.xml", "/feed.atom"):
        assert "/articles/gone" not in get(site, path)


@pytest.mark.parametrize(
    "path",
    [
        "/articles/nowhere",
        "/articles/draft",
        "/articles/" + "x" * 1000,
        "/articles/%00",
        "/articles/'--",
        "/topics/nowhere",
        "/topics/nowhere/feed.atom",
        "/bylines/nobody",
        "/images/nothing.webp",
        "/images/../site.db",
        "/articles/?page=3",
        "/articles/?page=0",
        "/articles/?page=-1",
        "/articles/?page=x",
        "/articles/?page=٣",
        "/articles/?page=" + "9" * 30,
        "/topics/county-lines?page=2",
        "/search?q=words&page=99",
    ],
)
def test_what_is_not_there_is_404(site: Site, path: str) -> None:
    assert "There is no page here" in get(site, path, 404)


def test_a_draft_is_seen_in_the_preview_only_and_is_marked(tmp_path: Path) -> None:
    site = newsroom.published(Site.make(tmp_path / "site"), newsroom.articles(), drafts=True)
    page = get(site, "/articles/draft")
    assert 'class="tag">Draft<' in page
    assert '<meta name="robots" content="noindex">' in page
    site.close()


# ---- pictures


def test_a_picture_keeps_its_place_and_may_be_kept_for_a_year(site: Site) -> None:
    page = get(site, "/articles/full")
    pictures = re.findall(r"<img [^>]+>", page)
    assert len(pictures) == 2
    for picture in pictures:
        assert re.search(r' width="\d+" height="\d+"', picture)
        path = re.search(r'src="([^"]+)"', picture)[1]
        answer = site.client.get(path)
        assert (answer.status_code, answer.content_type) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        again = site.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert 'alt="A &lt;street&gt; &amp; &#34;lamps&#34;"' in pictures[0]
    assert "loading=" not in pictures[0]
    assert 'loading="lazy"' in pictures[1]
    for size in re.findall(r"/images/[^ ,\"]+", re.search(r'srcset="([^"]+)"', pictures[0])[1]):
        assert site.client.get(size).status_code == 200


# ---- what programs read


def linked(page: str) -> dict[str, object]:
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, object] = json.loads(block[1])
    return found


def test_search_engines_get_the_article_described(site: Site) -> None:
    found = linked(get(site, "/articles/full"))
    assert found["@type"] == "NewsArticle"
    assert found["headline"] == 'Tom & "Jerry" </script><b>'
    assert (found["datePublished"], found["dateModified"]) == ("2026-03-01", "2026-03-06")
    assert [author["name"] for author in found["author"]] == ["Ann Neill", "Bo <Berg>"]
    assert {author["@type"] for author in found["author"]} == {"Person"}
    assert linked(get(site, "/articles/piece-3"))["author"][0]["@type"] == "Organization"
    assert found["correction"] == ["We had said ten & meant <eleven>."]
    assert "url" not in found["publisher"]


def test_only_a_site_that_says_where_it_is_gives_whole_addresses(tmp_path: Path) -> None:
    site = newsroom.published(Site.make(tmp_path / "site"), newsroom.articles())
    page = get(site, "/articles/full")
    assert not {"canonical", "og:url", "og:image"} & set(re.findall(r"[a-z]+:url|canonical|og:image", page))
    newsroom.known_as(site, "https://news.example")
    site.vigil.answers = type(site.vigil.answers)()
    page = get(site, "/articles/full")
    assert '<link rel="canonical" href="https://news.example/articles/full">' in page
    assert '<meta property="og:url" content="https://news.example/articles/full">' in page
    card = re.search(r'<meta property="og:image" content="https://news\.example([^"]+)">', page)[1]
    assert site.client.get(card).content_type == "image/jpeg"
    found = linked(page)
    assert found["mainEntityOfPage"] == "https://news.example/articles/full"
    assert found["image"] == f"https://news.example{card}"
    assert '<link rel="canonical" href="https://news.example/articles/?page=2">' in get(
        site, "/articles/?page=2"
    )
    site.close()


# ---- headers


@pytest.mark.parametrize("path", PATHS)
def test_readers_pages_are_kept_for_a_minute_and_then_asked_for_by_their_tag(site: Site, path: str) -> None:
    for form in ({}, {"Accept-Encoding": "gzip"}):
        answer = site.client.get(path, headers=form)
        assert dict(answer.headers).items() >= SECURITY.items()
        assert answer.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
        assert "Accept-Encoding" in answer.headers["Vary"]
        again = site.client.get(path, headers=form | {"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert dict(again.headers).items() >= SECURITY.items()


def test_a_new_publication_is_seen_at_once_and_has_another_tag(tmp_path: Path) -> None:
    site = newsroom.published(Site.make(tmp_path / "site"), {"one": newsroom.article(1)})
    before = site.client.get("/articles/one")
    newsroom.published(site, {"one": newsroom.article(1, title='"Another title"')}, "again")
    after = site.client.get("/articles/one", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Another title" in after.text
    site.close()


# ---- before anything is published


@pytest.mark.parametrize(
    "path",
    [*PATHS, "/search?q=x", "/feed.atom", "/topics/county-lines/feed.atom", "/sitemap.xml", "/images/x"],
)
def test_without_a_published_site_readers_are_told_to_come_again(empty: Site, path: str) -> None:
    answer = empty.client.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "This site is being set up" in answer.text
    assert dict(answer.headers).items() >= SECURITY.items()


def test_without_a_published_site_a_report_can_be_sent_all_the_same(empty: Site) -> None:
    assert empty.client.get("/report").status_code == 200
    assert empty.post(text="words").status_code == 200
    assert len(empty.reports()) == 1


def test_a_damaged_site_counts_as_none(empty: Site) -> None:
    (empty.folder / "site.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    assert empty.client.get("/articles/full").status_code == 503


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    made = Site.make(tmp_path / "site")
    yield made
    made.close()
