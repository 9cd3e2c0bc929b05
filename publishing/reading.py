"""SiteDb: what the pages ask of the published site.

It notices a new site.db by a stat at each question, so a new site needs no restart. Read `version` before
the rest, where an answer is kept under it: what was read after it is then never older than it says.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from publishing import rows, words
from publishing.agencies import Agency
from publishing.connections import Connections, Stamp
from publishing.letters import Letter
from publishing.model import (
    Address,
    Article,
    Byline,
    Correction,
    Entry,
    Found,
    Page,
    Teaser,
    TextPage,
    Topic,
)
from publishing.schema import ATTACK, DIGEST

T = TypeVar("T")
FEED_ENTRIES = 20
MOST_PAGES = 100_000
MOST_ON_A_PAGE = 100
MOST_FOUND = 1_000


class SiteDb:
    """The published site in the file ``path``. Safe to share between threads, greenlets and forked workers.

    Every question raises NotPublished where there is no such file yet, or one that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = Connections(path)
        self._known: tuple[Stamp, dict[str, str]] | None = None

    @property
    def version(self) -> str:
        """A token in letters and digits that is another one after each publishing."""
        return self._about()["version"]

    @property
    def digest(self) -> str:
        """What is the same wherever the same texts are published, in hexadecimal; "" in an older site.db."""
        return self._about().get(DIGEST, "")

    @property
    def under_attack(self) -> bool:
        """Whether the newsroom has said so, with [attack] in site.toml."""
        return ATTACK in self._about()

    def article(self, slug: str) -> Article | None:
        """Give an article, also a withdrawn one; None where there is none."""
        with self._connections.one() as db:
            found = db.execute(
                "SELECT t.*, html, toc, sources, corrections FROM teaser t JOIN body ON body.id = t.text"
                " WHERE slug = ?",
                (_askable(slug),),
            ).fetchone()
            return rows.article(db, found) if found else None

    def teasers(
        self, topic: str | None = None, byline: str | None = None, page: int = 1, size: int = 10
    ) -> Page[Teaser]:
        """Give one page of the articles, newest first; of one topic or one byline where that is given."""
        where, values = "withdrawn IS NULL", []
        if topic is not None:
            where += " AND topic = ?"
            values.append(_askable(topic))
        if byline is not None:
            where += " AND id IN (SELECT article FROM written WHERE byline = ?)"
            values.append(_askable(byline))
        with self._connections.one() as db:
            # Only the constants above are put into the SQL.
            total = db.execute(f"SELECT count(*) FROM article WHERE {where}", values).fetchone()[0]  # noqa: S608
            sql = f"SELECT * FROM teaser WHERE {where} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608
            return _paged(db, sql, values, total, page, size, rows.teaser)

    def search(self, typed: str, page: int = 1, size: int = 10) -> Page[Found]:
        """Give one page of the articles with every word that was typed, best first.

        Where none has every word, those with any of them. Whatever is typed is safe, and the last
        word may be half typed; nothing typed finds nothing. All are counted, and at most MOST_FOUND are
        given: those with the words in their title, then the newest.
        """
        size, page = _sized(size), _numbered(page)
        with self._connections.one() as db:
            for question in (words.question(typed), words.question(typed, every=False)):
                if not question:
                    break
                found = db.execute(_SEARCH, (question, MOST_FOUND, size, (page - 1) * size)).fetchall()
                total = found[0][-1] if found else 0
                if not found and page > 1:
                    # Behind the last page: how many there are stands in no row.
                    total = db.execute(_COUNT, (question,)).fetchone()[0]
                if total:
                    items = tuple(rows.found(row) for row in found)
                    return Page(items, page, -(-min(total, MOST_FOUND) // size), total)
        return Page((), page, 1, 0)

    def topics(self) -> list[Topic]:
        """Give the topics in the order of site.toml, those without articles too."""
        return [Topic(*row) for row in self._ask("SELECT key, title, articles FROM topic ORDER BY place")]

    def topic(self, key: str) -> Topic | None:
        """Give one topic; None where site.toml has none of this key."""
        found = self._ask("SELECT key, title, articles FROM topic WHERE key = ?", _askable(key))
        return Topic(*found[0]) if found else None

    def bylines(self) -> list[Byline]:
        """Give everybody who wrote, in alphabetical order."""
        found = self._ask("SELECT name, slug, articles FROM byline ORDER BY name COLLATE NOCASE, slug")
        return [Byline(*row) for row in found]

    def byline(self, slug: str) -> Byline | None:
        """Give one who wrote; None where nobody is called so."""
        found = self._ask("SELECT name, slug, articles FROM byline WHERE slug = ?", _askable(slug))
        return Byline(*found[0]) if found else None

    def feed(self, topic: str | None = None) -> list[Entry]:
        """Give the newest articles with their text, at most FEED_ENTRIES; of one topic where it is given."""
        sql = "SELECT t.*, html FROM teaser t JOIN body ON body.id = t.text WHERE withdrawn IS NULL"
        if topic is None:
            found = self._ask(sql + " ORDER BY id LIMIT ?", FEED_ENTRIES)
        else:
            found = self._ask(sql + " AND topic = ? ORDER BY id LIMIT ?", _askable(topic), FEED_ENTRIES)
        return [rows.entry(row) for row in found]

    def sitemap(self) -> list[Address]:
        """Give the address of every article, topic, byline and letter that search engines shall know."""
        found = self._ask(
            "SELECT '/articles/' || slug, coalesce(updated, date) FROM article"
            " WHERE withdrawn IS NULL AND NOT draft"
            " UNION ALL SELECT '/topics/' || key, changed FROM topic WHERE articles"
            " UNION ALL SELECT '/bylines/' || slug, changed FROM byline WHERE articles"
            " UNION ALL SELECT '/letter/' || slug, NULL FROM letter"
        )
        return [Address(path, date.fromisoformat(day) if day else None) for path, day in found]

    def corrections(self) -> list[Correction]:
        """Give every correction and withdrawal, newest first."""
        found = self._ask(
            "SELECT c.date, c.text, a.slug, a.title, c.withdrawn FROM correction c"
            " JOIN article a ON a.id = c.article ORDER BY c.date DESC, c.id"
        )
        return [
            Correction(date.fromisoformat(day), text, slug, title, bool(gone))
            for day, text, slug, title, gone in found
        ]

    def agencies(self) -> list[Agency]:
        """Give all agencies, in the order of agencies.toml."""
        return [
            Agency.from_json(json.loads(row[0]))
            for row in self._ask("SELECT json FROM agency ORDER BY place")
        ]

    def letters(self) -> list[Letter]:
        """Give all letters, by title."""
        found = self._ask("SELECT json FROM letter ORDER BY place")
        return [Letter.from_json(json.loads(row[0])) for row in found]

    def letter(self, slug: str) -> Letter | None:
        """Give one letter; None where there is none."""
        found = self._ask("SELECT json FROM letter WHERE slug = ?", _askable(slug))
        return Letter.from_json(json.loads(found[0][0])) if found else None

    def page(self, name: str) -> TextPage | None:
        """Give one of the newsroom's own pages, such as about; None where there is none."""
        found = self._ask("SELECT name, title, summary, html FROM page WHERE name = ?", _askable(name))
        return TextPage(*found[0]) if found else None

    def image(self, path: str) -> tuple[bytes, str] | None:
        """Give a picture's bytes and type; its path never stands for another picture. None: no such one."""
        found = self._ask("SELECT bytes, type FROM image WHERE path = ?", _askable(path))
        return (found[0][0], found[0][1]) if found else None

    def _about(self) -> dict[str, str]:
        # The stamp first: what is remembered under it is then never older, and a newer file has another one.
        stamp, known = self._connections.now(), self._known
        if known is not None and known[0] == stamp:
            return known[1]
        found: dict[str, str] = dict(self._ask("SELECT key, value FROM about"))
        self._known = stamp, found
        return found

    def _ask(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._connections.one() as db:
            return db.execute(sql, values).fetchall()


# What has the words in its title comes first; then a title weighs ten times what the text does, a summary
# four times, notes half. (On a site of a few articles that alone would not do: bm25 gives no weight to a word
# that most of them have.) Weighing is what takes the time, so of very many only the newest are weighed, and
# only the articles of this page are marked and cut into excerpts. The + keeps SQLite from asking the index
# once an article, which it would each time from the beginning; CROSS keeps the order of the tables.
_SEARCH = """
WITH titled (id) AS MATERIALIZED (
    SELECT rowid FROM search WHERE search MATCH '{title} : (' || ?1 || ')'
), hit (id, age) AS MATERIALIZED (
    SELECT search.rowid, article.id FROM search CROSS JOIN article ON article.text = search.rowid
    WHERE search MATCH ?1
), weighed (id) AS MATERIALIZED (
    SELECT id FROM hit ORDER BY id IN (SELECT id FROM titled) DESC, age LIMIT ?2
), best (id, titled, place) AS MATERIALIZED (
    SELECT rowid, rowid IN (SELECT id FROM titled), bm25(search, 10.0, 4.0, 1.0, 1.0, 0.5)
    FROM search WHERE search MATCH ?1 AND +rowid IN (SELECT id FROM weighed)
    ORDER BY 2 DESC, 3, 1 LIMIT ?3 OFFSET ?4
)
SELECT t.*, highlight(search, 2, char(2), char(3)), (SELECT count(*) FROM hit)
FROM search CROSS JOIN best ON best.id = +search.rowid CROSS JOIN teaser t ON t.text = best.id
WHERE search MATCH ?1 ORDER BY best.titled DESC, best.place, best.id
"""
_COUNT = "SELECT count(*) FROM search WHERE search MATCH ?"


def _paged(
    db: sqlite3.Connection,
    sql: str,
    values: Iterable[object],
    total: int,
    page: int,
    size: int,
    made: Callable[[tuple[Any, ...]], T],
) -> Page[T]:
    size, page = _sized(size), _numbered(page)
    pages = max(1, -(-total // size))
    found = db.execute(sql, (*values, size, (page - 1) * size)).fetchall()
    return Page(tuple(made(row) for row in found), page, pages, total)


def _sized(size: int) -> int:
    return min(max(size, 1), MOST_ON_A_PAGE)


def _numbered(page: int) -> int:
    return min(max(page, 1), MOST_PAGES)


def _askable(text: str) -> str:
    """Give ``text``, or for one that SQLite could not even be asked for, one that stands for nothing."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return ""
    return text
