"""Who may ask anything at all: one browser, from the desk's own pages.

Asked before Flask sees a request: another program on this computer has no cookie; a page of elsewhere that
makes this browser ask is told by Sec-Fetch-Site and Origin, and gets no cookie sent along
(SameSite=Strict); a foreign name that was made to lead to 127.0.0.1 is told by Host. That is why forms
carry no token of their own: it would be readable by nobody who could not send the form anyway. Flask never
sees the cookie.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desk.pages.doors import COOKIE, START, Doors

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE = frozenset({"GET", "HEAD"})
STATIC = "/static/"
OUR_PAGES, TYPED = "same-origin", "none"

NO_HOST = "This computer was asked under a name that is not the desk’s."
FOREIGN = "A page that is not the desk’s tried to ask something here, so it was not answered."
UNKNOWN = (
    "Look in the terminal: the desk printed an address there; open that. It is good for one browser, once, "
    "and the desk answers no other."
)
USED = (
    "This address was used before; it is good for one browser, once. Was it not you? Then somebody else on "
    "this computer may see the desk: end it at once."
)

Page = Callable[[str], bytes]


class Guard:
    """WSGI middleware, outermost but for the headers. ``refused`` and ``entered`` make the two pages of its
    own: why nothing is shown, and where to go on."""

    def __init__(
        self,
        app: "WSGIApplication",
        doors: Doors,
        refused: Page,
        entered: Page,
        let_in: Callable[[], object] = lambda: None,
    ) -> None:
        self._app = app
        self._doors = doors
        self._refused = refused
        self._entered = entered
        self._let_in = let_in

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if environ.get("HTTP_HOST", "").lower() not in self._doors.hosts:
            return self._refuse(environ, start_response, NO_HOST)
        if path.startswith(START) and environ["REQUEST_METHOD"] == "GET":
            return self._start(environ, start_response, path.removeprefix(START))
        if not self._ours(environ):
            return self._refuse(environ, start_response, FOREIGN)
        if path.startswith(STATIC):
            # Style and script, the same for everybody: the public source code has them.
            return self._app(environ, start_response)
        inside = self._doors.path
        if not self._doors.knows(_cookie(environ)) or not path.startswith(f"{inside}/"):
            return self._refuse(environ, start_response, UNKNOWN)
        environ = {**environ, "SCRIPT_NAME": inside, "PATH_INFO": path.removeprefix(inside)}
        return self._app(environ, start_response)

    def _ours(self, environ: "WSGIEnvironment") -> bool:
        """Whether one of our pages asks, or somebody who typed the address; a change only one of our
        pages."""
        site = environ.get("HTTP_SEC_FETCH_SITE")
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and not self._is_here(origin):
            return False
        if environ["REQUEST_METHOD"] in SAFE:
            return site in (None, OUR_PAGES, TYPED)
        # Old browsers send no Sec-Fetch-Site; every one sends Origin with a form.
        return site == OUR_PAGES or (site is None and origin is not None)

    def _is_here(self, origin: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme == "http" and parts.netloc.lower() in self._doors.hosts

    def _start(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", token: str
    ) -> Iterable[bytes]:
        if not self._doors.take(token):
            # Who has the cookie and presses Back, or opens it from the list of visited pages, goes on.
            return self._refuse(environ, start_response, USED if self._doors.used else UNKNOWN)
        self._let_in()
        inside = f"{self._doors.path}/"
        cookie = f"{COOKIE}={self._doors.cookie}; Path={inside}; HttpOnly; SameSite=Strict"
        headers = [("Set-Cookie", cookie)]
        # A redirect counts as caused by whoever led here, and then the cookie is not sent with it: from the
        # file that opened the browser, a page of ours has to lead on.
        if environ.get("HTTP_SEC_FETCH_SITE", TYPED) == TYPED:
            return _answer(start_response, HTTPStatus.SEE_OTHER, b"", [*headers, ("Location", inside)])
        return _answer(start_response, HTTPStatus.OK, self._entered(inside), headers)

    def _refuse(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", why: str
    ) -> Iterable[bytes]:
        head = environ["REQUEST_METHOD"] == "HEAD"
        return _answer(start_response, HTTPStatus.FORBIDDEN, self._refused(why), [], head=head)


def _cookie(environ: "WSGIEnvironment") -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _answer(
    start_response: "StartResponse",
    status: HTTPStatus,
    body: bytes,
    headers: list[tuple[str, str]],
    *,
    head: bool = False,
) -> Iterable[bytes]:
    always = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    start_response(f"{status:d} {status.phrase}", [*always, *headers])
    return [] if head else [body]
