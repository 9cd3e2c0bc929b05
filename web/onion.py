"""Onion-Location: tells Tor Browser that this page is also on the onion service.

Said by the site of the open web over https only, since Tor Browser believes it from nobody else, and only
in answer to GET and HEAD: a browser that follows it by itself would leave the receipt of a form behind.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Flask

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "Onion-Location"
# What stands in a path or a query as it is: the rest is escaped, so that nothing breaks out of the header.
_PATH = "/:@!$&'()*+,;=~"
_QUERY = _PATH + "?%"


class OnionLocation:
    """WSGI middleware that puts the header on what it is true for.

    The scheme is ``wsgi.url_scheme``: gunicorn sets it to https when its own socket speaks TLS, or when a
    proxy on this machine says ``X-Forwarded-Proto: https``; from any other address it ignores that header.
    """

    def __init__(self, app: "WSGIApplication", onion: str) -> None:
        self._app = app
        self._onion = onion

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not told(environ):
            return self._app(environ, start_response)
        # Taken now: what lies inside may change the environment.
        header = (HEADER, f"http://{self._onion}{address(environ)}")

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: "OptExcInfo | None" = None
        ) -> Callable[[bytes], object]:
            return start_response(status, [*headers, header], exc_info)

        return self._app(environ, start)


def told(environ: "WSGIEnvironment") -> bool:
    """Whether this request came over https from the open web, for a page that can be asked for again."""
    return (
        environ["wsgi.url_scheme"] == "https"
        and environ["REQUEST_METHOD"] in ("GET", "HEAD")
        # A style sheet is no page that anybody could follow it from.
        and not environ.get("PATH_INFO", "").startswith("/static/")
        and not is_onion(environ)
    )


def is_onion(environ: "WSGIEnvironment") -> bool:
    """Whether this request asked for an onion service."""
    return host_of(environ).endswith(".onion")


def host_of(environ: "WSGIEnvironment") -> str:
    """Give the host that was asked for, in small letters, without its port."""
    return host_in(environ.get("HTTP_HOST", ""))


def host_in(authority: str) -> str:
    """Give the host in ``user:word@host:port``, in small letters."""
    return authority.rpartition("@")[2].partition(":")[0].rstrip(".").lower()


def address(environ: "WSGIEnvironment") -> str:
    """Give the path and the query that were asked for, escaped."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    # A path without its slash, which no browser sends, would run on from the host's name.
    escaped = quote(f"/{path.removeprefix('/')}".encode("latin-1"), safe=_PATH)
    query = environ.get("QUERY_STRING", "")
    return f"{escaped}?{quote(query.encode('latin-1'), safe=_QUERY)}" if query else escaped


def register(app: Flask, onion: str | None) -> None:
    """Say where the onion service is, on every answer of ``app``; without one, do nothing."""
    if onion is not None:
        app.wsgi_app = OnionLocation(app.wsgi_app, onion)  # type: ignore[method-assign]  # as Flask documents
