"""The newsroom's own pages: pages/about.md and the like."""

from dataclasses import dataclass

from publishing import matter
from publishing.articles import MAX_SUMMARY, MAX_TITLE, Edition
from publishing.errors import Problem
from publishing.markdown import Text, render

FOLDER = "pages"


@dataclass(frozen=True)
class OwnPage:
    """One such page: ``name`` of the file, and what it links to and shows."""

    file: str
    name: str
    title: str
    summary: str
    html: str
    addresses: tuple[tuple[str, int], ...]
    pictures: tuple[str, ...]


def read(edition: Edition, file: str, problems: list[Problem]) -> OwnPage | None:
    """Read, check and render ``file`` ("pages/….md"); what is wrong is added to ``problems``."""
    name = matter.name_of(file, problems)
    split = matter.read(edition.content, file, problems)
    if split is None:
        return None
    split.values.only(("title", "summary"))
    title, summary = split.values.text("title", MAX_TITLE), split.values.text("summary", MAX_SUMMARY)
    text = render(split.text, Text(file, split.line, problems, edition.look))
    return OwnPage(file, name, title, summary, text.html, tuple(text.addresses), tuple(text.pictures))
