"""Which language a page is in. The texts are English today; every string goes through gettext."""

from pathlib import Path

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

LANGUAGES: tuple[str, ...] = ("en",)


def chosen() -> str:
    """Give the language of this request: the best of ours that the browser asks for, else the first."""
    if len(LANGUAGES) == 1 or not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def current() -> str:
    """Give the language of the page being made, as HTML's ``lang`` wants it."""
    if len(LANGUAGES) == 1:
        return LANGUAGES[0]
    return str(get_locale() or LANGUAGES[0]).replace("_", "-")


def register(app: Flask, translations: Path) -> None:
    """Give templates ``_()`` and ``lang``. ``translations`` is the folder of the catalogues."""
    Babel(
        app,
        default_locale=LANGUAGES[0],
        default_translation_directories=str(translations),
        locale_selector=chosen,
    )
    app.context_processor(lambda: {"lang": current()})
