"""Two machines that publish the same folder have the same site, and can tell by one digest."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from publishing.publish import publish
from publishing.reading import SiteDb
from tests.publishing.newsroom import TODAY, Newsroom, picture


def filled(newsroom: Newsroom) -> Newsroom:
    newsroom.write("images/a.jpg", picture())
    for number in range(5):
        newsroom.article(f"piece-{number}", text=f"Words {number}.\n\n![A boat](images/a.jpg)\n")
    return newsroom


def content(site: Path) -> list[str]:
    """All that is published, as SQL."""
    with sqlite3.connect(site) as db:
        return [line for line in db.iterdump() if "'version'" not in line and "sqlite_stat" not in line]


def elsewhere(newsroom: Newsroom, folder: Path, today: date = TODAY) -> Path:
    """Publish a copy of the folder, whose files were written in another order, at other times."""
    target = folder / "other.db"
    copy = folder / "copy"
    files = sorted((path for path in newsroom.content.rglob("*") if path.is_file()), reverse=True)
    for number, path in enumerate(files):
        place = copy / path.relative_to(newsroom.content)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        os.utime(place, (number, number))
    publish(copy, target, today=today)
    return target


def test_the_same_folder_is_the_same_site_on_every_machine(newsroom: Newsroom, tmp_path: Path) -> None:
    filled(newsroom).publish()
    other = elsewhere(newsroom, tmp_path, TODAY + timedelta(days=3))
    assert content(newsroom.target) == content(other)
    assert len(newsroom.site.digest) == 64
    assert newsroom.site.digest == SiteDb(other).digest
    assert newsroom.site.version != SiteDb(other).version


CHANGES: dict[str, Callable[[Newsroom], object]] = {
    "a word": lambda newsroom: newsroom.article("piece-1", text="Other words.\n\n![A boat](images/a.jpg)\n"),
    "a title": lambda newsroom: newsroom.article("piece-1", title="'Another'"),
    "an article more": lambda newsroom: newsroom.article("one-more"),
    "a picture": lambda newsroom: newsroom.write("images/a.jpg", picture(901)),
    "a page": lambda newsroom: newsroom.write(
        "pages/about.md", "+++\ntitle = 'x'\nsummary = 'y'\n+++\nWho we are.\n"
    ),
    "an attack": lambda newsroom: newsroom.write(
        "site.toml", (newsroom.content / "site.toml").read_text() + "\n[attack]\non = true\n"
    ),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_whatever_differs_shows_in_the_digest(newsroom: Newsroom, change: str) -> None:
    filled(newsroom).publish()
    before = newsroom.site.digest
    newsroom.publish()
    assert newsroom.site.digest == before
    CHANGES[change](newsroom)
    newsroom.publish()
    assert newsroom.site.digest != before
