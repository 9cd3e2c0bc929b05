"""Scripts and styles are sent without comments and blanks, and say what they said.

rjsmin and rcssmin know no grammar, they know where blanks may go. What they cannot know (a template within a
template, a regular expression after an arrow) is to be found here and not in somebody's browser.
"""

from functools import cache
from pathlib import Path

import pytest
import tree_sitter_css
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from web import assets

STATIC = Path(__file__).parents[2] / "static"
GRAMMARS = {".css": tree_sitter_css, ".js": tree_sitter_javascript}
# What may go: comments, and in a style the semicolon before a closing brace.
LEFT_OUT = {".css": {"comment", ";"}, ".js": {"comment"}}

OURS = sorted(
    file.name for file in STATIC.glob("*") if file.suffix in GRAMMARS and not file.name.endswith(".min.js")
)


@cache
def parser(suffix: str) -> Parser:
    return Parser(Language(GRAMMARS[suffix].language()))


Shape = tuple[object, ...]


def shape(text: bytes, suffix: str) -> Shape:
    """What a script or a style says: its tree, with the words that stand in it."""

    def of(node: Node) -> Shape:
        assert node.text is not None
        if not node.child_count:
            return node.type, node.text
        said = [of(child) for child in node.children if child.type not in LEFT_OUT[suffix]]
        # Between the parts of a text every blank counts.
        return node.type, *said, *([node.text] if node.type in ("string", "template_string") else [])

    tree = parser(suffix).parse(text)
    assert not tree.root_node.has_error, text[:200]
    return of(tree.root_node)


def sent(folder: Path, name: str) -> bytes:
    served = assets.Assets(folder)
    asset = served.get(served.url(name).removeprefix("/static/"))
    assert asset is not None
    return asset.data


def shortened(folder: Path, suffix: str, text: str) -> str:
    (folder / f"tried{suffix}").write_text(text)
    return sent(folder, f"tried{suffix}").decode()


@pytest.mark.parametrize("name", OURS)
def test_what_is_sent_says_what_is_written(name: str) -> None:
    suffix = Path(name).suffix
    written = b"\n".join((STATIC / part).read_bytes() for part in assets.BUNDLES.get(name, (name,)))
    assert shape(sent(STATIC, name), suffix) == shape(written, suffix)


@pytest.mark.parametrize("name", OURS)
def test_what_is_sent_is_shorter_and_has_no_comments(name: str) -> None:
    data = sent(STATIC, name)
    assert len(data) < sum(len((STATIC / part).read_bytes()) for part in assets.BUNDLES.get(name, (name,)))
    assert b"/*" not in data
    assert b"\n  " not in data


@pytest.mark.parametrize("text", ["a = `x ${ b ? ` ${c} ` : `` } y`;", "f(x => /a  '/.test(x), '');"])
def test_the_comparison_finds_what_shortening_breaks(tmp_path: Path, text: str) -> None:
    short = shortened(tmp_path, ".js", text)
    assert shape(short.encode(), ".js") != shape(text.encode(), ".js")


@pytest.mark.parametrize(
    "text",
    [
        """say("two  blanks // no comment", 'a "quote"  /* none */', "\\"  //");""",
        "say(`two  blanks ${ count } // none\n  a new line`);",
        r"""text.replace(/[/"'`]  \/\/ (\w+)/g, (whole, key) => values[key] ?? whole);""",
        "const found = list?.[0]?.name ?? 'none', half = on ? .5 : 1;",
        "a = b + +c - --d;\ne++\nf",
        "let a = 1\nlet b = 2\n;[a, b] = [b, a]",
        "for (const each of list) if (/x  y/.test(each)) return_(each);",
        "class Row { #state = 1; static of = (a) => new Row(a); get state() { return this.#state } }",
        "async function send() { for await (const part of parts) yield_(part) }",
        "const { a = 1, ...rest } = { ...b, c: void 0 };",
        "x = a / b / c; // ratio\ny = /* one */ 2;",
        "label: while (true) { break label }",
        "say('ünïcödé 🙂 \u2028');",
    ],
)
def test_a_script_keeps_its_texts_expressions_and_line_ends(tmp_path: Path, text: str) -> None:
    assert shape(shortened(tmp_path, ".js", text).encode(), ".js") == shape(text.encode(), ".js")


@pytest.mark.parametrize(
    "text",
    [
        "main :focus { width: calc(100% - (2rem + 1px)); }",
        "a:not(.b) > p + ul ~ :is(h1, h2) , dl * { margin : 0 -1px }",
        "@media (min-width: 40rem) and (hover: none), not (scripting: enabled) { p { color: red; } }",
        'a::after { content: "a  /* b */ ; } \\201C"; }',
        "@supports (selector(:has(a))) and (not (display: grid)) { form:has( input:checked ) p { top: 0 } }",
        "a { background: url(data:image/png;base64,AA==) no-repeat 0 0 / 1px 2px; --x: 1px  2px }",
        'h1 { font: 600 clamp(1.9rem, 1.4rem + 2.5vw, 2.9rem)/1.2 "A  B", serif !important }',
        'input[type="text"], a[href^="http"] { inset: 0 auto auto 0 }',
    ],
)
def test_a_style_keeps_the_blanks_that_mean_something(tmp_path: Path, text: str) -> None:
    assert shape(shortened(tmp_path, ".css", text).encode(), ".css") == shape(text.encode(), ".css")


@pytest.mark.parametrize("suffix", [".css", ".js"])
def test_comments_go_but_those_that_are_a_licence_stay(tmp_path: Path, suffix: str) -> None:
    text = shortened(tmp_path, suffix, "/*! by N.N.,  MIT */\n/* why */ a { b : c }\n")
    assert "/*! by N.N.,  MIT */" in text
    assert "why" not in text


@pytest.mark.parametrize("name", ["other.min.js", "other.min.css", "notes.txt"])
def test_what_is_short_already_or_no_script_is_sent_to_the_byte(tmp_path: Path, name: str) -> None:
    text = b"/* a  comment */\r\n\r\nx  =  1 ;\r\n"
    (tmp_path / name).write_bytes(text)
    assert sent(tmp_path, name) == text


def test_htmx_is_sent_as_it_was_released() -> None:
    assert sent(STATIC, "htmx.min.js") == (STATIC / "htmx.min.js").read_bytes()


def test_bytes_that_are_no_text_are_sent_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "odd.js").write_bytes(b'a  =  "\xff\xfe"')
    assert sent(tmp_path, "odd.js") == b'a="\xff\xfe"'
