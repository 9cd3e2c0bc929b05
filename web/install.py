"""Everything of this room, put on an application in the order that works."""

from pathlib import Path

from flask import Flask
from htmx_flask import Htmx

from web import assets, errors, headers, language, onion, origin, pages, tor2web
from web.environment import Strip
from web.request import Request
from web.site import Site


def install(
    app: Flask, *, static: Path, translations: Path, site: Site, practice: bool, address: str | None = None
) -> None:
    """Make ``app`` one of ours: stripped environment, own request class, headers, language, errors, assets.

    Before any route is added. ``address`` is that of the site's onion service. Templates get ``site``,
    ``practice``, ``lang``, ``asset()``, ``once()`` and ``_()``.

    :raises SetUpError: a static file cannot be served.
    """
    # A page answers to the methods that it names, and to no OPTIONS.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.wsgi_app = Strip(app.wsgi_app)  # type: ignore[method-assign]  # the way Flask documents
    # Outside of that, which takes away what tells a proxy.
    tor2web.register(app, address)
    Htmx(app)
    app.request_class = Request  # after Htmx, which replaces it without a word
    language.register(app, translations)
    headers.register(app)
    onion.register(app, address)
    origin.register(app)
    errors.register(app)
    assets.register(app, static)
    pages.register(app)
    app.jinja_env.globals.update(site=site, practice=practice)
