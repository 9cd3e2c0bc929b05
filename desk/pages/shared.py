"""What every page of the desk shares: headers, style, script, errors in words, what a locked desk shows."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, g, request, url_for
from htmx_flask import Htmx
from jinja2 import Undefined
from werkzeug.exceptions import ClientDisconnected, HTTPException

from desk.errors import DeskError
from desk.pages import answers, current_session, drafts, marked
from desk.pages.session import Locked, Stage
from desk.showing import size_text
from payload import BadPayload
from web import assets, headers
from web.environment import Strip
from web.errors import place_of
from web.request import Request

# Pages that are there while the desk is locked. To ask for one does not count as somebody being here.
OPEN_TO_ALL = frozenset(
    {"static", "unlocking.unlock", "unlocking.opening", "unlocking.locked", "unlocking.still"}
)
SITE_PARTS = ("site.css", "htmx.min.js")

WORDS = {
    400: ("That did not arrive whole", "Go back and send it again."),
    403: ("That came from elsewhere", "Open the page here, and send the form from it."),
    404: (
        "There is no page here",
        "The address may be mistyped, or the case has another name by now. Start from the inbox.",
    ),
    405: ("This page cannot be used that way", "Open it anew, and use the form on it."),
    413: ("That was too much at once", "Shorten what is very long, and send it again."),
    500: (
        "Something is broken here",
        "The fault is the desk’s. What was saved is safe. Go back, copy what you typed, and try again.",
    ),
}


def register(app: Flask, root: Path, static: Path) -> None:
    """Make ``app`` one of ours; before any blueprint is registered.

    :raises web.setup.SetUpError: a style or script cannot be served.
    """
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.wsgi_app = Strip(app.wsgi_app)  # type: ignore[method-assign]  # the way Flask documents
    Htmx(app)
    app.request_class = Request  # after Htmx, which replaces it without a word
    app.session_interface = headers.NoSessions()
    app.wsgi_app = headers.Always(app.wsgi_app)  # type: ignore[method-assign]  # the way Flask documents
    app.logger.disabled = True
    app.jinja_env.undefined = _Missing
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    app.jinja_env.filters.update(
        shown=marked.shown, shown_name=marked.shown_name, shown_lines=marked.shown_lines
    )
    app.jinja_env.globals["size"] = size_text
    app.jinja_env.globals.update(asset=_assets(app, root, static), session=_session, lang="en")
    app.before_request(_guard)
    app.after_request(_sent)
    app.teardown_request(_over)
    app.register_error_handler(Locked, _locked)
    app.register_error_handler(DeskError, _told)
    app.register_error_handler(BadPayload, _bad)
    app.register_error_handler(Exception, _failed)


class _Missing(Undefined):
    """A name that a template misspells is a fault to find, not a gap in a page; asking whether it is there is
    allowed."""

    def __str__(self) -> str:
        self._fail_with_undefined_error()


def _assets(app: Flask, root: Path, static: Path) -> Callable[[str], str]:
    """Serve the desk's own style and script, and of the site's those that it shares."""
    own, site = assets.Assets(static), assets.Assets(root / "static")
    wanted = {site.url(name).removeprefix("/static/") for name in SITE_PARTS}

    def static_file(path: str) -> Response:
        asset = own.get(path) or (site.get(path) if path in wanted else None)
        return Response((asset or abort(404)).data, content_type=(asset or abort(404)).type)

    def url(name: str) -> str:
        return site.url(name) if name in SITE_PARTS else own.url(name)

    app.add_url_rule("/static/<path:path>", "static", static_file, methods=["GET"])
    return url


def _session() -> Any:
    return current_session()


def _guard() -> None:
    session = current_session()
    endpoint = request.endpoint or ""
    if session.expire() and endpoint not in OPEN_TO_ALL:
        raise Locked
    if endpoint in OPEN_TO_ALL:
        return
    if session.stage is not Stage.OPEN:
        raise Locked
    session.begin()
    g.counted = True


def _over(_error: BaseException | None) -> None:
    if g.pop("counted", False):
        current_session().end()


def _sent(response: Response) -> Response:
    """Forget what was typed into a form once it was taken."""
    if request.method == "POST" and response.status_code < 400 and request.endpoint != "unlocking.here":
        current_session().typed.pop(request.path, None)
    return response


def _locked(_locked: Locked) -> Response:
    if request.method == "POST" and request.endpoint not in OPEN_TO_ALL:
        _keep()
    # HTMX would put the page into a piece of the one that is there.
    response = Response(status=HTTPStatus.SEE_OTHER)
    target = url_for("unlocking.unlock")
    if request.headers.get("HX-Request"):
        response = Response(status=HTTPStatus.NO_CONTENT)
        response.headers["HX-Redirect"] = target
    response.headers["Location"] = target
    return response


def _keep() -> None:
    """Keep what was sent to a desk that had locked meanwhile; a script sends what stands in another tab."""
    session = current_session()
    beat = request.endpoint == "unlocking.here"
    with suppress(DeskError, ClientDisconnected):
        typed = answers.fields()
        path = typed.pop("at", "") if beat else request.path
        if path.startswith("/") and drafts.keep_what_came(session.home, path, typed) and not beat:
            session.say("What you sent was not taken, since the desk had locked. It is kept, sealed.")


def _told(error: DeskError) -> Response:
    return answers.page("error.html", 422, title="That could not be done", problem=answers.problem(error))


def _bad(bad: BadPayload) -> Response:
    return answers.page(
        "error.html",
        422,
        title="That could not be noted",
        problem={"what": f"it {bad}", "hint": "go back and shorten it"},
    )


def _failed(error: Exception) -> Any:
    if isinstance(error, HTTPException):
        if error.code is None or error.code < 400:
            return error.get_response()
        title, words = WORDS.get(error.code, WORDS[400 if error.code < 500 else 500])
        return answers.page("error.html", error.code, title=title, words=words, place="")
    if isinstance(error, OSError):
        return answers.page("error.html", 500, title="That could not be done", problem=answers.problem(error))
    title, words = WORDS[500]
    place = f"{type(error).__name__} at {place_of(error)}"
    return answers.page("error.html", 500, title=title, words=words, place=place)
