"""Error pages: what happened and what to do next, in plain words, with nothing of the request in them.

A request never causes a line in a log. An exception that nobody expected is told to whoever registered with
`on_unexpected`, by its kind and the place in our code, without its values.
"""

import traceback
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app
from werkzeug.exceptions import ClientDisconnected, HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from web import pages
from web.error_words import WORDS, Words
from web.refusals import BodyError, Stalled

WHOLE = "errors/page.html"
PARTIAL = "errors/_told.html"
# A browser shows an answer only when it has sent its body; more than this is not worth reading for that.
READ_PAST = 64 << 20

Told = Callable[[str, str], object]


def register(app: Flask) -> None:
    """Answer every error of ``app`` with a page, and keep Flask from logging any."""
    app.register_error_handler(Exception, answer)
    app.logger.disabled = True


def on_unexpected(app: Flask, told: Told) -> None:
    """Have ``told(kind, place)`` called for each exception that nobody expected."""
    app.extensions["vigil.unexpected"] = told


def answer(error: Exception) -> AnyResponse:
    """Make the answer to an exception that left a view."""
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        error = cast(Exception, error.original_exception)  # raised after the view, as by an after_request
    if not isinstance(error, HTTPException):
        told: Told | None = current_app.extensions.get("vigil.unexpected")
        if told is not None:
            told(type(error).__name__, place_of(error))
        _read_past()
        return error_page(HTTPStatus.INTERNAL_SERVER_ERROR)
    if error.response is not None:
        return cast(AnyResponse, error.response)
    if error.code is None or error.code < 400:  # a redirect is an answer, no error
        return error.get_response(pages.current_request().environ)
    if not isinstance(error, (ClientDisconnected, Stalled)):
        _read_past()
    response = error_page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def error_page(status: int, words: Words | None = None) -> Response:
    """Give the page that explains ``status``, in its own words unless others are given.

    For HTMX it is the piece that goes where the page tells things.
    """
    words = words or WORDS.get(status) or WORDS[400 if status < 500 else 500]
    partial = pages.current_request().wants_partial
    response = pages.page_or_partial(WHOLE, PARTIAL, status, words=words)
    if partial:
        response.headers["HX-Retarget"] = "#told"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def place_of(error: BaseException) -> str:
    """Name the innermost line of our own code that ``error`` passed: "views/report.py:42"."""
    root = Path(__file__).parent.parent
    place = "elsewhere"
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(root):
            inside = file.relative_to(root)
            if not any(part.startswith(".") or part == "site-packages" for part in inside.parts):
                place = f"{inside.as_posix()}:{line}"
    return place


def _read_past() -> None:
    """Read what is left of a body, within reason, so that the browser gets to see the answer."""
    try:
        pages.current_request().incoming.drain(READ_PAST)
    except (ClientDisconnected, BodyError):
        return  # nobody is there to see it, or it cannot be read
