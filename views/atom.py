"""Atom (RFC 4287), written out: the articles of a list with their text, every address whole."""

import re
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from publishing.model import Entry
from web import language

NAMESPACE = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml"
# A feed must say when it changed, also one that is still empty.
NEVER = date(1970, 1, 1)
# Addresses in an article's text that hold only on this site, or only within the page. Feed readers show the
# text elsewhere. publishing writes every attribute in double quotes.
_OF_THE_SITE = re.compile(r' (href|src)="/(?!/)')
_OF_THE_PAGE = re.compile(r' href="#')
_SRCSET = re.compile(r' srcset="[^"]*"| sizes="[^"]*"')


def text(words: str) -> str:
    """Give words as XML holds them."""
    return escape(words)


def feed(root: str, path: str, page: str, title: str, entries: Sequence[Entry]) -> bytes:
    """Write the feed that lies at ``path``, of the list at ``page``; ``root`` is how its addresses begin."""
    changed = max((_changed(entry) for entry in entries), default=NEVER)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="{NAMESPACE}" xml:lang={quoteattr(language.current())}>',
        f"<title>{text(title)}</title>",
        f"<id>{text(root + path)}</id>",
        f'<link rel="self" type="{TYPE}" href={quoteattr(root + path)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(root + page)}/>',
        f"<updated>{_moment(changed)}</updated>",
        *(_entry(root, entry) for entry in entries),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _entry(root: str, entry: Entry) -> str:
    address = f"{root}/articles/{entry.slug}"
    lines = [
        "<entry>",
        f"<title>{text(entry.title)}</title>",
        f"<id>{text(address)}</id>",
        f'<link rel="alternate" type="text/html" href={quoteattr(address)}/>',
        f"<published>{_moment(entry.date)}</published>",
        f"<updated>{_moment(_changed(entry))}</updated>",
        *(
            f"<author><name>{text(one.name)}</name><uri>{text(f'{root}/bylines/{one.slug}')}</uri></author>"
            for one in entry.byline
        ),
        f"<category term={quoteattr(entry.topic.key)} label={quoteattr(entry.topic.title)}/>",
        f"<summary>{text(entry.summary)}</summary>",
        f'<content type="html">{text(_whole(entry.html, root, address))}</content>',
        "</entry>",
    ]
    return "\n".join(lines)


def _whole(html: str, root: str, address: str) -> str:
    """Give an article's text with whole addresses only."""
    within = _SRCSET.sub("", html)
    return _OF_THE_PAGE.sub(f' href="{address}#', _OF_THE_SITE.sub(rf' \1="{root}/', within))


def _changed(entry: Entry) -> date:
    return max(entry.date, entry.updated or entry.date)


def _moment(day: date) -> str:
    """A day as Atom wants it. The time of day is not kept, so it is midnight."""
    return f"{day.isoformat()}T00:00:00Z"
