"""A site of the shared ground alone: the real templates and static files, and a few pages to try it on."""

import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from web import body, pages, site
from web.install import install
from web.pages import current_request

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app() -> Flask:
    """An application with everything of web on it."""
    made = Flask("tried", root_path=str(ROOT), static_folder=None)
    install(
        made,
        static=ROOT / "static",
        translations=ROOT / "translations",
        site=site.read(ROOT / "content"),
        practice=False,
    )

    @made.get("/page")
    def a_page() -> Response:
        return pages.page("home.html")

    @made.get("/either")
    def either() -> Response:
        return pages.page_or_partial("errors/page.html", "errors/_told.html", words=["", "", ""])

    @made.get("/blank")
    def blank() -> Response:
        return pages.blank("home", lambda hole: render_template("home.html") + f"<!--{hole}-->").fill(
            "FILLED"
        )

    @made.post("/form")
    def form() -> Response:
        got = body.read(current_request())
        return pages.answer(repr(sorted(got.fields.items(multi=True))))

    @made.get("/broken")
    def broken() -> NoReturn:
        raise KeyError("a secret in an exception")

    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of that site."""
    return app.test_client()


@pytest.fixture
def no_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every way to a temporary file raise."""

    def refused(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError("a temporary file was asked for")

    for name in (
        "TemporaryFile",
        "NamedTemporaryFile",
        "SpooledTemporaryFile",
        "mkstemp",
        "mktemp",
        "mkdtemp",
    ):
        monkeypatch.setattr(tempfile, name, refused)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refused)
