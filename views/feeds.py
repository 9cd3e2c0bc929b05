"""What programs read: the Atom feeds, the site map, and what robots may look at."""

from flask import Blueprint, Response, abort

from views import atom, published
from views.shared import vigil
from web import cached, pages

bp = Blueprint("feeds", __name__)

# Pages besides what the newsroom publishes. Not /search: it would lead robots round in circles.
PAGES = (
    "/",
    "/articles/",
    "/agencies/",
    "/report",
    "/letter",
    "/contact",
    "/safety",
    "/privacy",
    "/keys",
    "/about",
    "/accessibility",
    "/corrections",
)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_ADDRESSES = 50_000  # a site map may hold no more


@bp.get("/feed.atom")
def feed() -> Response:
    """Give the newest articles as a feed."""

    def make(root: str) -> Response:
        site = vigil()
        written = atom.feed(root, "/feed.atom", "/articles/", site.site.name, site.published.feed())
        return _answer(written, atom.TYPE)

    return published.kept_at_root("feed", make)


@bp.get("/topics/<topic>/feed.atom")
def topic_feed(topic: str) -> Response:
    """Give the newest articles of one topic; 404 for a topic that the newsroom has not."""

    def make(root: str) -> Response:
        found = vigil().published.topic(topic) or abort(404)
        path = f"/topics/{found.key}"
        title = f"{found.title} · {vigil().site.name}"
        entries = vigil().published.feed(found.key)
        return _answer(atom.feed(root, f"{path}/feed.atom", path, title, entries), atom.TYPE)

    return published.kept_at_root(("feed", topic), make)


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Give the address of every page that search engines shall know."""

    def make(root: str) -> Response:
        lines = [f"<url><loc>{atom.text(root + page)}</loc></url>" for page in PAGES]
        for address in vigil().published.sitemap()[: MOST_ADDRESSES - len(PAGES)]:
            changed = f"<lastmod>{address.changed}</lastmod>" if address.changed else ""
            lines.append(f"<url><loc>{atom.text(root + address.path)}</loc>{changed}</url>")
        head = f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{SITEMAP}">'
        return _answer("\n".join([head, *lines, "</urlset>\n"]).encode(), "application/xml")

    return published.kept_at_root("sitemap", make)


@bp.get("/robots.txt")
def robots() -> Response:
    """Let robots see everything but the search; say where the site map is."""
    lines = ("User-agent: *", "Disallow: /search", f"Sitemap: {published.root()}/sitemap.xml", "")
    # Not by published.kept: this holds before anything is published too, and costs nothing to make.
    return cached.Kept.of(_answer("\n".join(lines).encode(), "text/plain")).answer()


def _answer(data: bytes, media_type: str) -> Response:
    answer = Response(data, content_type=f"{media_type}; charset=utf-8")
    # Where the address in it is only what was asked for, it is nobody else's.
    answer.headers["Cache-Control"] = cached.READERS if published.own_root() else pages.FORM
    return answer
