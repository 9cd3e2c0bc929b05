"""The newsroom's own pages: pages/about.md and the like."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from publishing import matter
from publishing.articles import MAX_SUMMARY, MAX_TITLE, Desk
from publishing.errors import Problem
from publishing.markdown import Text, render
from publishing.slugs import is_slug

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


def read(desk: Desk, file: str, problems: list[Problem]) -> OwnPage | None:
    """Read, check and render ``file`` ("pages/….md"); what is wrong is added to ``problems``."""
    name = PurePosixPath(file).stem
    if not is_slug(name):
        problems.append(
            Problem(file, None, "the file's name cannot be an address", "use small letters and hyphens")
        )
    split = matter.read(desk.content, file, problems)
    if split is None:
        return None
    split.values.only(("title", "summary"))
    title, summary = split.values.text("title", MAX_TITLE), split.values.text("summary", MAX_SUMMARY)
    text = render(split.text, Text(file, split.line, problems, desk.look))
    return OwnPage(file, name, title, summary, text.html, tuple(text.addresses), tuple(text.pictures))
