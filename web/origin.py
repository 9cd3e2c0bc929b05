"""Requests that change something come from our own pages, or not at all.

There is no cookie, so a foreign page could borrow no authority; this refuses it all the same.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # none: somebody typed the address or sent the page again


def refuse_foreign() -> None:
    """Answer 403 to a post that a foreign page caused.

    Old browsers, and pages over plain HTTP, send no Sec-Fetch-Site; then Origin decides, if it is there.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site.lower() not in OURS:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and not _same_host(origin):
        abort(403)


def _same_host(origin: str) -> bool:
    """Whether ``origin`` names the host that was asked for.

    Not the scheme: behind a proxy that ends TLS, this server sees http.
    """
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    asked = urlsplit(f"//{request.host}")
    standard = {None, 443 if parts.scheme == "https" else 80}
    same_port = port == asked.port or {port, asked.port} <= standard
    return parts.hostname == asked.hostname and same_port


def register(app: Flask) -> None:
    """Check every request to ``app``."""
    app.before_request(refuse_foreign)
