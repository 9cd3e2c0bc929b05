"""The headers of every answer, errors included, and the promise that none of them sets a cookie."""

from typing import NoReturn

from flask import Flask, Response
from flask.sessions import SessionInterface, SessionMixin

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    # Not no-referrer: with that, browsers send "Origin: null" with a form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class CookieSet(RuntimeError):  # noqa: N818 - says what happened
    """Something tried to set a cookie. The site sets none, for anyone, ever."""


class _NoSession(dict[str, object], SessionMixin):
    modified = False
    accessed = False

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise CookieSet("there is no session: a session is a cookie")

    __setitem__ = setdefault = update = _refuse


class NoSessions(SessionInterface):
    """Gives Flask a session that is empty and stays so."""

    def open_session(self, _app: Flask, _request: object) -> _NoSession:
        return _NoSession()

    def save_session(self, _app: Flask, _session: SessionMixin, _response: Response) -> None:
        """Nothing to save: a session that takes no value has none."""


def set_headers(response: Response) -> Response:
    """Add what every answer carries, where the view has not said otherwise.

    :raises CookieSet: the answer would set a cookie.
    """
    if "Set-Cookie" in response.headers:
        raise CookieSet("an answer would set a cookie")
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def register(app: Flask) -> None:
    """Put the headers on every answer of ``app``."""
    app.session_interface = NoSessions()
    app.after_request(set_headers)
