"""What a published site is made of, as the pages read it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Byline:
    """One who wrote: the name in print, and its part of the address /bylines/<slug>."""

    name: str
    slug: str
    articles: int = 0


@dataclass(frozen=True)
class Topic:
    """One subject of the site: key of /topics/<key>, title in print, how many articles it has."""

    key: str
    title: str
    articles: int = 0


@dataclass(frozen=True)
class Variant:
    """One size of a picture: ``path`` under /images/, ``width`` and ``height`` in pixels."""

    path: str
    width: int
    height: int


@dataclass(frozen=True)
class Image:
    """A picture, in WebP without metadata: ``path`` (under /images/) is the largest size, ``variants`` all
    sizes, smallest first. ``card`` is the JPEG that other sites show beside a link."""

    path: str
    width: int
    height: int
    alt: str
    credit: str
    variants: tuple[Variant, ...]
    card: Variant

    @property
    def srcset(self) -> str:
        """The sizes as HTML's srcset lists them, with addresses on this site."""
        return ", ".join(f"/images/{one.path} {one.width}w" for one in self.variants)


@dataclass(frozen=True)
class Source:
    """Where a statement can be read. ``date_read`` is None until a person has opened it."""

    title: str
    publisher: str
    url: str
    date_read: dt.date | None

    def to_json(self) -> list[str]:
        """Give it as what json.dumps takes."""
        return [self.title, self.publisher, self.url, self.date_read.isoformat() if self.date_read else ""]

    @classmethod
    def from_json(cls, found: Sequence[str]) -> "Source":
        """Take what `to_json` gave."""
        title, publisher, url, day = found
        return cls(title, publisher, url, dt.date.fromisoformat(day) if day else None)


@dataclass(frozen=True)
class Note:
    """A correction as it stands on the article's own page."""

    date: dt.date
    text: str


@dataclass(frozen=True)
class Heading:
    """One line of an article's contents: ``level`` 2 or 3, ``id`` of the heading, its plain ``text``."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Teaser:
    """What a list shows of an article."""

    slug: str
    title: str
    byline: tuple[Byline, ...]
    date: dt.date
    updated: dt.date | None
    topic: Topic
    summary: str
    minutes: int
    image: Image | None
    draft: bool


@dataclass(frozen=True)
class Found(Teaser):
    """What a search shows of an article: ``excerpt`` in pieces of (text, is it what was searched for)."""

    excerpt: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Article(Teaser):
    """One article. ``html`` is safe to put into a page as it is.

    ``toc`` is empty unless the piece is long; ``minutes`` is the reading time. ``previous`` is the next older
    article and ``next`` the next newer one. Where ``withdrawn`` says why, text, summary, picture and sources
    are gone, not only hidden.
    """

    html: str
    toc: tuple[Heading, ...]
    sources: tuple[Source, ...]
    corrections: tuple[Note, ...]
    withdrawn: str | None
    previous: Teaser | None
    next: Teaser | None
    related: tuple[Teaser, ...]


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: ``page`` counts from 1 to ``pages``, which is at least 1."""

    items: tuple[T, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Entry(Teaser):
    """An article as a feed carries it, with its text."""

    html: str


@dataclass(frozen=True)
class Address:
    """One line of the site map: a path on this site, and the day it last changed."""

    path: str
    changed: dt.date | None


@dataclass(frozen=True)
class Correction:
    """One line of /corrections. Where ``withdrawn``, ``text`` is the reason."""

    date: dt.date
    text: str
    slug: str
    title: str
    withdrawn: bool


@dataclass(frozen=True)
class TextPage:
    """A page of the newsroom's own words, such as /about. ``html`` is safe as it is."""

    name: str
    title: str
    summary: str
    html: str
