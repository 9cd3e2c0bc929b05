"""The WSGI environment without what could tell who asks.

An allow-list: the address, the user agent, the referrer and whatever a proxy or a browser adds tomorrow never
reach Flask, so no view, log or traceback can hold them.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

KEPT = frozenset((
    # What WSGI requires
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT",
    "SERVER_PROTOCOL", "CONTENT_TYPE", "CONTENT_LENGTH",
    "wsgi.version", "wsgi.url_scheme", "wsgi.input", "wsgi.input_terminated", "wsgi.errors",
    "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once", "wsgi.file_wrapper",
    # What decides the answer
    "HTTP_HOST", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_TRANSFER_ENCODING",
    # HTMX; not HX-Current-URL, which would say where somebody has been
    "HTTP_HX_REQUEST", "HTTP_HX_REQUEST_TYPE", "HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST",
    "HTTP_HX_TARGET", "HTTP_HX_SOURCE",
    # The Tor circuit and the connection, from our own gunicorn; see web.circuit and web.line
    "vigil.circuit", "vigil.line",
))  # fmt: skip


class Strip:
    """WSGI middleware that hands on the allowed keys only."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        return self._app({key: environ[key] for key in KEPT if key in environ}, start_response)
