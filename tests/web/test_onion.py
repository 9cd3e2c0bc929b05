"""Tor Browser is told of the onion service where that is true, once, and nowhere else."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from web import onion

ONION = f"{'vigil234' * 7}.onion"


@pytest.fixture
def told(app: Flask) -> Flask:
    onion.register(app, ONION)
    return app


def get(app: Flask, path: str, url: str = "https://news.example", method: str = "GET") -> TestResponse:
    return app.test_client().open(path, base_url=url, method=method)


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/page", "/page"),
        ("/", "/"),
        ("/nowhere", "/nowhere"),
        ("/page?page=2&x=a%26b", "/page?page=2&x=a%26b"),
        ("/caf%C3%A9%20au%0D%0Alait", "/caf%C3%A9%20au%0D%0Alait"),
        ("/%25", "/%25"),
        ("/page?q=a b", "/page?q=a%20b"),
    ],
)
def test_every_answer_over_https_names_the_same_page_on_the_onion(
    told: Flask, asked: str, address: str
) -> None:
    answer = get(told, asked)
    assert answer.headers.getlist("Onion-Location") == [f"http://{ONION}{address}"]


def test_a_page_that_failed_names_it_once_too(told: Flask) -> None:
    answer = get(told, "/broken")
    assert answer.status_code == 500
    assert answer.headers.getlist("Onion-Location") == [f"http://{ONION}/broken"]


@pytest.mark.parametrize(
    "url",
    ["http://news.example", f"https://{ONION}", f"https://{ONION.upper()}.:443", f"http://{ONION}:80"],
)
def test_plain_http_and_the_onion_itself_name_nothing(told: Flask, url: str) -> None:
    assert "Onion-Location" not in get(told, "/page", url).headers


def test_the_answer_to_a_form_names_nothing_that_a_browser_could_follow(told: Flask) -> None:
    assert "Onion-Location" not in get(told, "/form", method="POST").headers
    assert "Onion-Location" in get(told, "/page", method="HEAD").headers


def test_a_style_sheet_names_nothing(told: Flask) -> None:
    assert "Onion-Location" not in get(told, "/static/site.css").headers


@pytest.mark.parametrize("path", ["@evil.example/", ".evil.example/", "//evil.example/", ""])
def test_an_odd_path_never_changes_the_host(path: str) -> None:
    environ = {"PATH_INFO": path, "QUERY_STRING": ""}
    assert onion.address(environ).startswith("/")


def test_a_site_without_an_onion_names_none(app: Flask) -> None:
    onion.register(app, None)
    assert "Onion-Location" not in get(app, "/page").headers
