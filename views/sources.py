"""The notes of an article, each with the day when somebody read the source that it names."""

import re
from collections.abc import Callable
from html import unescape

from markupsafe import Markup

from publishing.model import Article, Source

# As publishing writes notes: `<li id="fn1">`, and the way back to the text at the end.
_NOTE = re.compile(r'<li id="fn\d+">.*?</li>', re.DOTALL)
_ADDRESS = re.compile(r' href="([^"]*)"')
_BACK = re.compile(r' <a href="#fnref')


def noted(article: Article, said: Callable[[Source], Markup]) -> tuple[Markup, list[Source]]:
    """Give the article's HTML with what is ``said`` of each source in its note, and the other sources.

    What is said stands before the way back to the text; where several notes name a source, in each of them.
    Of links that nobody has checked nothing is said one by one where that holds for all: see `unchecked`.
    """
    quiet = unchecked(article)
    by_url = {source.url: source for source in article.sources}
    named: set[str] = set()

    def with_day(match: re.Match[str]) -> str:
        note = match[0]
        urls = [url for url in map(unescape, _ADDRESS.findall(note)) if url in by_url]
        named.update(urls)
        words = "" if quiet else "".join(f" {said(by_url[url])}" for url in dict.fromkeys(urls))
        back = _BACK.search(note)
        return f"{note[: back.start()]}{words}{note[back.start() :]}" if words and back else note

    html = _NOTE.sub(with_day, article.html)
    # Safe, for publishing has escaped it, and what is said is Markup.
    return Markup(html), [source for source in article.sources if source.url not in named]  # noqa: S704 - as said


def unchecked(article: Article) -> bool:
    """Whether the article has sources, and nobody has checked the link to any of them."""
    return bool(article.sources) and not any(source.date_read for source in article.sources)
