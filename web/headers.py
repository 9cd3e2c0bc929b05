"""The headers of every answer, errors included, and the promise that none of them sets a cookie."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NoReturn

from flask import Flask, Response
from flask.sessions import SessionInterface, SessionMixin

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    # data: is for the icon in base.html, which would cost a request; an image can neither run nor call home.
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip

# What every answer says that a browser may open as a page.
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
# How long an answer may be kept is for its view to say; it is not kept where nobody has.
_ALWAYS = [(name.lower(), (name, value)) for name, value in {**ALWAYS, "Cache-Control": "no-store"}.items()]
# Style and scripts are parts of pages, and none themselves: these policies say nothing of them, and three
# times their length is a thirtieth of the form's first load.
OF_PAGES = frozenset({"Cross-Origin-Opener-Policy", "Permissions-Policy"})
PARTS = {
    **{name: value for name, value in ALWAYS.items() if name not in OF_PAGES},
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_PARTS = [(name.lower(), (name, value)) for name, value in {**PARTS, "Cache-Control": "no-store"}.items()]
_TYPES_OF_PARTS = ("text/css", "text/javascript")


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


class Always:
    """WSGI middleware that puts the headers on every answer, where it does not say otherwise itself.

    Outermost, so that an answer which Flask makes after a failure has them too.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: "OptExcInfo | None" = None
        ) -> Callable[[bytes], object]:
            present = {name.lower(): value for name, value in headers}
            part = present.get("content-type", "").startswith(_TYPES_OF_PARTS)
            headers.extend(header for key, header in (_PARTS if part else _ALWAYS) if key not in present)
            return start_response(status, headers, exc_info)

        return self._app(environ, start)


def refuse_cookies(response: Response) -> Response:
    """Let an answer pass that sets no cookie.

    :raises CookieSet: it would.
    """
    if "Set-Cookie" in response.headers:
        raise CookieSet("an answer would set a cookie")
    return response


def register(app: Flask) -> None:
    """Put the headers on every answer of ``app``."""
    app.session_interface = NoSessions()
    app.after_request(refuse_cookies)
    app.wsgi_app = Always(app.wsgi_app)  # type: ignore[method-assign]  # the way Flask documents
