"""Which language a page is in. The texts are English today; every string goes through gettext."""

from collections.abc import Callable
from pathlib import Path

from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context

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
    _remember(app)
    app.context_processor(lambda: {"lang": current()})


def _remember(app: Flask) -> None:
    """Let templates find the catalogue of a language once, and a text without variables once, too.

    A page has a hundred of them, and looking them all up took as long as all else of it.
    """
    known: dict[str, NullTranslations] = {}

    def catalogue() -> NullTranslations:
        language = chosen()
        if language not in known:
            known[language] = get_translations()
        return known[language]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Jinja's i18n extension adds it
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    look_up: Callable[..., str] = app.jinja_env.globals["gettext"]  # type: ignore[assignment]
    texts: dict[tuple[str, bool, str], str] = {}

    @pass_context
    def said(context: Context, text: str, **variables: object) -> str:
        if variables:
            return look_up(context, text, **variables)
        key = (chosen(), bool(context.eval_ctx.autoescape), text)
        if key not in texts:
            texts[key] = look_up(context, text)
        return texts[key]

    app.jinja_env.globals.update(_=said, gettext=said)
