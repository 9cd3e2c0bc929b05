"""An article as search engines read it: schema.org's NewsArticle."""

from typing import Any

from publishing.model import Article
from views.shared import vigil
from web import language

# schema.org's own limit is softer; what is longer is cut by those who show it.
MOST_HEADLINE = 110


def news_article(article: Article) -> dict[str, Any]:
    """Describe an article; addresses only where the site has said what its own is."""
    site = vigil().site
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title[:MOST_HEADLINE],
        "description": article.summary,
        "datePublished": article.date.isoformat(),
        "dateModified": (article.updated or article.date).isoformat(),
        "inLanguage": language.current(),
        "isAccessibleForFree": True,
        "articleSection": article.topic.title,
        "author": [
            _with_url(
                {"@type": "Organization" if site.name in one.name else "Person", "name": one.name},
                f"/bylines/{one.slug}",
            )
            for one in article.byline
        ],
        "publisher": _with_url({"@type": "NewsMediaOrganization", "name": site.name}, "/"),
    }
    if article.corrections:
        described["correction"] = [note.text for note in article.corrections]
    if site.url:
        described["mainEntityOfPage"] = f"{site.url}/articles/{article.slug}"
        if article.image:
            described["image"] = f"{site.url}/images/{article.image.card.path}"
    return described


def _with_url(described: dict[str, Any], path: str) -> dict[str, Any]:
    url = vigil().site.url
    return {**described, "url": f"{url}{path}"} if url else described
