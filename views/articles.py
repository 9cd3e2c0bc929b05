"""Articles: one, the lists of them by topic and by byline, the search, and their pictures."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, abort, get_template_attribute, request

from publishing.model import Article, Byline, Found, Page, Topic
from views import described, published, sources
from views.shared import vigil
from web import blocking, cached, pages

bp = Blueprint("articles", __name__)

# Characters of a search that are looked at.
MOST_SEARCHED = 200
NOTHING: Page[Found] = Page((), 1, 1, 0)


@bp.get("/articles/<slug>")
def article(slug: str) -> Response:
    """Show an article; 410 with the reason where it was withdrawn, 404 where there is none."""
    return published.kept(("article", slug), lambda: _article(vigil().published.article(slug) or abort(404)))


def _article(found: Article) -> Response:
    if found.withdrawn is not None:
        return published.page("articles/withdrawn.html", status=410, article=found)
    text, unnamed = sources.noted(found, get_template_attribute("articles/_piece.html", "read"))
    linked = described.news_article(found)
    return published.page(
        "articles/article.html",
        article=found,
        text=text,
        sources=unnamed,
        unchecked=sources.unchecked(found),
        linked=linked,
    )


@bp.get("/articles/")
def articles() -> Response:
    """List all articles, newest first."""
    return _kept_list("/articles/", lambda: _list("all", topics=vigil().published.topics()))


@bp.get("/topics/<topic>")
def topic(topic: str) -> Response:
    """List the articles of one topic; 404 for a topic that the newsroom has not."""

    def make() -> Response:
        found = vigil().published.topic(topic) or abort(404)
        return _list("topic", topic=found)

    return _kept_list(f"/topics/{topic}", make)


@bp.get("/bylines/<name>")
def byline(name: str) -> Response:
    """List what somebody wrote; 404 for one who wrote nothing here."""

    def make() -> Response:
        found = vigil().published.byline(name) or abort(404)
        return _list("byline", byline=found)

    return _kept_list(f"/bylines/{name}", make)


def _kept_list(path: str, make: Callable[[], Response]) -> Response:
    return published.kept((path, published.wanted_page(), pages.current_request().wants_partial), make)


def _list(
    kind: str,
    topic: Topic | None = None,
    byline: Byline | None = None,
    topics: Sequence[Topic] = (),
) -> Response:
    """Show one page of a list, or for HTMX's "more" its items alone; 404 for a page beyond the last."""
    number = published.wanted_page()
    found = vigil().published.teasers(
        topic=topic.key if topic else None, byline=byline.slug if byline else None, page=number
    )
    if number > found.pages:
        abort(404)
    template = f"articles/{kind}.html"
    return published.page(
        template,
        "articles/_teasers.html",
        found=found,
        path=request.path,
        topic=topic,
        byline=byline,
        added=number > 1,
        topics=topics,
    )


@bp.get("/search")
def search() -> Response:
    """Find articles. What was searched for is kept nowhere: not here, and not in the browser's cache."""
    words = " ".join(request.args.get("q", "")[:MOST_SEARCHED].split())
    number = published.wanted_page()
    site = vigil().published
    found = blocking.look(site.search, words, number) if words else NOTHING
    if number > found.pages:
        abort(404)
    return pages.page_or_partial(
        "articles/search.html",
        "articles/_results.html" if number == 1 else "articles/_found.html",
        words=words,
        found=found,
        path="/search",
        topics=site.topics(),
    )


@bp.get("/images/<path:path>")
def image(path: str) -> Response:
    """Give a picture. Its address changes with it, so it may be kept for a year."""
    data, media_type = blocking.look(vigil().published.image, path) or abort(404)
    answer = Response(data, content_type=media_type)
    answer.headers["Cache-Control"] = cached.FOREVER
    answer.set_etag(path)
    answer.make_conditional(request)
    return answer
