"""Refuses whoever comes through a Tor2web proxy: a site of the open web that shows onion services to anybody.

It sees who asks, what they read and all that they type, and may change it, while they believe that they are
hidden. So nothing is shown but why, and nothing is taken: the body is not read, whatever was asked for.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, render_template
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from web import language
from web.onion import host_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TEMPLATE = "errors/tor2web.html"
_END = re.compile(r"[/\\?#]")


class RefuseTor2web:
    """WSGI middleware, outside of what strips the environment. ``page`` gives the answer in a language."""

    def __init__(self, app: "WSGIApplication", page: Callable[[str], bytes]) -> None:
        self._app = app
        self._page = page

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not came_by_proxy(environ):
            return self._app(environ, start_response)
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""), LanguageAccept)
        body = self._page(accepted.best_match(language.LANGUAGES) or language.LANGUAGES[0])
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response(f"{HTTPStatus.FORBIDDEN:d} {HTTPStatus.FORBIDDEN.phrase}", headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)


def came_by_proxy(environ: "WSGIEnvironment") -> bool:
    """Whether a proxy says of itself that it is one, or the host that was asked for goes on after .onion."""
    if "HTTP_X_TOR2WEB" in environ:
        return True
    # A proxy may ask for a whole address; the host in it then counts beside the header.
    asked: str = environ.get("RAW_URI", "/")
    return _goes_on(environ.get("HTTP_HOST", "")) or (not asked.startswith("/") and _goes_on(_in(asked)))


def _in(address: str) -> str:
    """Give what stands for the host in ``http://host/path``, or in ``host:port``."""
    return _END.split(address.partition("://")[2] or address, maxsplit=1)[0]


def _goes_on(authority: str) -> bool:
    # The first of the two is quick, and says no to nearly everybody.
    return "onion" in authority.lower() and ".onion." in host_in(authority)


def register(app: Flask, onion: str | None) -> None:
    """Refuse them on every address of ``app``; ``onion`` is the address of the site's onion service.

    Before the headers are registered, so that the refusal has them too.
    """
    made: dict[str, bytes] = {}

    def page(chosen: str) -> bytes:
        if chosen not in made:
            with app.test_request_context(headers={"Accept-Language": chosen}):
                made[chosen] = render_template(TEMPLATE, onion=onion).encode()
        return made[chosen]

    app.wsgi_app = RefuseTor2web(app.wsgi_app, page)  # type: ignore[method-assign]  # as Flask documents
