"""The first page."""

from typing import NamedTuple

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from publishing.errors import NotPublished
from publishing.model import Teaser, Topic
from views import published
from views.shared import vigil
from web import pages

bp = Blueprint("home", __name__)

IN_A_SECTION = 3


class Section(NamedTuple):
    """One topic on the first page, with its newest articles."""

    topic: Topic
    teasers: list[Teaser]


@bp.get("/")
def home() -> AnyResponse:
    """Show the newest article, the latest of each topic, and what a reader can do."""
    try:
        return published.kept("home", _front)
    except NotPublished:
        return pages.page("home.html", cache=pages.FORM)


def _front() -> Response:
    found = vigil().published
    first = next(iter(found.teasers(size=1).items), None)
    sections = []
    for topic in found.topics():
        # One more than shown: the article on top is not shown again below.
        newest = found.teasers(topic=topic.key, size=IN_A_SECTION + 1).items
        others = [teaser for teaser in newest if first is None or teaser.slug != first.slug]
        if others:
            sections.append(Section(topic, others[:IN_A_SECTION]))
    return published.page("home.html", first=first, sections=sections)
