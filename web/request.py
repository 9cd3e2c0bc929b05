"""The request as views see it: HTMX's headers, and a body that only web.body reads."""

from functools import cached_property, lru_cache
from typing import Any, NoReturn, cast

import flask
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.http import parse_accept_header

from web.incoming import Incoming


@lru_cache(maxsize=64)  # browsers send a handful of values, on every request
def _takes_gzip(accepted: str) -> bool:
    return bool(parse_accept_header(accepted).quality("gzip") > 0)


class BodyMisread(RuntimeError):  # noqa: N818 - a programming error, named for what went wrong
    """Code tried to parse a body in the way that spools plaintext to a temporary file."""


class Request(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask ships no types
    """A request whose body is parsed by `web.body.read` alone.

    Werkzeug's own parser writes files over 500 KB to a temporary file in plain text, so whatever would
    start it raises instead.
    """

    @cached_property
    def incoming(self) -> Incoming:
        """The body's bytes, counted as they are read."""
        return Incoming.of(self.environ)

    @property
    def takes_gzip(self) -> bool:
        """Whether the browser accepts gzip."""
        return _takes_gzip(self.environ.get("HTTP_ACCEPT_ENCODING", ""))

    @property
    def wants_partial(self) -> bool:
        """Whether HTMX asks for a piece of a page; boosted and history requests want the whole page."""
        asked = bool(self.htmx) and not (self.htmx.boosted or self.htmx.history_restore_request)
        # htmx 4 says "full" when it will take the body out of the answer.
        return asked and bool(self.headers.get("HX-Request-Type", "").lower() != "full")

    def _load_form_data(self) -> NoReturn:
        raise BodyMisread("read the body with web.body.read")

    def get_data(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse.

        :raises BodyMisread: always.
        """
        raise BodyMisread("read the body with web.body.read")


def current_request() -> Request:
    """The request being answered, as the class that `web.install` has set."""
    return cast(Request, flask.request)
