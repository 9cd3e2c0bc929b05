"""Markdown to HTML that is safe to put into a page as it is.

CommonMark and footnotes, no HTML of its own. All text is escaped by the renderer; an address is written into
the page only when `links.kind` knows it. What a journalist should mend is added as a Problem with its line.
"""

import functools
import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from publishing import inline
from publishing.errors import Problem
from publishing.images import Picture
from publishing.model import Heading
from publishing.slugs import slug

# Ids of our own: headings must not take one that the page round the text has.
HEADING = "h-"
TOP, DEEPEST = 2, 4
MOST_HEADINGS = 200
_DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)


@dataclass
class Text:
    """One Markdown text, and what was found in it.

    ``line`` is the line of ``file`` it begins on; ``look`` says what a picture becomes, or raises BadImage.
    After `render`: ``html``, ``headings``, ``plain`` and ``notes`` (the words, for the search), ``addresses``
    (each on this site, with its line) and ``pictures`` (each file named).
    """

    file: str
    line: int
    problems: list[Problem]
    look: Callable[[str], Picture]
    html: str = ""
    headings: list[Heading] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    addresses: list[tuple[str, int]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    def wrong(self, line: int, what: str, hint: str) -> None:
        """Add a problem on a line of the file."""
        self.problems.append(Problem(self.file, line, what, hint))


def render(markdown: str, text: Text) -> Text:
    """Render ``markdown`` into ``text``, and give that."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(markdown, env)
    _headings(tokens, text)
    ids = {heading.id for heading in text.headings}
    words = text.plain
    for number, token in enumerate(tokens):
        line = text.line + (token.map[0] if token.map else 0)
        if token.type == "footnote_block_open":
            words = text.notes
        elif token.type == "inline":
            for offset, tag in token.meta.get("html", ()):
                text.wrong(line + offset, f"HTML: {tag[:40]}", "use Markdown alone; for a bare < write \\<")
            for offset, sign in inline.hidden(token.children or []):
                what = f"holds the invisible or damaged character U+{ord(sign):04X}"
                text.wrong(line + offset, what, "delete the &…; that stands for it")
            walk = inline.Walk(text, line, ids)
            token.children = walk.done(token.children or [])
            _figure(tokens, number)
            words.append(" ".join("".join(walk.words).split()))
        elif token.type in ("fence", "code_block"):
            words.append(" ".join(token.content.split()))
    _footnotes(markdown, env, text)
    parser = _parser()
    text.html = parser.renderer.render(tokens, parser.options, env)
    return text


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - markdown-it's own name for it
        """Let every address through: `inline.Walk` takes a bad one out and says what is wrong with it."""
        return True


@functools.cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "typographer": True, "xhtmlOut": False})
    parser.enable("smartquotes")
    parser.use(footnote_plugin)
    # Before what is escaped (\\<, &lt;) is joined with the rest: that is meant as it stands.
    parser.core.ruler.before("text_join", "html", inline.note_html)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def _headings(tokens: Sequence[Token], text: Text) -> None:
    above, taken = TOP - 1, set()
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        level, line = int(token.tag[1]), text.line + (token.map[0] if token.map else 0)
        if len(text.headings) == MOST_HEADINGS:
            text.wrong(line, f"more than {MOST_HEADINGS} headings", "split the text, or take some out")
            return
        words = inline.plain(tokens[number + 1].children or [])
        if level < TOP:
            text.wrong(line, "a heading of the first rank", "the title is that one; begin with ##")
        elif level > DEEPEST:
            text.wrong(line, f"a heading of rank {level}", f"use at most {'#' * DEEPEST}")
        elif level > above + 1:
            text.wrong(
                line, f"a heading {'#' * level} under one of {'#' * above}", f"use {'#' * (above + 1)}"
            )
        if not words:
            text.wrong(line, "a heading without words", "write the heading or delete the #")
        above = level
        name = base = HEADING + slug(words)
        again = 2
        while name in taken:
            name, again = f"{base}-{again}", again + 1
        taken.add(name)
        token.attrSet("id", name)
        text.headings.append(Heading(level, name, words))


def _figure(tokens: Sequence[Token], number: int) -> None:
    """Make a paragraph of one picture a figure, and the picture's title its caption."""
    children = tokens[number].children or []
    before = tokens[number - 1]
    # In a tight list the paragraph is not written, so nothing would be round the caption.
    if (
        [child.type for child in children] == ["image"]
        and before.type == "paragraph_open"
        and not before.hidden
    ):
        before.tag = tokens[number + 1].tag = "figure"
        children[0].meta["figure"] = True


def _footnotes(markdown: str, env: MutableMapping[str, Any], text: Text) -> None:
    used = env.get("footnotes", {}).get("refs", {})
    seen: set[str] = set()
    for match in _DEFINITION.finditer(markdown):
        line = text.line + markdown.count("\n", 0, match.start())
        name = match[1]
        if name in seen:
            text.wrong(line, f"note [^{name}] is written twice", "give one of them another number")
        elif used.get(f":{name}") == -1:
            text.wrong(
                line, f"note [^{name}] is never used", f"put [^{name}] into the text, or delete the note"
            )
        seen.add(name)


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: object) -> str:
    token = tokens[at]
    picture: Picture | None = token.meta.get("picture")
    if picture is None:
        return ""
    largest, alt = picture.largest, escape(token.content)
    srcset = escape(", ".join(f"/images/{one.path} {one.width}w" for one in picture.variants))
    html = (
        f'<img src="/images/{escape(largest.path)}" srcset="{srcset}" sizes="(max-width: 44rem) 100vw, 42rem"'
        f' width="{largest.width}" height="{largest.height}" alt="{alt}" loading="lazy" decoding="async">'
    )
    caption = token.attrGet("title")
    return (
        html + f"<figcaption>{escape(str(caption))}</figcaption>"
        if caption and token.meta.get("figure")
        else html
    )


def _code(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: object) -> str:
    # It scrolls where it is too wide, so it must be reached by keyboard.
    return f'<pre tabindex="0"><code>{escape(tokens[at].content, quote=False)}</code></pre>\n'


def _ref(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: object) -> str:
    number, again = tokens[at].meta["id"] + 1, tokens[at].meta.get("subId", 0)
    name = f"fnref{number}" + (f"-{again + 1}" if again else "")
    return f'<sup><a href="#fn{number}" id="{name}">{number}</a></sup>'


def _notes_open(*_: object) -> str:
    return '<section class="notes" aria-labelledby="notes">\n<h2 id="notes">Notes</h2>\n<ol>\n'


def _notes_close(*_: object) -> str:
    return "</ol>\n</section>\n"


def _note_open(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: object) -> str:
    return f'<li id="fn{tokens[at].meta["id"] + 1}">'


def _note_back(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: object) -> str:
    number, again = tokens[at].meta["id"] + 1, tokens[at].meta.get("subId", 0)
    name = f"fnref{number}" + (f"-{again + 1}" if again else "")
    label = f"Back to the text at note {number}" + (f", place {again + 1}" if again else "")
    # U+FE0E: as text, not as a coloured picture.
    return f' <a href="#{name}" class="back" aria-label="{label}">\u21a9\ufe0e</a>'


_RULES: dict[str, Callable[..., str]] = {
    "image": _image,
    "fence": _code,
    "code_block": _code,
    "footnote_ref": _ref,
    "footnote_block_open": _notes_open,
    "footnote_block_close": _notes_close,
    "footnote_open": _note_open,
    "footnote_anchor": _note_back,
}
