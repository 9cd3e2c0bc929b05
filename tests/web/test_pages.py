"""A page, or the piece of it that HTMX asked for; compressed where that tells nobody anything."""

import gzip
import shutil
import subprocess
import tracemalloc
import zlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from web import pages
from web.blank_page import HOLE, BlankPage, BlankPiece

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        (HTMX, False),
        ({"HX-Request": "false"}, True),
        ({**HTMX, "HX-Request-Type": "partial"}, False),
        ({**HTMX, "HX-Request-Type": "full"}, True),
        ({**HTMX, "HX-Boosted": "true"}, True),
        ({**HTMX, "HX-History-Restore-Request": "true"}, True),
        ({"HX-Boosted": "true"}, True),
    ],
)
def test_htmx_gets_the_piece_and_all_others_the_page(
    client: FlaskClient, headers: dict[str, str], whole: bool
) -> None:
    answer = client.get("/either", headers=headers)
    assert ("<!doctype html>" in answer.text) is whole
    assert "HX-Request" in answer.vary


def test_an_answer_to_get_is_compressed_for_who_takes_it(client: FlaskClient) -> None:
    plain = client.get("/page")
    assert "Content-Encoding" not in plain.headers
    packed = client.get("/page", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary


@pytest.mark.parametrize("refusal", ["gzip;q=0", "identity", "br", ""])
def test_who_does_not_take_gzip_gets_none(client: FlaskClient, refusal: str) -> None:
    for path in ("/page", "/blank"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": refusal}).headers


def test_an_answer_to_a_post_is_never_compressed(client: FlaskClient) -> None:
    answer = client.post("/form", data={"a": "x" * 5000}, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_a_page_is_not_kept_unless_it_says_so(app: Flask) -> None:
    with app.test_request_context():
        assert pages.page("home.html").headers["Cache-Control"] == "no-store"
        assert pages.page("home.html", cache=pages.FORM).headers["Cache-Control"] == "private, no-cache"


def test_a_blank_page_is_rendered_once_and_filled_each_time(app: Flask) -> None:
    rendered: list[str] = []

    def render(hole: str) -> str:
        rendered.append(hole)
        return f"<p>{hole}</p>"

    with app.test_request_context():
        one, two = (pages.blank("x", render).fill(text).get_data(as_text=True) for text in ("1", "2"))
    assert (one, two) == ("<p>1</p>", "<p>2</p>")
    assert len(rendered) == 1


def test_a_blank_page_comes_the_same_compressed_or_not(client: FlaskClient) -> None:
    plain = client.get("/blank")
    packed = client.get("/blank", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.text.endswith("<!--FILLED-->")
    assert plain.headers["Cache-Control"] == "private, no-cache"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(texts, texts, st.lists(texts, min_size=1, max_size=8))
def test_whatever_fills_the_hole_decompresses_to_the_filled_page(
    before: str, after: str, fillings: list[str]
) -> None:
    page = BlankPage(before + HOLE + after)
    for filling in fillings:
        assert gzip.decompress(page.gzipped(filling.encode())) == (before + filling + after).encode()


@pytest.mark.parametrize("size", [0, 1, 257, 258, 32_767, 32_768, 40_000, 65_535])
def test_the_page_after_the_hole_refers_to_the_page_before_it(size: int) -> None:
    text = "".join(f"<li>line {number} of a list</li>" for number in range(2000))
    page = BlankPage(text + HOLE + text[-20_000:])
    packed = page.gzipped(b"q" * size)
    assert gzip.decompress(packed) == (text + "q" * size + text[-20_000:]).encode()
    if size < 10_000:
        assert len(packed) - size < len(gzip.compress(text.encode())) + 400


def long_form(questions: int) -> str:
    """A page such as the form of the report: 150 questions make some 40 KB."""
    words = (
        "when", "where", "people", "vehicles", "money", "travel", "evidence",
        "danger", "what", "who", "how", "many", "which", "colour",
    )  # fmt: skip
    return "".join(
        f'<p><label for="{a}-{number}-{b}">{b.title()} of the {a}, question {number}</label> '
        f'<small id="{a}-{number}-{b}-most">up to {number * 37 % 5000} characters</small><br>\n'
        f'<input type="text" id="{a}-{number}-{b}" name="{a}-{number}-{b}" '
        f'aria-describedby="{a}-{number}-{b}-most" value="" autocomplete="off">\n'
        for number in range(questions // 2)
        for a, b in [
            (words[number % 14], words[number * 5 % 13]),
            (words[number * 3 % 11], words[number % 7]),
        ]
    )


@pytest.mark.parametrize("questions", [150, 240])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_a_long_page_weighs_what_it_would_without_a_hole_wherever_that_is(
    questions: int, share: float
) -> None:
    text, token = long_form(questions), "0aZ_" * 20
    at = int(len(text) * share)
    page = BlankPage(text[:at] + HOLE + text[at:])
    filled = (text[:at] + token + text[at:]).encode()
    assert len(filled) > 250 * questions
    packed = page.gzipped(token.encode())
    assert gzip.decompress(packed) == filled
    # The token is not deflated, and a page in two parts has a second table of codes.
    assert len(packed) < len(gzip.compress(filled, 9)) + 300


@pytest.mark.parametrize("filling", ["token", "q" * 3000])
def test_gzip_itself_and_zlib_agree(filling: str) -> None:
    text = "<p>some page</p>" * 3000
    packed = BlankPage(text + HOLE + text).gzipped(filling.encode())
    program = shutil.which("gzip")
    assert program is not None
    ended = subprocess.run([program, "-dc"], input=packed, capture_output=True, check=True)
    assert ended.stdout == (text + filling + text).encode()
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert decoder.decompress(packed) + decoder.flush() == ended.stdout
    assert decoder.eof
    assert decoder.unused_data == b""


def test_a_filling_too_long_for_a_stored_block_goes_uncompressed(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        answer = BlankPage(f"a{HOLE}b").fill("x" * 70_000)
    assert "Content-Encoding" not in answer.headers
    assert answer.content_length == 70_002


@pytest.mark.parametrize("html", ["none", f"{HOLE} two {HOLE}"])
def test_a_page_with_no_hole_or_two_is_a_mistake(html: str) -> None:
    with pytest.raises(ValueError, match="hole"):
        BlankPage(html)


def test_fillings_of_many_lengths_keep_little_in_memory() -> None:
    page = BlankPage("a" * 100 + HOLE + "b" * 100)
    for size in range(50):
        page.gzipped(b"x" * size)
    assert len(page._packed_after) <= 4


def test_a_long_page_with_many_fillings_keeps_a_few_times_its_packed_size() -> None:
    text = long_form(150)
    page = BlankPage(text[:2000] + HOLE + text[2000:])
    page.gzipped(b"")
    tracemalloc.start()
    try:
        for size in range(1, 30):
            page.gzipped(b"x" * size)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 5 * len(gzip.compress(text.encode(), 9))


def test_the_holes_of_a_piece_are_filled_in_their_order_and_a_filling_may_say_anything() -> None:
    piece = BlankPiece(f"a{HOLE}b{HOLE}")
    assert piece.fill(HOLE, "\\1") == f"a{HOLE}b\\1"
    assert piece.fill("", "") == "ab"
    with pytest.raises(ValueError, match="zip"):
        piece.fill("one")


def test_a_piece_that_is_the_same_for_everybody_is_rendered_once_for_each_thing_it_depends_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def render(template: str, **context: object) -> str:
        rendered.append(template)
        return f"<p>{template} {context}</p>"

    monkeypatch.setattr(pages, "render_template", render)
    asked = app.jinja_env.from_string('{{ once("a.html", here=here) }}')
    with app.test_request_context():
        assert [asked.render(here=here) for here in ("x", "y", "x")] == [
            f"<p>a.html {{'here': '{here}'}}</p>" for here in ("x", "y", "x")
        ]
    assert len(rendered) == 2
