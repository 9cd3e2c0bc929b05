"""Every answer carries the headers, and none sets a cookie."""

import pytest
from flask import Flask, Response, session
from flask.testing import FlaskClient

from web import errors
from web.headers import ALWAYS, CONTENT_SECURITY_POLICY, OF_PAGES, PARTS, CookieSet

EVERY_KIND = [
    ("GET", "/page", 200),
    ("GET", "/blank", 200),
    ("HEAD", "/page", 200),
    ("GET", "/nowhere", 404),
    ("POST", "/page", 405),
    ("OPTIONS", "/page", 405),
    ("TRACE", "/page", 405),
    ("PUT", "/form", 405),
    ("DELETE", "/form", 405),
    ("POST", "/form", 200),
    ("GET", "/broken", 500),
    ("GET", "/static/nothing.css", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), EVERY_KIND)
def test_every_answer_carries_the_headers_and_no_cookie(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert dict(answer.headers).items() >= ALWAYS.items()
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers


@pytest.mark.parametrize("name", ["site.css", "exit.js"])
def test_style_and_scripts_carry_those_that_are_not_of_pages(
    app: Flask, client: FlaskClient, name: str
) -> None:
    answer = client.get(app.jinja_env.globals["asset"](name))  # type: ignore[operator]  # a function
    assert answer.status_code == 200
    assert dict(answer.headers).items() >= PARTS.items()
    assert OF_PAGES.isdisjoint(answer.headers.keys())
    assert PARTS.keys() == ALWAYS.keys() - OF_PAGES


def test_the_policy_forbids_whatever_is_inline_or_foreign() -> None:
    policy = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("frame-ancestors") == "'none'"
    assert policy.pop("img-src") == "'self' data:"
    assert set(policy.values()) == {"'self'"}


def test_a_session_takes_no_value(app: Flask, client: FlaskClient) -> None:
    @app.get("/login")
    def login() -> str:
        with pytest.raises(CookieSet):
            session["user"] = 1
        with pytest.raises(CookieSet):
            session.update(user=1)
        with pytest.raises(CookieSet):
            session.setdefault("user", 1)
        return "no"

    answer = client.get("/login")
    assert answer.text == "no"
    assert "Set-Cookie" not in answer.headers


def test_a_cookie_that_a_view_sets_goes_nowhere(app: Flask, client: FlaskClient) -> None:
    @app.get("/cookie")
    def cookie() -> Response:
        answer = Response("x")
        answer.set_cookie("known", "1")
        return answer

    app.testing = True
    with pytest.raises(CookieSet):
        client.get("/cookie")
    app.testing = False
    told: list[str] = []
    errors.on_unexpected(app, lambda kind, _place: told.append(kind))
    answer = client.get("/cookie")
    assert answer.status_code == 500
    assert told == ["CookieSet"]
    assert "Set-Cookie" not in answer.headers
