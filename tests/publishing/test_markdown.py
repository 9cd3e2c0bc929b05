"""Markdown becomes HTML that is safe whatever stands in it, and says what it says."""

# ruff: noqa: RUF001 - quotes and dashes are what is tested

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publishing import links
from publishing.images import look
from publishing.markdown import Text, render
from tests.publishing.newsroom import Newsroom, picture

TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
    ),
    *("li", "ol", "p", "pre", "section", "strong", "sup", "ul"),
}
VOID = {"br", "hr", "img"}
ATTRIBUTES = {
    "a": {"href", "rel", "title", "id", "class", "aria-label"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "section": {"class", "aria-labelledby"},
    "pre": {"tabindex"},
    "ol": {"start"},
    "li": {"id"},
    **{f"h{rank}": {"id"} for rank in range(1, 7)},
}


class Checker(HTMLParser):
    """Refuses what our renderer has no business to write: a tag, an attribute, an address, a lost end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set())
        assert len({name for name, _ in attrs}) == len(attrs)
        found = dict(attrs)
        if "href" in found:
            assert links.kind(found["href"] or "")
        assert str(found.get("src", "/images/")).startswith("/images/")
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert not set("<>&") & set(data)

    def handle_charref(self, name: str) -> None:
        raise AssertionError(name)

    def handle_entityref(self, name: str) -> None:
        assert name in {"lt", "gt", "amp", "quot"}

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def rendered(markdown: str, content: Path = Path("nowhere")) -> Text:
    return render(markdown, Text("articles/x.md", 1, [], lambda file: look(content, file)))


def checked(markdown: str) -> Text:
    text = rendered(markdown)
    checker = Checker()
    checker.feed(text.html)
    checker.close()
    assert checker.open == []
    assert len(set(checker.ids)) == len(checker.ids)
    return text


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:x) [y](file:///etc/passwd) [z](data:text/html;base64,PHN2Zz4=)",
    '[x](https://a.example/"onclick="alert(1))',
    "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
    "[x](//evil.example) [y](/\\evil.example) [z](\\\\evil.example)",
    '<javascript:alert(1)> <https://a.example/">',
    '![x](javascript:alert(1)) !["><script>](images/x.jpg)',
    "https://a.example/<script>alert(1)</script>",
    "https://a.example/'onclick='alert(1)",
    '```html"><script>\n<script>\n```',
    '# <script>\n## " onclick="x\n## h\n## h\n## h-2',
    "x[^<b>]\n\n[^<b>]: <script>",
    "x^[<script>alert(1)</script>]",
    "&lt;script&gt; &#60;script&#62; &amp;lt; &#0; &#x2;",
    "a\n\n<div>\n\n<p onclick=x>\n\n<!-- --><![CDATA[x]]><?php x ?>",
    "> " * 200 + "x",
    "[" * 3000,
    "*a **a " * 2000,
    "![" * 500 + "](" * 500,
    "x[^1]\n\n[^1]: y[^1][^2]\n[^2]: z[^1]\n",
    "\u202e\u0000\ufffe\ud7ff",
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_text_becomes_harmless_html(markdown: str) -> None:
    checked(markdown)


MARKS = st.sampled_from(
    [
        *"<>&\"'[]()!#*_`~^:/\\ \n\t-+.1ax",
        "[^1]",
        "](",
        "[^1]: ",
        "https://a.b/",
        "javascript:",
        "&#",
        "<b",
        "## ",
        "```",
        "    ",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(MARKS, max_size=60).map("".join)))
@example("[^1]\n[^1]: [^1]")
def test_any_text_gives_valid_escaped_html(markdown: str) -> None:
    checked(markdown)


@given(st.text(max_size=100))
def test_any_text_in_an_article_is_published_or_named(text: str) -> None:
    assert checked(text.replace("<", "\\<") + "\n").html is not None


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ('It\'s "so" -- 1990--1995...', "<p>It’s “so” – 1990–1995…</p>\n"),
        ("(c) 1(c) -- --x `--` ", "<p>(c) 1(c) – --x <code>--</code></p>\n"),
        ("[x](https://x.example/)", '<p><a href="https://x.example/" rel="noreferrer">x</a></p>\n'),
        ("[x](/report) [y](tel:999)", '<p><a href="/report">x</a> <a href="tel:999">y</a></p>\n'),
        (
            "See https://x.example/a_b_(c)?d=1&e=2.",
            '<p>See <a href="https://x.example/a_b_(c)?d=1&amp;e=2" rel="noreferrer">https://x.example/a_b_(c)?d=1&amp;e=2</a>.</p>\n',
        ),
        (
            "## One two\n\n[x](#one-two)",
            '<h2 id="h-one-two">One two</h2>\n<p><a href="#h-one-two">x</a></p>\n',
        ),
        ("a  \nb", "<p>a<br>\nb</p>\n"),
        ("    x < y", '<pre tabindex="0"><code>x &lt; y\n</code></pre>\n'),
    ],
)
def test_markdown_is_rendered(markdown: str, html: str) -> None:
    text = checked(markdown)
    assert text.html == html
    assert text.problems == []


def test_notes_lead_there_and_back() -> None:
    text = checked('One[^a] and again.[^a]\n\n[^a]: An office, "A report", https://o.example/r.\n')
    assert '<sup><a href="#fn1" id="fnref1">1</a></sup>' in text.html
    assert '<sup><a href="#fn1" id="fnref1-2">1</a></sup>' in text.html
    assert (
        '<li id="fn1"><p>An office, “A report”, <a href="https://o.example/r" rel="noreferrer">' in text.html
    )
    assert ' <a href="#fnref1" class="back" aria-label="Back to the text at note 1">' in text.html
    assert text.plain == ["One and again."]
    assert text.notes == ["An office, “A report”, ."]
    assert text.problems == []


def test_a_picture_alone_is_a_figure_with_its_caption(newsroom: Newsroom) -> None:
    newsroom.write("images/a.jpg", picture(1200, 800))
    text = rendered(
        '![A "street"](images/a.jpg "Photo: <me>")\n\n- ![x](images/a.jpg "y")\n', newsroom.content
    )
    assert text.problems == []
    assert '<figure><img src="/images/a-1200-' in text.html
    assert (
        'width="1200" height="800" alt="A &quot;street&quot;" loading="lazy" decoding="async">' in text.html
    )
    assert "<figcaption>Photo: &lt;me&gt;</figcaption></figure>" in text.html
    assert text.html.count("figcaption") == 2
    assert text.pictures == ["images/a.jpg", "images/a.jpg"]
