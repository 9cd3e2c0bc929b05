"""Rows of site.db turned into what pages read, and what is kept there as JSON."""

import json
import sqlite3
from datetime import date
from typing import Any

from publishing import excerpts
from publishing.model import (
    Article,
    Byline,
    Entry,
    Found,
    Heading,
    Image,
    Note,
    Source,
    Teaser,
    Topic,
    Variant,
)

Row = tuple[Any, ...]

# The columns of the view teaser, which stand first in each row that is read here.
WIDTH = 16


def image_json(image: Image | None) -> str | None:
    """Write a picture's description for the database."""
    if image is None:
        return None
    card = image.card
    return json.dumps(
        [
            image.alt,
            image.credit,
            [[one.path, one.width, one.height] for one in image.variants],
            [card.path, card.width, card.height],
        ]
    )


def image(text: str | None) -> Image | None:
    """Read what image_json wrote."""
    if text is None:
        return None
    alt, credit, sizes, card = json.loads(text)
    variants = tuple(Variant(*one) for one in sizes)
    largest = variants[-1]
    return Image(largest.path, largest.width, largest.height, alt, credit, variants, Variant(*card))


def day(text: str | None) -> date | None:
    """Read a day, or none."""
    return date.fromisoformat(text) if text else None


def _teaser(row: Row) -> dict[str, Any]:
    slug, title, bylines, written, updated, key, topic, articles, summary, minutes, picture, draft = row[2:14]
    return {
        "slug": slug,
        "title": title,
        "byline": tuple(Byline(name, part) for name, part in json.loads(bylines)),
        "date": date.fromisoformat(written),
        "updated": day(updated),
        "topic": Topic(key, topic, articles),
        "summary": summary,
        "minutes": minutes,
        "image": image(picture),
        "draft": bool(draft),
    }


def teaser(row: Row) -> Teaser:
    """Read a row of the view teaser."""
    return Teaser(**_teaser(row))


def entry(row: Row) -> Entry:
    """Read a row of teaser, and the text behind it."""
    return Entry(**_teaser(row), html=row[WIDTH])


def found(row: Row) -> Found:
    """Read a row of teaser, and the text with its hits marked behind it."""
    return Found(**_teaser(row), excerpt=excerpts.cut(row[WIDTH]))


def article(db: sqlite3.Connection, row: Row) -> Article:
    """Read a row of teaser, the long texts behind it, and the articles round this one."""
    number, withdrawn, ids = row[0], row[14], json.loads(row[15])
    html, toc, sources, corrections = row[WIDTH:]
    near = _near(db, ids if withdrawn else [number - 1, number + 1, *ids])
    return Article(
        **_teaser(row),
        html=html,
        toc=tuple(Heading(*one) for one in json.loads(toc)),
        sources=tuple(Source.from_json(one) for one in json.loads(sources)),
        corrections=tuple(Note(date.fromisoformat(on), text) for on, text in json.loads(corrections)),
        withdrawn=withdrawn,
        previous=None if withdrawn else near.get(number + 1),
        next=None if withdrawn else near.get(number - 1),
        related=tuple(near[one] for one in ids if one in near),
    )


def _near(db: sqlite3.Connection, ids: list[int]) -> dict[int, Teaser]:
    sql = "SELECT * FROM teaser WHERE withdrawn IS NULL AND id IN (SELECT value FROM json_each(?))"
    return {row[0]: teaser(row) for row in db.execute(sql, (json.dumps(ids),))}
