"""What pages of the published site share: answers from memory, whole addresses, what to say without one."""

from collections.abc import Callable, Hashable
from http import HTTPStatus

from flask import Flask, Response, abort, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response as AnyResponse

from publishing.errors import NotPublished
from views.shared import vigil
from web import cached, errors, language, pages
from web.error_words import Words

RETRY_SECONDS = 60
BEING_SET_UP = Words(
    _("This site is being set up"),
    _("Its articles are not here yet."),
    _("Try again in a few minutes. You can send a report all the same."),
)


def register(app: Flask) -> None:
    """Answer with a page that says so where nothing has been published yet."""
    app.register_error_handler(NotPublished, being_set_up)


def being_set_up(_error: NotPublished) -> Response:
    """Say that the site is being set up, and when to ask again."""
    answer = errors.error_page(HTTPStatus.SERVICE_UNAVAILABLE, BEING_SET_UP)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def kept(key: Hashable, make: Callable[[], AnyResponse]) -> Response:
    """Answer with what ``make`` gives, or gave since the site was last published.

    ``key`` names the page and all that it depends on, besides the language.

    :raises NotPublished: there is no published site.
    """
    # The version first: what is made after this is never older than it says.
    site = vigil()
    version = site.published.version
    return site.answers.give((version, language.current(), key), make)


def page(template: str, partial: str | None = None, status: int = 200, **context: object) -> Response:
    """Render a page for readers, or for HTMX its ``partial``; not compressed, for `kept` does that."""
    if partial is None:
        return pages.page(template, status, cache=cached.READERS, compress=False, **context)
    return pages.page_or_partial(template, partial, status, cache=cached.READERS, compress=False, **context)


def wanted_page() -> int:
    """Give the number in ?page=, 1 without one; 404 for what is no number."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        abort(404)
    return int(text)


def root() -> str:
    """Give how every whole address begins that a feed or a site map hands out, without a slash at its end.

    On the onion service it is the onion, so that a reader who follows the feed there stays there; else the
    site's own address, or, where site.toml has none, the one that was asked for.
    """
    return own_root() or f"{request.scheme}://{request.host}"


def own_root() -> str:
    """Give the same where it is one of our own addresses; "" where it is only what the request says."""
    site = vigil()
    onion = site.settings.onion
    if onion is not None and request.host.partition(":")[0] == onion:
        return f"http://{onion}"
    return site.site.url


def kept_at_root(name: Hashable, make: Callable[[str], AnyResponse]) -> Response:
    """Answer with what ``make`` gives for the root, as `kept` does where that root is our own.

    Made from what the request says it is not kept: whoever varies the Host would push out all else.

    :raises NotPublished: there is no published site, and ``make`` needs one.
    """
    if own := own_root():
        return kept((name, own), lambda: make(own))
    return cached.Kept.of(make(root())).answer()
