"""Words of strangers as HTML: nothing in them acts, and what would show nothing is shown.

The marks are those of `desk.harmless`, as on a terminal; each text is kept apart from what stands around it,
so that a right-to-left letter turns nothing round but itself.
"""

import re

from markupsafe import Markup, escape

from desk.harmless import harmless, harmless_lines, harmless_name

_MARK = re.compile(r"&lt;(U\+[0-9A-F]{4,6}|[0-9]+ more marks)&gt;")
_ON_PAGE = r'<span class="mark">&lt;\1&gt;</span>'


def shown(text: object) -> Markup:
    """Give a text on one line."""
    return _apart(harmless(str(text)))


def shown_name(text: object) -> Markup:
    """Give a file's name, or another short text, in which no gap pushes the end out of sight."""
    return _apart(harmless_name(str(text)))


def shown_lines(text: object) -> Markup:
    """Give a text of several lines; each is a paragraph of its own to the eye."""
    lines = [_marked(line) for line in harmless_lines(str(text))]
    return Markup('<span class="words" dir="auto">') + Markup("\n").join(lines) + Markup("</span>")


def _apart(line: str) -> Markup:
    return Markup("<bdi>") + _marked(line) + Markup("</bdi>")


def _marked(line: str) -> Markup:
    return Markup(_MARK.sub(_ON_PAGE, str(escape(line))))  # noqa: S704 - escaped, then our own marks put round
