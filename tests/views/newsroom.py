"""A small newsroom's folder, published: articles in every state that a page of them can show."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from publishing.publish import publish
from tests.site import CONTENT, Site

FIRST = date(2026, 1, 1)
SOURCE = (
    '{title = "A report", publisher = "A court", url = "https://court.example/a?b=1&c=2",'
    " date_read = 2026-02-03}"
)
TEXT = "The words of it, with a note.[^1]\n\n[^1]: A court, “A report”, <https://court.example/a?b=1&c=2>.\n"

# Everything that an article can have, and marks that must not become markup.
FULL = """+++
title = 'Tom & "Jerry" </script><b>'
byline = ["Ann Neill", "Bo <Berg>"]
date = 2026-03-01
updated = 2026-03-05
topic = "county-lines"
summary = 'A summary with <i>, & and "quotes".'
image = {file = "images/street.png", alt = 'A <street> & "lamps"', credit = "Photo: Ann Neill"}
corrections = [{date = 2026-03-06, text = "We had said ten & meant <eleven>."}]
sources = [
    SOURCE,
    {title = "Figures <2026>", publisher = "An office", url = "https://o.example", date_read = 2026-02-04},
]
+++

## How it began

The first words, with a note.[^1] See [whom to call](/agencies/).

![The same street](images/street.png)

## What came of it

LONG

## And then

The last words.

[^1]: A court, “A report”, <https://court.example/a?b=1&c=2>.
"""


AGENCY = """[[agency]]
id = "police"
name = "The police"
what_for = "In danger now."
phone = "999"
phone_href = "tel:999"
nations = ["england", "wales", "scotland", "northern-ireland"]
hours = "Always"
languages = ""
anonymous = ""
tracing = ""
cost = ""
urgent = true
for = ["any"]
checked_on = ""
source = "https://police.example/"
"""


def article(number: int, **more: str) -> str:
    """Write a plain article; ``more`` are lines of its front matter, as TOML."""
    lines = {
        "title": f'"Piece {number}"',
        "byline": '"Vigil newsroom"',
        "date": str(FIRST + timedelta(days=number)),
        "topic": '"dirty-money"',
        "summary": f'"What piece {number} is about."',
        "sources": f"[{SOURCE}]",
    } | more
    head = "\n".join(f"{key} = {value}" for key, value in lines.items())
    return f"+++\n{head}\n+++\n\n{TEXT}"


def articles() -> dict[str, str]:
    """Thirteen plain ones, so that lists have two pages; one with everything, one withdrawn, one draft."""
    plain = {f"piece-{number}": article(number) for number in range(13)}
    return plain | {
        "full": FULL.replace("SOURCE", SOURCE).replace("LONG", "A long way with many words on it. " * 90),
        "gone": article(20, title='"The gone one"', withdrawn='"It was about <another> man."'),
        "draft": article(30, title='"The draft"', draft="true"),
    }


def picture() -> bytes:
    """A picture that every reader of content accepts."""
    out = BytesIO()
    Image.new("RGB", (1200, 800), (40, 80, 120)).save(out, "PNG")
    return out.getvalue()


def write(folder: Path, pieces: Mapping[str, str]) -> Path:
    """Write a newsroom's folder with these articles, and the starter's texts for the rest."""
    (folder / "articles").mkdir(parents=True)
    (folder / "images").mkdir()
    (folder / "site.toml").write_bytes((CONTENT / "site.toml").read_bytes())
    (folder / "agencies.toml").write_text(AGENCY)
    (folder / "images" / "street.png").write_bytes(picture())
    for slug, text in pieces.items():
        (folder / "articles" / f"{slug}.md").write_text(text, encoding="utf-8")
    return folder


def published(site: Site, pieces: Mapping[str, str], name: str = "content", drafts: bool = False) -> Site:
    """Publish these articles on ``site``."""
    publish(write(site.folder / name, pieces), site.folder / "site.db", drafts=drafts)
    return site


def known_as(site: Site, url: str) -> Site:
    """Say in site.toml's stead what the site's own address is."""
    site.vigil.site = replace(site.vigil.site, url=url)
    site.app.jinja_env.globals["site"] = site.vigil.site
    return site


@contextmanager
def open_site(folder: Path) -> Iterator[Site]:
    """Give a site on which a small newsroom has published."""
    site = Site.make(folder)
    try:
        yield published(site, articles())
    finally:
        site.close()
