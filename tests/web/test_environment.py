"""What could tell who asks never reaches the application."""

from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from web.environment import KEPT, Strip

TELLING = {
    "REMOTE_ADDR": "203.0.113.7",
    "REMOTE_PORT": "4711",
    "REMOTE_USER": "somebody",
    "HTTP_USER_AGENT": "a browser",
    "HTTP_REFERER": "https://elsewhere.example/",
    "HTTP_X_FORWARDED_FOR": "203.0.113.7",
    "HTTP_FORWARDED": "for=203.0.113.7",
    "HTTP_X_REAL_IP": "203.0.113.7",
    "HTTP_CF_CONNECTING_IP": "203.0.113.7",
    "HTTP_COOKIE": "known=1",
    "HTTP_AUTHORIZATION": "Basic x",
    "HTTP_VIA": "a proxy",
    "HTTP_SEC_CH_UA": "a browser",
    "HTTP_HX_CURRENT_URL": "http://localhost/where",
    "HTTP_SOMETHING_NEW": "of tomorrow",
    "RAW_URI": "/?x",
    "gunicorn.socket": object(),
    "SSL_CLIENT_CERT": "x",
}


def seen_by_the_application(given: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: object) -> list[bytes]:
        seen.update(environ)
        return []

    Strip(application)(given, lambda *_: lambda _data: None)  # type: ignore[arg-type]  # nothing is started
    return seen


def test_only_the_allowed_keys_pass() -> None:
    kept = dict.fromkeys(KEPT, "x")
    assert seen_by_the_application({**TELLING, **kept}) == kept


def test_nothing_is_made_up() -> None:
    assert seen_by_the_application(TELLING) == {}


def test_the_servers_own_environment_is_left_alone() -> None:
    given = dict(TELLING)
    seen_by_the_application(given)
    assert given == TELLING


@pytest.mark.parametrize("name", sorted(TELLING))
def test_no_view_sees_it(app: Flask, client: FlaskClient, name: str) -> None:
    seen: list[dict[str, Any]] = []

    @app.get("/look")
    def look() -> str:
        seen.append(dict(request.environ))
        return ""

    client.get("/look", environ_overrides=TELLING)
    assert name not in seen[0]


def test_an_address_of_the_visitor_is_unknown(app: Flask, client: FlaskClient) -> None:
    @app.get("/look")
    def look() -> str:
        return repr((request.remote_addr, request.access_route, request.user_agent.string, request.referrer))

    assert client.get("/look", environ_overrides=TELLING).text == repr((None, [], "", None)).replace(
        "[]", "ImmutableList([])"
    )
