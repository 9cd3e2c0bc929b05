"""SiteDb: one site for every thread and worker, a new one as soon as it is there, and any search is safe."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import reading, words
from publishing.connections import Connections
from publishing.errors import NotPublished
from publishing.reading import SiteDb
from publishing.writing import SHOWN
from tests.counts import count
from tests.publishing.newsroom import Newsroom

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> SiteDb:
    newsroom = Newsroom(tmp_path_factory.mktemp("searched"))
    newsroom.article(
        "gangs", title='"How gangs work"', text="They use children. " + "Filler. " * 80 + "A café.\n"
    )
    newsroom.article(
        "children",
        title='"Children"',
        text="A gang used them; that is trafficking, for drugs.[^1]\n\n[^1]: Thames.\n",
    )
    newsroom.article(
        "money", title='"Money"', text="Washed in \"shops\" & <sold\\> on; the victim's debt. Don't.\n"
    )
    newsroom.publish()
    return newsroom.site


def found(site: SiteDb, typed: str) -> list[str]:
    return [one.slug for one in site.search(typed).items]


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("gangs", ["gangs", "children"]),
        ("gang", ["gangs", "children"]),
        ("GANG", ["gangs", "children"]),
        ("gan", ["gangs", "children"]),
        ("children gang", ["children", "gangs"]),
        ("trafficking", ["children"]),
        ("trafficki", ["children"]),
        ("trafficked drug", ["children"]),
        ("cafe", ["gangs"]),
        ("CAFÉ", ["gangs"]),
        ("cafe\u0301", ["gangs"]),
        ("victim", ["money"]),
        ("victim\u2019s", ["money"]),
        ("thames", ["children"]),
        ("money nowhere", ["money"]),
        ("nowhere", []),
        ("", []),
        ("  \"'()*:^-+ ", []),
        ("title:gangs", ["gangs", "children"]),
        ("NEAR(gangs money)", ["gangs", "children", "money"]),
        ("gangs OR", ["gangs", "children"]),
        ("gangs*", ["gangs", "children"]),
    ],
)
def test_a_search_finds_what_was_meant(searched: SiteDb, typed: str, slugs: list[str]) -> None:
    assert sorted(found(searched, typed)) == sorted(slugs)
    if len(slugs) == 2:
        assert found(searched, typed) == slugs


def test_of_very_many_the_one_with_it_in_its_title_and_the_newest_are_given_and_all_are_counted(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 7):
        newsroom.article(f"day-{day}", text="A common word.\n", date=f"2026-03-0{day}")
    newsroom.article("titled", title='"The common thing"', text="Word.\n", date="2025-01-01")
    newsroom.publish()
    monkeypatch.setattr(reading, "MOST_FOUND", 3)
    first, last = (newsroom.site.search("common", page=page, size=2) for page in (1, 2))
    assert first.items[0].slug == "titled"
    assert {one.slug for one in (*first.items, *last.items)} == {"titled", "day-6", "day-5"}
    assert (first.total, first.pages, last.total, last.pages) == (7, 2, 7, 2)
    assert newsroom.site.search("common", page=3, size=2).items == ()


def test_an_excerpt_is_cut_round_what_was_found_and_marks_it(searched: SiteDb) -> None:
    (one,) = searched.search("sold").items
    assert one.excerpt == (
        ("Washed in “shops” & <", False),
        ("sold", True),
        ("> on; the victim’s debt. Don’t.", False),
    )
    (one,) = searched.search("café").items
    assert one.excerpt[0][0].startswith("…Filler. Filler.")
    assert one.excerpt[1:] == (("café", True), (".", False))


def test_the_end_of_a_very_long_text_is_found_and_only_its_beginning_is_walked_through(
    newsroom: Newsroom,
) -> None:
    newsroom.article(text="Filler, words. " * 8_000 + "A rarity.\n")
    newsroom.publish()
    (one,) = newsroom.site.search("rarity").items
    assert one.excerpt[0][0].startswith("Filler, words. Filler")
    assert newsroom.site.search("wor").total == newsroom.site.search("words").total == 1
    with newsroom.site._connections.one() as db:
        shown, more = db.execute("SELECT text, more FROM search").fetchone()
    assert len(shown) <= SHOWN < len(more)
    assert shown + more == "Filler, words. " * 8_000 + "A rarity."


@given(st.one_of(st.text(max_size=60), st.text(alphabet="ab\"'*()^:-+{}\0é\ud800 ", max_size=30)))
def test_any_search_is_safe(searched: SiteDb, typed: str) -> None:
    page = searched.search(typed)
    assert len(page.items) == min(page.total, 10)
    assert searched.search(typed, page=2).items == ()
    for one in page.items:
        assert all(text and not {"\x02", "\x03"} & set(text) for text, _ in one.excerpt)


@given(st.text(max_size=30))
def test_any_name_is_safe_to_ask_for(searched: SiteDb, name: str) -> None:
    name += "\0"
    assert searched.article(name) is None
    assert searched.topic(name) is None
    assert searched.byline(name) is None
    assert searched.page(name) is None
    assert searched.letter(name) is None
    assert searched.image(name) is None
    assert searched.teasers(topic=name, byline=name).total == 0
    assert searched.feed(name) == []


@pytest.mark.parametrize(("page", "size"), [(-1, 10), (0, 0), (10**30, 10), (1, -5), (1, 10**9)])
def test_any_page_number_is_safe(searched: SiteDb, page: int, size: int) -> None:
    assert searched.teasers(page=page, size=size).total == 3
    assert searched.search("gang", page=page, size=size).total == 2


def test_what_was_typed_is_cut_before_it_costs_much() -> None:
    typed = " ".join(f"w{number}" for number in range(1000))
    assert len(words.words(typed)) == words.MOST_WORDS
    assert len(words.question("x" * 100_000)) < 200


def test_before_the_first_publishing_every_question_says_so(newsroom: Newsroom) -> None:
    site = newsroom.site
    for question in (site.article, site.topic, site.byline, site.page, site.letter, site.image, site.search):
        with pytest.raises(NotPublished):
            question("x")
    for ask in (
        site.teasers,
        site.topics,
        site.bylines,
        site.feed,
        site.sitemap,
        site.corrections,
        site.agencies,
    ):
        with pytest.raises(NotPublished):
            ask()
    with pytest.raises(NotPublished):
        assert site.version
    newsroom.publish()
    assert site.teasers().total == 0


def test_a_new_site_is_noticed_at_once(newsroom: Newsroom) -> None:
    versions = set()
    for number in range(5):
        newsroom.article(title=f'"Title {number}"')
        version = newsroom.publish().version
        assert newsroom.site.version == version
        found = newsroom.site.article("piece")
        assert found
        assert found.title == f"Title {number}"
        versions.add(version)
    assert len(versions) == 5
    newsroom.target.unlink()
    with pytest.raises(NotPublished):
        newsroom.site.article("piece")


def test_the_version_of_a_file_is_read_once_and_again_after_a_publishing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = newsroom.site._ask

    def counted(sql: str, *values: str | int) -> list[tuple[object, ...]]:
        asked.append(sql)
        return ask(sql, *values)

    monkeypatch.setattr(newsroom.site, "_ask", counted)
    newsroom.publish()
    first = {newsroom.site.version for _ in range(5)}
    assert len(asked) == len(first) == 1
    newsroom.publish()
    assert {newsroom.site.version for _ in range(5)}.isdisjoint(first)
    assert len(asked) == 2
    newsroom.target.unlink()
    with pytest.raises(NotPublished):
        assert newsroom.site.version


def test_publishing_the_same_again_changes_the_version_alone(newsroom: Newsroom) -> None:
    newsroom.article()
    first = newsroom.publish().version, newsroom.site.article("piece")
    second = newsroom.publish().version, newsroom.site.article("piece")
    assert first[0] != second[0]
    assert first[1] == second[1]


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_no_published_site(newsroom: Newsroom, damage: bytes) -> None:
    newsroom.target.parent.mkdir()
    newsroom.target.write_bytes(damage)
    with pytest.raises(NotPublished):
        newsroom.site.article("piece")


def test_a_file_damaged_in_the_middle_is_no_published_site(newsroom: Newsroom) -> None:
    newsroom.article(text="Words " * 10_000)
    newsroom.publish()
    data = bytearray(newsroom.target.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    newsroom.target.write_bytes(bytes(data))
    with pytest.raises(NotPublished):
        newsroom.site.article("piece")


def test_a_site_of_another_version_asks_to_be_published_again(newsroom: Newsroom) -> None:
    newsroom.publish()
    with sqlite3.connect(newsroom.target) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(NotPublished, match="published by another version: publish again"):
        newsroom.site.topics()


def test_nobody_writes_through_the_reader(newsroom: Newsroom) -> None:
    newsroom.publish()
    with (
        pytest.raises(sqlite3.OperationalError, match="readonly"),
        newsroom.site._connections.one() as database,
    ):
        database.execute("DELETE FROM about")
    assert newsroom.site.version


def test_threads_read_while_the_site_is_published_again_and_again(newsroom: Newsroom) -> None:
    newsroom.article(title='"Title 0"', summary='"Title 0"')
    newsroom.publish()
    ended, wrong = threading.Event(), []

    def read() -> None:
        while not ended.is_set():
            article = newsroom.site.article("piece")
            if (
                article is None
                or article.title != article.summary
                or newsroom.site.search("title").total != 1
            ):
                wrong.append(article)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, count(8, 100)):
            newsroom.article(title=f'"Title {number}"', summary=f'"Title {number}"')
            newsroom.publish()
    finally:
        ended.set()
        for reader in readers:
            reader.join(60)
    assert wrong == []
    assert len(newsroom.site._connections._idle) <= 4


def test_a_forked_worker_opens_connections_of_its_own(newsroom: Newsroom) -> None:
    newsroom.article()
    newsroom.publish()
    script = (
        "import os, sys; from pathlib import Path; from publishing.reading import SiteDb\n"
        "site = SiteDb(Path(sys.argv[1])); site.article('piece'); before = list(site._connections._idle)\n"
        "child = os.fork()\n"
        "ok = site.article('piece').title == 'A piece' and site.search('words').total == 1\n"
        "mine = list(site._connections._idle)\n"
        "if child == 0: os._exit(0 if ok and not set(mine) & set(before) else 1)\n"
        "status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
        "sys.exit(0 if ok and status == 0 and mine == before else 1)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, newsroom.target], cwd=ROOT, timeout=120, check=False)
    assert run.returncode == 0


def test_reading_much_keeps_memory_and_open_files_few(newsroom: Newsroom) -> None:
    for number in range(40):
        newsroom.article(f"p{number}", text=f"Words {number}. " * 300)
    newsroom.publish()
    handles = Path("/proc/self/fd") if Path("/proc/self/fd").is_dir() else Path("/dev/fd")
    before = len(list(handles.iterdir()))
    for number in range(200):
        newsroom.site.article(f"p{number % 40}")
        newsroom.site.search(f"words {number}")
    assert len(list(handles.iterdir())) <= before + 1
    with newsroom.site._connections.one() as database:
        assert database.execute("PRAGMA cache_size").fetchone() == (-1024,)
        assert database.execute("PRAGMA mmap_size").fetchone() == (0,)


def test_the_reader_forgets_a_site_that_is_replaced(newsroom: Newsroom) -> None:
    newsroom.publish()
    for _ in range(10):
        newsroom.publish()
        assert newsroom.site.version
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        return
    held = [str(path.readlink()) for path in handles.iterdir() if path.is_symlink()]
    assert len([path for path in held if str(newsroom.target) in path]) <= 1


def test_nothing_that_is_searched_for_is_written_to_a_disk(newsroom: Newsroom) -> None:
    newsroom.publish()
    connections = Connections(newsroom.target)
    for _ in range(2):
        with connections.one() as db:
            assert db.execute("PRAGMA temp_store").fetchone() == (2,)
