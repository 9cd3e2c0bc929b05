"""The tables of site.db. A change here is a new number: readers refuse a file of another one."""

# What the file is called in VIGIL_DATA.
SITE_DB = "site.db"
SCHEMA = 2
# The key in `about` that is there while the site is under attack.
ATTACK = "attack"
# And that of the digest of all that is published.
DIGEST = "digest"

# Articles are numbered from the newest (1) to the oldest, the withdrawn ones after those: a list is a range.
# What lists show lies apart from the long texts, so that a list reads few pages; body and search have a
# number of their own (article.text), for they are written before all articles are known.
TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE topic (
    key TEXT PRIMARY KEY, title TEXT NOT NULL, place INTEGER NOT NULL, articles INTEGER NOT NULL, changed TEXT
) WITHOUT ROWID;
CREATE TABLE byline (slug TEXT PRIMARY KEY, name TEXT NOT NULL, articles INTEGER NOT NULL, changed TEXT)
    WITHOUT ROWID;
CREATE TABLE article (
    id INTEGER PRIMARY KEY, text INTEGER NOT NULL REFERENCES body, slug TEXT NOT NULL, title TEXT NOT NULL,
    bylines TEXT NOT NULL, date TEXT NOT NULL, updated TEXT, topic TEXT NOT NULL REFERENCES topic,
    summary TEXT NOT NULL, minutes INTEGER NOT NULL, image TEXT,
    draft INTEGER NOT NULL, withdrawn TEXT, related TEXT NOT NULL
);
CREATE TABLE body (
    id INTEGER PRIMARY KEY, html TEXT NOT NULL, toc TEXT NOT NULL, sources TEXT NOT NULL,
    corrections TEXT NOT NULL
);
CREATE TABLE written (
    byline TEXT NOT NULL REFERENCES byline, article INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (byline, article)
) WITHOUT ROWID;
CREATE TABLE correction (
    id INTEGER PRIMARY KEY, date TEXT NOT NULL, text TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES article, withdrawn INTEGER NOT NULL
);
CREATE TABLE agency (place INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE letter (slug TEXT PRIMARY KEY, place INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE page (name TEXT PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, html TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE image (path TEXT PRIMARY KEY, type TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(
    title, summary, text, more, notes, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4'
);
CREATE VIEW teaser AS
    SELECT article.id, text, slug, article.title, bylines, date, updated, topic, topic.title AS topic_title,
        topic.articles AS topic_articles, summary, minutes, image, draft, withdrawn,
        related
    FROM article JOIN topic ON topic.key = article.topic;
"""

INDEXES = """
CREATE UNIQUE INDEX article_slug ON article (slug);
CREATE INDEX article_text ON article (text);
CREATE INDEX article_topic ON article (topic, id) WHERE withdrawn IS NULL;
"""
