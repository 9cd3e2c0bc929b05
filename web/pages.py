"""Answers: a whole page, or the piece of it that HTMX asked for."""

import gzip
from collections.abc import Callable

from flask import Flask, Response, current_app, render_template, stream_template
from markupsafe import Markup

from web import blocking, language
from web.blank_page import HOLE, BlankPage, BlankPiece
from web.request import current_request

__all__ = [
    "BlankPage",
    "answer",
    "blank",
    "blank_piece",
    "current_request",
    "once",
    "page",
    "page_or_partial",
    "register",
    "tagged",
]

NO_STORE = "no-store"
# Kept for the Back button, never by a shared cache: what was typed is still there.
FORM = "private, no-cache"

# Pieces of a template, a question of a form is one of them, that are rendered before others run.
PIECES_EACH = 40

_WORTH_COMPRESSING = 600  # bytes; less fits one packet anyhow


def page(
    template: str,
    status: int = 200,
    *,
    cache: str = NO_STORE,
    compress: bool | None = None,
    **context: object,
) -> Response:
    """Render a whole page.

    ``compress`` is whether it may be gzipped. By default only answers to GET are: an answer to a POST holds
    what was typed beside sealed keys, and its compressed length would tell of them.
    """
    return answer(render_template(template, **context), status, cache=cache, compress=compress)


def long_page(template: str, status: int = 200, *, cache: str = NO_STORE, **context: object) -> Response:
    """Render a whole page that may be some hundred kB long, and let others run meanwhile."""
    pieces = []
    for piece in stream_template(template, **context):
        pieces.append(piece)
        if len(pieces) % PIECES_EACH == 0:
            blocking.breathe()
    return answer("".join(pieces), status, cache=cache)


def page_or_partial(
    template: str,
    partial: str,
    status: int = 200,
    *,
    cache: str = NO_STORE,
    compress: bool | None = None,
    **context: object,
) -> Response:
    """Render ``partial`` for HTMX and ``template``, which includes it, for everybody else."""
    chosen = partial if current_request().wants_partial else template
    response = page(chosen, status, cache=cache, compress=compress, **context)
    response.vary.update(["HX-Request", "HX-Request-Type", "HX-Boosted", "HX-History-Restore-Request"])
    return response


def tagged(response: Response) -> Response:
    """Give a page that is the same each time a tag; whoever has it already is sent nothing."""
    response.add_etag()
    response.make_conditional(current_request())
    return response


def blank(name: str, render: Callable[[str], str]) -> BlankPage:
    """Give the blank page called ``name`` of this application, in the language of this request.

    ``render`` is called the first time only: it gets what to put where the hole shall be.
    """
    kept: dict[tuple[str, str], BlankPage] = current_app.extensions.setdefault("vigil.blank_pages", {})
    key = (name, language.current())
    if key not in kept:
        kept[key] = BlankPage(render(HOLE))
    return kept[key]


def blank_piece(name: str, render: Callable[[str], str]) -> BlankPiece:
    """Give a piece of a page, in the language of this request, as `blank` gives a page."""
    kept: dict[tuple[str, str], BlankPiece] = current_app.extensions.setdefault("vigil.blank_pieces", {})
    key = (name, language.current())
    if key not in kept:
        kept[key] = BlankPiece(render(HOLE))
    return kept[key]


def once(template: str, **context: object) -> Markup:
    """Render a piece that is the same for everybody in a language, for a template: the first time only.

    ``context`` is what else it depends on: little, and nothing that a visitor can choose.
    """
    kept: dict[tuple[object, ...], Markup] = current_app.extensions.setdefault("vigil.pieces", {})
    key = (template, language.current(), *context.values())
    if key not in kept:
        kept[key] = Markup(render_template(template, **context))  # noqa: S704 - a template of ours, escaped there
    return kept[key]


def register(app: Flask) -> None:
    """Give templates `once`."""
    app.jinja_env.globals["once"] = once


def answer(
    html: str | bytes, status: int = 200, *, cache: str = NO_STORE, compress: bool | None = None
) -> Response:
    """Make an answer of HTML that is already rendered."""
    request = current_request()
    body = html.encode() if isinstance(html, str) else html
    response = current_app.response_class(body, status, mimetype="text/html")
    response.headers["Cache-Control"] = cache
    if compress is None:
        compress = request.method in ("GET", "HEAD")
    if compress and len(body) >= _WORTH_COMPRESSING:
        response.vary.add("Accept-Encoding")
        if request.takes_gzip:
            response.set_data(gzip.compress(body, 6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response
